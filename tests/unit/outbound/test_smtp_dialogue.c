/* outbound/smtp_dialogue: whatever the server says, each mail gets exactly one outcome, and it is its own. */
#include "outbound/smtp_dialogue.h"

#include <glib.h>

#include "base/limits.h"

#define BODY "Subject: x\r\n\r\nhello\r\n"

static const SmtpOptions no_options;

/* A server that answers each command with the next of a list: "250|354|x". "x" closes, "-" stays silent. */
typedef struct Server {
    char **replies;
    guint next;
    bool in_body, closed;
    GString *says;     /* what the client has yet to hear */
    GString *commands; /* what it heard; " / " between two writes */
} Server;

static void server_reply(Server *server)
{
    const char *reply = server->replies[server->next] ? server->replies[server->next++] : "-";
    if (g_str_equal(reply, "x"))
        server->closed = true;
    else if (!g_str_equal(reply, "-"))
        g_string_append_printf(server->says, "%s\r\n", reply);
}

static void server_obeys(Server *server, const char *line)
{
    g_string_append_printf(server->commands, "%.*s ", (int)strcspn(line, " :"), line);
    gsize before = server->says->len;
    server_reply(server);
    server->in_body = g_str_has_prefix(line, "DATA") && g_str_has_prefix(server->says->str + before, "354");
}

static void server_hears(Server *server, const char *bytes, gsize length)
{
    g_autofree char *text = g_strndup(bytes, length);
    for (char *line = text, *end; (end = strstr(line, "\r\n")); line = end + 2) {
        *end = '\0';
        if (server->in_body && !g_str_equal(line, "."))
            continue;
        server_obeys(server, line);
        if (g_str_has_prefix(line, "BDAT"))
            end += atoi(line + 5);
    }
    g_string_append(server->commands, "/ ");
}

static void note_events(SmtpDialogue *dialogue, GString *log)
{
    SmtpEvent event;
    while (smtp_dialogue_event(dialogue, &event)) {
        const Attempt *a = &event.attempt;
        const char *name = event.owner;
        if (event.kind == SMTP_EVENT_READY)
            g_string_append_printf(log, "%s? ", name);
        else if (event.kind == SMTP_EVENT_RETURNED)
            g_string_append_printf(log, "%s=returned ", name);
        else
            g_string_append_printf(log, "%s=%s:%s%d ", name, smtp_phase_word(a->phase), a->line_lost ? "lost" : "",
                                   a->reply);
    }
}

typedef enum { LOCK_STEP, PIPELINED, CHUNKED } Way;

typedef struct Case {
    const char *name;
    Way way;
    guint mails;
    const char *replies;
    const char *events; /* "a?": a is ready; "a=dot:250": its outcome */
    const char *commands;
} Case;

/* clang-format off */
static const Case cases[] = {
    { "two-mails", PIPELINED, 2,
      "250|250|354|250|250|250|354|250",
      "a? a=dot:250 b? b=dot:250 ", "MAIL RCPT DATA / . MAIL RCPT DATA / . / " },
    { "lock-step", LOCK_STEP, 2,
      "250|250|354|250|250|250|354|250",
      "a? a=dot:250 b? b=dot:250 ", "MAIL / RCPT / DATA / . / MAIL / RCPT / DATA / . / " },
    { "multi-line-replies", PIPELINED, 1,
      "250-2.1.0 one\r\n250 2.1.0 two|250|354-go\r\n354 on|250",
      "a? a=dot:250 ", "MAIL RCPT DATA / . / " },
    { "recipient-refused", PIPELINED, 2,
      "250|550 5.1.1 no|503|250|250|250|354|250",
      "a=rcpt:550 b? b=dot:250 ", "MAIL RCPT DATA / RSET MAIL RCPT DATA / . / " },
    { "recipient-refused-lock-step", LOCK_STEP, 2,
      "250|550 5.1.1 no|250|250|250|354|250",
      "a=rcpt:550 b? b=dot:250 ", "MAIL / RCPT / RSET / MAIL / RCPT / DATA / . / " },
    { "data-accepted-after-refused-recipient", PIPELINED, 2,
      "250|451|354|554|250|250|250|354|250",
      "a=rcpt:451 b? b=dot:250 ", "MAIL RCPT DATA / . RSET MAIL RCPT DATA / . / " },
    { "data-accepted-after-refused-sender", PIPELINED, 2,
      "550|250|354",
      "a=mail:550 b=returned ", "MAIL RCPT DATA / " },
    { "sender-refused", PIPELINED, 2,
      "550|503|503|250|250|250|354|250",
      "a=mail:550 b? b=dot:250 ", "MAIL RCPT DATA / RSET MAIL RCPT DATA / . / " },
    { "data-refused", PIPELINED, 2,
      "250|250|451 4.3.0 later|250|250|250|354|250",
      "a=data:451 b? b=dot:250 ", "MAIL RCPT DATA / RSET MAIL RCPT DATA / . / " },
    { "dot-refused", PIPELINED, 2,
      "250|250|354|554 5.7.1 policy|250|250|354|250",
      "a? a=dot:554 b? b=dot:250 ", "MAIL RCPT DATA / . MAIL RCPT DATA / . / " },
    { "dot-refused-and-mail-kept", PIPELINED, 2,
      "250|250|354|554|503 nested|503|503|250|250|250|354|250",
      "a? a=dot:554 b? b=dot:250 ", "MAIL RCPT DATA / . MAIL RCPT DATA / RSET MAIL RCPT DATA / . / " },
    { "dot-refused-and-next-mixed-in", PIPELINED, 2,
      "250|250|354|554|503 nested|250|354",
      "a? a=dot:554 b=mail:lost0 ", "MAIL RCPT DATA / . MAIL RCPT DATA / " },
    { "dot-refused-lock-step", LOCK_STEP, 2,
      "250|250|354|554|250|250|250|354|250",
      "a? a=dot:554 b? b=dot:250 ", "MAIL / RCPT / DATA / . / RSET / MAIL / RCPT / DATA / . / " },
    { "reset-refused", PIPELINED, 2,
      "250|550|503|500",
      "a=rcpt:550 b=mail:lost0 ", "MAIL RCPT DATA / RSET MAIL RCPT DATA / " },
    { "lost-after-dot", PIPELINED, 2,
      "250|250|354|x",
      "a? a=dot:lost0 b=mail:lost0 ", "MAIL RCPT DATA / . MAIL RCPT DATA / " },
    { "lost-after-dot-lock-step", LOCK_STEP, 2,
      "250|250|354|x",
      "a? a=dot:lost0 b=returned ", "MAIL / RCPT / DATA / . / " },
    { "lost-at-mail", PIPELINED, 2,
      "x",
      "a=mail:lost0 b=returned ", "MAIL RCPT DATA / " },
    { "lost-at-rcpt", PIPELINED, 2,
      "250|x",
      "a=mail:lost0 b=returned ", "MAIL RCPT DATA / " },
    { "421-at-mail", PIPELINED, 2,
      "421 4.7.0 busy",
      "a=mail:421 b=returned ", "MAIL RCPT DATA / " },
    { "421-at-rcpt", LOCK_STEP, 2,
      "250|421 busy",
      "a=rcpt:421 b=returned ", "MAIL / RCPT / " },
    { "421-at-reset", PIPELINED, 2,
      "250|550|503|421 busy",
      "a=rcpt:550 b=returned ", "MAIL RCPT DATA / RSET MAIL RCPT DATA / " },
    { "421-at-dot", PIPELINED, 2,
      "250|250|354|421 busy",
      "a? a=dot:421 b=mail:lost0 ", "MAIL RCPT DATA / . MAIL RCPT DATA / " },
    { "421-to-the-next", PIPELINED, 2,
      "250|250|354|250|421 enough",
      "a? a=dot:250 b=mail:421 ", "MAIL RCPT DATA / . MAIL RCPT DATA / " },
    { "one-reply-too-many", PIPELINED, 2,
      "250|250|354|250\r\n250 again|250|250|354",
      "a? a=dot:250 b=mail:lost0 ", "MAIL RCPT DATA / . MAIL RCPT DATA / " },
    { "go-ahead-to-the-dot", PIPELINED, 2,
      "250|250|354|354",
      "a? a=dot:lost0 b=mail:lost0 ", "MAIL RCPT DATA / . MAIL RCPT DATA / " },
    { "garbage", LOCK_STEP, 2,
      "250|hello",
      "a=mail:lost0 b=returned ", "MAIL / RCPT / " },
    { "garbage-after-dot", LOCK_STEP, 2,
      "250|250|354|\001\002",
      "a? a=dot:lost0 b=returned ", "MAIL / RCPT / DATA / . / " },
    { "codes-differ", LOCK_STEP, 2,
      "250-a\r\n251 b",
      "a=mail:lost0 b=returned ", "MAIL / " },
    { "data-answered-250", LOCK_STEP, 1,
      "250|250|250",
      "a=mail:lost0 ", "MAIL / RCPT / DATA / " },
    /* whole mails behind each other; nothing waits for a reply */
    { "chunks", CHUNKED, 3,
      "250|250|250|250|250|250|250|250|250|250|250",
      "a? b? c? a=dot:250 b=dot:250 c=dot:250 ",
      "MAIL RCPT BDAT RSET MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-recipient-refused", CHUNKED, 2,
      "250|550 5.1.1 no|503 5.5.1 no recipient|250|250|250|250",
      "a? b? a=rcpt:550 b=dot:250 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-sender-refused", CHUNKED, 2,
      "550|503|503|250|250|250|250",
      "a? b? a=mail:550 b=dot:250 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-taken-although-the-sender-was-refused", CHUNKED, 2,
      "451|250|250|250|250|250|250",
      "a? b? a=dot:250 b=dot:250 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-taken-without-a-recipient", CHUNKED, 1,
      "250|550|250",
      "a? a=rcpt:550 ", "MAIL RCPT BDAT / " },
    { "chunk-refused", CHUNKED, 2,
      "250|250|554 5.7.1 policy|250|250|250|250",
      "a? b? a=dot:554 b=dot:250 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-reset-refused", CHUNKED, 2,
      "250|250|250|500",
      "a? b? a=dot:250 b=dot:lost0 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-read-as-commands", CHUNKED, 2,
      "250|550|500 what\r\n500 what\r\n500 what|250|250|250|250",
      "a? b? a=rcpt:550 b=dot:lost0 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-lost", CHUNKED, 3,
      "250|250|250|250|250|x",
      "a? b? c? a=dot:250 b=dot:lost0 c=dot:lost0 ",
      "MAIL RCPT BDAT RSET MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-lost-behind-a-refusal", CHUNKED, 2,
      "250|550|x",
      "a? b? a=rcpt:550 b=dot:lost0 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-421-and-closed", CHUNKED, 3,
      "250|250|250|250|421 enough|-|-|-|-|-|-",
      "a? b? c? a=dot:250 b=mail:421 c=mail:lost0 ",
      "MAIL RCPT BDAT RSET MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-421-to-a-chunk", CHUNKED, 3,
      "250|250|421 disk|-|-|-|-|-|-|-|-",
      "a? b? c? a=dot:421 b=mail:lost0 c=mail:lost0 ",
      "MAIL RCPT BDAT RSET MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-421-and-goes-on", CHUNKED, 3,
      "250|250|250|250|421 enough|503|503|250|250|250|250",
      "a? b? c? a=dot:250 b=mail:421 c=dot:lost0 ",
      "MAIL RCPT BDAT RSET MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
    { "chunks-go-ahead", CHUNKED, 1,
      "250|250|354",
      "a? a=dot:lost0 ", "MAIL RCPT BDAT / " },
    { "chunks-one-reply-too-many", CHUNKED, 2,
      "250|250|250 2.6.0 taken\r\n250 2.6.0 again|250|250 2.1.0 ok|250 2.1.5 ok|250",
      "a? b? a=dot:250 b=dot:lost0 ", "MAIL RCPT BDAT RSET MAIL RCPT BDAT / " },
};
/* clang-format on */

/* cut: after so many bytes of the server's words there is a pause; -1: never. */
static void run(const Case *c, gssize cut, GString *events, GString *commands, gsize *ret_heard)
{
    static const char *const names[] = {"a", "b", "c"};
    const SmtpCapabilities can = {.pipelining = c->way != LOCK_STEP, .chunking = true};
    const SmtpOptions options = {.chunking = c->way == CHUNKED, .depth = 3};
    g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&can, &options);
    Server server = {.replies = g_strsplit(c->replies, "|", -1), .says = g_string_new(NULL), .commands = commands};
    for (guint i = 0; i < c->mails; i++)
        smtp_dialogue_add(dialogue, &(SmtpMail){.owner = (gpointer)names[i],
                                                .from = "f@x",
                                                .to = names[i],
                                                .body = BODY,
                                                .length = strlen(BODY),
                                                .look = wire_look(BODY, strlen(BODY))});
    for (gsize heard = 0, length;;) {
        note_events(dialogue, events);
        smtp_dialogue_go_ahead(dialogue);
        const char *output = smtp_dialogue_output(dialogue, &length);
        if (length > 0) {
            server_hears(&server, output, length);
            smtp_dialogue_sent(dialogue, length);
        }
        gsize says = server.says->len;
        if (says > 0) {
            gsize now = cut > (gssize)heard && (gsize)cut < heard + says ? (gsize)cut - heard : says;
            smtp_dialogue_feed(dialogue, server.says->str, now);
            g_string_erase(server.says, 0, (gssize)now);
            *ret_heard = heard += now;
        }
        if (length == 0 && says == 0) {
            smtp_dialogue_lost(dialogue, "closed");
            note_events(dialogue, events);
            break;
        }
    }
    g_string_free(server.says, TRUE);
    g_strfreev(server.replies);
}

static void conversation(gconstpointer data)
{
    const Case *c = data;
    gsize heard = 0;
    g_autoptr(GString) events = g_string_new(NULL), commands = g_string_new(NULL);
    run(c, -1, events, commands, &heard);
    g_assert_cmpstr(events->str, ==, c->events);
    g_assert_cmpstr(commands->str, ==, c->commands);
    for (gsize cut = 1; cut < heard; cut++) {
        g_autoptr(GString) again = g_string_new(NULL), ignored = g_string_new(NULL);
        gsize unused;
        run(c, (gssize)cut, again, ignored, &unused);
        g_assert_cmpstr(again->str, ==, c->events);
    }
}

/* ---- what is refused before a word is said ----------------------------------------------------------------------- */

static const struct {
    const char *name, *from, *to, *body;
    bool needs_utf8;
    const char *events;
} refusals[] = {
    {"line-end-in-recipient", "f@x", "a@b>\r\nRCPT TO:<evil@x", BODY, false, "m=rcpt:553 "},
    {"line-end-in-sender", "f@x\n", "a@b", BODY, false, "m=rcpt:553 "},
    {"space-in-recipient", "f@x", "a b@c", BODY, false, "m=rcpt:553 "},
    {"no-recipient", "f@x", "", BODY, false, "m=rcpt:553 "},
    {"utf8-not-offered", "f@x", "ä@b", BODY, true, "m=rcpt:553 "},
    {"too-big", "f@x", "a@b", BODY BODY BODY BODY BODY, false, "m=mail:552 "},
    {"eight-bits-not-offered", "f@x", "a@b", "Grüße\r\n", false, "m=data:554 "},
    {"bare-line-feed", "f@x", "a@b", "x\n.\r\n\r\n", false, "m=data:554 "},
    {"bare-return", "f@x", "a@b", "x\ry\r\n", false, "m=data:554 "},
    {"dot-in-front", "f@x", "a@b", "x\r\n.\r\n", false, "m=data:554 "},
    {"dot-first", "f@x", "a@b", ".\r\n", false, "m=data:554 "},
    {"no-line-end", "f@x", "a@b", "x", false, "m=data:554 "},
    {"empty", "f@x", "a@b", "", false, "m=data:554 "},
};

static void refused_here(void)
{
    const SmtpCapabilities can = {.size = true, .size_limit = 64};
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&can, &no_options);
        g_autoptr(GString) events = g_string_new(NULL);
        gsize length;
        smtp_dialogue_add(dialogue, &(SmtpMail){.owner = (gpointer) "m",
                                                .from = refusals[i].from,
                                                .to = refusals[i].to,
                                                .needs_utf8 = refusals[i].needs_utf8,
                                                .body = refusals[i].body,
                                                .length = strlen(refusals[i].body),
                                                .look = wire_look(refusals[i].body, strlen(refusals[i].body))});
        note_events(dialogue, events);
        smtp_dialogue_output(dialogue, &length);
        g_test_message("%s", refusals[i].name);
        g_assert_cmpstr(events->str, ==, refusals[i].events);
        g_assert_cmpint(length, ==, 0);
        g_assert_cmpint(smtp_dialogue_room(dialogue), ==, SMTP_DEPTH_OF_DATA);
    }
}

/* ---- details ----------------------------------------------------------------------------------------------------- */

static void add_mail(SmtpDialogue *dialogue, const char *name)
{
    smtp_dialogue_add(dialogue, &(SmtpMail){.owner = (gpointer)name,
                                            .from = "f@x",
                                            .to = "t@x",
                                            .body = BODY,
                                            .length = strlen(BODY),
                                            .look = wire_look(BODY, strlen(BODY))});
}

static SmtpDialogue *one_mail(const SmtpCapabilities *can, const SmtpOptions *options)
{
    SmtpDialogue *dialogue = smtp_dialogue_new(can, options);
    smtp_dialogue_add(dialogue, &(SmtpMail){.owner = (gpointer) "a",
                                            .from = "f@x",
                                            .to = "ä@b",
                                            .needs_utf8 = can->utf8,
                                            .body = BODY,
                                            .length = strlen(BODY),
                                            .look = wire_look(BODY, strlen(BODY))});
    return dialogue;
}

/* The envelope is taken, and all of the body is written but its last bytes. */
static void write_body_but(SmtpDialogue *dialogue, GString *events, gsize missing)
{
    gsize length;
    smtp_dialogue_output(dialogue, &length);
    smtp_dialogue_sent(dialogue, length);
    smtp_dialogue_feed(dialogue, "250 a\r\n250 b\r\n354 c\r\n", 21);
    note_events(dialogue, events);
    smtp_dialogue_go_ahead(dialogue);
    smtp_dialogue_output(dialogue, &length);
    g_assert_cmpint(length, ==, strlen(BODY) + 3);
    smtp_dialogue_sent(dialogue, length - missing);
}

/* A body that waited in our buffer when the line broke cannot have been taken. */
static void unwritten_dot_is_not_uncertain(void)
{
    const SmtpCapabilities can = {.pipelining = true};
    for (gsize missing = 0; missing < 4; missing++) {
        g_autoptr(SmtpDialogue) dialogue = one_mail(&can, &no_options);
        g_autoptr(GString) events = g_string_new(NULL);
        write_body_but(dialogue, events, missing);
        smtp_dialogue_lost(dialogue, "closed");
        note_events(dialogue, events);
        g_assert_cmpstr(events->str, ==, missing == 0 ? "a? a=dot:lost0 " : "a? a=data:lost0 ");
    }
}

/* Leave is given to those that were told of it, not to those that became ready since. */
static void body_waits_for_its_owner(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true, .utf8 = true, .eight_bit = true};
    for (int chunking = 0; chunking < 2; chunking++) {
        g_autoptr(GString) events = g_string_new(NULL);
        g_autoptr(SmtpDialogue) dialogue = one_mail(&can, &(SmtpOptions){.chunking = chunking});
        gsize length;
        smtp_dialogue_output(dialogue, &length);
        smtp_dialogue_sent(dialogue, length);
        if (!chunking)
            smtp_dialogue_feed(dialogue, "250 a\r\n250 b\r\n354 c\r\n", 21);
        smtp_dialogue_go_ahead(dialogue);
        smtp_dialogue_output(dialogue, &length);
        g_assert_cmpint(length, ==, 0);
        note_events(dialogue, events);
        smtp_dialogue_output(dialogue, &length);
        g_assert_cmpint(length, ==, 0);
        smtp_dialogue_go_ahead(dialogue);
        g_assert_nonnull(strstr(smtp_dialogue_output(dialogue, &length), BODY));
    }
}

static const char names[][2] = {"a", "b", "c"}; /* owners are told apart by where they lie */

/* The relay waits for a body: it gets none, and the line ends without anybody's fault. */
static void what_is_withheld_ends_the_line(void)
{
    const SmtpCapabilities can = {.pipelining = true, .utf8 = true, .eight_bit = true};
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&can, &no_options);
    gsize length;
    add_mail(dialogue, names[0]);
    add_mail(dialogue, names[1]);
    smtp_dialogue_output(dialogue, &length);
    smtp_dialogue_sent(dialogue, length);
    smtp_dialogue_feed(dialogue, "250 a\r\n250 b\r\n354 c\r\n", 21);
    note_events(dialogue, events);
    smtp_dialogue_withhold(dialogue, names[1]);
    g_assert_false(smtp_dialogue_is_over(dialogue));
    smtp_dialogue_withhold(dialogue, names[0]);
    smtp_dialogue_go_ahead(dialogue);
    smtp_dialogue_output(dialogue, &length);
    g_assert_cmpint(length, ==, 0);
    g_assert_true(smtp_dialogue_is_over(dialogue));
    note_events(dialogue, events);
    g_assert_cmpstr(events->str, ==, "a? a=returned b=returned ");
}

/* Among chunks nothing of it was said: the others go on. */
static void what_is_withheld_among_chunks_is_left_out(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true, .utf8 = true, .eight_bit = true};
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&can, &(SmtpOptions){.chunking = true, .depth = 3});
    gsize length;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        add_mail(dialogue, names[i]);
    note_events(dialogue, events);
    smtp_dialogue_withhold(dialogue, names[1]);
    smtp_dialogue_go_ahead(dialogue);
    smtp_dialogue_output(dialogue, &length);
    smtp_dialogue_sent(dialogue, length);
    smtp_dialogue_feed(dialogue, "250 a\r\n250 a\r\n250 a\r\n", 21);
    smtp_dialogue_feed(dialogue, "250 r\r\n250 c\r\n250 c\r\n250 c\r\n", 28);
    note_events(dialogue, events);
    g_assert_cmpstr(events->str, ==, "a? b? c? b=returned a=dot:250 c=dot:250 ");
    g_assert_false(smtp_dialogue_is_over(dialogue));
}

/* What is ready and was not said goes back; what was said is finished first. */
static void good_bye_among_chunks(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true, .utf8 = true, .eight_bit = true};
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(SmtpDialogue) dialogue = one_mail(&can, &(SmtpOptions){.chunking = true, .depth = 3});
    gsize length;
    note_events(dialogue, events);
    smtp_dialogue_go_ahead(dialogue);
    smtp_dialogue_output(dialogue, &length);
    smtp_dialogue_sent(dialogue, length);
    add_mail(dialogue, "b");
    note_events(dialogue, events);
    smtp_dialogue_quit(dialogue);
    smtp_dialogue_go_ahead(dialogue);
    smtp_dialogue_output(dialogue, &length);
    g_assert_cmpint(length, ==, 0);
    smtp_dialogue_feed(dialogue, "250 a\r\n250 b\r\n250 c\r\n", 21);
    note_events(dialogue, events);
    g_assert_cmpstr(events->str, ==, "a? b? b=returned a=dot:250 ");
    g_assert_cmpstr(smtp_dialogue_output(dialogue, &length), ==, "QUIT\r\n");
}

/* Chunks that were in our buffer only when the line broke: the first of them was cut, the second never said. */
static void unwritten_chunks_are_not_uncertain(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true, .utf8 = true, .eight_bit = true};
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(SmtpDialogue) dialogue = one_mail(&can, &(SmtpOptions){.chunking = true, .depth = 3});
    gsize length;
    add_mail(dialogue, "b");
    add_mail(dialogue, "c");
    note_events(dialogue, events);
    smtp_dialogue_go_ahead(dialogue);
    const char *output = smtp_dialogue_output(dialogue, &length);
    const char *second = strstr(output, "RSET"), *third = strstr(second + 1, "RSET");
    smtp_dialogue_sent(dialogue, (gsize)(third - output) - 1);
    smtp_dialogue_lost(dialogue, "closed");
    note_events(dialogue, events);
    g_assert_cmpstr(events->str, ==, "a? b? c? a=dot:lost0 b=data:lost0 c=returned ");
}

/* A reply to a body that was not written yet has nothing to do with it, or comes before another. */
static void early_reply(void)
{
    static const struct {
        const char *reply, *events;
    } replies[] = {{"250 taken\r\n", "a? a=data:lost0 "},
                   {"552 5.3.4 too big\r\n", "a? a=data:552 "},
                   {"421 busy\r\n", "a? a=data:421 "}};
    for (gsize i = 0; i < G_N_ELEMENTS(replies); i++) {
        g_autoptr(SmtpDialogue)
            dialogue = one_mail(&(SmtpCapabilities){.pipelining = true, .utf8 = true, .eight_bit = true}, &no_options);
        g_autoptr(GString) events = g_string_new(NULL);
        write_body_but(dialogue, events, 1);
        smtp_dialogue_feed(dialogue, replies[i].reply, strlen(replies[i].reply));
        note_events(dialogue, events);
        g_assert_cmpstr(events->str, ==, replies[i].events);
        g_assert_true(smtp_dialogue_is_over(dialogue));
    }
}

/* Memory for long mails is bounded: they take the room of several. Two fit in any case. */
static void room_for_long_mails(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true};
    g_autoptr(GString) body = g_string_new(NULL);
    while (body->len < 100000)
        g_string_append(body, BODY);
    g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&can, &(SmtpOptions){.chunking = true, .depth = 50});
    g_assert_cmpint(smtp_dialogue_room(dialogue), ==, 50);
    const SmtpMail mail = {
        .from = "f@x", .to = "t@x", .body = body->str, .length = body->len, .look = wire_look(body->str, body->len)};
    smtp_dialogue_add(dialogue, &mail);
    g_assert_cmpint(smtp_dialogue_room(dialogue), ==, 1);
    smtp_dialogue_add(dialogue, &mail);
    g_assert_cmpint(smtp_dialogue_room(dialogue), ==, 0);
    add_mail(dialogue, "c");
    SmtpEvent event;
    while (smtp_dialogue_event(dialogue, &event) && event.kind == SMTP_EVENT_READY)
        continue;
    g_assert_cmpint(event.kind, ==, SMTP_EVENT_RETURNED);
}

/* What may end the line takes nobody with it: those ahead are done before, those behind wait. */
static void alone_among_chunks(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true};
    static const char *const whom[] = {"a", "b", "c", "d"};
    g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&can, &(SmtpOptions){.chunking = true, .depth = 4});
    g_autoptr(GString) events = g_string_new(NULL), said = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(whom); i++)
        smtp_dialogue_add(dialogue, &(SmtpMail){.owner = (gpointer)whom[i],
                                                .from = "f@x",
                                                .to = whom[i],
                                                .alone = i == 1,
                                                .body = BODY,
                                                .length = strlen(BODY),
                                                .look = wire_look(BODY, strlen(BODY))});
    for (gsize length = 1; length > 0;) {
        note_events(dialogue, events);
        smtp_dialogue_go_ahead(dialogue);
        const char *bytes = smtp_dialogue_output(dialogue, &length);
        g_autofree char *output = g_strndup(bytes, length);
        smtp_dialogue_sent(dialogue, length);
        for (const char *p = output; (p = strstr(p, "RCPT TO:<")); p++) {
            g_string_append_c(said, p[strlen("RCPT TO:<")]);
            smtp_dialogue_feed(dialogue, "250 1\r\n250 2\r\n250 3\r\n", 21);
            if (strstr(p + 1, "RCPT TO:<")) /* RSET */
                smtp_dialogue_feed(dialogue, "250 0\r\n", 7);
        }
        g_string_append_c(said, '/');
    }
    g_assert_cmpstr(said->str, ==, "a/b/cd//");
    g_assert_cmpstr(events->str, ==, "a? a=dot:250 b? b=dot:250 c? d? c=dot:250 d=dot:250 ");
}

/* A server that said 421 has five seconds (link.c) to close; one that stays may have taken what it was given. */
static void leaves_and_stays(void)
{
    const SmtpCapabilities can = {.pipelining = true, .chunking = true, .utf8 = true, .eight_bit = true};
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(SmtpDialogue) dialogue = one_mail(&can, &(SmtpOptions){.chunking = true, .depth = 3});
    gsize length;
    SmtpPhase phase;
    add_mail(dialogue, "b");
    note_events(dialogue, events);
    smtp_dialogue_go_ahead(dialogue);
    smtp_dialogue_output(dialogue, &length);
    smtp_dialogue_sent(dialogue, length);
    smtp_dialogue_feed(dialogue, "421 enough\r\n", 12);
    g_assert_false(smtp_dialogue_is_over(dialogue));
    g_assert_cmpint(smtp_dialogue_room(dialogue), ==, 0);
    g_assert_true(smtp_dialogue_waits(dialogue, &phase));
    g_assert_cmpint(phase, ==, SMTP_CONNECT);
    smtp_dialogue_late(dialogue);
    note_events(dialogue, events);
    g_assert_cmpstr(events->str, ==, "a? b? a=mail:421 b=dot:lost0 ");
}

static void good_bye(void)
{
    const SmtpCapabilities can = {0};
    g_autoptr(SmtpDialogue) dialogue = one_mail(&can, &no_options);
    g_autoptr(GString) events = g_string_new(NULL);
    gsize length;
    smtp_dialogue_quit(dialogue);
    note_events(dialogue, events);
    g_assert_cmpstr(events->str, ==, "a=returned ");
    g_assert_cmpint(smtp_dialogue_room(dialogue), ==, 0);
    g_assert_cmpstr(smtp_dialogue_output(dialogue, &length), ==, "QUIT\r\n");
    smtp_dialogue_sent(dialogue, length);
    g_assert_false(smtp_dialogue_is_over(dialogue));
    smtp_dialogue_feed(dialogue, "221 bye\r\n", 9);
    g_assert_true(smtp_dialogue_is_over(dialogue));
}

static void farewell_while_idle(void)
{
    g_autoptr(SmtpDialogue) dialogue = smtp_dialogue_new(&(SmtpCapabilities){0}, &no_options);
    smtp_dialogue_feed(dialogue, "421 4.4.2 idle for too long\r\n", 29);
    g_assert_true(smtp_dialogue_is_over(dialogue));
}

static void reply_limits(void)
{
    g_autoptr(SmtpDialogue) endless = smtp_dialogue_new(&(SmtpCapabilities){0}, &no_options);
    g_autofree char *line = g_strnfill(LIMIT_SMTP_LINE_BYTES + 1, '2');
    smtp_dialogue_feed(endless, line, LIMIT_SMTP_LINE_BYTES + 1);
    g_assert_true(smtp_dialogue_is_over(endless));
    g_autoptr(SmtpDialogue) many = one_mail(&(SmtpCapabilities){0}, &no_options);
    gsize length;
    smtp_dialogue_output(many, &length);
    for (guint i = 0; i <= LIMIT_SMTP_REPLY_LINES; i++) {
        g_assert_false(smtp_dialogue_is_over(many));
        smtp_dialogue_feed(many, "250-x\r\n", 7);
    }
    g_assert_true(smtp_dialogue_is_over(many));
}

static void reply_text(void)
{
    g_autoptr(SmtpDialogue) dialogue = one_mail(&(SmtpCapabilities){0}, &no_options);
    gsize length;
    smtp_dialogue_output(dialogue, &length);
    const char *reply = "550-5.1.1 <a\tb>: caf\xe9\r\n550 5.1.1 unknown\n";
    smtp_dialogue_feed(dialogue, reply, strlen(reply));
    SmtpEvent event;
    g_assert_true(smtp_dialogue_event(dialogue, &event));
    g_assert_cmpint(event.attempt.reply, ==, 550);
    g_assert_cmpstr(event.attempt.enhanced, ==, "5.1.1");
    g_assert_cmpstr(event.attempt.text, ==, "<a b>: caf? unknown");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/smtp_dialogue/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], conversation);
    }
    g_test_add_func("/smtp_dialogue/refused-here", refused_here);
    g_test_add_func("/smtp_dialogue/unwritten-dot-is-not-uncertain", unwritten_dot_is_not_uncertain);
    g_test_add_func("/smtp_dialogue/body-waits-for-its-owner", body_waits_for_its_owner);
    g_test_add_func("/smtp_dialogue/unwritten-chunks-are-not-uncertain", unwritten_chunks_are_not_uncertain);
    g_test_add_func("/smtp_dialogue/early-reply", early_reply);
    g_test_add_func("/smtp_dialogue/invariant_9_room-for-long-mails", room_for_long_mails);
    g_test_add_func("/smtp_dialogue/leaves-and-stays", leaves_and_stays);
    g_test_add_func("/smtp_dialogue/what-is-withheld-ends-the-line", what_is_withheld_ends_the_line);
    g_test_add_func("/smtp_dialogue/what-is-withheld-among-chunks-is-left-out",
                    what_is_withheld_among_chunks_is_left_out);
    g_test_add_func("/smtp_dialogue/good-bye", good_bye);
    g_test_add_func("/smtp_dialogue/alone-among-chunks", alone_among_chunks);
    g_test_add_func("/smtp_dialogue/good-bye-among-chunks", good_bye_among_chunks);
    g_test_add_func("/smtp_dialogue/farewell-while-idle", farewell_while_idle);
    g_test_add_func("/smtp_dialogue/invariant_9_reply-limits", reply_limits);
    g_test_add_func("/smtp_dialogue/reply-text", reply_text);
    return g_test_run();
}
