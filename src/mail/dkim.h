#pragma once
/* DKIM signatures on letters (RFC 6376, RFC 8463): relaxed/relaxed, SHA-256, one signature field for each key, From
 * signed once more than it is there so that nobody can add another. */
#include "mail/dkim_key.h"

/* Signs the letters of one plan. */
typedef struct DkimSigner DkimSigner;

/** keys: of DkimKey, at least one; they must outlive the signer, the array need not. common: the first bytes that all
 * bodies have in common, hashed here once; may be of length 0. */
DkimSigner *dkim_signer_new(const GPtrArray *keys, const char *common, gsize length);
void dkim_signer_free(DkimSigner *signer); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimSigner, dkim_signer_free)

/** Puts one DKIM-Signature for each key before a whole letter with CRLF line ends. now: UTC, seconds. On failure the
 * letter stays as it was. Not for two threads at a time. */
bool dkim_sign(DkimSigner *signer, GString *letter, int64_t now, GError **error);
