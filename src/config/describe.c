/* Prints the settings table in four forms. Each form is a few small writers; what is said about a setting (its type,
 * its default) is worded once for all of them. */
#include "config/describe.h"

/* rundbrief */
#include "config/check.h"
#include "config/settings_table.h"

/* ---- what all forms say ------------------------------------------------------------------------------------------ */

static bool has_default(const Setting *setting)
{
    return !setting->required && (setting->fallback || !setting_is_text(setting));
}

/* As it is written in the file: "text" in quotes, numbers bare. */
static char *written(const Setting *setting, const char *text)
{
    if (setting->type == SETTING_NUMBER)
        return g_strdup_printf("%" G_GINT64_FORMAT, setting->number);
    if (setting->type == SETTING_YES_NO)
        return g_strdup(setting->number ? "true" : "false");
    if (setting->type == SETTING_WORD)
        return g_strdup_printf("\"%s\"", setting_word(setting, (int)setting->number));
    return g_strdup_printf("\"%s\"", text);
}

static char *written_default(const Setting *setting)
{
    return has_default(setting) ? written(setting, setting->fallback)
                                : g_strdup(setting->required ? "none; required" : "not set");
}

/* For the sample: the default, or an example where there is none. */
static char *written_sample(const Setting *setting)
{
    return written(setting, setting->fallback ? setting->fallback : setting->example);
}

/* "A number from 1 to 65535." */
static char *allowed_sentence(const Setting *setting)
{
    char *allowed = setting_allowed(setting);
    allowed[0] = g_ascii_toupper(allowed[0]);
    return allowed;
}

/* Appends words, breaking lines at 96 columns; each line begins with the prefix. */
static void append_wrapped(GString *out, const char *prefix, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    glong column = 0;
    for (char **word = words; *word; word++) {
        glong width = g_utf8_strlen(*word, -1);
        if (column == 0 || column + 1 + width > 96) {
            g_string_append_printf(out, "%s%s%s", column ? "\n" : "", prefix, *word);
            column = g_utf8_strlen(prefix, -1) + width;
        } else {
            g_string_append_printf(out, " %s", *word);
            column += 1 + width;
        }
    }
    g_string_append_c(out, '\n');
}

static void append_words(GString *out, const char *prefix, const Setting *setting)
{
    for (const SettingWord *word = setting->words; word && word->word; word++) {
        g_autofree char *line = g_strdup_printf("\"%s\": %s", word->word, word->meaning);
        append_wrapped(out, prefix, line);
    }
}

/* ---- explain ----------------------------------------------------------------------------------------------------- */

static void explain_setting(GString *out, const SettingGroup *group, const Setting *setting)
{
    g_autofree char *allowed = allowed_sentence(setting), *otherwise = written_default(setting);
    g_string_append_printf(out, "%s.%s\n", group->name, setting->name);
    append_wrapped(out, "    ", setting->help);
    g_string_append_printf(out, "    %s.\n", allowed);
    append_words(out, "      ", setting);
    g_string_append_printf(out, "    Default: %s\n", otherwise);
}

static void explain_group(GString *out, const SettingGroup *group)
{
    g_string_append_printf(out, "%s%s: %s\n\n", group->name, group->size ? " = ( { ... }, ... )" : " = { ... }",
                           group->help);
    for (const Setting *setting = group->settings; setting->name; setting++) {
        explain_setting(out, group, setting);
        if (setting[1].name)
            g_string_append_c(out, '\n');
    }
}

static void explain_all(GString *out)
{
    for (const SettingGroup *group = setting_groups; group->name; group++) {
        g_autofree char *line = g_strdup_printf("%s: %s", group->name, group->help);
        append_wrapped(out, "", line);
        for (const Setting *setting = group->settings; setting->name; setting++)
            g_string_append_printf(out, "    %s.%s\n", group->name, setting->name);
    }
}

char *describe_explain(const char *name)
{
    g_autoptr(GString) out = g_string_new(NULL);
    if (!name) {
        explain_all(out);
        return g_strdup(out->str);
    }
    g_auto(GStrv) parts = g_strsplit(name, ".", 2);
    const SettingGroup *group = parts[0] ? setting_group_find(parts[0]) : NULL;
    const Setting *setting = group && parts[1] ? setting_find(group, parts[1]) : NULL;
    if (!group || (parts[1] && !setting))
        return NULL;
    if (setting)
        explain_setting(out, group, setting);
    else
        explain_group(out, group);
    return g_strdup(out->str);
}

/* ---- the sample file --------------------------------------------------------------------------------------------- */

static void sample_setting(GString *out, const Setting *setting, const char *indent)
{
    g_autofree char *prefix = g_strconcat(indent, "# ", NULL), *wider = g_strconcat(prefix, "  ", NULL);
    g_autofree char *allowed = allowed_sentence(setting), *value = written_sample(setting);
    const char *standing = setting->required ? "Required." : has_default(setting) ? "" : "Not set by default.";
    g_autofree char *text = g_strdup_printf("%s %s.%s%s", setting->help, allowed, *standing ? " " : "", standing);
    append_wrapped(out, prefix, text);
    append_words(out, wider, setting);
    bool is_shown = setting->required || setting->usual;
    g_string_append_printf(out, "%s%s%s = %s;\n", indent, is_shown ? "" : "#", setting->name, value);
}

static void comment_out(GString *lines)
{
    g_string_prepend_c(lines, '#');
    g_string_truncate(lines, lines->len - 1);
    g_string_replace(lines, "\n", "\n#", 0);
    g_string_append_c(lines, '\n');
}

static void sample_group(GString *text, const SettingGroup *group)
{
    const char *indent = group->size ? "        " : "    ";
    g_autoptr(GString) out = g_string_new(NULL);
    append_wrapped(text, "# ", group->help);
    g_string_append_printf(out, "%s = %s\n", group->name, group->size ? "(\n    {" : "{");
    for (const Setting *setting = group->settings; setting->name; setting++) {
        sample_setting(out, setting, indent);
        if (setting[1].name)
            g_string_append_c(out, '\n');
    }
    g_string_append(out, group->size ? "    }\n);\n" : "};\n");
    if (group->spare)
        comment_out(out);
    g_string_append_len(text, out->str, (gssize)out->len);
}

char *describe_sample(void)
{
    GString *out = g_string_new("# Settings of rundbrief, see rundbrief.conf(5). A setting that begins with '#' has "
                                "the value shown, or is not set.\n"
                                "# Passwords never stand here. 'rundbrief config check' finds mistakes; a running "
                                "daemon reads this file again\n"
                                "# on SIGHUP (systemctl reload) and keeps its settings when there is a mistake.\n");
    for (const SettingGroup *group = setting_groups; group->name; group++) {
        g_string_append_c(out, '\n');
        sample_group(out, group);
    }
    return g_string_free(out, FALSE);
}

/* ---- Markdown ---------------------------------------------------------------------------------------------------- */

static void markdown_setting(GString *out, const SettingGroup *group, const Setting *setting)
{
    g_autofree char *allowed = allowed_sentence(setting), *otherwise = written_default(setting);
    g_string_append_printf(out, "\n### `%s.%s`\n\n", group->name, setting->name);
    append_wrapped(out, "", setting->help);
    g_string_append_c(out, '\n');
    append_wrapped(out, "", allowed);
    for (const SettingWord *word = setting->words; word && word->word; word++)
        g_string_append_printf(out, "- `\"%s\"`: %s\n", word->word, word->meaning);
    g_string_append_printf(out, has_default(setting) ? "\nDefault: `%s`\n" : "\nDefault: %s\n", otherwise);
}

char *describe_markdown(void)
{
    GString *out = g_string_new(
        "# Settings\n\nWritten by `rundbrief config docs` from `src/config/settings_table.c`; change it there. "
        "The same is in rundbrief.conf(5)\nand, with examples, in `conf/rundbrief.conf`.\n");
    for (const SettingGroup *group = setting_groups; group->name; group++) {
        g_string_append_printf(out, "\n## `%s`\n\n", group->name);
        append_wrapped(out, "", group->help);
        g_string_append(out, group->size ? "\nA list: `( { ... }, { ... } )`.\n" : "");
        for (const Setting *setting = group->settings; setting->name; setting++)
            markdown_setting(out, group, setting);
    }
    return g_string_free(out, FALSE);
}

/* ---- the manual page --------------------------------------------------------------------------------------------- */

static void man_word(GString *out, const char *word, bool line_begins)
{
    if (line_begins && (*word == '.' || *word == '\''))
        g_string_append(out, "\\&");
    for (const char *p = word; *p; p++)
        g_string_append_printf(out, *p == '\\' ? "\\e" : "%c", *p);
}

/* Text for mdoc: each sentence begins a line, lines stay below 80 columns, nothing is taken for a macro. */
static void man_text(GString *out, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    gsize column = 0;
    bool sentence_ended = false;
    for (char **word = words; *word; word++) {
        bool new_line = column == 0 || sentence_ended || column + 1 + strlen(*word) > 78;
        if (new_line && column > 0)
            g_string_append_c(out, '\n');
        else if (!new_line)
            g_string_append_c(out, ' ');
        man_word(out, *word, new_line);
        column = (new_line ? 0 : column + 1) + strlen(*word);
        sentence_ended = g_str_has_suffix(*word, ".") && !g_str_has_suffix(*word, "...");
    }
    g_string_append_c(out, '\n');
}

static void man_setting(GString *out, const Setting *setting)
{
    g_autofree char *allowed = allowed_sentence(setting), *otherwise = written_default(setting);
    g_autofree char *what = g_strdup_printf("%s.", allowed), *fallback = g_strdup_printf("Default: %s.", otherwise);
    g_string_append_printf(out, ".It Ic %s\n", setting->name);
    man_text(out, setting->help);
    man_text(out, what);
    for (const SettingWord *word = setting->words; word && word->word; word++) {
        g_autofree char *meaning = g_strdup_printf("\"%s\": %s.", word->word, word->meaning);
        man_text(out, meaning);
    }
    man_text(out, fallback);
}

static void man_group(GString *out, const SettingGroup *group)
{
    g_string_append_printf(out, ".Ss %s\n", group->name);
    man_text(out, group->help);
    g_string_append(out, group->size ? "A list of groups.\n" : "");
    g_string_append(out, ".Bl -tag -width Ds\n");
    for (const Setting *setting = group->settings; setting->name; setting++)
        man_setting(out, setting);
    g_string_append(out, ".El\n");
}

static const char man_begin[] =
    ".\\\" Written by `rundbrief config man` from src/config/settings_table.c; change it there.\n"
    ".Dd November 24, 2026\n"
    ".Dt RUNDBRIEF.CONF 5\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm rundbrief.conf\n"
    ".Nd settings of the newsletter daemon rundbrief\n"
    ".Sh DESCRIPTION\n"
    "The settings of\n"
    ".Xr rundbrief 1\n"
    "are one file in the language of libconfig: settings, groups of settings, and\n"
    "lists of groups:\n"
    ".Bd -literal -offset indent\n"
    "group = { setting = value; another = value; };\n"
    "list = ( { setting = value; }, { setting = value; } );\n"
    ".Ed\n"
    ".Pp\n"
    "Text stands in double quotes, numbers do not, yes is\n"
    ".Ql true\n"
    "and no is\n"
    ".Ql false .\n"
    "What follows\n"
    ".Ql #\n"
    "on a line is a comment.\n"
    "A line\n"
    ".Ql \"@include \\(dqFILE\\(dq\"\n"
    "reads another file; its path is taken from the folder of the main file.\n"
    ".Pp\n"
    ".Ic rundbrief config check\n"
    "tells every mistake with its file and line, and what is allowed.\n"
    "A daemon reads the file again on\n"
    ".Dv SIGHUP ;\n"
    "when there is a mistake it keeps the settings it has and says so in the\n"
    "journal and in\n"
    ".Ic rundbrief status .\n"
    ".Pp\n"
    "Passwords never stand in this file.\n"
    "A setting that ends in\n"
    ".Ic _file\n"
    "names a file that not everybody may read, or, without a slash, a credential\n"
    "that\n"
    ".Xr systemd 1\n"
    "gives to the service.\n"
    ".Sh SETTINGS\n";

static const char man_end[] = ".Sh FILES\n"
                              ".Bl -tag -width Ds\n"
                              ".It Pa /etc/rundbrief/rundbrief.conf\n"
                              "Read when neither\n"
                              ".Fl -config\n"
                              "nor\n"
                              ".Ev RUNDBRIEF_CONFIG\n"
                              "names another.\n"
                              ".El\n"
                              ".Sh EXAMPLES\n"
                              "A whole file for a small site:\n"
                              ".Bd -literal -offset indent\n"
                              "site = {\n"
                              "    name = \"Kreis Musterland\";\n"
                              "    from_address = \"presse@kreis-musterland.example\";\n"
                              "    bounce_address = \"bounces@news.kreis-musterland.example\";\n"
                              "    reply_address = \"inbox@news.kreis-musterland.example\";\n"
                              "    help_address = \"presse@kreis-musterland.example\";\n"
                              "};\n"
                              "relays = ( { name = \"main\"; host = \"mail.kreis-musterland.example\"; } );\n"
                              ".Ed\n"
                              ".Sh SEE ALSO\n"
                              ".Xr rundbrief 1\n";

char *describe_man(void)
{
    GString *out = g_string_new(man_begin);
    for (const SettingGroup *group = setting_groups; group->name; group++)
        man_group(out, group);
    g_string_append(out, man_end);
    return g_string_free(out, FALSE);
}
