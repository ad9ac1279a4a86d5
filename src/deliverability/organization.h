#pragma once
/* The organizational domain of RFC 7489 3.2: what somebody has registered, below a public suffix. */

/** "kreis.example" of "news.kreis.example", by the Public Suffix List; the domain itself where nobody has registered
 * anything. Caller frees. */
char *organization_of(const char *domain);
