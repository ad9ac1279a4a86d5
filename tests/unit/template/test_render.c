/* template/render: a template filled in two steps gives what it gives in one; limits hold; mistakes name their line. */
#include "template/render.h"

/* rundbrief */
#include "base/limits.h"

static const char *const personal[] = {"name", "greeting", NULL};

static View *read_view(const char *json)
{
    g_autoptr(GError) error = NULL;
    View *view = view_from_json("data", json, strlen(json), &error);
    g_assert_no_error(error);
    return view;
}

static Template *read_template(const char *text)
{
    g_autoptr(GError) error = NULL;
    Template *template = template_parse("test.mustache", text, strlen(text), &error);
    g_assert_no_error(error);
    return template;
}

static Partials *some_partials(void)
{
    Partials *partials = partials_new(NULL, NULL, false);
    partials_add(partials, "lines", read_template("one\n{{#name}}\n  two {{name}}\n{{/name}}\nthree\n"));
    partials_add(partials, "frame", read_template("<\n  {{$body}}\n  nobody\n  {{/body}}\n{{greeting}}>\n"));
    partials_add(partials, "inline", read_template("[{{name}}{{^name}}-{{/name}}]"));
    return partials;
}

/* ---- partial evaluation ------------------------------------------------------------------------------------------ */

static char *render_at_once(const Template *template, const char *json, Partials *partials, Escape escape,
                            const char *const values[])
{
    g_autoptr(View) data = read_view(json);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; personal[i]; i++)
        view_set_text(data, personal[i], values[i]);
    template_render(template, data, partials, escape, out, &error);
    g_assert_no_error(error);
    return g_strdup(out->str);
}

static char *render_in_two_steps(const Template *template, const char *json, Partials *partials, Escape escape,
                                 const char *const values[])
{
    g_autoptr(View) data = read_view(json);
    g_autoptr(GError) error = NULL;
    g_autoptr(Residual) residual = template_reduce(template, data, personal, partials, escape, &error);
    g_assert_no_error(error);
    g_autoptr(GString) out = g_string_new(NULL);
    residual_fill(residual, values, out);
    return g_strdup(out->str);
}

static void assert_both_ways_agree(const char *text, const char *json)
{
    static const char *const all_values[][2] = {
        {"", ""}, {"Ann <A>", ""}, {"", "Guten\nTag & \"hallo\""}, {"Bea", "Hi"}};
    g_autoptr(Template) template = read_template(text);
    g_autoptr(Partials) partials = some_partials();
    for (guint i = 0; i < G_N_ELEMENTS(all_values); i++)
        for (Escape escape = ESCAPE_HTML; escape <= ESCAPE_CALENDAR; escape++) {
            g_autofree char *once = render_at_once(template, json, partials, escape, all_values[i]);
            g_autofree char *twice = render_in_two_steps(template, json, partials, escape, all_values[i]);
            if (!g_str_equal(once, twice))
                g_test_message("template: %s", text);
            g_assert_cmpstr(twice, ==, once);
        }
}

#define DATA                                                                                                           \
    "{\"title\":\"T & "                                                                                                \
    "Ö\",\"list\":[{\"x\":1},{\"x\":2,\"name\":\"inner\"}],\"none\":[],\"deep\":{\"name\":\"d\"},\"name\":\"hidden\"}"

static void two_steps_equal_one(void)
{
    static const char *const templates[] = {
        "",
        "{{title}}",
        "{{name}} {{{name}}} {{&greeting}}",
        "{{#name}}Hello {{.}}, {{name}}{{/name}}{{^name}}Hello{{/name}}",
        "{{#list}}{{x}}{{name}};{{/list}}",
        "{{#deep}}{{name}}{{/deep}} {{deep.name}} {{name.more}}",
        "{{#name}}{{#greeting}}both{{/greeting}}{{^greeting}}one{{/greeting}}{{/name}}",
        "a\n  {{>lines}}\nb\n",
        "{{<frame}}{{$body}}\n    {{name}}\n    {{title}}\n{{/body}}{{/frame}}\n",
        "  {{<frame}}{{$body}}{{#name}}x{{/name}}y{{/body}}{{/frame}}\n",
        "{{#none}}{{name}}{{/none}}{{^none}}{{>inline}}{{/none}}",
        "{{#name}}{{#list}}{{.}}{{x}}{{/list}}{{/name}}",
    };
    for (guint i = 0; i < G_N_ELEMENTS(templates); i++)
        assert_both_ways_agree(templates[i], DATA);
}

static void grow(GString *text, GRand *rand, int depth)
{
    static const char *const leaves[] = {
        "{{name}}", "{{greeting}}", "{{title}}",   "{{x}}",           "{{.}}",     "text", "\n",
        " ",        "{{&name}}",    "{{>inline}}", "\n {{>lines}}\n", "{{! no }}", "&"};
    static const char *const names[] = {"name", "greeting", "list", "none", "title", "deep"};
    for (int count = g_rand_int_range(rand, 0, 4); count > 0; count--) {
        if (depth == 0 || g_rand_boolean(rand)) {
            g_string_append(text, leaves[g_rand_int_range(rand, 0, G_N_ELEMENTS(leaves))]);
            continue;
        }
        const char *name = names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))];
        int shape = g_rand_int_range(rand, 0, 5);
        g_string_append_printf(text, shape == 4 ? "{{<frame}}{{$body}}" : shape % 2 ? "{{#%s}}" : "\n{{^%s}}\n", name);
        grow(text, rand, depth - 1);
        g_string_append_printf(text, shape == 4 ? "{{/body}}{{/frame}}" : "{{/%s}}\n", name);
    }
}

static void two_steps_equal_one_for_random_templates(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)g_test_rand_int());
    for (int i = 0; i < 500; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        grow(text, rand, 4);
        assert_both_ways_agree(text->str, DATA);
    }
}

static void what_is_common_becomes_one_text(void)
{
    g_autoptr(Template) template = read_template("{{#list}}{{x}}\n{{/list}}{{title}} {{name}}, {{title}}");
    g_autoptr(View) data = read_view(DATA);
    g_autoptr(Residual) residual = template_reduce(template, data, personal, NULL, ESCAPE_HTML, NULL);
    g_assert_cmpuint(residual->pieces->len, ==, 3);
    g_assert_cmpstr(residual->text->str, ==, "1\n2\nT &amp; Ö , T &amp; Ö");
}

static void personal_value_cannot_choose_a_partial(void)
{
    g_autoptr(Template) template = read_template("\n{{>*name}}");
    g_autoptr(View) data = view_object();
    g_autoptr(Partials) partials = some_partials();
    g_autoptr(GError) error = NULL;
    g_assert_null(template_reduce(template, data, personal, partials, ESCAPE_HTML, &error));
    g_assert_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX);
    g_assert_true(g_str_has_prefix(error->message, "test.mustache:2: "));
}

/* Lines between slots are broken at 20 columns; what touches a slot stays. */
static void long_lines_are_wrapped_around_slots(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"one two three four five six\n", "one two three four\nfive six\n"},
        {"no line end but long enough", "no line end but long\nenough"},
        {"- one two three four five six\nshort\n", "- one two three four\n  five six\nshort\n"},
        {"    code that is longer than that\n", "    code that is longer than that\n"},
        {"{{name}} one two three four five six\nseven eight nine ten eleven\n",
         "Ann one two three four five six\nseven eight nine ten\neleven\n"},
        {"one two three four five six {{name}}", "one two three four five six Ann"},
        {"x\n{{#name}}\none two three four five six\n{{/name}}\nseven eight nine ten eleven\n",
         "x\none two three four\nfive six\nseven eight nine ten\neleven\n"},
        {"https://example.org/long/long/long\n", "https://example.org/long/long/long\n"},
        {"größer größer größer\n", "größer größer größer\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Template) template = read_template(cases[i].text);
        g_autoptr(View) data = view_object();
        g_autoptr(Residual) residual = template_reduce(template, data, personal, NULL, ESCAPE_TEXT, NULL);
        residual_wrap(residual, 20);
        g_autoptr(GString) out = g_string_new(NULL);
        residual_fill(residual, (const char *const[]){"Ann", ""}, out);
        g_assert_cmpstr(out->str, ==, cases[i].want);
    }
}

/* ---- mistakes and limits ----------------------------------------------------------------------------------------- */

static void mistakes_name_file_and_line(void)
{
    static const struct {
        const char *text;
        const char *want; /* the beginning of the sentence */
    } cases[] = {
        {"a\n{{#b}}\nc", "t:2: “b” is opened here and never closed"},
        {"a\n{{/b}}", "t:2: “b” is closed here but was never opened"},
        {"{{#a}}\n\n{{/b}}", "t:3: “b” is closed here, but “a” of line 1 is still open"},
        {"\n\n{{name", "t:3: the tag that begins here is never closed by “}}”"},
        {"{{{name}}", "t:1: the tag that begins here is never closed by “}}}”"},
        {"{{}}", "t:1: a tag without a name"},
        {"{{! one\ntwo }}{{two words}}", "t:2: the name “two words” must be one word"},
        {"{{=<% %>}}", "t:1: the tag that begins here is never closed by “=}}”"},
        {"{{=<% %> x=}}", "t:1: new delimiters are written"},
        {"a\nb\xff", "t:2: not UTF-8 text"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(template_parse("t", cases[i].text, strlen(cases[i].text), &error));
        g_assert_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX);
        if (!g_str_has_prefix(error->message, cases[i].want))
            g_assert_cmpstr(error->message, ==, cases[i].want);
    }
}

static void missing_partial_is_a_mistake_only_when_strict(void)
{
    g_autoptr(Template) template = read_template("\n\n{{>nowhere}}");
    g_autoptr(View) data = view_object();
    g_autoptr(Partials) strict = partials_new("/nonexistent", (const char *const[]){"", NULL}, true);
    g_autoptr(Partials) lenient = partials_new("/nonexistent", (const char *const[]){"", NULL}, false);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(template_render(template, data, lenient, ESCAPE_HTML, out, &error));
    g_assert_no_error(error);
    g_assert_false(template_render(template, data, strict, ESCAPE_HTML, out, &error));
    g_assert_cmpstr(error->message, ==, "test.mustache:3: there is no partial “nowhere”");
}

static void data_cannot_choose_files_outside_the_folder(void)
{
    g_autoptr(Template) template = read_template("{{>*file}}");
    g_autoptr(Partials) partials = partials_new("/etc", (const char *const[]){"", NULL}, false);
    static const char *const names[] = {"{\"file\":\"../etc/hostname\"}", "{\"file\":\"/etc/hostname\"}",
                                        "{\"file\":\"..\"}"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(View) data = read_view(names[i]);
        g_autoptr(GString) out = g_string_new(NULL);
        g_assert_true(template_render(template, data, partials, ESCAPE_HTML, out, NULL));
        g_assert_cmpstr(out->str, ==, "");
    }
}

static void assert_limited(const char *text, const char *partial, const char *json)
{
    g_autoptr(Template) template = read_template(text);
    g_autoptr(Partials) partials = partials_new(NULL, NULL, false);
    partials_add(partials, "self", read_template(partial));
    g_autoptr(View) data = read_view(json);
    g_autoptr(GString) out = g_string_new("kept");
    g_autoptr(GError) error = NULL;
    g_assert_false(template_render(template, data, partials, ESCAPE_HTML, out, &error));
    g_assert_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_LIMIT);
    g_assert_cmpstr(out->str, ==, "kept");
}

static void limits_hold(void)
{
    assert_limited("{{>self}}", "{{>self}}", "{}");
    assert_limited("{{<self}}{{$a}}{{>self}}{{/a}}{{/self}}", "{{$a}}{{/a}}{{<self}}{{/self}}", "{}");
#define TEN "[1,2,3,4,5,6,7,8,9,10]"
    assert_limited("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}", "",
                   "{\"a\":" TEN "}");
    g_autofree char *big = g_strnfill(LIMIT_RENDERED_BYTES / 8, '&');
    g_autofree char *json = g_strdup_printf("{\"a\":" TEN ",\"b\":\"%s\"}", big);
    assert_limited("{{#a}}{{b}}{{/a}}", "", json);
    GString *nested = g_string_new(NULL);
    for (int i = 0; i <= LIMIT_TEMPLATE_NESTING; i++)
        g_string_append(nested, "{{#a}}");
    g_autoptr(GError) error = NULL;
    g_assert_null(template_parse("t", nested->str, nested->len, &error));
    g_assert_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX);
    g_string_free(nested, TRUE);
}

/* ---- escaping ---------------------------------------------------------------------------------------------------- */

static void invariant_12_values_cannot_break_out(void)
{
    static const struct {
        Escape escape;
        bool raw;
        const char *value, *want;
    } cases[] = {
        {ESCAPE_HTML, false, "<b a=\"'&'\">ö", "&lt;b a=&quot;&#39;&amp;&#39;&quot;&gt;ö"},
        {ESCAPE_HTML, true, "<b>", "<b>"},
        {ESCAPE_TEXT, false, "a\r\n\tb\x1b[1m<", "a\n\tb[1m<"},
        {ESCAPE_HEADER, false, "Subject\r\nBcc: x", "Subject Bcc: x"},
        {ESCAPE_HEADER, true, "Subject\r\nBcc: x", "Subject Bcc: x"},
        {ESCAPE_HEADER, true,
         "a\xc2\x85"
         "b\xe2\x80\xa8"
         "c\x01\x02"
         "d",
         "a b c d"},
        {ESCAPE_HEADER, false, "rechnung\u202efdp\u2069.exe", "rechnung fdp .exe"},
        {ESCAPE_HEADER, false, "Grüße „aus“ 東京", "Grüße „aus“ 東京"},
        {ESCAPE_CALENDAR, false, "a;b,c\\d\r\nEND:VEVENT", "a\\;b\\,c\\\\d\\nEND:VEVENT"},
        {ESCAPE_CALENDAR, true, "a\nb", "a\\nb"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        escape_append(out, cases[i].escape, cases[i].raw, cases[i].value, strlen(cases[i].value));
        g_assert_cmpstr(out->str, ==, cases[i].want);
    }
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

static void json_is_read_strictly(void)
{
    static const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}", "[1,]", "\"\xff\"", "\"\\u0000\"", "{\"a\":01}"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(view_from_json("file.json", bad[i], strlen(bad[i]), &error));
        g_assert_error(error, VIEW_ERROR, VIEW_ERROR_JSON);
        g_assert_true(g_str_has_prefix(error->message, "file.json:1: not valid JSON: "));
    }
}

static void values_show_as_written(void)
{
    g_autoptr(Template) template = read_template("{{a}} {{b}} {{c}} {{d}} {{e}} {{f}}|{{#a}}yes{{/a}}{{#g}}no{{/g}}");
    g_autoptr(View) data = read_view("{\"a\":0,\"b\":1.21,\"c\":-7,\"d\":true,\"e\":1e21,\"f\":null,\"g\":\"\"}");
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(template_render(template, data, NULL, ESCAPE_HTML, out, NULL));
    g_assert_cmpstr(out->str, ==, "0 1.21 -7 true 1e+21 |yes");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/template/" #name, name)
    TEST(two_steps_equal_one);
    TEST(two_steps_equal_one_for_random_templates);
    TEST(what_is_common_becomes_one_text);
    TEST(personal_value_cannot_choose_a_partial);
    TEST(long_lines_are_wrapped_around_slots);
    TEST(mistakes_name_file_and_line);
    TEST(missing_partial_is_a_mistake_only_when_strict);
    TEST(data_cannot_choose_files_outside_the_folder);
    TEST(limits_hold);
    TEST(invariant_12_values_cannot_break_out);
    TEST(json_is_read_strictly);
    TEST(values_show_as_written);
    return g_test_run();
}
