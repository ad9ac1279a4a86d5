/* Puts evidence into words. */
#include "subscribers/consent_text.h"

static const char *basis_text(LegalBasis basis)
{
    switch (basis) {
    case LEGAL_CONSENT:
        return "consent (GDPR Art. 6 (1) a)";
    case LEGAL_PUBLIC_TASK:
        return "public task (GDPR Art. 6 (1) e)";
    case LEGAL_CONTRACT:
        return "contract (GDPR Art. 6 (1) b)";
    }
    return "";
}

/* By whom: the person themselves, or a name. */
static const char *who(const ConsentRecord *record)
{
    return g_str_equal(record->actor, "citizen") ? "the person" : record->actor;
}

static const char *verb(ConsentKind kind)
{
    switch (kind) {
    case CONSENT_IMPORTED:
        return "imported";
    case CONSENT_INVITED:
        return "asked to confirm";
    case CONSENT_REQUESTED:
        return "requested";
    case CONSENT_CONFIRMED:
        return "confirmed";
    case CONSENT_ADDED:
        return "added";
    case CONSENT_LEFT:
        return "ended";
    case CONSENT_REMOVED:
        return "removed";
    }
    return "";
}

static bool is_ground(ConsentKind kind)
{
    return kind == CONSENT_IMPORTED || kind == CONSENT_INVITED || kind == CONSENT_ADDED;
}

char *consent_sentence(const ConsentRecord *record)
{
    if (is_ground(record->kind))
        return g_strdup_printf("%s by %s (%s) on the ground \"%s\"; legal basis: %s", verb(record->kind), who(record),
                               record->source, record->wording, basis_text(record->legal_basis));
    return g_strdup_printf("%s by %s (%s): %s", verb(record->kind), who(record), record->source, record->wording);
}
