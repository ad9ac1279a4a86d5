/* Filling a letter plan. The loop over the steps is all the work per recipient: mostly memcpy, plus the encoding of the
 * values. Allocates nothing once `out` and the scratch line have grown to the size of a letter. */
#include "mail/plan.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/plan_private.h"
#include "mail/transfer.h"

#define HEADER_LINE_BYTES 998 /* RFC 5322 2.1.1 */

void plan_free(Plan *plan)
{
    if (!plan)
        return;
    g_string_free(plan->bytes, TRUE);
    g_array_free(plan->steps, TRUE);
    g_array_free(plan->runs, TRUE);
    g_ptr_array_free(plan->names, TRUE);
    g_string_free(plan->scratch, TRUE);
    g_free(plan);
}

guint plan_slots(const Plan *plan)
{
    return plan->slots;
}

gsize plan_fixed_bytes(const Plan *plan)
{
    return plan->fixed_bytes;
}

/* One letter being written. */
typedef struct Fill {
    Plan *plan;
    const char *const *values;
    GString *out;
    gsize field_start; /* of a field of tokens */
    /* base64: bytes that do not make a group of three yet, and the length of the line so far */
    char held[3];
    guint held_bytes;
    guint column;
} Fill;

static const char *value_of(const Fill *fill, guint slot)
{
    return fill->values[slot] ? fill->values[slot] : "";
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

/* ---- base64 ---- */

static void end_base64_line(Fill *fill)
{
    if (fill->column)
        g_string_append_len(fill->out, "\r\n", 2);
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
        g_string_append_len(fill->out, bytes + run->lines_offset[alignment], (gssize)run->lines_length[alignment]);
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

/* ---- header fields ---- */

static bool write_token(Fill *fill, const char *value, GError **error)
{
    gsize length = strlen(value);
    if (length == 0)
        return true;
    if (value[0] == ' ' || value[length - 1] == ' ')
        return fail_value("a value for a header field begins or ends with a space", error);
    for (gsize i = 0; i < length; i++) {
        if (value[i] < ' ' || value[i] > '~')
            return fail_value("a value for a header field holds a line break, a control character or more than ASCII",
                              error);
    }
    g_string_append_len(fill->out, value, (gssize)length);
    return true;
}

static bool end_field(Fill *fill, const Step *step, GError **error)
{
    GString *out = fill->out;
    if (out->len == fill->field_start + step->length) {
        g_string_truncate(out, fill->field_start);
        return true;
    }
    g_string_append_len(out, "\r\n", 2);
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
    const char *address = value_of(fill, step->target);
    if (!*address)
        return true;
    return header_append_address(fill->out, step->name, value_of(fill, step->slot), address, &inner) ||
           fail_by(inner, error);
}

/* ---- the loop ---- */

/* Takes one step; ret_next is changed by conditions only. */
static bool take_step(Fill *fill, const Step *step, guint *ret_next, GError **error)
{
    const char *bytes = fill->plan->bytes->str + step->offset;
    switch (step->kind) {
    case STEP_BYTES:
        g_string_append_len(fill->out, bytes, (gssize)step->length);
        return true;
    case STEP_WHEN:
        if (!*value_of(fill, step->slot))
            *ret_next = step->target;
        return true;
    case STEP_UNLESS:
        if (*value_of(fill, step->slot))
            *ret_next = step->target;
        return true;
    case STEP_QUOTED_SLOT:
        transfer_append_quoted(fill->out, value_of(fill, step->slot), strlen(value_of(fill, step->slot)));
        return true;
    case STEP_BASE64_TEXT:
        write_run(fill, &g_array_index(fill->plan->runs, Run, step->target));
        return true;
    case STEP_BASE64_SLOT:
        write_base64_value(fill, value_of(fill, step->slot));
        return true;
    case STEP_BASE64_END:
        end_base64(fill);
        return true;
    case STEP_FIELD_BEGIN:
        fill->field_start = fill->out->len;
        return true;
    case STEP_TOKEN_SLOT:
        return write_token(fill, value_of(fill, step->slot), error);
    case STEP_FIELD_END:
        return end_field(fill, step, error);
    case STEP_SCRATCH_TEXT:
        g_string_append_len(fill->plan->scratch, bytes, (gssize)step->length);
        return true;
    case STEP_SCRATCH_SLOT:
        g_string_append(fill->plan->scratch, value_of(fill, step->slot));
        return true;
    case STEP_TEXT_FIELD:
        return write_text_field(fill, step, error);
    case STEP_ADDRESS_FIELD:
        return write_address_field(fill, step, error);
    }
    g_assert_not_reached();
}

static bool check_values(const Plan *plan, const char *const *values, GError **error)
{
    for (guint i = 0; i < plan->slots; i++) {
        if (values[i] && !g_utf8_validate(values[i], -1, NULL))
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

bool plan_fill(Plan *plan, const char *const *values, GString *out, GError **error)
{
    Fill fill = {.plan = plan, .values = values, .out = out};
    g_string_truncate(out, 0);
    g_string_truncate(plan->scratch, 0);
    if (check_values(plan, values, error) && take_steps(&fill, error))
        return true;
    g_string_truncate(out, 0);
    return false;
}
