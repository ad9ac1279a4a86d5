#pragma once
/* Feedback reports: the body of a message/feedback-report part, RFC 5965 and 6591. */
#include <glib.h>
#include <stdbool.h>

typedef struct Arf {
    char *type;            /* Feedback-Type, lower case; "" when none is stated */
    GPtrArray *recipients; /* of char *: Original-Rcpt-To and Removal-Recipient, as written, without brackets */
} Arf;

/** Lines end by LF. Never fails: what is missing is empty. Linear. */
void arf_parse(const char *text, Arf *ret);
void arf_clear(Arf *arf);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arf, arf_clear)

/** True when a person complained or wants out; false for reports to administrators (auth-failure, other). */
bool arf_is_complaint(const Arf *arf);
