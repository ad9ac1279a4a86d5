#pragma once
/* The templates of a letter and its words in one language, from the setting files.templates_dir:
 * mail/NAME.{html,txt,subject}.mustache with their partials, and locale/LANGUAGE.json. Each file is read and parsed
 * once. */
#include "mail/pieces.h"
#include "template/residual.h"
#include "template/view.h"

#define LETTER_ERROR (letter_error_quark())
GQuark letter_error_quark(void);
enum {
    LETTER_ERROR_INCOMPLETE, /* the announcement lacks what the law or the reader needs; the sentence says what */
    LETTER_ERROR_TEMPLATE,   /* a template or a language file is missing or wrong */
    LETTER_ERROR_MISSING,    /* no such announcement, list or file */
};

/* What differs between two recipients of one plan. In templates under these names; in a plan each has two slots, as it
 * is and escaped for HTML. */
typedef enum {
    PERSONAL_NAME,
    PERSONAL_ADDRESS,
    PERSONAL_GREETING,
    PERSONAL_LEAVE_ADDRESS, /* who writes to it leaves */
    PERSONAL_LEAVE_TOKEN,   /* behind leave_base_url */
    PERSONAL_COUNT,
} Personal;
#define PERSONAL_HTML_SLOT(personal) (PERSONAL_COUNT + (personal))

typedef enum { LETTER_SUBJECT, LETTER_TEXT, LETTER_HTML } LetterFormat;

typedef struct LetterTemplates LetterTemplates;

LetterTemplates *letter_templates_new(const char *dir, const char *site_language);
void letter_templates_free(LetterTemplates *templates); /* NULL is fine */

/** Fills mail/NAME in one format with what is common. Caller frees. */
Pieces *letter_templates_fill(LetterTemplates *templates, LetterFormat format, const char *name, const View *data,
                              GError **error);

/** The words of a language: of its own file ("de-x-leicht"), else of its primary subtag, the site's language, English.
 * They belong to templates. */
typedef struct LetterWords LetterWords;
const LetterWords *letter_templates_words(LetterTemplates *templates, const char *language, GError **error);

/** All words with what they say of data filled in, as an object. NULL and error. */
View *letter_words_fill(const LetterWords *words, const View *data, GError **error);

/** One word, with nothing to fill in. Caller frees. NULL and error. */
char *letter_templates_word(LetterTemplates *templates, const char *language, const char *name, GError **error);

/** The language they are in, which may be another one than was asked for. */
const char *letter_words_language(const LetterWords *words);

/** True when words are of that language, regional or otherwise: "de" are of "de-x-leicht". */
bool letter_words_are_of(const LetterWords *words, const char *language);

/** Appends the line that greets a person, or anybody when name is empty. */
void letter_words_greet(const LetterWords *words, const char *name, GString *out);
