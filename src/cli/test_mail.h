#pragma once
/* One mail to ourselves, by the way that all our mail goes: the queue, the send role, a relay; then looked for in the
 * mailboxes of the settings. */
#include "cli/command.h"
#include "model/subscriber.h"

#define TEST_MAIL_ERROR (test_mail_error_quark())
GQuark test_mail_error_quark(void);
enum {
    TEST_MAIL_ERROR_UNSENT,  /* refused, or nobody took it in time */
    TEST_MAIL_ERROR_MISSING, /* it was sent, and has not come back */
};

typedef struct TestMail {
    const Context *context;
    const char *mailbox; /* the only one that is looked into; NULL: all */
    int64_t until;       /* monotonic: when waiting ends */
    int64_t id;
    char message_id[TOKEN_TEXT_SIZE]; /* what stands left of its '@' */
} TestMail;

/** Puts it into the queue. to: its address, language and list. */
bool test_mail_queue(TestMail *mail, const Recipient *to, GError **error);

/** Waits until a relay has taken it. When it was not in time it is withdrawn. */
bool test_mail_wait_sent(const TestMail *mail, GError **error);

/** Waits until it lies in a mailbox, and reads it. */
bool test_mail_wait_back(const TestMail *mail, GString *ret_bytes, GError **error);
