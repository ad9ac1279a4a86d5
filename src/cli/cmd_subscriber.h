#pragma once
/* What the actions of `rundbrief subscriber` share. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"
#include "model/subscriber.h"
#include "subscribers/admission.h"

extern const Command command_subscriber;

typedef struct SubscriberOptions {
    char *list, *state, *after; /* which people */
    gint64 limit;
    char *ground, *basis, *language, *name, *format, *reason; /* what is said of them */
    char *output, *separator;
    gboolean dry_run, keep_going, invite, returning, erase;
} SubscriberOptions;

typedef struct SubscriberCall {
    Context context;
    SubscriberOptions options;
    CommonOptions common;
} SubscriberCall;

/** "3: sentence" of a failed database call on stderr; returns EXIT_FAULT. */
int subscriber_fail(const GError *error);
int subscriber_usage(const char *sentence); /* on stderr; returns EXIT_USAGE */

/** The list of --list, which must be there. NULL after it has said why; ret_code is then what to exit with. */
MailingList *subscriber_call_list(const SubscriberCall *call, int *ret_code);

/** Terms from --ground, --basis, --invite, --returning; kind is what happens without --invite. EXIT_GOOD, or it has
 * said why not. */
int subscriber_call_terms(const SubscriberCall *call, const MailingList *list, ConsentKind kind, const char *actor,
                          AdmissionTerms *ret);

/** --state; ret_has is false without the option. False after it has said what is allowed. */
bool subscriber_call_state(const SubscriberCall *call, SubscriptionState *ret_state, bool *ret_has);

/* The actions; argument is FILE or ADDRESS, NULL where none is taken. They return the exit code. */
int subscriber_import(const SubscriberCall *call, const char *argument);
int subscriber_list(const SubscriberCall *call, const char *argument);
int subscriber_show(const SubscriberCall *call, const char *argument);
int subscriber_export(const SubscriberCall *call, const char *argument);
