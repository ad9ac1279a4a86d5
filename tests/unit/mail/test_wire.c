/* mail/wire: each fault is seen wherever it stands, and however the bytes around it were cut into stretches. */
#include "mail/wire.h"

#include <glib.h>

typedef enum { UNFIT, ASCII, EIGHT_BITS } Kind;

static Kind kind_of(WireLook look)
{
    if (!wire_is_fit(&look))
        return UNFIT;
    return look.has_eight_bits ? EIGHT_BITS : ASCII;
}

static const struct {
    const char *name, *middle;
    Kind kind;
} middles[] = {
    {"plain", "x", ASCII},
    {"eight bits", "\xc3\xa4", EIGHT_BITS},
    {"a line", "\r\n", ASCII},
    {"an empty line", "\r\n\r\n", ASCII},
    {"a dot inside a line", "x.x", ASCII},
    {"a dot begins a line", "\r\n.", UNFIT},
    {"a bare CR", "\r", UNFIT},
    {"two CR", "\r\r\n", UNFIT},
    {"a bare LF", "\n", UNFIT},
    {"LF CR", "\n\r", UNFIT},
    {"two LF", "\r\n\n", UNFIT},
};

static GString *message(guint before, const char *middle, guint after)
{
    g_autofree char *left = g_strnfill(before, 'x'), *right = g_strnfill(after, 'y');
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%s%s%s\r\n", left, middle, right);
    return text;
}

static void faults_are_seen_anywhere(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(middles); i++) {
        g_test_message("%s", middles[i].name);
        for (guint before = 1; before < 50; before++)
            for (guint after = 1; after < 50; after++) {
                g_autoptr(GString) text = message(before, middles[i].middle, after);
                g_assert_cmpint(kind_of(wire_look(text->str, text->len)), ==, middles[i].kind);
                text->str[before - 1] = '\0';
                g_assert_cmpint(kind_of(wire_look(text->str, text->len)), ==, UNFIT);
            }
    }
}

static void stretches_are_joined(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(middles); i++) {
        g_autoptr(GString) text = message(20, middles[i].middle, 20);
        g_test_message("%s", middles[i].name);
        for (gsize cut = 0; cut <= text->len; cut++)
            for (gsize second = cut; second <= text->len; second++) {
                WireLook look = wire_look(text->str, cut), middle = wire_look(text->str + cut, second - cut),
                         end = wire_look(text->str + second, text->len - second);
                wire_join(&look, &middle);
                wire_join(&look, &end);
                g_assert_cmpint(kind_of(look), ==, middles[i].kind);
                g_assert_cmpuint(look.length, ==, text->len);
            }
    }
}

static void ends_are_seen(void)
{
    static const char *const unfit[] = {"",    "\n",    "\r",     "x",      "xx",     "x\n",
                                        "x\r", ".\r\n", "\n\r\n", "x\r\nx", "x\r\n\r"};
    for (gsize i = 0; i < G_N_ELEMENTS(unfit); i++)
        g_assert_cmpint(kind_of(wire_look(unfit[i], strlen(unfit[i]))), ==, UNFIT);
    g_assert_cmpint(kind_of(wire_look("\r\n", 2)), ==, ASCII);
    g_assert_cmpint(kind_of(wire_look("\0\r\n", 3)), ==, UNFIT);
    g_assert_cmpint(kind_of(wire_look("\xe4\r\n", 3)), ==, EIGHT_BITS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/faults-are-seen-anywhere", faults_are_seen_anywhere);
    g_test_add_func("/wire/stretches-are-joined", stretches_are_joined);
    g_test_add_func("/wire/ends-are-seen", ends_are_seen);
    return g_test_run();
}
