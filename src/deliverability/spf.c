/* check_host() of RFC 7208 4. Each domain's record is read whole before it is followed, for a mistake at its end
 * counts as well. What a record may cost is bounded, for it is anybody's. */
#include "deliverability/spf.h"

/* system */
#include <arpa/inet.h>

/* libraries */
#include <string.h>

/* rundbrief */
#include "deliverability/spf_term.h"

#define VOID_LOOKUPS 2  /* RFC 7208 4.6.4 */
#define NAMES        10 /* of one mx or ptr; likewise */

typedef struct Ip {
    int family;
    unsigned char bytes[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];
} Ip;

typedef struct Spf {
    DnsResolver *resolver;
    Ip ip;
    const char *sender, *helo;
    guint lookups, voids;
    char *term; /* see SpfVerdict */
} Spf;

typedef enum { MATCHES, MATCHES_NOT, MATCH_TEMPERROR, MATCH_PERMERROR } Match;

static SpfResult check_host(Spf *spf, const char *domain);

void spf_verdict_clear(SpfVerdict *verdict)
{
    g_free(verdict->term);
    *verdict = (SpfVerdict){0};
}

/* ---- addresses --------------------------------------------------------------------------------------------------- */

static bool read_ip(const char *text, Ip *ip)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:192.0.2.1 */
    ip->family = strchr(text, ':') ? AF_INET6 : AF_INET;
    if (inet_pton(ip->family, text, ip->bytes) != 1)
        return false;
    if (ip->family == AF_INET6 && memcmp(ip->bytes, mapped, sizeof mapped) == 0) {
        memmove(ip->bytes, ip->bytes + sizeof mapped, 4);
        ip->family = AF_INET;
    }
    return inet_ntop(ip->family, ip->bytes, ip->text, sizeof ip->text) != NULL;
}

static bool is_in(const Ip *ip, const char *network, const SpfTerm *term)
{
    Ip other = {0};
    int bits = ip->family == AF_INET ? term->bits4 : term->bits6;
    if (!read_ip(network, &other) || other.family != ip->family)
        return false;
    if (memcmp(ip->bytes, other.bytes, (gsize)bits / 8) != 0)
        return false;
    unsigned mask = 0xffu << (8 - bits % 8) & 0xffu;
    return bits % 8 == 0 || ((ip->bytes[bits / 8] ^ other.bytes[bits / 8]) & mask) == 0;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* Anything but MATCHES: the answer is of no use, and that is the result. */
static Match ask(Spf *spf, DnsType type, const char *name, DnsAnswer **ret_answer)
{
    g_autoptr(DnsAnswer) answer = dns_look_up(spf->resolver, type, name);
    if (answer->status == DNS_FAILED)
        return MATCH_TEMPERROR;
    if (answer->status != DNS_FOUND)
        return ++spf->voids > VOID_LOOKUPS ? MATCH_PERMERROR : MATCHES_NOT;
    *ret_answer = g_steal_pointer(&answer);
    return MATCHES;
}

static Match match_addresses(Spf *spf, const char *name, const SpfTerm *term)
{
    g_autoptr(DnsAnswer) answer = NULL;
    Match result = ask(spf, spf->ip.family == AF_INET ? DNS_A : DNS_AAAA, name, &answer);
    if (result != MATCHES)
        return result;
    for (guint i = 0; i < answer->records->len; i++)
        if (is_in(&spf->ip, answer->records->pdata[i], term))
            return MATCHES;
    return MATCHES_NOT;
}

static Match match_exchangers(Spf *spf, const char *name, const SpfTerm *term)
{
    g_autoptr(DnsAnswer) answer = NULL;
    Match result = ask(spf, DNS_MX, name, &answer);
    if (result == MATCHES && answer->records->len > NAMES)
        return MATCH_PERMERROR;
    for (guint i = 0; result == MATCHES && i < answer->records->len; i++) {
        Match found = match_addresses(spf, answer->records->pdata[i], term);
        if (found != MATCHES_NOT)
            return found;
    }
    return result == MATCHES ? MATCHES_NOT : result;
}

static bool is_below(const char *name, const char *domain)
{
    gsize length = strlen(name), domain_length = strlen(domain);
    return length >= domain_length && g_ascii_strcasecmp(name + length - domain_length, domain) == 0 &&
           (length == domain_length || name[length - domain_length - 1] == '.');
}

/* A failure of the DNS matches nothing (RFC 7208 5.5). */
static Match match_names(Spf *spf, const char *domain, const SpfTerm *term)
{
    g_autofree char *reverse = dns_reverse_name(spf->ip.text);
    g_autoptr(DnsAnswer) answer = dns_look_up(spf->resolver, DNS_PTR, reverse);
    for (guint i = 0; i < MIN(answer->records->len, NAMES); i++)
        if (is_below(answer->records->pdata[i], domain) &&
            match_addresses(spf, answer->records->pdata[i], term) == MATCHES)
            return MATCHES;
    return MATCHES_NOT;
}

static Match match_exists(Spf *spf, const char *name)
{
    g_autoptr(DnsAnswer) answer = NULL;
    return ask(spf, DNS_A, name, &answer);
}

/* RFC 7208 5.2 */
static Match match_include(Spf *spf, const char *domain)
{
    switch (check_host(spf, domain)) {
    case SPF_PASS:
        return MATCHES;
    case SPF_TEMPERROR:
        return MATCH_TEMPERROR;
    case SPF_NONE:
    case SPF_PERMERROR:
        return MATCH_PERMERROR;
    default:
        g_clear_pointer(&spf->term, g_free);
        return MATCHES_NOT;
    }
}

/* ---- one domain -------------------------------------------------------------------------------------------------- */

/* Where a term's domain leads; NULL when a macro in it is wrong. Caller frees. */
static char *target_of(const Spf *spf, const SpfTerm *term, const char *domain)
{
    const SpfMacros macros = {spf->sender, domain, spf->helo, spf->ip.text};
    return term->domain ? spf_expand(term->domain, &macros) : g_strdup(domain);
}

static Match match_by_dns(Spf *spf, const SpfTerm *term, const char *domain)
{
    g_autofree char *target = target_of(spf, term, domain);
    if (!target || ++spf->lookups > SPF_LOOKUPS)
        return MATCH_PERMERROR;
    switch (term->kind) {
    case SPF_INCLUDE:
        return match_include(spf, target);
    case SPF_A:
        return match_addresses(spf, target, term);
    case SPF_MX:
        return match_exchangers(spf, target, term);
    case SPF_PTR:
        return match_names(spf, target, &(SpfTerm){.bits4 = 32, .bits6 = 128});
    default:
        return match_exists(spf, target);
    }
}

static Match match(Spf *spf, const SpfTerm *term, const char *domain)
{
    switch (term->kind) {
    case SPF_ALL:
        return MATCHES;
    case SPF_IP4:
    case SPF_IP6:
        return is_in(&spf->ip, term->domain, term) ? MATCHES : MATCHES_NOT;
    case SPF_REDIRECT:
    case SPF_OTHER:
        return MATCHES_NOT;
    default:
        return match_by_dns(spf, term, domain);
    }
}

static SpfResult result_of(char qualifier)
{
    return qualifier == '+' ? SPF_PASS : qualifier == '-' ? SPF_FAIL : qualifier == '~' ? SPF_SOFTFAIL : SPF_NEUTRAL;
}

/* The first that goes wrong is the one to mend. */
static SpfResult blame(Spf *spf, const char *term, SpfResult result)
{
    if (!spf->term)
        spf->term = g_strdup(term);
    return result;
}

static SpfResult follow(Spf *spf, const SpfTerm *redirect, const char *domain)
{
    g_autofree char *target = target_of(spf, redirect, domain);
    if (!target || ++spf->lookups > SPF_LOOKUPS)
        return blame(spf, redirect->text, SPF_PERMERROR);
    SpfResult result = check_host(spf, target);
    return result == SPF_NONE ? blame(spf, redirect->text, SPF_PERMERROR) : result;
}

static SpfResult evaluate(Spf *spf, const GArray *terms, const char *domain)
{
    const SpfTerm *redirect = NULL;
    for (guint i = 0; i < terms->len; i++) {
        const SpfTerm *term = &g_array_index(terms, SpfTerm, i);
        Match result = match(spf, term, domain);
        if (result == MATCH_TEMPERROR || result == MATCH_PERMERROR)
            return blame(spf, term->text, result == MATCH_TEMPERROR ? SPF_TEMPERROR : SPF_PERMERROR);
        if (result == MATCHES) {
            g_free(spf->term);
            spf->term = g_strdup(term->text);
            return result_of(term->qualifier);
        }
        if (term->kind == SPF_REDIRECT)
            redirect = term;
    }
    return redirect ? follow(spf, redirect, domain) : SPF_NEUTRAL;
}

static void clear_term(gpointer term)
{
    spf_term_clear(term);
}

/* False, and the term that is wrong. RFC 7208 6: redirect stands there once at most. */
static bool read_terms(char **words, GArray *terms, const char **ret_wrong)
{
    bool has_redirect = false;
    for (char **word = words + 1; *word; word++) {
        SpfTerm term;
        if (!**word)
            continue;
        *ret_wrong = *word;
        if (!spf_term_parse(*word, &term))
            return false;
        g_array_append_val(terms, term);
        if (term.kind == SPF_REDIRECT && has_redirect)
            return false;
        has_redirect |= term.kind == SPF_REDIRECT;
    }
    return true;
}

static bool is_record(const char *text)
{
    return g_ascii_strncasecmp(text, "v=spf1", 6) == 0 && (text[6] == '\0' || text[6] == ' ');
}

/* NULL: none, or the result says why. */
static const char *choose_record(const DnsAnswer *answer, SpfResult *ret_result)
{
    const char *record = NULL;
    *ret_result = answer->status == DNS_FAILED ? SPF_TEMPERROR : SPF_NONE;
    for (guint i = 0; i < answer->records->len; i++) {
        if (!is_record(answer->records->pdata[i]))
            continue;
        if (record) {
            *ret_result = SPF_PERMERROR;
            return NULL;
        }
        record = answer->records->pdata[i];
    }
    return record;
}

static SpfResult check_host(Spf *spf, const char *domain)
{
    SpfResult result;
    const char *wrong = NULL;
    g_autoptr(DnsAnswer) answer = dns_look_up(spf->resolver, DNS_TXT, domain);
    const char *record = choose_record(answer, &result);
    if (!record)
        return result;
    g_auto(GStrv) words = g_strsplit(record, " ", -1);
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(SpfTerm));
    g_array_set_clear_func(terms, clear_term);
    return read_terms(words, terms, &wrong) ? evaluate(spf, terms, domain) : blame(spf, wrong, SPF_PERMERROR);
}

void spf_check(DnsResolver *resolver, const char *ip, const char *sender, const char *helo, SpfVerdict *ret_verdict)
{
    g_autofree char *whole = strchr(sender, '@') ? g_strdup(sender) : g_strconcat("postmaster@", helo, NULL);
    Spf spf = {.resolver = resolver, .sender = whole, .helo = helo};
    *ret_verdict = (SpfVerdict){.result = SPF_NONE};
    if (!read_ip(ip, &spf.ip))
        return;
    ret_verdict->result = check_host(&spf, strrchr(whole, '@') + 1);
    ret_verdict->term = spf.term;
    ret_verdict->lookups = MIN(spf.lookups, SPF_LOOKUPS);
}
