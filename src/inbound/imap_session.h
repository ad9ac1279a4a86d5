#pragma once
/* One conversation with an IMAP server (RFC 9051, RFC 3501): every call blocks, but not longer than its limit. After
 * any error the session is dead: free it and begin anew. Calls must come in this order: connect, login, folders,
 * select, then any of the others. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"

typedef struct ImapSession ImapSession;

/** Connects, reads the greeting, makes the line a TLS one as settings->tls says. watched_fd:
 * see imap_stream_connect(). */
ImapSession *imap_session_connect(const MailboxSettings *settings, int watched_fd, GError **error);

/** Says good-bye when the session is alive, in at most a second. NULL is fine. */
void imap_session_free(ImapSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapSession, imap_session_free)

/** Logs in with LOGIN, unless the greeting said that we are (PREAUTH), and learns what the server can do now. Whether
 * the line may carry a password is settled by imap_session_connect(). */
bool imap_session_login(ImapSession *session, const char *user, const char *password, GError **error);

/** Likewise with an access token, by XOAUTH2. */
bool imap_session_login_token(ImapSession *session, const char *user, const char *token, GError **error);

bool imap_session_has_folder(ImapSession *session, const char *folder, bool *ret_exists, GError **error);

/** Makes sure that a folder exists; creates it if need be. */
bool imap_session_need_folder(ImapSession *session, const char *folder, GError **error);

/** Opens a folder for reading and moving. ret_uidvalidity: while it stays the same, a UID names the same mail. */
bool imap_session_select(ImapSession *session, const char *folder, int64_t *ret_uidvalidity, GError **error);

/** Appends the UIDs (uint32_t) behind `after` that are there, ascending. */
bool imap_session_search(ImapSession *session, int64_t after, GArray *uids, GError **error);

/** Likewise, those that came to the server up to a day or two after that instant; it counts by days. */
bool imap_session_search_old(ImapSession *session, int64_t before, GArray *uids, GError **error);

/** Appends the UIDs of the mails in whose Message-ID that text stands; it has no control characters. */
bool imap_session_find(ImapSession *session, const char *message_id, GArray *uids, GError **error);

/** Reads the first limit bytes of a mail, which stays unread. *ret_found is false when it is not there any more. */
bool imap_session_fetch(ImapSession *session, uint32_t uid, guint32 limit, GString *ret_bytes, bool *ret_found,
                        GError **error);

/** Moves mails (uint32_t, ascending) to a folder; those that are not there any more are passed over. A server without
 * MOVE copies them and expunges the originals. One without UIDPLUS too can only expunge whatever is marked: where other
 * people have marked mails, *ret_gone is false, and ours stay marked for whoever expunges them. */
bool imap_session_move(ImapSession *session, const GArray *uids, const char *folder, bool *ret_gone, GError **error);

/** Deletes mails (likewise) of the open folder for good. *ret_gone: see above. */
bool imap_session_delete(ImapSession *session, const GArray *uids, bool *ret_gone, GError **error);

/** Asks for news; for servers without IDLE. */
bool imap_session_poll(ImapSession *session, GError **error);

bool imap_session_can_idle(const ImapSession *session);
/** Begins IDLE (RFC 2177). From here to imap_session_idle_end() only these three may be called. */
bool imap_session_idle_begin(ImapSession *session, GError **error);
bool imap_session_idle_end(ImapSession *session, GError **error);
/** Something came already and waits in a buffer: poll() would not see it. */
bool imap_session_has_input(const ImapSession *session);
int imap_session_fd(const ImapSession *session);
