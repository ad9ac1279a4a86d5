#pragma once
/* What `rundbrief inbox` does beside looking: for cmd_inbox.c and cmd_inbox_staff.c only. */
#include "cli/command.h"

extern const Command command_inbox;

/** A message by the number that staff typed; NULL after it has said why; ret_code is what to exit with then. */
struct InboxMessage *inbox_find(const Context *context, const char *word, int *ret_code);

int inbox_status(const Context *context, bool json);
int inbox_tray(const Context *context, const char *class, int64_t limit, bool json);

/** words: the announcement, or nothing: answers to all invitations. */
int inbox_answers(const Context *context, char **words, int64_t limit, bool json);

/** words: ID CLASS. address: whom it is about; NULL: whom the mail names. */
int inbox_reclassify(const Context *context, char **words, const char *address);

/** words: IDs, NULL-terminated. */
int inbox_done(const Context *context, char **words);
