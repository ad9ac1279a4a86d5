#pragma once
/* The line to an IMAP server, as a stream that libetpan reads and writes. libetpan's own streams verify no certificate,
 * loop for ever on an end of file inside a literal and read four gigabytes when a server says so; this one has a
 * verified TLS, a deadline and a byte budget for each command, and treats the end of the stream as an error. */
#include <glib.h>
#include <libetpan/mailstream.h>
#include <stdbool.h>
#include <stdint.h>

#define IMAP_ERROR (imap_error_quark())
GQuark imap_error_quark(void);
typedef enum {
    IMAP_ERROR_CONNECT, /* no address, refused, unreachable */
    IMAP_ERROR_TLS,     /* no TLS, or a certificate that is not the server's */
    IMAP_ERROR_LOGIN,   /* user or password refused */
    IMAP_ERROR_FOLDER,  /* a folder is missing and cannot be made */
    IMAP_ERROR_REFUSED, /* the server said NO or BAD to anything else */
    IMAP_ERROR_LINE,    /* closed, silent, over its budget, or unintelligible */
} ImapError;

typedef struct ImapStream ImapStream;

/** Connects by TCP; every address of the host is tried within timeout_ms. When watched_fd (-1: none) becomes readable
 * while the server keeps us waiting, the command under way gets two more seconds: somebody wants us.
 * It is never read from. */
ImapStream *imap_stream_connect(const char *host, int64_t port, int watched_fd, int64_t timeout_ms, GError **error);

/** Only for a stream that was never given to libetpan; NULL is fine. */
void imap_stream_free(ImapStream *stream);

/** Makes the line a TLS one. The certificate must be valid, issued by a CA of ca_file ("": the system's) and name the
 * host. Nothing may have been read ahead: what an attacker slipped in before would count as the server's
 * (CVE-2011-0411). */
bool imap_stream_begin_tls(ImapStream *stream, const char *host, const char *ca_file, GError **error);

/** What libetpan works on. It owns the stream from now on and frees both. */
mailstream *imap_stream_for_libetpan(ImapStream *stream);

/** The next command must be over within timeout_ms and `budget` received bytes. */
void imap_stream_allow(ImapStream *stream, int64_t timeout_ms, int64_t budget);

/** From now on every read and write fails at once: so that freeing a session does not talk to a dead server. */
void imap_stream_abandon(ImapStream *stream);

/** Why the last read or write failed, as a clause ("the server closed the connection"); NULL: it did not. */
const char *imap_stream_trouble(const ImapStream *stream);

int imap_stream_fd(const ImapStream *stream);

/** Input waits here already, where poll() does not see it. */
bool imap_stream_has_input(const ImapStream *stream);
