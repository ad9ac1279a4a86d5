/* The report's fields are a header block; only who complained and about what is taken. */
#include "mail/arf.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/address.h"
#include "mail/fields.h"

/* A provider that hides who complains writes a word in place of the name. */
static bool is_hidden(const char *address)
{
    return g_ascii_strncasecmp(address, "redacted", 8) == 0 || g_ascii_strncasecmp(address, "undisclosed", 11) == 0;
}

static void take_addresses(const Fields *fields, const char *name, GPtrArray *recipients)
{
    const char *value;
    for (guint n = 0; (value = fields_raw(fields, name, n)) && recipients->len < LIMIT_REPORT_RECIPIENTS; n++) {
        g_autofree char *address = address_bare(value);
        if (!is_hidden(address))
            g_ptr_array_add(recipients, g_steal_pointer(&address));
    }
}

void arf_parse(const char *text, Arf *ret)
{
    text += strspn(text, "\n");
    g_autoptr(Fields) fields = fields_parse(text, strlen(text), NULL);
    const char *type = fields_raw(fields, "Feedback-Type", 0);
    ret->type = g_ascii_strdown(type ? type : "", -1);
    ret->recipients = g_ptr_array_new_with_free_func(g_free);
    take_addresses(fields, "Original-Rcpt-To", ret->recipients);
    take_addresses(fields, "Removal-Recipient", ret->recipients);
}

void arf_clear(Arf *arf)
{
    g_clear_pointer(&arf->type, g_free);
    g_clear_pointer(&arf->recipients, g_ptr_array_unref);
}

bool arf_is_complaint(const Arf *arf)
{
    static const char *const types[] = {"abuse", "fraud", "virus", "opt-out", "miscategorized", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (strncmp(arf->type, types[i], MAX(strlen(types[i]), 1)) == 0)
            return true;
    return false;
}
