#pragma once
/* What the marks in the mails of tests/mailbox stand for: tokens of whoever reads them. */
#include <glib.h>
#include <string.h>

#include "base/token.h"

static const struct {
    const char *mark;
    Token token;
} mailbox_marks[] = {
    {"@DELIVERY@", {TOKEN_DELIVERY, 42, 7}},
    {"@OUTBOX@", {TOKEN_OUTBOX, 9, 0}},
    {"@LEAVE@", {TOKEN_LEAVE, 3, 7}},
    {"@CONFIRM@", {TOKEN_CONFIRM, 3, 7}},
};

static inline void mailbox_marks_fill(GString *mail, const Keyring *keyring)
{
    for (gsize i = 0; i < G_N_ELEMENTS(mailbox_marks) && memchr(mail->str, '@', mail->len); i++) {
        char token[TOKEN_TEXT_SIZE];
        token_encode(keyring, &mailbox_marks[i].token, token);
        g_string_replace(mail, mailbox_marks[i].mark, token, 0);
    }
}
