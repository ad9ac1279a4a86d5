#pragma once
/* What was found, in plain words: whether it is well, and how to mend it where it is not. The words are those of
 * remark_table.h, in German and English. */
#include <glib.h>

#include "deliverability/remark_table.h"
#include "model/words.h"

#define REMARK_GRADES(X)                                                                                               \
    X(REMARK_GOOD, "good")                                                                                             \
    X(REMARK_NOTE, "note") /* mail arrives all the same, most of it */                                                 \
    X(REMARK_BAD, "bad")   /* mail is refused, or lands among spam */
WORDS_DECLARE(RemarkGrade, remark_grade, REMARK_GRADES);

typedef enum { REMARK_ENGLISH, REMARK_GERMAN } RemarkLanguage;

#define REMARK_ID(id, check, grade, english, english_mend, german, german_mend) REMARK_##id,
typedef enum { REMARK_TABLE(REMARK_ID) } RemarkId;

typedef struct Remark {
    RemarkId id;
    const char *check; /* "dkim" */
    RemarkGrade grade;
    char *text; /* a sentence */
    char *mend; /* likewise; "" where there is nothing to do */
} Remark;

typedef struct Remarks Remarks;

Remarks *remarks_new(RemarkLanguage language);
void remarks_free(Remarks *remarks); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remarks, remarks_free)

/** Adds one; what follows are the texts of {1}, {2} and so on, ended by NULL. */
void remarks_add(Remarks *remarks, RemarkId id, ...) G_GNUC_NULL_TERMINATED;

guint remarks_count(const Remarks *remarks);
const Remark *remarks_at(const Remarks *remarks, guint index); /* in the order in which they were added */
guint remarks_count_bad(const Remarks *remarks);
