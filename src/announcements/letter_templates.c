/* Reads templates and languages when they are first asked for; keeps them. Turns the engine's residual programs into
 * what a letter plan takes (mail/ knows nothing of templates). */
#include "announcements/letter_templates.h"

/* rundbrief */
#include "base/file.h"
#include "base/language.h"
#include "base/limits.h"
#include "template/partials.h"
#include "template/render.h"

G_DEFINE_QUARK(rundbrief_letter_error, letter_error)

#define TEXT_WIDTH 72

struct LetterTemplates {
    char *locale_dir;
    char *site_language;
    Partials *of_format[LETTER_HTML + 1];
    GHashTable *words; /* language -> LetterWords */
};

struct LetterWords {
    char *language;
    GHashTable *templates; /* name -> Template */
    Residual *greeting_named;
    Residual *greeting;
};

static const char *const personal_names[PERSONAL_COUNT + 1] = {
    [PERSONAL_NAME] = "name",
    [PERSONAL_ADDRESS] = "address",
    [PERSONAL_GREETING] = "greeting",
    [PERSONAL_LEAVE_ADDRESS] = "leave_address",
    [PERSONAL_LEAVE_TOKEN] = "leave_token",
};

static void free_template(gpointer template)
{
    template_free(template);
}

static void free_words(gpointer data)
{
    LetterWords *words = data;
    if (!words)
        return;
    g_free(words->language);
    g_hash_table_unref(words->templates);
    residual_free(words->greeting_named);
    residual_free(words->greeting);
    g_free(words);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterWords, free_words)

LetterTemplates *letter_templates_new(const char *dir, const char *site_language)
{
    static const char *const suffixes[] = {".subject.mustache", ".txt.mustache", ".html.mustache"};
    LetterTemplates *templates = g_new0(LetterTemplates, 1);
    g_autofree char *mail_dir = g_build_filename(dir, "mail", NULL);
    templates->locale_dir = g_build_filename(dir, "locale", NULL);
    templates->site_language = g_strdup(site_language);
    for (LetterFormat format = LETTER_SUBJECT; format <= LETTER_HTML; format++)
        templates->of_format[format] = partials_new(mail_dir, (const char *const[]){suffixes[format], NULL}, true);
    templates->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_words);
    return templates;
}

void letter_templates_free(LetterTemplates *templates)
{
    if (!templates)
        return;
    g_free(templates->locale_dir);
    g_free(templates->site_language);
    for (LetterFormat format = LETTER_SUBJECT; format <= LETTER_HTML; format++)
        partials_free(templates->of_format[format]);
    g_hash_table_unref(templates->words);
    g_free(templates);
}

/* ---- templates --------------------------------------------------------------------------------------------------- */

static Pieces *to_pieces(const Residual *residual)
{
    Pieces *pieces = pieces_new();
    for (guint i = 0; i < residual->pieces->len; i++) {
        const ResidualPiece *piece = &g_array_index(residual->pieces, ResidualPiece, i);
        bool html = residual->escape == ESCAPE_HTML && !piece->raw;
        switch (piece->kind) {
        case RESIDUAL_TEXT:
            pieces_add_text(pieces, residual->text->str + piece->offset, (gssize)piece->length);
            break;
        case RESIDUAL_SLOT:
            pieces_add_slot(pieces, html ? PERSONAL_HTML_SLOT(piece->slot) : piece->slot);
            break;
        case RESIDUAL_WHEN:
            pieces_add_when(pieces, piece->slot);
            break;
        case RESIDUAL_UNLESS:
            pieces_add_unless(pieces, piece->slot);
            break;
        case RESIDUAL_END:
            pieces_add_end(pieces);
            break;
        }
    }
    return pieces;
}

/* A subject's template is a file and files end with a line end. */
static void chop_line_end(Residual *residual)
{
    if (residual->pieces->len == 0)
        return;
    ResidualPiece *last = &g_array_index(residual->pieces, ResidualPiece, residual->pieces->len - 1);
    if (last->kind == RESIDUAL_TEXT && residual->text->str[last->offset + last->length - 1] == '\n')
        last->length--;
}

Pieces *letter_templates_fill(LetterTemplates *templates, LetterFormat format, const char *name, const View *data,
                              GError **error)
{
    static const Escape escapes[] = {ESCAPE_HEADER, ESCAPE_TEXT, ESCAPE_HTML};
    static const char *const formats[] = {"subject", "text", "HTML"};
    const Template *template;
    if (!partials_get(templates->of_format[format], name, &template, error))
        return NULL;
    if (!template) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_TEMPLATE,
                    "there is no %s template for “%s” in the templates folder", formats[format], name);
        return NULL;
    }
    g_autoptr(Residual) residual = template_reduce(template, data, personal_names, templates->of_format[format],
                                                   escapes[format], error);
    if (!residual)
        return NULL;
    if (format == LETTER_SUBJECT)
        chop_line_end(residual);
    if (format == LETTER_TEXT)
        residual_wrap(residual, TEXT_WIDTH);
    return to_pieces(residual);
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static bool parse_words(LetterWords *words, const char *path, const View *strings, GError **error)
{
    g_autofree const char **names = view_names(strings);
    for (const char **name = names; *name; name++) {
        g_autofree char *place = g_strdup_printf("%s: %s", path, *name);
        const char *text = view_shown(view_member(strings, *name));
        Template *template = template_parse(place, text, strlen(text), error);
        if (!template)
            return false;
        g_hash_table_insert(words->templates, g_strdup(*name), template);
    }
    return true;
}

static Residual *reduce_greeting(const LetterWords *words, const char *path, const char *name, GError **error)
{
    const Template *template = g_hash_table_lookup(words->templates, name);
    if (!template) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_TEMPLATE, "%s: the word “%s” is missing", path, name);
        return NULL;
    }
    g_autoptr(View) nothing = view_object();
    return template_reduce(template, nothing, (const char *const[]){"name", NULL}, NULL, ESCAPE_HEADER, error);
}

static LetterWords *load_words(const char *path, const char *language, GError **error)
{
    gsize length;
    g_autofree char *json = file_read_whole(path, LIMIT_TEMPLATE_BYTES, &length, error);
    g_autoptr(View) strings = json ? view_from_json(path, json, length, error) : NULL;
    if (!strings)
        return NULL;
    if (view_kind(strings) != VIEW_OBJECT) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_TEMPLATE, "%s:1: must be an object of words", path);
        return NULL;
    }
    g_autoptr(LetterWords) words = g_new0(LetterWords, 1);
    words->language = g_strdup(language);
    words->templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template);
    if (!parse_words(words, path, strings, error))
        return NULL;
    words->greeting = reduce_greeting(words, path, "greeting", error);
    words->greeting_named = words->greeting ? reduce_greeting(words, path, "greeting_named", error) : NULL;
    return words->greeting_named ? g_steal_pointer(&words) : NULL;
}

/* A language comes from data: it must be a tag, or it could lead to any file. */
static char *words_path(const LetterTemplates *templates, const char *language)
{
    if (!language_is_tag(language))
        return NULL;
    g_autofree char *file = g_strconcat(language, ".json", NULL);
    g_autofree char *path = g_build_filename(templates->locale_dir, file, NULL);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&path) : NULL;
}

static LetterWords *find_words(const LetterTemplates *templates, const char *language, GError **error)
{
    g_autofree char *primary = language_primary(language);
    g_autofree char *site_primary = language_primary(templates->site_language);
    const char *const tries[] = {language, primary, templates->site_language, site_primary, "en"};
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autofree char *path = words_path(templates, tries[i]);
        if (path)
            return load_words(path, tries[i], error);
    }
    g_set_error(error, LETTER_ERROR, LETTER_ERROR_TEMPLATE, "%s: no words for the language “%s”, and no en.json",
                templates->locale_dir, language);
    return NULL;
}

const LetterWords *letter_templates_words(LetterTemplates *templates, const char *language, GError **error)
{
    LetterWords *words = g_hash_table_lookup(templates->words, language);
    if (words)
        return words;
    words = find_words(templates, language, error);
    if (words)
        g_hash_table_insert(templates->words, g_strdup(language), words);
    return words;
}

View *letter_words_fill(const LetterWords *words, const View *data, GError **error)
{
    g_autoptr(View) filled = view_object();
    g_autoptr(GString) text = g_string_new(NULL);
    GHashTableIter iter;
    gpointer name, template;
    g_hash_table_iter_init(&iter, words->templates);
    while (g_hash_table_iter_next(&iter, &name, &template)) {
        g_string_truncate(text, 0);
        if (!template_render(template, data, NULL, ESCAPE_TEXT, text, error))
            return NULL;
        view_set_text(filled, name, text->str);
    }
    return g_steal_pointer(&filled);
}

char *letter_templates_word(LetterTemplates *templates, const char *language, const char *name, GError **error)
{
    const LetterWords *words = letter_templates_words(templates, language, error);
    g_autoptr(View) nothing = view_object();
    g_autoptr(View) filled = words ? letter_words_fill(words, nothing, error) : NULL;
    const View *word = filled ? view_member(filled, name) : NULL;
    return filled ? g_strdup(word ? view_shown(word) : "") : NULL;
}

const char *letter_words_language(const LetterWords *words)
{
    return words->language;
}

bool letter_words_are_of(const LetterWords *words, const char *language)
{
    g_autofree char *primary = language_primary(language);
    return language_is(words->language, primary);
}

void letter_words_greet(const LetterWords *words, const char *name, GString *out)
{
    residual_fill(name[0] ? words->greeting_named : words->greeting, (const char *const[]){name}, out);
}
