/* What a returned mail was found to be: its words, and the memory it owns. */
#include "model/finding.h"

/* rundbrief */
#include "base/text.h"

WORDS_DEFINE(FindingClass, finding_class, FINDING_CLASSES);

void finding_init(Finding *finding)
{
    *finding = (Finding){
        .recipients = g_ptr_array_new_with_free_func(g_free),
        .others = g_ptr_array_new_with_free_func(g_free),
        .family = "",
        .rule = g_strdup(""),
        .diagnostic = g_strdup(""),
        .message_id = g_strdup(""),
        .evidence = g_strdup(""),
    };
}

void finding_clear(Finding *finding)
{
    g_clear_pointer(&finding->recipients, g_ptr_array_unref);
    g_clear_pointer(&finding->others, g_ptr_array_unref);
    g_clear_pointer(&finding->diagnostic, g_free);
    g_clear_pointer(&finding->rule, g_free);
    g_clear_pointer(&finding->message_id, g_free);
    g_clear_pointer(&finding->evidence, g_free);
}

char *finding_failed(const Finding *finding)
{
    g_autofree char *recipients = text_join(finding->recipients, ","), *others = text_join(finding->others, ",");
    return g_strconcat(recipients, *recipients && *others ? "," : "", others, NULL);
}
