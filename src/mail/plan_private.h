#pragma once
/* Inside of a letter plan, for plan.c (filling), plan_builder.c (headers, content) and plan_part.c (MIME tree) only. A
 * plan is a list of steps over one string of ready bytes. */
#include "mail/plan.h"

typedef enum {
    STEP_BYTES,        /* copy bytes[offset, length] */
    STEP_WHEN,         /* go on at step `target` when the slot is empty */
    STEP_UNLESS,       /* go on at step `target` when it is not */
    STEP_QUOTED_SLOT,  /* quoted-printable, from the start of a line to the start of a line */
    STEP_BASE64_TEXT,  /* run `target`, at the alignment that stands */
    STEP_BASE64_SLOT,  /* the value, at the alignment that stands */
    STEP_BASE64_END,   /* what is held back, padding, line end */
    STEP_FIELD_BEGIN,  /* a field of tokens: remember where it begins; its name follows as bytes */
    STEP_TOKEN_SLOT,   /* printable ASCII, put as it is */
    STEP_FIELD_END,    /* line end, or nothing at all when bytes[length] is all that the field became */
    STEP_SCRATCH_TEXT, /* bytes[offset, length] onto the scratch line */
    STEP_SCRATCH_SLOT, /* the value onto the scratch line */
    STEP_TEXT_FIELD,   /* the scratch line as unstructured field `name` */
    STEP_ADDRESS_FIELD /* slot: phrase, target: address slot, as field `name` */
} StepKind;

typedef struct Step {
    StepKind kind;
    guint slot;
    guint target;
    gsize offset;
    gsize length;
    const char *name; /* owned by Plan.names */
    WireLook look;    /* BYTES that are many and stand outside fields: at them; else of no length */
} Step;

/* A text inside base64, encoded for each number of bytes (0, 1, 2) that may be left over from what stands before it. At
 * alignment a its first (3 - a) % 3 bytes complete the group before, then come whole lines, then at most 2 bytes are
 * left. */
typedef struct Run {
    gsize offset; /* of the plain text in bytes */
    gsize length;
    gsize lines_offset[3];
    gsize lines_length[3];
} Run;

/* One slot's value for one letter: looked at once, however often it is used. */
typedef struct Value {
    const char *text; /* never NULL */
    gsize length;
    bool is_printable; /* ASCII without control characters */
} Value;

struct Plan {
    guint slots;
    gsize fixed_bytes;
    gsize common_offset; /* in bytes: with what every body begins */
    gsize common_length;
    GString *bytes;
    GArray *steps; /* of Step */
    GArray *runs;  /* of Run */
    GPtrArray *names;
    /* used while filling, kept so that filling allocates nothing */
    GString *scratch;
    Value *values; /* one for each slot */
};

struct PlanBuilder {
    Plan *plan;
    GArray *open;   /* of guint: steps of the conditions that are not closed yet */
    bool is_joined; /* the next bytes may lengthen the last step: nothing jumps between them */
    GError *error;  /* the first mistake */
};

/* Bytes that a text of a run gives to the group before it at this alignment. */
static inline gsize run_lead(guint alignment)
{
    return (3 - alignment) % 3;
}

void plan_builder_bytes(PlanBuilder *builder, const char *bytes, gsize length);
void plan_builder_step(PlanBuilder *builder, Step step);
void plan_builder_fail(PlanBuilder *builder, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/** Takes inner over as the first mistake; NULL is fine. */
void plan_builder_fail_by(PlanBuilder *builder, GError *inner);

/** Writes content: text goes to write_text, slots become steps of slot_kind, conditions jumps. */
void plan_builder_content(PlanBuilder *builder, const Pieces *content,
                          void (*write_text)(PlanBuilder *builder, const char *text, gsize length), StepKind slot_kind);

/** Writes a part: its Content-* fields, an empty line, its content. Ends at the start of a line. */
void plan_part_write(const PlanPart *part, PlanBuilder *builder);
