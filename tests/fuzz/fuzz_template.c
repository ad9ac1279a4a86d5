/* Any text as a template, and as Markdown: no crash, no leak, no endless work; and filling in two steps equals filling
 * in one. */
/* system */
#include <stdint.h>

/* rundbrief */
#include "template/markdown.h"
#include "template/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static View *fixed_data(bool with_personal)
{
    static const char json[] = "{\"a\":\"<&>\",\"list\":[1,{\"a\":2,\"name\":\"n\"}],\"none\":[],\"self\":\"self\"}";
    View *view = view_from_json("data", json, sizeof json - 1, NULL);
    if (with_personal)
        view_set_text(view, "name", "Ann & Bea");
    return view;
}

static void fuzz_template(const char *text, size_t size)
{
    static const char *const personal[] = {"name", NULL}, *const values[] = {"Ann & Bea"};
    g_autoptr(Template) template = template_parse("fuzz", text, size, NULL);
    if (!template)
        return;
    g_autoptr(Partials) partials = partials_new(NULL, NULL, false);
    partials_add(partials, "self", template_parse("self", text, size, NULL));
    g_autoptr(View) all = fixed_data(true);
    g_autoptr(View) common = fixed_data(false);
    g_autoptr(GString) once = g_string_new(NULL);
    g_autoptr(GString) twice = g_string_new(NULL);
    bool good = template_render(template, all, partials, ESCAPE_HTML, once, NULL);
    g_autoptr(Residual) residual = template_reduce(template, common, personal, partials, ESCAPE_HTML, NULL);
    if (!good || !residual)
        return;
    residual_fill(residual, values, twice);
    g_assert_true(g_string_equal(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16384)
        return 0;
    g_autofree char *text = g_strndup((const char *)data, size);
    fuzz_template(text, size);
    g_autofree G_GNUC_UNUSED char *html = markdown_to_html(text, "Kreis.", NULL);
    g_autofree G_GNUC_UNUSED char *plain = markdown_to_text(text, "Kreis.", NULL);
    return 0;
}
