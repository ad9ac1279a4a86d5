#pragma once
/* Mail addresses: RFC 5321 4.1.2 and RFC 5322 3.4.1, RFC 6531 for local parts beyond ASCII, IDNA 2008 for domains. */
#include <glib.h>
#include <stdbool.h>

#define ADDRESS_ERROR (address_error_quark())
GQuark address_error_quark(void);
enum { ADDRESS_ERROR_SYNTAX };

typedef struct Address {
    char *text;         /* local part as written, domain as lower-case A-labels: ready for RCPT TO and for a header */
    char *key;          /* folded: two addresses are the same person's when their keys are equal */
    const char *domain; /* inside text */
    bool needs_utf8;    /* the local part is not ASCII: SMTPUTF8 (RFC 6531) */
} Address;

/** Checks and normalises one bare address ("ann@example.org", no name, no brackets; surrounding spaces are cut). The
 * error is a sentence for the person who typed it. */
bool address_parse(const char *text, Address *ret_address, GError **error);
void address_clear(Address *address);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Address, address_clear)

/** The address in a header field's value: what stands in its first brackets, or else its first word. "Ann <ann@x.org>",
 * "ann@x.org (Ann)" -> "ann@x.org". Not checked; "" when there is none. Caller frees. */
char *address_bare(const char *value);

/** "bounces@news.example" + "dabc" -> "bounces+dabc@news.example". Caller frees. */
char *address_with_token(const char *address, const char *token);
