/* Clues in the order of how sure they are: who writes, with what program, in which sentences. */
#include "inbound/family.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/text.h"
#include "inbound/family_table.h"

static PhraseSet sentences = PHRASE_SET(family_sentences);

static const char *by_field(Fields *fields)
{
    const char *field = "", *value = "";
    for (gsize i = 0; i < G_N_ELEMENTS(family_fields); i++) {
        const FamilyField *row = &family_fields[i];
        if (strcmp(field, row->field) != 0)
            value = fields_text(fields, field = row->field);
        if (*value && text_search(value, row->words))
            return family_names[row->family];
    }
    return NULL;
}

const char *family_find(Message *message, ReportText *text)
{
    const char *name = by_field(message_fields(message));
    if (name)
        return name;
    const Phrase *sentence = phrases_best(&sentences, report_text_folded(text), NULL);
    return sentence ? family_names[sentence->meaning] : "";
}
