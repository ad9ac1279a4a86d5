#pragma once
/* The public half of a DKIM key, as its DNS record has it (RFC 6376 3.6.1, RFC 8463 4). */
#include "mail/dkim_key.h"

typedef enum {
    DKIM_RECORD_KEY,
    DKIM_RECORD_NONE,    /* the text is no DKIM record at all */
    DKIM_RECORD_REVOKED, /* p= is empty */
    DKIM_RECORD_WRONG,   /* it is one, and holds no key that could be used */
} DkimRecordState;

typedef struct DkimPublicKey DkimPublicKey;
void dkim_public_key_free(DkimPublicKey *key); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimPublicKey, dkim_public_key_free)

/** Reads a TXT record; *ret is NULL unless it holds a key. */
DkimRecordState dkim_public_key_parse(const char *record, DkimPublicKey **ret);

DkimKeyType dkim_public_key_type(const DkimPublicKey *key);
int dkim_public_key_bits(const DkimPublicKey *key);

bool dkim_public_key_verify(const DkimPublicKey *key, const uint8_t digest[static DKIM_DIGEST_SIZE],
                            const uint8_t *signature, gsize length);
