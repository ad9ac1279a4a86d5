#pragma once
/* What SMTP must know of a message's bytes before they travel (RFC 5321 2.3.8, 4.5.2). A message is looked at in
 * stretches and the looks are joined: what many letters have in common is looked at once. Pure. */
#include <glib.h>
#include <stdbool.h>

/* Zero: of no bytes at all. */
typedef struct WireLook {
    gsize length;
    char first, last;
    bool has_faults;
    bool has_eight_bits; /* a byte beyond ASCII */
} WireLook;

WireLook wire_look(const char *bytes, gsize length);

/** What `behind` saw stands behind what `look` saw; look becomes one at both. */
void wire_join(WireLook *look, const WireLook *behind);

/** True for a whole message whose line ends are CRLF, the last one too, in which no line begins with a dot and there is
 * no NUL: no server can see the end of such a mail but at its end. */
bool wire_is_fit(const WireLook *message);
