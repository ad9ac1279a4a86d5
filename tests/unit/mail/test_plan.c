/* mail/plan: whatever the text, the slots and the values, the filled letter says what was meant and is fit for every
 * server. */
#include "mail/plan.h"

/* rundbrief */
#include "base/limits.h"
#include "check_letters.h"

#define SLOTS 4

static Plan *plan_of(PlanBuilder *builder, PlanPart *body)
{
    g_autoptr(GError) error = NULL;
    Plan *plan = plan_builder_finish(builder, body, &error);
    g_assert_no_error(error);
    return plan;
}

static PlanPart *text_part(const char *type, const Pieces *content)
{
    return plan_part_new_text(&(PlanPartLabel){.type = type}, content);
}

static PlanPart *plain_part(const char *text)
{
    g_autoptr(Pieces) pieces = pieces_new_text(text);
    return text_part("text/plain", pieces);
}

/* ---- random letters, read by somebody else ----------------------------------------------------------------------- */

static const char *const fragments[] = {
    "Kreis Musterland. ",
    "Straße",
    "„Zitat“",
    "😀",
    "مرحبا بالعالم ",
    "Привіт, світе! ",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    ".",
    "..\n.\n",
    "\n.\n",
    "From here",
    "\nFrom there",
    " ",
    "  \n",
    "\t",
    "\t\r\n",
    " \n",
    "=",
    "=3D",
    "a",
    "ab",
    "abc",
    "\x01",
    "\x7f",
    "--",
    "\n--=_",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurfsfassungsprotokoll",
    "https://www.kreis-musterland.example/presse/2018/05/02/radwegekonzept?der=gemeinden&im=kreis&a=b ",
    "Der Kreistag hat am Montag beschlossen, dass der Radweg gebaut wird. ",
    "ÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜäöüß",
    "مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم ",
    "ПривітПривітПривітПривітПривітПривіт",
};

static char *random_text(GRand *rand, int most)
{
    GString *text = g_string_new(NULL);
    int kinds = g_rand_boolean(rand) ? (int)G_N_ELEMENTS(fragments) : 5; /* sometimes mostly beyond ASCII: base64 */
    for (int n = g_rand_int_range(rand, 0, most + 1); n > 0; n--)
        g_string_append(text, fragments[g_rand_int_range(rand, kinds == 5 ? 3 : 0, kinds == 5 ? 6 : kinds)]);
    return g_string_free(text, FALSE);
}

static void append_canonical(GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text != '\r' && *text != '\n') {
            g_string_append_c(out, *text);
            continue;
        }
        g_string_append(out, "\r\n");
        text += text[0] == '\r' && text[1] == '\n';
    }
}

/* What the pieces say with these values, worked out without a plan; text next to text is one text. */
static GString *meaning(const Pieces *pieces, const char *const *values)
{
    GString *out = g_string_new(NULL);
    guint hidden = 0; /* depth of conditions inside one that does not hold */
    for (guint i = 0; i < pieces_count(pieces); i++) {
        Piece piece = pieces_at(pieces, i);
        g_autofree char *text = piece.kind == PIECE_TEXT ? g_strndup(piece.text, piece.length) : NULL;
        bool is_set = piece.kind != PIECE_TEXT && piece.kind != PIECE_END && values[piece.slot] && *values[piece.slot];
        if (piece.kind == PIECE_WHEN || piece.kind == PIECE_UNLESS)
            hidden += hidden || is_set != (piece.kind == PIECE_WHEN);
        else if (piece.kind == PIECE_END)
            hidden -= hidden > 0;
        else if (!hidden && (text || is_set))
            append_canonical(out, text ? text : values[piece.slot]);
    }
    return out;
}

static Pieces *random_pieces(GRand *rand)
{
    Pieces *pieces = pieces_new();
    guint depth = 0;
    for (int n = g_rand_int_range(rand, 0, 12); n > 0; n--) {
        g_autofree char *text = random_text(rand, 12);
        guint slot = (guint)g_rand_int_range(rand, 0, SLOTS);
        switch (g_rand_int_range(rand, 0, 8)) {
        case 0:
            depth++;
            pieces_add_when(pieces, slot);
            break;
        case 1:
            depth++;
            pieces_add_unless(pieces, slot);
            break;
        case 2:
            if (depth)
                pieces_add_end(pieces);
            depth -= depth > 0;
            break;
        case 3:
        case 4:
            pieces_add_slot(pieces, slot);
            break;
        default:
            pieces_add_text(pieces, text, -1);
        }
    }
    for (; depth; depth--)
        pieces_add_end(pieces);
    return pieces;
}

static void expect_part(GString *cases, const GString *letter, int number, const Pieces *pieces,
                        const char *const *values)
{
    g_autofree char *what = g_strdup_printf("part:%d", number);
    g_autoptr(GString) want = meaning(pieces, values);
    letters_expect(cases, letter, what, want->str, want->len);
}

/* What was put together from looks at stretches is what a look at the whole letter sees. */
static bool fill(Plan *plan, const char *const *values, GString *letter, GError **error)
{
    WireLook look;
    if (!plan_fill(plan, values, letter, &look, error))
        return false;
    WireLook whole = wire_look(letter->str, letter->len);
    g_assert_true(wire_is_fit(&look));
    g_assert_cmpuint(look.length, ==, whole.length);
    g_assert_cmpint(look.has_eight_bits, ==, whole.has_eight_bits);
    return true;
}

static void random_letter(GRand *rand, GString *cases, GString *letter)
{
    g_autoptr(Pieces) first = random_pieces(rand), second = random_pieces(rand);
    bool single = g_rand_int_range(rand, 0, 4) == 0;
    PlanPart *body = text_part("text/plain", first);
    if (!single) {
        PlanPart *alternative = plan_part_new_multipart("alternative");
        plan_part_add(alternative, body);
        plan_part_add(alternative, text_part("text/html", second));
        body = alternative;
    }
    g_autoptr(Plan) plan = plan_of(plan_builder_new(SLOTS), body);
    for (int n = 0; n < 3; n++) {
        char *values[SLOTS];
        for (guint i = 0; i < SLOTS; i++)
            values[i] = g_rand_int_range(rand, 0, 5) ? random_text(rand, 4) : NULL;
        g_autoptr(GError) error = NULL;
        g_assert_true(fill(plan, (const char *const *)values, letter, &error));
        gsize common_length;
        const char *common = plan_common_body(plan, &common_length);
        g_assert_cmpint(strncmp(strstr(letter->str, "\r\n\r\n") + 4, common, common_length), ==, 0);
        expect_part(cases, letter, 0, first, (const char *const *)values);
        if (!single)
            expect_part(cases, letter, 1, second, (const char *const *)values);
        for (guint i = 0; i < SLOTS; i++)
            g_free(values[i]);
    }
}

static void random_letters_say_what_was_meant(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(g_test_rand_int());
    g_autoptr(GString) cases = g_string_new(NULL), letter = g_string_new(NULL);
    for (int i = 0; i < 700; i++)
        random_letter(rand, cases, letter);
    letters_compare(cases);
}

/* Every length and every alignment around a slot, in both encodings. */
static void every_alignment_is_right(void)
{
    g_autoptr(GString) cases = g_string_new(NULL), letter = g_string_new(NULL);
    for (guint before = 0; before < 64; before++) {
        for (guint after = 0; after < 8; after++) {
            bool arabic = (before + after) % 2;
            g_autoptr(Pieces) pieces = pieces_new();
            g_autofree char *left = g_strnfill(before, 'l'), *right = g_strnfill(after, 'r');
            pieces_add_text(
                pieces,
                arabic ? "مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم" : "",
                -1);
            pieces_add_text(pieces, left, -1);
            pieces_add_slot(pieces, 0);
            pieces_add_text(pieces, right, -1);
            pieces_add_slot(pieces, 1);
            g_autoptr(Plan) plan = plan_of(plan_builder_new(2), text_part("text/plain", pieces));
            for (guint length = 0; length < 5; length++) {
                g_autofree char *value = g_strnfill(length, 'v');
                const char *values[] = {value, length % 2 ? "x" : NULL};
                g_assert_true(fill(plan, values, letter, NULL));
                g_assert_true((strstr(letter->str, "base64") != NULL) == arabic);
                expect_part(cases, letter, 0, pieces, values);
            }
        }
    }
    letters_compare(cases);
}

/* ---- golden ------------------------------------------------------------------------------------------------------ */

static void dots_and_spaces_are_encoded(void)
{
    g_autoptr(GString) letter = g_string_new(NULL);
    g_autoptr(Plan) plan = plan_of(plan_builder_new(0), plain_part(".\n..\nFrom me \n\nFrom\n a\n"));
    g_assert_true(fill(plan, NULL, letter, NULL));
    g_assert_cmpstr(letter->str, ==,
                    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                    "=2E\r\n=2E.\r\n=46rom me=20\r\n\r\nFrom\r\n a\r\n");
    g_assert_cmpuint(plan_fixed_bytes(plan), ==, letter->len);
}

static void the_encoding_follows_the_content(void)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"empty", "", "quoted-printable"},
        {"German", "Die Kreisverwaltung öffnet am Montag für alle Bürger und Bürgerinnen um 8 Uhr.\n",
         "quoted-printable"},
        {"Ukrainian", "Окружна адміністрація відкривається в понеділок о восьмій годині для всіх громадян району.\n",
         "base64"},
        {"Arabic", "تفتح إدارة المقاطعة يوم الاثنين في الساعة الثامنة لجميع المواطنين والمواطنات في المقاطعة\n",
         "base64"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_autoptr(GString) letter = g_string_new(NULL);
        g_autoptr(Plan) plan = plan_of(plan_builder_new(0), plain_part(cases[i].text));
        g_assert_true(fill(plan, NULL, letter, NULL));
        g_autofree char *field = g_strdup_printf("\r\nContent-Transfer-Encoding: %s\r\n", cases[i].want);
        g_assert_nonnull(strstr(letter->str, field));
    }
}

/* ---- headers ----------------------------------------------------------------------------------------------------- */

static Pieces *leave_pieces(void)
{
    Pieces *pieces = pieces_new();
    pieces_add_text(pieces, "<mailto:inbox+", -1);
    pieces_add_slot(pieces, 2);
    pieces_add_text(pieces, "@news.example>, <https://news.example/leave/", -1);
    pieces_add_slot(pieces, 2);
    pieces_add_text(pieces, ">", -1);
    return pieces;
}

static Plan *headed_plan(void)
{
    PlanBuilder *builder = plan_builder_new(SLOTS);
    g_autoptr(Pieces) subject = pieces_new(), leave = leave_pieces(), id = pieces_new(), note = pieces_new();
    pieces_add_text(subject, "Einladung für ", -1);
    pieces_add_slot(subject, 0);
    pieces_add_slot(id, 3);
    pieces_add_when(note, 3);
    pieces_add_text(note, "yes", -1);
    pieces_add_end(note);
    plan_builder_address(builder, "From", "Kreis Musterland, Pressestelle", "presse@kreis-musterland.example");
    plan_builder_address_slots(builder, "To", 0, 1);
    plan_builder_text(builder, "Subject", subject);
    plan_builder_tokens(builder, "List-Unsubscribe", leave);
    plan_builder_tokens(builder, "X-Id", id);
    plan_builder_text(builder, "X-Note", note);
    return plan_of(builder, plain_part("x\n"));
}

#define HEADED_END                                                                                                     \
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "                      \
    "quoted-printable\r\n\r\nx\r\n"

static void headers_are_filled(void)
{
    g_autoptr(GString) letter = g_string_new(NULL);
    g_autoptr(Plan) plan = headed_plan();
    const char *full[] = {"Jörg", "joerg@example.org", "ltoken", "<1@x>"};
    g_assert_true(fill(plan, full, letter, NULL));
    g_assert_cmpstr(letter->str, ==,
                    "From: \"Kreis Musterland, Pressestelle\" <presse@kreis-musterland.example>\r\n"
                    "To: =?UTF-8?B?SsO2cmc=?= <joerg@example.org>\r\n"
                    "Subject: Einladung =?UTF-8?B?ZsO8ciBKw7ZyZw==?=\r\n"
                    "List-Unsubscribe: <mailto:inbox+ltoken@news.example>,\r\n <https://news.example/leave/ltoken>\r\n"
                    "X-Id: <1@x>\r\nX-Note: yes\r\n" HEADED_END);
    const char *bare[] = {"", "jörg@example.org", "l", NULL};
    g_assert_true(fill(plan, bare, letter, NULL));
    g_assert_cmpstr(
        letter->str, ==,
        "From: \"Kreis Musterland, Pressestelle\" <presse@kreis-musterland.example>\r\n"
        "To: jörg@example.org\r\nSubject: =?UTF-8?Q?Einladung_f=C3=BCr_?=\r\n"
        "List-Unsubscribe: <mailto:inbox+l@news.example>,\r\n <https://news.example/leave/l>\r\n" HEADED_END);
}

/* Invariant 12. A value that would break out spoils its own letter only; the next one is whole. */
static void no_value_breaks_out_of_its_header(void)
{
    static const char *const hostile[] = {
        "a\r\nBcc: eve@example.org", "a\nBcc: eve", "a\rb", "\r\n\r\nbody", "a\tb", "\x01", "\x7f", "\xff"};
    g_autoptr(Plan) plan = headed_plan();
    g_autoptr(GString) letter = g_string_new(NULL), good = g_string_new(NULL);
    const char *values[] = {"Ann", "ann@example.org", "l", "i"};
    g_assert_true(fill(plan, values, good, NULL));
    for (guint slot = 0; slot < SLOTS; slot++) {
        for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
            const char *kept = values[slot];
            g_autoptr(GError) error = NULL;
            values[slot] = hostile[i];
            g_assert_false(fill(plan, values, letter, &error));
            g_assert_error(error, PLAN_ERROR, PLAN_ERROR_VALUE);
            g_assert_cmpuint(letter->len, ==, 0);
            values[slot] = kept;
            g_assert_true(fill(plan, values, letter, NULL));
            g_assert_cmpstr(letter->str, ==, good->str);
        }
    }
}

static void token_values_are_ascii_lines(void)
{
    static const char *const hostile[] = {"ä", " a", "a ", " "};
    g_autoptr(Plan) plan = headed_plan();
    g_autoptr(GString) letter = g_string_new(NULL);
    g_autofree char *endless = g_strnfill(1000, 'a');
    for (gsize i = 0; i <= G_N_ELEMENTS(hostile); i++) {
        const char *values[] = {"Ann", "ann@example.org", i < G_N_ELEMENTS(hostile) ? hostile[i] : endless, "i"};
        g_autoptr(GError) error = NULL;
        g_assert_false(fill(plan, values, letter, &error));
        g_assert_error(error, PLAN_ERROR, PLAN_ERROR_VALUE);
    }
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

static void a_tree_of_parts_is_read_back(void)
{
    g_autoptr(GBytes) photo = g_bytes_new_static("\xff\xd8\xff\0JPEG.\r\n.\n", 14), pdf = g_bytes_new_static("", 0);
    PlanPart *related = plan_part_new_multipart("related"), *mixed = plan_part_new_multipart("mixed"),
             *alternative = plan_part_new_multipart("alternative");
    g_autoptr(Pieces) calendar = pieces_new_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    plan_part_add(related, plain_part("<p>Hallo"));
    plan_part_add(
        related,
        plan_part_new_binary(
            &(PlanPartLabel){.type = "image/jpeg", .place = PLAN_PART_INLINE, .content_id = "p1@news.example"}, photo));
    plan_part_add(alternative, plain_part("Hallo"));
    plan_part_add(alternative, related);
    plan_part_add(
        alternative,
        plan_part_new_text(&(PlanPartLabel){.type = "text/calendar", .method = "PUBLISH", .language = "de"}, calendar));
    plan_part_add(mixed, alternative);
    plan_part_add(mixed, plan_part_new_binary(&(PlanPartLabel){.type = "application/pdf",
                                                               .place = PLAN_PART_ATTACHMENT,
                                                               .file_name = "Müllplan „neu“.pdf"},
                                              pdf));
    g_autoptr(Plan) plan = plan_of(plan_builder_new(0), mixed);
    g_autoptr(GString) letter = g_string_new(NULL), cases = g_string_new(NULL);
    g_assert_true(fill(plan, NULL, letter, NULL));
    letters_expect(cases, letter, "part:0", "Hallo", 5);
    letters_expect(cases, letter, "part:1", "<p>Hallo", 8);
    letters_expect(cases, letter, "part:2", "\xff\xd8\xff\0JPEG.\r\n.\n", 14);
    letters_expect(cases, letter, "type:2", "image/jpeg", 10);
    letters_expect(cases, letter, "part:3", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", 32);
    letters_expect(cases, letter, "part:4", "", 0);
    letters_expect(cases, letter, "file:4", "Müllplan „neu“.pdf", strlen("Müllplan „neu“.pdf"));
    letters_compare(cases);
    g_assert_nonnull(
        strstr(letter->str, "Content-Type: text/calendar; charset=utf-8; method=PUBLISH\r\nContent-Language: de\r\n"));
    g_assert_nonnull(strstr(letter->str, "Content-Disposition: inline\r\nContent-ID: <p1@news.example>\r\n"));
    g_assert_nonnull(strstr(letter->str, "Content-Type: multipart/related; type=\"text/plain\";"));
}

/* ---- mistakes ---------------------------------------------------------------------------------------------------- */

typedef void (*Mistake)(PlanBuilder *builder, Pieces *content);

static void slot_out_of_range(PlanBuilder *builder, Pieces *content)
{
    (void)builder;
    pieces_add_slot(content, SLOTS);
}

static void condition_out_of_range(PlanBuilder *builder, Pieces *content)
{
    (void)builder;
    pieces_add_when(content, SLOTS);
    pieces_add_end(content);
}

static void condition_without_end(PlanBuilder *builder, Pieces *content)
{
    (void)builder;
    pieces_add_unless(content, 0);
}

static void end_without_condition(PlanBuilder *builder, Pieces *content)
{
    (void)builder;
    pieces_add_end(content);
}

static void invalid_utf8(PlanBuilder *builder, Pieces *content)
{
    (void)builder;
    pieces_add_text(content, "a\xff", -1);
}

static void nul_in_text(PlanBuilder *builder, Pieces *content)
{
    (void)builder;
    pieces_add_text(content, "a\0b", 3);
}

static void nul_in_a_header(PlanBuilder *builder, Pieces *content)
{
    g_autoptr(Pieces) value = pieces_new();
    (void)content;
    pieces_add_text(value, "a\0b", 3);
    plan_builder_text(builder, "Subject", value);
}

static void line_break_in_a_subject(PlanBuilder *builder, Pieces *content)
{
    g_autoptr(Pieces) value = pieces_new_text("a\r\nBcc: eve");
    (void)content;
    plan_builder_text(builder, "Subject", value);
}

static void line_break_in_tokens(PlanBuilder *builder, Pieces *content)
{
    g_autoptr(Pieces) value = pieces_new_text("<a\r\nBcc: eve>");
    (void)content;
    pieces_add_slot(value, 0);
    plan_builder_tokens(builder, "List-Id", value);
}

static void line_break_in_a_name(PlanBuilder *builder, Pieces *content)
{
    g_autoptr(Pieces) value = pieces_new_text("x");
    (void)content;
    pieces_add_slot(value, 0);
    plan_builder_tokens(builder, "List-Id: x\r\nBcc", value);
}

static void line_break_in_a_phrase(PlanBuilder *builder, Pieces *content)
{
    (void)content;
    plan_builder_address(builder, "From", "a\r\nBcc: eve", "a@b.de");
}

static void field_of_the_body(PlanBuilder *builder, Pieces *content)
{
    g_autoptr(Pieces) value = pieces_new_text("8bit");
    (void)content;
    plan_builder_text(builder, "content-transfer-encoding", value);
}

static void address_slot_out_of_range(PlanBuilder *builder, Pieces *content)
{
    (void)content;
    plan_builder_address_slots(builder, "To", 0, SLOTS);
}

static void mistakes_are_told_at_the_end(void)
{
    static const Mistake mistakes[] = {
        slot_out_of_range,
        condition_out_of_range,
        condition_without_end,
        end_without_condition,
        invalid_utf8,
        nul_in_text,
        nul_in_a_header,
        line_break_in_a_subject,
        line_break_in_tokens,
        line_break_in_a_name,
        line_break_in_a_phrase,
        field_of_the_body,
        address_slot_out_of_range,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Pieces) content = pieces_new();
        PlanBuilder *builder = plan_builder_new(SLOTS);
        mistakes[i](builder, content);
        g_assert_null(plan_builder_finish(builder, text_part("text/plain", content), &error));
        g_assert_error(error, PLAN_ERROR, PLAN_ERROR_CONTENT);
    }
}

static void labels_cannot_be_broken_out_of(void)
{
    static const char bad[] = "x\r\nBcc: eve@example.org";
    const PlanPartLabel labels[] = {
        {.type = bad},
        {.type = "text/plain", .method = bad},
        {.type = "text/plain", .place = PLAN_PART_ATTACHMENT, .file_name = bad},
        {.type = "text/plain", .content_id = bad},
        {.type = "text/plain", .language = bad},
    };
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Pieces) content = pieces_new_text("x");
        g_assert_null(plan_builder_finish(plan_builder_new(0), plan_part_new_text(&labels[i], content), &error));
        g_assert_error(error, PLAN_ERROR, PLAN_ERROR_CONTENT);
        g_assert_true(i == 1 ||
                      !plan_builder_finish(plan_builder_new(0), plan_part_new_binary(&labels[i], bytes), NULL));
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(plan_builder_finish(plan_builder_new(0), plan_part_new_multipart("mixed"), &error));
    g_assert_error(error, PLAN_ERROR, PLAN_ERROR_CONTENT);
}

static void a_letter_has_a_limit(void)
{
    g_autofree char *much = g_strnfill(LIMIT_LETTER_BYTES / 2, 'x');
    g_autoptr(Pieces) pieces = pieces_new();
    g_autoptr(GString) letter = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 3; i++)
        pieces_add_slot(pieces, 0);
    g_autoptr(Plan) plan = plan_of(plan_builder_new(1), text_part("text/plain", pieces));
    const char *values[] = {much};
    g_assert_false(fill(plan, values, letter, &error));
    g_assert_error(error, PLAN_ERROR, PLAN_ERROR_SIZE);
    g_clear_error(&error);
    g_autofree char *more = g_strnfill(LIMIT_LETTER_BYTES, 'x');
    g_assert_null(plan_builder_finish(plan_builder_new(0), plain_part(more), &error));
    g_assert_error(error, PLAN_ERROR, PLAN_ERROR_SIZE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/plan/" #name, name)
    TEST(dots_and_spaces_are_encoded);
    TEST(the_encoding_follows_the_content);
    TEST(headers_are_filled);
    g_test_add_func("/plan/invariant_12_no_value_breaks_out_of_its_header", no_value_breaks_out_of_its_header);
    TEST(token_values_are_ascii_lines);
    TEST(mistakes_are_told_at_the_end);
    g_test_add_func("/plan/invariant_12_labels_cannot_be_broken_out_of", labels_cannot_be_broken_out_of);
    TEST(a_letter_has_a_limit);
    TEST(every_alignment_is_right);
    TEST(a_tree_of_parts_is_read_back);
    TEST(random_letters_say_what_was_meant);
    return g_test_run();
}
