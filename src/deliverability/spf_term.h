#pragma once
/* One term of an SPF record (RFC 7208 4.6.1, 5, 6), and the macros in its domain (7). Pure. */
#include <glib.h>
#include <stdbool.h>

typedef enum {
    SPF_ALL,
    SPF_INCLUDE,
    SPF_A,
    SPF_MX,
    SPF_PTR,
    SPF_IP4,
    SPF_IP6,
    SPF_EXISTS,
    SPF_REDIRECT, /* these are modifiers, and match nothing */
    SPF_OTHER,    /* exp=, and what RFC 7208 6 says to pass over */
} SpfKind;

typedef struct SpfTerm {
    SpfKind kind;
    char qualifier; /* '+', '-', '~', '?' */
    char *domain;   /* with its macros; the network of ip4 and ip6; NULL: the domain that is checked */
    int bits4, bits6;
    const char *text; /* as it stands; the caller's */
} SpfTerm;

/** False when it is wrong: then nothing needs clearing. text must outlive the term. */
bool spf_term_parse(const char *text, SpfTerm *ret_term);
void spf_term_clear(SpfTerm *term);

/* What macros say. */
typedef struct SpfMacros {
    const char *sender; /* with an '@' */
    const char *domain; /* whose record it is */
    const char *helo;
    const char *ip;
} SpfMacros;

/** A domain with its macros replaced; NULL when one is wrong. Names nobody has a use for (p) are "unknown". Caller
 * frees. */
char *spf_expand(const char *text, const SpfMacros *macros);
