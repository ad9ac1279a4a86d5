#pragma once
/* A private DKIM key and the place in DNS of its public half: RSA (RFC 6376) or Ed25519 (RFC 8463). */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/words.h"

#define DKIM_ERROR (dkim_error_quark())
GQuark dkim_error_quark(void);
enum {
    DKIM_ERROR_KEY,  /* not a key that may sign mail; the sentence says why */
    DKIM_ERROR_SIGN, /* the library refuses to sign */
};

#define DKIM_KEY_TYPES(X)                                                                                              \
    X(DKIM_RSA, "rsa")         /* every mailbox provider verifies it */                                                \
    X(DKIM_ED25519, "ed25519") /* short and fast; several big providers do not look at it yet */
WORDS_DECLARE(DkimKeyType, dkim_key_type, DKIM_KEY_TYPES);

typedef struct DkimKey DkimKey;

/** A key as OpenSSL and OpenDKIM write them: PEM, not encrypted. RSA of 1024 to 4096 bits (RFC 8301 3.2). domain and
 * selector are ASCII. */
DkimKey *dkim_key_parse(const char *domain, const char *selector, const char *pem, GError **error);

/** A fresh key; RSA has 2048 bits. */
DkimKey *dkim_key_generate(const char *domain, const char *selector, DkimKeyType type);
void dkim_key_free(DkimKey *key); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimKey, dkim_key_free)

const char *dkim_key_domain(const DkimKey *key);
const char *dkim_key_selector(const DkimKey *key);
DkimKeyType dkim_key_type(const DkimKey *key);

/** The private key as PEM. Caller wipes and frees. */
char *dkim_key_pem(const DkimKey *key);

/** The value of the TXT record, "v=DKIM1; k=rsa; p=…". Caller frees. */
char *dkim_key_record(const DkimKey *key);

/** The whole record as a line of a zone file, its value in strings of at most 255 characters (RFC 1035 3.3), with a
 * line end. Caller frees. */
char *dkim_key_zone_record(const DkimKey *key);

#define DKIM_DIGEST_SIZE 32 /* SHA-256 */

/** Appends the signature of a digest, in base64. Not for two threads at a time. */
bool dkim_key_sign(DkimKey *key, const uint8_t digest[static DKIM_DIGEST_SIZE], GString *out, GError **error);

/* ---- SHA-256 ----------------------------------------------------------------------------------------------------- */

typedef struct DkimHash DkimHash;
DkimHash *dkim_hash_new(void);
void dkim_hash_free(DkimHash *hash); /* NULL is fine */
void dkim_hash_restart(DkimHash *hash);
void dkim_hash_go_on(DkimHash *hash, const DkimHash *from);      /* from where another one stands, which stays there */
void dkim_hash_add(void *hash, const char *bytes, gsize length); /* a DkimSink */
void dkim_hash_end(DkimHash *hash, uint8_t ret_digest[static DKIM_DIGEST_SIZE]);
