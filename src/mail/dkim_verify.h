#pragma once
/* DKIM signatures of a mail that has arrived (RFC 6376 6.1, RFC 8463): what they say, and whether it is true. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct DkimSignature {
    char *domain;    /* d=; all of these are "" where the field does not say */
    char *selector;  /* s= */
    char *algorithm; /* a=, "rsa-sha256" */
    char **names;    /* h=: the fields it covers, as they stand there */
    struct DkimSignatureParts *parts;
} DkimSignature;

typedef enum {
    DKIM_VERIFIED,
    DKIM_UNREADABLE, /* the field lacks a part, or names something that nobody knows */
    DKIM_EXPIRED,    /* x= has passed */
    DKIM_NO_KEY,     /* the record is none */
    DKIM_KEY_REVOKED,
    DKIM_KEY_UNUSABLE,   /* the record holds no key, or one of another kind */
    DKIM_BODY_CHANGED,   /* bh= is not the body's */
    DKIM_HEADER_CHANGED, /* the signature is not of these fields, or not by this key */
} DkimVerdict;

/** Those of a mail with CRLF line ends, in their order, of DkimSignature; they borrow the mail. Caller unrefs. */
GPtrArray *dkim_signatures(const char *mail, gsize length);

/** Whether the signature covers every field of that name which is there now; letter case is ignored. */
bool dkim_signature_covers(const DkimSignature *signature, const char *name);

/** record: the TXT record at SELECTOR._domainkey.DOMAIN. now: UTC, seconds. ret_bits: the length of its key, 0 unless
 * there is one; may be NULL. */
DkimVerdict dkim_signature_verify(const DkimSignature *signature, const char *record, int64_t now, int *ret_bits);
