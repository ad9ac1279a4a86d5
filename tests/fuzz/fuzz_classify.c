/* inbound/classify: any bytes are found to be something, with evidence on one line; only what we signed is believed. The
 * seeds are the mails of tests/mailbox, whose marks stand for tokens here too. */
#include "inbound/classify.h"

/* system */
#include <string.h>
#include <unistd.h>

/* libraries */
#include <stdint.h>

/* rundbrief */
#include "../mailbox_marks.h"
#include "base/limits.h"
#include "base/text.h"

#define SHOWN_BYTES 4096 /* of each text: it stands in a row and in a mail to staff */

#define DIGITS "0123456789abcdef"
#define KEY    DIGITS DIGITS DIGITS DIGITS "\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Keyring *keys(void)
{
    static Keyring *keyring;
    if (keyring)
        return keyring;
    g_autofree char *path = NULL;
    int file = g_file_open_tmp("fuzz-classify-XXXXXX", &path, NULL);
    static const char text[] = "token 1 " KEY "address " KEY;
    g_assert(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    keyring = keyring_load(path, NULL);
    g_assert(keyring);
    unlink(path);
    return keyring;
}

static bool is_ours(const Token *token)
{
    for (gsize i = 0; i < G_N_ELEMENTS(mailbox_marks); i++)
        if (token->purpose == mailbox_marks[i].token.purpose && token->first == mailbox_marks[i].token.first &&
            token->second == mailbox_marks[i].token.second)
            return true;
    return false;
}

static void check_addresses(const GPtrArray *addresses)
{
    g_assert(addresses->len <= LIMIT_REPORT_RECIPIENTS);
    for (guint i = 0; i < addresses->len; i++)
        g_assert(text_is_one_line(g_ptr_array_index(addresses, i)));
}

static void check_shown(const char *text)
{
    g_assert(text_is_one_line(text) && strlen(text) <= SHOWN_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) mail = g_string_new_len((const char *)data, (gssize)size);
    mailbox_marks_fill(mail, keys());
    g_autoptr(Message) message = message_parse(mail->str, mail->len);
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    classify(message, keys(), &finding);
    g_assert(finding.has_token ? is_ours(&finding.token) : finding.class != FINDING_CONFIRM);
    g_assert(*finding.evidence && *finding_class_word(finding.class));
    check_shown(finding.evidence);
    check_shown(finding.rule);
    check_shown(finding.diagnostic);
    check_shown(finding.message_id);
    check_addresses(finding.recipients);
    check_addresses(finding.others);
    g_assert(finding.line <= 1 + size);
    return 0;
}
