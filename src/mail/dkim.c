/* Writes the signature field and the bytes that it signs. Everything is kept from letter to letter for its memory. */
#include "mail/dkim.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "mail/dkim_canon.h"
#include "mail/dkim_fields.h"

#define FOLD_COLUMNS 72
#define SIGNATURE    "DKIM-Signature: "

/* What is signed where it is there. List-Unsubscribe and its Post field must be (RFC 8058 4). */
static const char *const covered[] = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
    "Precedence",
};

struct DkimSigner {
    GPtrArray *keys; /* of DkimKey, borrowed */
    gsize common_length;
    DkimBody common_body; /* where body and hash stand behind the common bytes */
    DkimHash *common_hash;
    DkimHash *hash;
    /* of the letter being signed */
    GArray *fields;     /* of DkimField */
    GString *names;     /* the value of h= */
    GString *canonical; /* of the signed fields */
    GString *signature; /* the field of one key */
    GString *block;     /* of all keys */
};

DkimSigner *dkim_signer_new(const GPtrArray *keys, const char *common, gsize length)
{
    DkimSigner *signer = g_new0(DkimSigner, 1);
    signer->keys = g_ptr_array_new(); /* a copy would free the keys as well */
    g_ptr_array_extend(signer->keys, (GPtrArray *)keys, NULL, NULL);
    signer->common_length = length;
    signer->common_hash = dkim_hash_new();
    signer->hash = dkim_hash_new();
    dkim_body_add(&signer->common_body, common, length, dkim_hash_add, signer->common_hash);
    signer->fields = g_array_new(FALSE, FALSE, sizeof(DkimField));
    signer->names = g_string_new(NULL);
    signer->canonical = g_string_new(NULL);
    signer->signature = g_string_new(NULL);
    signer->block = g_string_new(NULL);
    return signer;
}

void dkim_signer_free(DkimSigner *signer)
{
    if (!signer)
        return;
    g_ptr_array_unref(signer->keys);
    dkim_hash_free(signer->common_hash);
    dkim_hash_free(signer->hash);
    g_array_unref(signer->fields);
    g_string_free(signer->names, TRUE);
    g_string_free(signer->canonical, TRUE);
    g_string_free(signer->signature, TRUE);
    g_string_free(signer->block, TRUE);
    g_free(signer);
}

/* ---- the body ---------------------------------------------------------------------------------------------------- */

static void hash_body(DkimSigner *signer, const char *body, gsize length, uint8_t ret_digest[static DKIM_DIGEST_SIZE])
{
    DkimBody state = signer->common_body;
    dkim_hash_go_on(signer->hash, signer->common_hash);
    dkim_body_add(&state, body + signer->common_length, length - signer->common_length, dkim_hash_add, signer->hash);
    dkim_body_end(&state, dkim_hash_add, signer->hash);
    dkim_hash_end(signer->hash, ret_digest);
}

/* ---- the header fields ------------------------------------------------------------------------------------------- */

static void add_name(GString *names, const char *name)
{
    const char *line = strrchr(names->str, '\t');
    if (names->len > 0)
        g_string_append_c(names, ':');
    if (strlen(line ? line : names->str) + strlen(name) > FOLD_COLUMNS)
        g_string_append(names, "\r\n\t");
    g_string_append(names, name);
}

/* RFC 6376 5.4.2: of fields of one name the last one counts first. From is named once more than it is there, so that a
 * signature does not survive another one. */
static void collect_covered(DkimSigner *signer)
{
    g_string_truncate(signer->names, 0);
    g_string_truncate(signer->canonical, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(covered); i++)
        for (guint n = signer->fields->len; n > 0; n--) {
            const DkimField *field = &g_array_index(signer->fields, DkimField, n - 1);
            if (!dkim_field_has_name(field, covered[i]))
                continue;
            add_name(signer->names, covered[i]);
            dkim_append_field(signer->canonical, field->start, field->length);
            g_string_append(signer->canonical, "\r\n");
        }
    add_name(signer->names, "From");
}

/* ---- the signature ----------------------------------------------------------------------------------------------- */

/* The field up to its last tag, "b=", as it is signed. */
static void begin_signature(const DkimSigner *signer, const DkimKey *key, const uint8_t *body_digest, int64_t now)
{
    g_autofree char *body_hash = g_base64_encode(body_digest, DKIM_DIGEST_SIZE);
    g_string_printf(signer->signature,
                    SIGNATURE "v=1; a=%s-sha256; c=relaxed/relaxed; t=%" G_GINT64_FORMAT ";\r\n"
                              "\td=%s; s=%s;\r\n\th=%s;\r\n\tbh=%s;\r\n\tb=",
                    dkim_key_type_word(dkim_key_type(key)), now, dkim_key_domain(key), dkim_key_selector(key),
                    signer->names->str, body_hash);
}

/* RFC 6376 3.7: the fields, then the signature's own without its line end. */
static void hash_header(DkimSigner *signer, uint8_t ret_digest[static DKIM_DIGEST_SIZE])
{
    gsize fields_length = signer->canonical->len;
    dkim_append_field(signer->canonical, signer->signature->str, signer->signature->len);
    dkim_hash_restart(signer->hash);
    dkim_hash_add(signer->hash, signer->canonical->str, signer->canonical->len);
    dkim_hash_end(signer->hash, ret_digest);
    g_string_truncate(signer->canonical, fields_length);
}

/* Base64 may be folded anywhere. */
static void append_folded(GString *out, const char *text)
{
    for (const char *rest = text; *rest; rest += MIN(strlen(rest), FOLD_COLUMNS))
        g_string_append_printf(out, "%s%.*s", rest == text ? "" : "\r\n\t", FOLD_COLUMNS, rest);
    g_string_append(out, "\r\n");
}

static bool add_signature(DkimSigner *signer, DkimKey *key, const uint8_t *body_digest, int64_t now, GError **error)
{
    uint8_t digest[DKIM_DIGEST_SIZE];
    g_autoptr(GString) signature = g_string_new(NULL);
    begin_signature(signer, key, body_digest, now);
    hash_header(signer, digest);
    if (!dkim_key_sign(key, digest, signature, error))
        return false;
    g_string_append_len(signer->block, signer->signature->str, (gssize)signer->signature->len);
    append_folded(signer->block, signature->str);
    return true;
}

bool dkim_sign(DkimSigner *signer, GString *letter, int64_t now, GError **error)
{
    uint8_t body_digest[DKIM_DIGEST_SIZE];
    const char *header_end = strstr(letter->str, "\r\n\r\n");
    g_return_val_if_fail(header_end != NULL, false);
    const char *body = header_end + 4;
    hash_body(signer, body, (gsize)(letter->str + letter->len - body), body_digest);
    dkim_fields_find(signer->fields, letter->str, header_end);
    collect_covered(signer);
    g_string_truncate(signer->block, 0);
    for (guint i = 0; i < signer->keys->len; i++)
        if (!add_signature(signer, signer->keys->pdata[i], body_digest, now, error))
            return false;
    g_string_prepend_len(letter, signer->block->str, (gssize)signer->block->len);
    return true;
}
