#pragma once
/* The letter plan: a whole message (headers and MIME parts), rendered and encoded once for everybody who gets the same
 * announcement in the same language, format and list. What differs from person to person is a slot; filling a plan for
 * one recipient copies ready bytes and encodes only the values of the slots.
 *
 * Whatever the content and the values, the filled letter has CRLF line ends only, lines of at most 76 characters in the
 * body, 7-bit bytes (but for a UTF-8 address in an address field, RFC 6532), and no line that begins with a dot or
 * "From ". */
#include <glib.h>
#include <stdbool.h>

#include "mail/header.h"
#include "mail/pieces.h"
#include "mail/wire.h"

#define PLAN_ERROR (plan_error_quark())
GQuark plan_error_quark(void);
enum {
    PLAN_ERROR_CONTENT, /* the plan cannot be built: unbalanced conditions, no such slot, invalid UTF-8, a bad header */
    PLAN_ERROR_VALUE,   /* this recipient's value cannot be placed: control character, invalid UTF-8 */
    PLAN_ERROR_SIZE,    /* beyond LIMIT_LETTER_BYTES */
};

/* ---- parts ------------------------------------------------------------------------------------------------------- */

typedef enum {
    PLAN_PART_BODY,       /* no Content-Disposition */
    PLAN_PART_INLINE,     /* shown where its Content-ID is used */
    PLAN_PART_ATTACHMENT, /* offered for saving */
} PlanPartPlace;

typedef struct PlanPartLabel {
    const char *type; /* "text/plain", "text/html", "text/calendar", "image/jpeg"; charset is added to text */
    PlanPartPlace place;
    const char *method;     /* of text/calendar: "PUBLISH"; else NULL */
    const char *file_name;  /* NULL: none; any UTF-8 (RFC 2231 with a plain fallback) */
    const char *content_id; /* without brackets, "photo1@news.example"; NULL: none */
    const char *language;   /* BCP 47; NULL: no Content-Language */
} PlanPartLabel;

typedef struct PlanPart PlanPart;

/** UTF-8 text; each CRLF, CR or LF is a line end. Quoted-printable or base64 by what is shorter. Copies. */
PlanPart *plan_part_new_text(const PlanPartLabel *label, const Pieces *content);

/** Bytes as they are, in base64. Copies the label, holds a reference on bytes. */
PlanPart *plan_part_new_binary(const PlanPartLabel *label, GBytes *bytes);

/** "mixed", "alternative" or "related"; its boundary is random. */
PlanPart *plan_part_new_multipart(const char *subtype);

/** Appends child; multipart owns it from now on. */
void plan_part_add(PlanPart *multipart, PlanPart *child);
void plan_part_free(PlanPart *part); /* with its children; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanPart, plan_part_free)

/* ---- building ---------------------------------------------------------------------------------------------------- */

typedef struct PlanBuilder PlanBuilder;
typedef struct Plan Plan;

/** slots: how many there are; pieces name them 0 … slots - 1. Mistakes are kept and told by plan_builder_finish(). */
PlanBuilder *plan_builder_new(guint slots);
void plan_builder_free(PlanBuilder *builder); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanBuilder, plan_builder_free)

/* Headers appear in the order they are added. A header whose value comes out empty is left out of that letter.
 * MIME-Version and the Content-* fields come from the body; do not add them. */

/** Unstructured text (Subject): any UTF-8 on one line; encoded words and folding where needed (RFC 2047). */
void plan_builder_text(PlanBuilder *builder, const char *name, const Pieces *value);

/** A structured value of printable ASCII that the program wrote itself (Date, Message-ID, List-*): put as it is.
 * Without slots it is folded at its spaces; with slots, behind each comma; and behind the name where the first line
 * would have more than 76 characters. */
void plan_builder_tokens(PlanBuilder *builder, const char *name, const Pieces *value);

/** One mailbox (From, Reply-To, Sender): `"Kreis Musterland, Pressestelle" <x@y>`; phrase may be NULL or empty. */
void plan_builder_address(PlanBuilder *builder, const char *name, const char *phrase, const char *address);

/** The same with both taken from slots (To). */
void plan_builder_address_slots(PlanBuilder *builder, const char *name, guint phrase_slot, guint address_slot);

/** Encodes everything. Takes body; frees builder in any case. NULL and the first mistake otherwise. */
Plan *plan_builder_finish(PlanBuilder *builder, PlanPart *body, GError **error);

/* ---- filling ----------------------------------------------------------------------------------------------------- */

void plan_free(Plan *plan); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/** Bytes that are the same for everybody: what a filled letter needs at the least. */
gsize plan_fixed_bytes(const Plan *plan);

/** What most letters need. */
gsize plan_usual_bytes(const Plan *plan);

/** What the body of every letter begins with; its length may be 0. Belongs to plan. */
const char *plan_common_body(const Plan *plan, gsize *ret_length);

/** Writes the letter into out (emptied first, its memory is kept). values[n] belongs to slot n, UTF-8; NULL means
 * empty. ret_look: at the whole letter. An error concerns this letter alone; out is then empty. Not for two threads at
 * a time. */
bool plan_fill(Plan *plan, const char *const *values, GString *out, WireLook *ret_look, GError **error);
