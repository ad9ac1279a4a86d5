/* The MIME tree of a letter (RFC 2045, 2046, 2183, 2387): labels, boundaries, and content in its transfer encoding.
 * Owns its children. A boundary holds "=_", which neither quoted-printable nor base64 can produce (RFC 2045 6.7). */
#include "mail/plan_private.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/token.h"
#include "mail/transfer.h"

#define BOUNDARY_RANDOM_BYTES 12

typedef enum { FORM_TEXT, FORM_BINARY, FORM_MULTIPART } Form;

struct PlanPart {
    Form form;
    PlanPartPlace place;
    char *type;
    char *method;
    char *file_name;
    char *content_id;
    char *language;
    Pieces *content;     /* TEXT */
    GBytes *bytes;       /* BINARY */
    GPtrArray *children; /* MULTIPART */
};

/* ---- the tree ---------------------------------------------------------------------------------------------------- */

static PlanPart *new_part(Form form, const PlanPartLabel *label)
{
    PlanPart *part = g_new0(PlanPart, 1);
    *part = (PlanPart){
        .form = form,
        .place = label->place,
        .type = g_strdup(label->type),
        .method = g_strdup(label->method),
        .file_name = g_strdup(label->file_name),
        .content_id = g_strdup(label->content_id),
        .language = g_strdup(label->language),
    };
    return part;
}

static Pieces *copy_pieces(const Pieces *from)
{
    Pieces *copy = pieces_new();
    for (guint i = 0; i < pieces_count(from); i++) {
        Piece piece = pieces_at(from, i);
        switch (piece.kind) {
        case PIECE_TEXT:
            pieces_add_text(copy, piece.text, (gssize)piece.length);
            break;
        case PIECE_SLOT:
            pieces_add_slot(copy, piece.slot);
            break;
        case PIECE_WHEN:
            pieces_add_when(copy, piece.slot);
            break;
        case PIECE_UNLESS:
            pieces_add_unless(copy, piece.slot);
            break;
        case PIECE_END:
            pieces_add_end(copy);
            break;
        }
    }
    return copy;
}

PlanPart *plan_part_new_text(const PlanPartLabel *label, const Pieces *content)
{
    PlanPart *part = new_part(FORM_TEXT, label);
    part->content = copy_pieces(content);
    return part;
}

PlanPart *plan_part_new_binary(const PlanPartLabel *label, GBytes *bytes)
{
    PlanPart *part = new_part(FORM_BINARY, label);
    part->bytes = g_bytes_ref(bytes);
    return part;
}

PlanPart *plan_part_new_multipart(const char *subtype)
{
    g_autofree char *type = g_strconcat("multipart/", subtype, NULL);
    PlanPart *part = new_part(FORM_MULTIPART, &(PlanPartLabel){.type = type});
    part->children = g_ptr_array_new_with_free_func((GDestroyNotify)plan_part_free);
    return part;
}

void plan_part_add(PlanPart *multipart, PlanPart *child)
{
    g_assert(multipart->form == FORM_MULTIPART);
    g_ptr_array_add(multipart->children, child);
}

void plan_part_free(PlanPart *part)
{
    if (!part)
        return;
    g_free(part->type);
    g_free(part->method);
    g_free(part->file_name);
    g_free(part->content_id);
    g_free(part->language);
    pieces_free(part->content);
    g_clear_pointer(&part->bytes, g_bytes_unref);
    g_clear_pointer(&part->children, g_ptr_array_unref);
    g_free(part);
}

/* ---- labels ------------------------------------------------------------------------------------------------------ */

static void write_parameters(PlanBuilder *builder, const char *name, const char *value,
                             const HeaderParameter *parameters)
{
    GError *inner = NULL;
    g_autoptr(GString) field = g_string_new(NULL);
    if (header_append_parameters(field, name, value, parameters, &inner))
        plan_builder_bytes(builder, field->str, field->len);
    else
        plan_builder_fail_by(builder, inner);
}

static void write_tokens(PlanBuilder *builder, const char *name, const char *value)
{
    GError *inner = NULL;
    g_autoptr(GString) field = g_string_new(NULL);
    if (header_append_tokens(field, name, value, &inner))
        plan_builder_bytes(builder, field->str, field->len);
    else
        plan_builder_fail_by(builder, inner);
}

static void write_place(const PlanPart *part, PlanBuilder *builder)
{
    const HeaderParameter parameters[] = {{"filename", part->file_name}, {NULL, NULL}};
    if (part->place == PLAN_PART_ATTACHMENT)
        write_parameters(builder, "Content-Disposition", "attachment", parameters);
    else if (part->place == PLAN_PART_INLINE || part->file_name)
        write_parameters(builder, "Content-Disposition", "inline", parameters);
    if (part->content_id) {
        g_autofree char *id = g_strdup_printf("<%s>", part->content_id);
        write_tokens(builder, "Content-ID", id);
    }
    if (part->language)
        write_tokens(builder, "Content-Language", part->language);
}

/* ---- content ----------------------------------------------------------------------------------------------------- */

static void write_quoted_text(PlanBuilder *builder, const char *text, gsize length)
{
    g_autoptr(GString) encoded = g_string_sized_new(length + length / 8);
    transfer_append_quoted(encoded, text, length);
    plan_builder_bytes(builder, encoded->str, encoded->len);
}

static void write_base64_text(PlanBuilder *builder, const char *text, gsize length)
{
    Plan *plan = builder->plan;
    g_autoptr(GString) plain = g_string_sized_new(length);
    transfer_append_canonical(plain, text, length);
    Run run = {.offset = plan->bytes->len, .length = plain->len};
    g_string_append_len(plan->bytes, plain->str, (gssize)plain->len);
    for (guint alignment = 0; alignment < 3; alignment++) {
        gsize lead = run_lead(alignment);
        gsize whole = plain->len > lead ? (plain->len - lead) / 3 * 3 : 0;
        run.lines_offset[alignment] = plan->bytes->len;
        transfer_append_base64_lines(plan->bytes, plain->str + lead, whole);
        run.lines_length[alignment] = plan->bytes->len - run.lines_offset[alignment];
    }
    plan->fixed_bytes += run.lines_length[0];
    plan_builder_step(builder, (Step){.kind = STEP_BASE64_TEXT, .target = plan->runs->len});
    g_array_append_val(plan->runs, run);
}

static bool prefers_base64(const Pieces *content)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < pieces_count(content); i++) {
        Piece piece = pieces_at(content, i);
        if (piece.kind == PIECE_TEXT)
            g_string_append_len(all, piece.text, (gssize)piece.length);
    }
    return transfer_prefers_base64(all->str, all->len);
}

static void end_label(PlanBuilder *builder, const char *encoding)
{
    write_tokens(builder, "Content-Transfer-Encoding", encoding);
    plan_builder_bytes(builder, "\r\n", 2);
}

static void write_text(const PlanPart *part, PlanBuilder *builder)
{
    const HeaderParameter parameters[] = {{"charset", "utf-8"}, {"method", part->method}, {NULL, NULL}};
    write_parameters(builder, "Content-Type", part->type, parameters);
    write_place(part, builder);
    if (prefers_base64(part->content)) {
        end_label(builder, "base64");
        plan_builder_content(builder, part->content, write_base64_text, STEP_BASE64_SLOT);
        plan_builder_step(builder, (Step){.kind = STEP_BASE64_END});
    } else {
        end_label(builder, "quoted-printable");
        plan_builder_content(builder, part->content, write_quoted_text, STEP_QUOTED_SLOT);
    }
}

static void write_binary(const PlanPart *part, PlanBuilder *builder)
{
    write_parameters(builder, "Content-Type", part->type, NULL);
    write_place(part, builder);
    end_label(builder, "base64");
    gsize size;
    const char *bytes = g_bytes_get_data(part->bytes, &size);
    g_autoptr(GString) encoded = g_string_sized_new(size / 57 * 78 + 80);
    transfer_append_base64_lines(encoded, bytes, size);
    plan_builder_bytes(builder, encoded->str, encoded->len);
}

/* ---- multiparts -------------------------------------------------------------------------------------------------- */

static char *new_boundary(void)
{
    guint8 random[BOUNDARY_RANDOM_BYTES];
    token_random(random, sizeof random);
    GString *boundary = g_string_new("=_");
    for (gsize i = 0; i < sizeof random; i++)
        g_string_append_printf(boundary, "%02x", random[i]);
    return g_string_free(boundary, FALSE);
}

static void write_multipart(const PlanPart *part, PlanBuilder *builder)
{
    g_autofree char *boundary = new_boundary();
    if (part->children->len == 0) {
        plan_builder_fail(builder, PLAN_ERROR_CONTENT, "%s without parts", part->type);
        return;
    }
    const PlanPart *root = part->children->pdata[0];
    const char *root_type = g_str_equal(part->type, "multipart/related") ? root->type : NULL; /* RFC 2387 3.1 */
    const HeaderParameter parameters[] = {{"type", root_type}, {"boundary", boundary}, {NULL, NULL}};
    write_parameters(builder, "Content-Type", part->type, parameters);
    for (guint i = 0; i < part->children->len; i++) {
        /* The line end before a delimiter belongs to the delimiter;
         * the first one follows the empty line of the header. */
        g_autofree char *delimiter = g_strdup_printf("\r\n--%s\r\n", boundary);
        plan_builder_bytes(builder, delimiter, strlen(delimiter));
        plan_part_write(part->children->pdata[i], builder);
    }
    g_autofree char *close = g_strdup_printf("\r\n--%s--\r\n", boundary);
    plan_builder_bytes(builder, close, strlen(close));
}

void plan_part_write(const PlanPart *part, PlanBuilder *builder)
{
    switch (part->form) {
    case FORM_TEXT:
        write_text(part, builder);
        break;
    case FORM_BINARY:
        write_binary(part, builder);
        break;
    case FORM_MULTIPART:
        write_multipart(part, builder);
        break;
    }
}
