/* Filling a letter plan. The loop over the steps is all the work per recipient: mostly memcpy, plus the encoding of the
 * values. Allocates nothing once `out` and the scratch line have grown to the size of a letter. */
#include "mail/plan.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "mail/fold.h"
#include "mail/plan_private.h"
#include "mail/transfer.h"

#define HEADER_LINE_BYTES 998  /* RFC 5322 2.1.1 */
#define PERSONAL_BYTES    1024 /* beside what all letters have in common: seldom more */

void plan_free(Plan *plan)
{
    if (!plan)
        return;
    g_string_free(plan->bytes, TRUE);
    g_array_free(plan->steps, TRUE);
    g_array_free(plan->runs, TRUE);
    g_ptr_array_free(plan->names, TRUE);
    g_string_free(plan->scratch, TRUE);
    g_free(plan->values);
    g_free(plan);
}

gsize plan_fixed_bytes(const Plan *plan)
{
    return plan->fixed_bytes;
}

gsize plan_usual_bytes(const Plan *plan)
{
    return plan->fixed_bytes + PERSONAL_BYTES;
}

const char *plan_common_body(const Plan *plan, gsize *ret_length)
{
    *ret_length = plan->common_length;
    return plan->bytes->str + plan->common_offset;
}

/* One letter being written. */
typedef struct Fill {
    Plan *plan;
    GString *out;
    WireLook look; /* at the first `looked` bytes of out */
    gsize looked;
    gsize field_start; /* of a field of tokens */
    /* base64: bytes that do not make a group of three yet, and the length of the line so far */
    char held[3];
    guint held_bytes;
    guint column;
} Fill;

static const Value *value_of(const Fill *fill, guint slot)
{
    return &fill->plan->values[slot];
}

static void look_at_rest(Fill *fill)
{
    const GString *out = fill->out;
    WireLook rest = wire_look(out->str + fill->looked, out->len - fill->looked);
    wire_join(&fill->look, &rest);
    fill->looked = out->len;
}

static void write_bytes(Fill *fill, const char *bytes, const Step *step)
{
    if (step->look.length > 0)
        look_at_rest(fill);
    text_append(fill->out, bytes, step->length);
    if (step->look.length > 0) {
        wire_join(&fill->look, &step->look);
        fill->looked = fill->out->len;
    }
}

static bool fail_value(const char *what, GError **error)
{
    g_set_error(error, PLAN_ERROR, PLAN_ERROR_VALUE, "%s", what);
    return false;
}

/* Passes on what a header function said of a value. */
static bool fail_by(GError *inner, GError **error)
{
    g_set_error_literal(error, PLAN_ERROR, PLAN_ERROR_VALUE, inner->message);
    g_error_free(inner);
    return false;
}

/* ---- base64 ------------------------------------------------------------------------------------------------------ */

static void end_base64_line(Fill *fill)
{
    if (fill->column)
        text_append(fill->out, "\r\n", 2);
    fill->column = 0;
}

static void write_group(Fill *fill)
{
    if (fill->column == TRANSFER_LINE_BYTES)
        end_base64_line(fill);
    transfer_append_base64(fill->out, fill->held, fill->held_bytes);
    fill->column += 4;
    fill->held_bytes = 0;
}

static void write_base64(Fill *fill, const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        fill->held[fill->held_bytes++] = bytes[i];
        if (fill->held_bytes == sizeof fill->held)
            write_group(fill);
    }
}

static void write_run(Fill *fill, const Run *run)
{
    const char *bytes = fill->plan->bytes->str;
    guint alignment = fill->held_bytes;
    gsize lead = MIN(run_lead(alignment), run->length);
    write_base64(fill, bytes + run->offset, lead);
    if (run->lines_length[alignment]) {
        end_base64_line(fill);
        text_append(fill->out, bytes + run->lines_offset[alignment], run->lines_length[alignment]);
    }
    gsize left = (run->length - lead) % 3;
    write_base64(fill, bytes + run->offset + run->length - left, left);
}

static void write_base64_value(Fill *fill, const char *value)
{
    while (*value) {
        gsize plain = strcspn(value, "\r\n");
        write_base64(fill, value, plain);
        value += plain;
        if (!*value)
            return;
        write_base64(fill, "\r\n", 2);
        value += value[0] == '\r' && value[1] == '\n' ? 2 : 1;
    }
}

static void end_base64(Fill *fill)
{
    if (fill->held_bytes)
        write_group(fill);
    end_base64_line(fill);
}

/* ---- header fields ----------------------------------------------------------------------------------------------- */

static bool write_token(Fill *fill, const Value *value, GError **error)
{
    if (value->length == 0)
        return true;
    if (!value->is_printable)
        return fail_value("a value for a header field holds a line break, a control character or more than ASCII",
                          error);
    if (value->text[0] == ' ' || value->text[value->length - 1] == ' ')
        return fail_value("a value for a header field begins or ends with a space", error);
    text_append(fill->out, value->text, value->length);
    return true;
}

/* A name and a value that do not fit on one line stand on two (RFC 5322 2.2.3). */
static void fold_behind_name(GString *out, gsize field_start, gsize name_length)
{
    const char *field = out->str + field_start, *end = strstr(field, "\r\n");
    gsize length = end ? (gsize)(end - field) : out->len - field_start;
    if (length > FOLD_COLUMNS)
        g_string_insert_len(out, (gssize)(field_start + name_length - 1), "\r\n", 2); /* the space stays behind it */
}

static bool end_field(Fill *fill, const Step *step, GError **error)
{
    GString *out = fill->out;
    if (out->len == fill->field_start + step->length) {
        g_string_truncate(out, fill->field_start);
        return true;
    }
    fold_behind_name(out, fill->field_start, step->length);
    text_append(out, "\r\n", 2);
    const char *end = out->str + out->len;
    for (const char *line = out->str + fill->field_start; line < end;) {
        const char *next = (const char *)memchr(line, '\n', (gsize)(end - line)) + 1;
        if (next - line > HEADER_LINE_BYTES + 2)
            return fail_value("a value for a header field is too long", error);
        line = next;
    }
    return true;
}

static bool write_text_field(Fill *fill, const Step *step, GError **error)
{
    GError *inner = NULL;
    GString *scratch = fill->plan->scratch;
    bool good = scratch->len == 0 || header_append_text(fill->out, step->name, scratch->str, &inner);
    g_string_truncate(scratch, 0);
    return good || fail_by(inner, error);
}

static bool write_address_field(Fill *fill, const Step *step, GError **error)
{
    GError *inner = NULL;
    const Value *phrase = value_of(fill, step->slot), *address = value_of(fill, step->target);
    return address->length == 0 || header_append_address(fill->out, step->name, phrase->text, address->text, &inner) ||
           fail_by(inner, error);
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

/* Takes one step; ret_next is changed by conditions only. */
static bool take_step(Fill *fill, const Step *step, guint *ret_next, GError **error)
{
    const char *bytes = fill->plan->bytes->str + step->offset;
    const Value *value = value_of(fill, step->slot); /* of no meaning, and not looked at, where a step has no slot */
    switch (step->kind) {
    case STEP_BYTES:
        write_bytes(fill, bytes, step);
        return true;
    case STEP_WHEN:
        if (value->length == 0)
            *ret_next = step->target;
        return true;
    case STEP_UNLESS:
        if (value->length)
            *ret_next = step->target;
        return true;
    case STEP_QUOTED_SLOT:
        transfer_append_quoted(fill->out, value->text, value->length);
        return true;
    case STEP_BASE64_TEXT:
        write_run(fill, &g_array_index(fill->plan->runs, Run, step->target));
        return true;
    case STEP_BASE64_SLOT:
        write_base64_value(fill, value->text);
        return true;
    case STEP_BASE64_END:
        end_base64(fill);
        return true;
    case STEP_FIELD_BEGIN:
        fill->field_start = fill->out->len;
        return true;
    case STEP_TOKEN_SLOT:
        return write_token(fill, value, error);
    case STEP_FIELD_END:
        return end_field(fill, step, error);
    case STEP_SCRATCH_TEXT:
        text_append(fill->plan->scratch, bytes, step->length);
        return true;
    case STEP_SCRATCH_SLOT:
        text_append(fill->plan->scratch, value->text, value->length);
        return true;
    case STEP_TEXT_FIELD:
        return write_text_field(fill, step, error);
    case STEP_ADDRESS_FIELD:
        return write_address_field(fill, step, error);
    }
    g_assert_not_reached();
}

static bool look_at_values(Plan *plan, const char *const *values, GError **error)
{
    for (guint i = 0; i < plan->slots; i++) {
        const char *text = values[i] ? values[i] : "";
        gsize length = strlen(text);
        bool is_printable = text_is_printable(text, length);
        plan->values[i] = (Value){.text = text, .length = length, .is_printable = is_printable};
        if (!is_printable && !g_utf8_validate(text, (gssize)length, NULL))
            return fail_value("a value is not valid UTF-8", error);
    }
    return true;
}

static bool take_steps(Fill *fill, GError **error)
{
    const Plan *plan = fill->plan;
    for (guint at = 0; at < plan->steps->len;) {
        guint next = at + 1;
        if (!take_step(fill, &g_array_index(plan->steps, Step, at), &next, error))
            return false;
        if (fill->out->len > LIMIT_LETTER_BYTES) {
            g_set_error(error, PLAN_ERROR, PLAN_ERROR_SIZE, "the letter has more than %d bytes", LIMIT_LETTER_BYTES);
            return false;
        }
        at = next;
    }
    return true;
}

bool plan_fill(Plan *plan, const char *const *values, GString *out, WireLook *ret_look, GError **error)
{
    Fill fill = {.plan = plan, .out = out};
    g_string_truncate(out, 0);
    g_string_truncate(plan->scratch, 0);
    if (!look_at_values(plan, values, error) || !take_steps(&fill, error)) {
        g_string_truncate(out, 0);
        return false;
    }
    look_at_rest(&fill);
    *ret_look = fill.look;
    return true;
}
