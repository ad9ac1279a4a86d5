#pragma once
/* Access tokens for XOAUTH2, printed by a program that the settings name. The program runs beside the
 * role, which never waits for it. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/waiter.h"

typedef struct TokenSource TokenSource;

/** command: words and quotes as in a shell. waiter (NULL: its owner looks by
 * itself) must outlive it. */
TokenSource *token_source_new(const char *command, Waiter *waiter);
void token_source_free(TokenSource *source); /* NULL is fine; ends the program if it runs */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenSource, token_source_free)

typedef struct AccessToken {
    const char *text; /* until the source is asked, tended or freed again */
    guint number;     /* tells tokens of this source apart */
} AccessToken;

typedef enum { TOKEN_READY, TOKEN_COMING, TOKEN_FAILED } TokenState;

/** The token, when there is one that is fresh enough; else the program is started, or runs already. A failure is told
 * once: the next question starts the program anew. now: monotonic. */
TokenState token_source_ask(TokenSource *source, int64_t now, AccessToken *ret_token, GError **error);

/** Reads what the program has printed and notices its end; kills one that takes too long. To be called each turn. */
void token_source_tend(TokenSource *source, int64_t now);

/** The server takes the present token. */
void token_source_worked(TokenSource *source);

/** The server refused that token, which is forgotten. True when that was to be expected: it had worked before and has
 * expired by now, or a newer one is there. */
bool token_source_refused(TokenSource *source, guint number);
