/* Building a letter plan: header fields and content become steps. What has no slot is encoded here, once; mistakes are
 * kept so that the caller can add one thing after the other and look at the end. */
#include "mail/plan_private.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/limits.h"

#define WORTH_A_LOOK 64

G_DEFINE_QUARK(rundbrief_plan_error, plan_error)

PlanBuilder *plan_builder_new(guint slots)
{
    Plan *plan = g_new0(Plan, 1);
    plan->slots = slots;
    plan->bytes = g_string_new(NULL);
    plan->steps = g_array_new(FALSE, FALSE, sizeof(Step));
    plan->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    plan->names = g_ptr_array_new_with_free_func(g_free);
    plan->scratch = g_string_new(NULL);
    plan->values = g_new0(Value, slots + 1); /* never NULL */
    PlanBuilder *builder = g_new0(PlanBuilder, 1);
    builder->plan = plan;
    builder->open = g_array_new(FALSE, FALSE, sizeof(guint));
    return builder;
}

void plan_builder_free(PlanBuilder *builder)
{
    if (!builder)
        return;
    plan_free(builder->plan);
    g_array_free(builder->open, TRUE);
    g_clear_error(&builder->error);
    g_free(builder);
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */

void plan_builder_fail(PlanBuilder *builder, int code, const char *format, ...)
{
    if (builder->error)
        return;
    va_list arguments;
    va_start(arguments, format);
    builder->error = g_error_new_valist(PLAN_ERROR, code, format, arguments);
    va_end(arguments);
}

void plan_builder_fail_by(PlanBuilder *builder, GError *inner)
{
    if (inner)
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "%s", inner->message);
    g_clear_error(&inner);
}

static bool has_slot(StepKind kind)
{
    return kind == STEP_WHEN || kind == STEP_UNLESS || kind == STEP_QUOTED_SLOT || kind == STEP_BASE64_SLOT ||
           kind == STEP_TOKEN_SLOT || kind == STEP_SCRATCH_SLOT || kind == STEP_ADDRESS_FIELD;
}

void plan_builder_step(PlanBuilder *builder, Step step)
{
    if (has_slot(step.kind) && step.slot >= builder->plan->slots)
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "there is no slot %u", step.slot);
    g_array_append_val(builder->plan->steps, step);
    builder->is_joined = step.kind == STEP_BYTES;
}

void plan_builder_bytes(PlanBuilder *builder, const char *bytes, gsize length)
{
    Plan *plan = builder->plan;
    if (length == 0)
        return;
    if (builder->is_joined)
        g_array_index(plan->steps, Step, plan->steps->len - 1).length += length;
    else
        plan_builder_step(builder, (Step){.kind = STEP_BYTES, .offset = plan->bytes->len, .length = length});
    g_string_append_len(plan->bytes, bytes, (gssize)length);
    plan->fixed_bytes += length;
}

static void begin_condition(PlanBuilder *builder, StepKind kind, guint slot)
{
    guint at = builder->plan->steps->len;
    g_array_append_val(builder->open, at);
    plan_builder_step(builder, (Step){.kind = kind, .slot = slot});
}

static void end_condition(PlanBuilder *builder)
{
    guint depth = builder->open->len;
    if (depth == 0) {
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "a condition ends that never began");
        return;
    }
    guint at = g_array_index(builder->open, guint, depth - 1);
    g_array_set_size(builder->open, depth - 1);
    g_array_index(builder->plan->steps, Step, at).target = builder->plan->steps->len;
    builder->is_joined = false;
}

void plan_builder_content(PlanBuilder *builder, const Pieces *content,
                          void (*write_text)(PlanBuilder *builder, const char *text, gsize length), StepKind slot_kind)
{
    for (guint i = 0; i < pieces_count(content); i++) {
        Piece piece = pieces_at(content, i);
        switch (piece.kind) {
        case PIECE_TEXT:
            if (g_utf8_validate(piece.text, (gssize)piece.length, NULL))
                write_text(builder, piece.text, piece.length);
            else
                plan_builder_fail(builder, PLAN_ERROR_CONTENT, "the text is not valid UTF-8 or holds a NUL");
            break;
        case PIECE_SLOT:
            plan_builder_step(builder, (Step){.kind = slot_kind, .slot = piece.slot});
            break;
        case PIECE_WHEN:
            begin_condition(builder, STEP_WHEN, piece.slot);
            break;
        case PIECE_UNLESS:
            begin_condition(builder, STEP_UNLESS, piece.slot);
            break;
        case PIECE_END:
            end_condition(builder);
            break;
        }
    }
    if (builder->open->len)
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "a condition does not end");
    g_array_set_size(builder->open, 0);
}

/* ---- header fields ----------------------------------------------------------------------------------------------- */

static bool is_fixed(const Pieces *value)
{
    return pieces_count(value) == 0 || (pieces_count(value) == 1 && pieces_at(value, 0).kind == PIECE_TEXT);
}

/* The text of pieces that are fixed. False: empty, the field is left out. */
static bool fixed_text(PlanBuilder *builder, const Pieces *value, char **ret_text)
{
    if (pieces_count(value) == 0)
        return false;
    Piece piece = pieces_at(value, 0);
    if (memchr(piece.text, '\0', piece.length))
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "a header field holds a NUL");
    *ret_text = g_strndup(piece.text, piece.length);
    return true;
}

/* Tries the name as a field's; what the parts say of themselves is theirs. */
static bool check_name(PlanBuilder *builder, const char *name)
{
    g_autoptr(GString) trial = g_string_new(NULL);
    GError *inner = NULL;
    if (!header_append_tokens(trial, name, "x", &inner)) {
        plan_builder_fail_by(builder, inner);
        return false;
    }
    if (g_ascii_strncasecmp(name, "Content-", 8) != 0 && g_ascii_strcasecmp(name, "MIME-Version") != 0)
        return true;
    plan_builder_fail(builder, PLAN_ERROR_CONTENT, "%s comes from the body", name);
    return false;
}

static const char *keep_name(PlanBuilder *builder, const char *name)
{
    char *copy = g_strdup(name);
    g_ptr_array_add(builder->plan->names, copy);
    return copy;
}

typedef bool (*FieldWriter)(GString *out, const char *name, const char *value, GError **error);

static void write_fixed_field(PlanBuilder *builder, const char *name, const Pieces *value, FieldWriter write)
{
    g_autofree char *text = NULL;
    if (!fixed_text(builder, value, &text))
        return;
    GError *inner = NULL;
    g_autoptr(GString) field = g_string_new(NULL);
    if (write(field, name, text, &inner))
        plan_builder_bytes(builder, field->str, field->len);
    else
        plan_builder_fail_by(builder, inner);
}

static void write_scratch_text(PlanBuilder *builder, const char *text, gsize length)
{
    GString *bytes = builder->plan->bytes;
    plan_builder_step(builder, (Step){.kind = STEP_SCRATCH_TEXT, .offset = bytes->len, .length = length});
    g_string_append_len(bytes, text, (gssize)length);
}

void plan_builder_text(PlanBuilder *builder, const char *name, const Pieces *value)
{
    if (!check_name(builder, name))
        return;
    if (is_fixed(value)) {
        write_fixed_field(builder, name, value, header_append_text);
        return;
    }
    plan_builder_content(builder, value, write_scratch_text, STEP_SCRATCH_SLOT);
    plan_builder_step(builder, (Step){.kind = STEP_TEXT_FIELD, .name = keep_name(builder, name)});
}

static void write_token_text(PlanBuilder *builder, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~')
            plan_builder_fail(builder, PLAN_ERROR_CONTENT,
                              "a header field that may hold printable ASCII only has U+%04X",
                              g_utf8_get_char(text + i));
        else if (text[i] == ' ' && i > 0 && text[i - 1] == ',' && i + 1 < length && text[i + 1] != ' ')
            plan_builder_bytes(builder, "\r\n ", 3);
        else
            plan_builder_bytes(builder, text + i, 1);
    }
}

void plan_builder_tokens(PlanBuilder *builder, const char *name, const Pieces *value)
{
    if (!check_name(builder, name))
        return;
    if (is_fixed(value)) {
        write_fixed_field(builder, name, value, header_append_tokens);
        return;
    }
    g_autofree char *beginning = g_strconcat(name, ": ", NULL);
    plan_builder_step(builder, (Step){.kind = STEP_FIELD_BEGIN});
    plan_builder_bytes(builder, beginning, strlen(beginning));
    plan_builder_content(builder, value, write_token_text, STEP_TOKEN_SLOT);
    plan_builder_step(builder,
                      (Step){.kind = STEP_FIELD_END, .length = strlen(beginning), .name = keep_name(builder, name)});
}

void plan_builder_address(PlanBuilder *builder, const char *name, const char *phrase, const char *address)
{
    if (!check_name(builder, name))
        return;
    GError *inner = NULL;
    g_autoptr(GString) field = g_string_new(NULL);
    if (header_append_address(field, name, phrase, address, &inner))
        plan_builder_bytes(builder, field->str, field->len);
    else
        plan_builder_fail_by(builder, inner);
}

void plan_builder_address_slots(PlanBuilder *builder, const char *name, guint phrase_slot, guint address_slot)
{
    if (!check_name(builder, name))
        return;
    if (address_slot >= builder->plan->slots)
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "there is no slot %u", address_slot);
    Step step = {
        .kind = STEP_ADDRESS_FIELD, .slot = phrase_slot, .target = address_slot, .name = keep_name(builder, name)};
    plan_builder_step(builder, step);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* From the empty line of the header on, as far as the step with the header's end reaches. */
static void find_common_body(Plan *plan, gsize header_offset)
{
    for (guint i = 0; i < plan->steps->len; i++) {
        const Step *step = &g_array_index(plan->steps, Step, i);
        const char *header = plan->bytes->str + header_offset, *end = plan->bytes->str + step->offset + step->length;
        if (step->kind != STEP_BYTES || header < plan->bytes->str + step->offset || header >= end)
            continue;
        const char *empty_line = g_strstr_len(header, end - header, "\r\n\r\n");
        plan->common_offset = empty_line ? (gsize)(empty_line + 4 - plan->bytes->str) : 0;
        plan->common_length = empty_line ? (gsize)(end - empty_line - 4) : 0;
    }
}

/* Looks at what all letters have in common, where that is worth more than putting the looks together. A field's bytes
 * may move while it is written. */
static void look_at_bytes(Plan *plan)
{
    bool is_in_field = false;
    for (guint i = 0; i < plan->steps->len; i++) {
        Step *step = &g_array_index(plan->steps, Step, i);
        if (step->kind == STEP_FIELD_BEGIN || step->kind == STEP_FIELD_END)
            is_in_field = step->kind == STEP_FIELD_BEGIN;
        if (step->kind == STEP_BYTES && !is_in_field && step->length >= WORTH_A_LOOK)
            step->look = wire_look(plan->bytes->str + step->offset, step->length);
    }
}

Plan *plan_builder_finish(PlanBuilder *builder, PlanPart *body, GError **error)
{
    g_autoptr(PlanBuilder) owned = builder;
    g_autoptr(PlanPart) owned_body = body;
    static const char version[] = "MIME-Version: 1.0\r\n";
    gsize header_offset = owned->plan->bytes->len;
    plan_builder_bytes(owned, version, strlen(version));
    plan_part_write(owned_body, owned);
    if (owned->plan->fixed_bytes > LIMIT_LETTER_BYTES)
        plan_builder_fail(owned, PLAN_ERROR_SIZE, "the letter has %zu bytes; %d are allowed", owned->plan->fixed_bytes,
                          LIMIT_LETTER_BYTES);
    if (owned->error) {
        g_propagate_error(error, g_steal_pointer(&owned->error));
        return NULL;
    }
    find_common_body(owned->plan, header_offset);
    look_at_bytes(owned->plan);
    return g_steal_pointer(&owned->plan);
}
