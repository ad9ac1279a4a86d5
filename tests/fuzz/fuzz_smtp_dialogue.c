/* outbound/smtp_dialogue against a server that says anything, in pieces of any size. Whatever it says, each mail has
 * exactly one end, and no body leaves before its owner agreed. The first byte chooses what the server offers and the
 * size of the pieces, the second what we use of it. */
#include "outbound/smtp_dialogue.h"

#include <glib.h>

#define BODY  "Subject: x\r\n\r\nBODY\r\n"
#define MAILS 9

typedef struct Run {
    SmtpDialogue *dialogue;
    guint added;
    guint ends[MAILS];
    bool agreed;
} Run;

static void take_events(Run *run)
{
    SmtpEvent event;
    while (smtp_dialogue_event(run->dialogue, &event))
        if (event.kind != SMTP_EVENT_READY)
            run->ends[GPOINTER_TO_UINT(event.owner)]++;
}

static void add_mails(Run *run)
{
    while (run->added < MAILS && smtp_dialogue_room(run->dialogue) > 0) {
        smtp_dialogue_add(run->dialogue, &(SmtpMail){.owner = GUINT_TO_POINTER(run->added),
                                                     .from = "f@x",
                                                     .to = "t@x",
                                                     .alone = run->added % 4 == 2,
                                                     .body = BODY,
                                                     .length = strlen(BODY),
                                                     .look = wire_look(BODY, strlen(BODY))});
        run->added++;
    }
}

static void write_output(Run *run, gsize most)
{
    gsize length;
    const char *output = smtp_dialogue_output(run->dialogue, &length);
    if (!run->agreed && length > 0)
        g_assert_null(g_strstr_len(output, (gssize)length, "BODY"));
    smtp_dialogue_sent(run->dialogue, MIN(length, most));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const SmtpCapabilities can = {.pipelining = data[0] & 1, .size = data[0] & 2, .chunking = true, .dsn = true};
    const SmtpOptions options = {.chunking = data[1] & 1, .dsn = data[1] & 2, .depth = 2 + (data[1] >> 5)};
    Run run = {.dialogue = smtp_dialogue_new(&can, &options)};
    gsize piece = 1 + (data[0] >> 4) * 5u;
    for (size_t at = 2; at < size; at += piece) {
        add_mails(&run);
        write_output(&run, data[0] & 8 ? 40 : G_MAXSIZE);
        smtp_dialogue_feed(run.dialogue, (const char *)data + at, MIN(piece, size - at));
        take_events(&run);
        run.agreed = data[1] & 4 || at > size / 2;
        if (run.agreed)
            smtp_dialogue_go_ahead(run.dialogue);
        if (data[1] & 8 && at > size - size / 4)
            smtp_dialogue_quit(run.dialogue);
    }
    smtp_dialogue_lost(run.dialogue, "the end");
    take_events(&run);
    for (guint i = 0; i < run.added; i++)
        g_assert_cmpuint(run.ends[i], ==, 1);
    smtp_dialogue_free(run.dialogue);
    return 0;
}
