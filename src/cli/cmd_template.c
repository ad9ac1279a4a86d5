/* rundbrief template render FILE: fills one template with data from a JSON file. For people who write templates, and
 * for the tests of the engine; needs neither configuration nor database. */
/* system */
#include <errno.h>

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"
#include "cli/command.h"
#include "template/render.h"

extern const Command command_template;

typedef struct Options {
    char *data;
    char *partials;
    char *as;
} Options;

static void options_clear(Options *options)
{
    g_free(options->data);
    g_free(options->partials);
    g_free(options->as);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* "-" is standard input. */
static char *read_input(const char *path, gsize limit, gsize *ret_length, GError **error)
{
    return file_read_whole(g_str_equal(path, "-") ? "/dev/stdin" : path, limit, ret_length, error);
}

static View *read_data(const char *path, GError **error)
{
    if (!path)
        return view_object();
    gsize length;
    g_autofree char *json = read_input(path, LIMIT_TEMPLATE_DATA_BYTES, &length, error);
    return json ? view_from_json(path, json, length, error) : NULL;
}

static Template *read_template(const char *path, GError **error)
{
    gsize length;
    g_autofree char *text = read_input(path, LIMIT_TEMPLATE_BYTES, &length, error);
    return text ? template_parse(path, text, length, error) : NULL;
}

/* "press_release.html.mustache" finds its partials with ".html.mustache" first. */
static Partials *open_partials(const char *dir, const char *template)
{
    const char *suffixes[4] = {NULL};
    guint count = 0;
    for (const char *const *own = (const char *const[]){".html.mustache", ".txt.mustache", ".subject.mustache", NULL};
         *own; own++)
        if (g_str_has_suffix(template, *own))
            suffixes[count++] = *own;
    suffixes[count++] = ".mustache";
    suffixes[count] = "";
    return partials_new(dir, suffixes, false);
}

static bool write_all(const GString *bytes)
{
    return fwrite(bytes->str, 1, bytes->len, stdout) == bytes->len && fflush(stdout) == 0;
}

static int render(const char *path, const Options *options, Escape escape)
{
    g_autoptr(GError) error = NULL;
    if (options->partials && !g_file_test(options->partials, G_FILE_TEST_IS_DIR))
        return command_fail(&command_template, EXIT_USAGE, "%s: no such folder", options->partials);
    g_autoptr(Template) template = read_template(path, &error);
    g_autoptr(View) data = template ? read_data(options->data, &error) : NULL;
    if (!data)
        return command_fail(&command_template, EXIT_USAGE, "%s", error->message);
    g_autoptr(Partials) partials = open_partials(options->partials, path);
    g_autoptr(GString) out = g_string_new(NULL);
    if (!template_render(template, data, partials, escape, out, &error))
        return command_fail(&command_template, EXIT_USAGE, "%s", error->message);
    if (!write_all(out))
        return command_fail(&command_template, EXIT_FAULT, "cannot write the result: %s", g_strerror(errno));
    return EXIT_GOOD;
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {.data = NULL};
    g_auto(CommonOptions) common = {0};
    const GOptionEntry entries[] = {
        {"data", 'd', 0, G_OPTION_ARG_FILENAME, &options.data, NULL, NULL},
        {"partials", 'p', 0, G_OPTION_ARG_FILENAME, &options.partials, NULL, NULL},
        {"as", 0, 0, G_OPTION_ARG_STRING, &options.as, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_template, &argc, &argv, entries, &common);
    if (code >= 0)
        return code;
    if (argc != 3 || !g_str_equal(argv[1], "render"))
        return command_fail(&command_template, EXIT_USAGE, "expected 'render FILE'. See 'rundbrief template --help'.");
    Escape escape = ESCAPE_HTML;
    if (options.as && !escape_from_word(options.as, &escape))
        return command_fail(&command_template, EXIT_USAGE, "--as takes html, text, header or calendar, not '%s'",
                            options.as);
    return render(argv[2], &options, escape);
}

const Command command_template = {
    .name = "template",
    .summary = "fill a template with data, to see what it does",
    .help = "Usage: rundbrief template render FILE [--data FILE.json] [--partials DIR] [--as KIND]\n\n"
            "Fills a Mustache template (with partials, inheritance and dynamic names) and writes the\n"
            "result to standard output. A mistake in the template is told with file and line.\n\n"
            "  --data FILE.json   what the template may show; '-' is standard input; without it: nothing\n"
            "  --partials DIR     {{>name}} is DIR/name.mustache or DIR/name (for x.html.mustache\n"
            "                     DIR/name.html.mustache comes first); a missing one is empty\n"
            "  --as KIND          how values are escaped: html (the default), text, header, calendar\n\n"
            "Example: rundbrief template render templates/mail/notice.txt.mustache \\\n"
            "             --data notice.json --partials templates/mail --as text\n",
    .run = run,
};
