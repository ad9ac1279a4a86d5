#pragma once
/* What a server says it can do. Pure. */
#include <stdbool.h>
#include <stdint.h>

typedef struct SmtpCapabilities {
    bool pipelining;    /* RFC 2920 */
    bool chunking;      /* BDAT, RFC 3030 */
    bool eight_bit;     /* 8BITMIME, RFC 6152 */
    bool dsn;           /* RFC 3461 */
    bool utf8;          /* SMTPUTF8, RFC 6531 */
    bool auth;          /* RFC 4954 */
    bool size;          /* RFC 1870 */
    int64_t size_limit; /* 0: none told */
} SmtpCapabilities;

/** Learns from one EHLO line without its code ("SIZE 1000"). Unknown ones are ignored. */
void smtp_capabilities_learn(SmtpCapabilities *capabilities, const char *line);
