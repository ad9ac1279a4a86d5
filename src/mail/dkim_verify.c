/* Computes what the signer computed, and asks the key. Reads bytes of strangers: nothing fails but the verdict. */
#include "mail/dkim_verify.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "mail/dkim_canon.h"
#include "mail/dkim_fields.h"
#include "mail/dkim_public_key.h"
#include "mail/dkim_tags.h"

#define FIELD_NAME "DKIM-Signature"

/* A mail and its fields; all its signatures share it. */
typedef struct SignedMail {
    GArray *fields; /* of DkimField */
    const char *body;
    gsize body_length;
} SignedMail;

struct DkimSignatureParts {
    SignedMail *mail; /* reference-counted */
    DkimField field;
    GHashTable *tags;
};

static void clear_mail(gpointer data)
{
    g_array_unref(((SignedMail *)data)->fields);
}

static void free_signature(gpointer data)
{
    DkimSignature *signature = data;
    g_free(signature->domain);
    g_free(signature->selector);
    g_free(signature->algorithm);
    g_strfreev(signature->names);
    g_rc_box_release_full(signature->parts->mail, clear_mail);
    g_hash_table_unref(signature->parts->tags);
    g_free(signature->parts);
    g_free(signature);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void remove_white(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (!g_ascii_isspace(*from))
            *to++ = *from;
    *to = '\0';
}

/* A tag's value without any white space, which folding may have put anywhere. Caller frees. */
static char *bare(GHashTable *tags, const char *name)
{
    const char *value = dkim_tag(tags, name);
    char *text = g_strdup(value ? value : "");
    remove_white(text);
    return text;
}

static DkimSignature *read_signature(SignedMail *mail, const DkimField *field)
{
    DkimSignature *signature = g_new0(DkimSignature, 1);
    const char *colon = memchr(field->start, ':', field->length);
    g_autofree char *value = g_strndup(colon + 1, field->length - (gsize)(colon + 1 - field->start));
    signature->parts = g_new(struct DkimSignatureParts, 1);
    *signature->parts = (struct DkimSignatureParts){g_rc_box_acquire(mail), *field, dkim_tags_parse(value)};
    GHashTable *tags = signature->parts->tags;
    signature->domain = bare(tags, "d");
    signature->selector = bare(tags, "s");
    signature->algorithm = bare(tags, "a");
    g_autofree char *names = bare(tags, "h");
    signature->names = g_strsplit(names, ":", -1);
    return signature;
}

GPtrArray *dkim_signatures(const char *bytes, gsize length)
{
    GPtrArray *signatures = g_ptr_array_new_with_free_func(free_signature);
    const char *end = g_strstr_len(bytes, (gssize)length, "\r\n\r\n");
    if (!end || memchr(bytes, '\0', (gsize)(end - bytes)))
        return signatures;
    SignedMail *mail = g_rc_box_new0(SignedMail);
    mail->fields = g_array_new(FALSE, FALSE, sizeof(DkimField));
    mail->body = end + 4;
    mail->body_length = length - (gsize)(mail->body - bytes);
    dkim_fields_find(mail->fields, bytes, end);
    for (guint i = 0; i < mail->fields->len; i++) {
        const DkimField *field = &g_array_index(mail->fields, DkimField, i);
        if (dkim_field_has_name(field, FIELD_NAME))
            g_ptr_array_add(signatures, read_signature(mail, field));
    }
    g_rc_box_release_full(mail, clear_mail);
    return signatures;
}

static guint count_names(const DkimSignature *signature, const char *name)
{
    guint count = 0;
    for (char **covered = signature->names; *covered; covered++)
        count += g_ascii_strcasecmp(*covered, name) == 0;
    return count;
}

bool dkim_signature_covers(const DkimSignature *signature, const char *name)
{
    const GArray *fields = signature->parts->mail->fields;
    guint there = 0;
    for (guint i = 0; i < fields->len; i++)
        there += dkim_field_has_name(&g_array_index(fields, DkimField, i), name);
    return there > 0 && count_names(signature, name) >= there;
}

/* ---- computing --------------------------------------------------------------------------------------------------- */

/* "relaxed/simple": the header's, then the body's; "simple" where nothing is said (RFC 6376 3.5). */
static bool read_canons(GHashTable *tags, bool *ret_header_relaxed, bool *ret_body_relaxed)
{
    g_autofree char *canon = bare(tags, "c");
    g_auto(GStrv) words = g_strsplit(*canon ? canon : "simple", "/", 2);
    for (char **word = words; *word; word++)
        if (!g_str_equal(*word, "relaxed") && !g_str_equal(*word, "simple"))
            return false;
    *ret_header_relaxed = g_str_equal(words[0], "relaxed");
    *ret_body_relaxed = words[1] && g_str_equal(words[1], "relaxed");
    return true;
}

/* Hashes no more than l= says (RFC 6376 3.5). */
typedef struct LimitedHash {
    DkimHash *hash;
    guint64 left;
} LimitedHash;

static void add_limited(void *to, const char *bytes, gsize length)
{
    LimitedHash *limited = to;
    gsize taken = MIN(length, limited->left);
    limited->left -= taken;
    dkim_hash_add(limited->hash, bytes, taken);
}

static bool body_is_as_signed(const struct DkimSignatureParts *parts, bool relaxed)
{
    uint8_t digest[DKIM_DIGEST_SIZE];
    const char *limit = dkim_tag(parts->tags, "l");
    LimitedHash limited = {dkim_hash_new(), limit ? g_ascii_strtoull(limit, NULL, 10) : G_MAXUINT64};
    DkimBody body = {0};
    if (relaxed) {
        dkim_body_add(&body, parts->mail->body, parts->mail->body_length, add_limited, &limited);
        dkim_body_end(&body, add_limited, &limited);
    } else {
        dkim_body_simple(parts->mail->body, parts->mail->body_length, add_limited, &limited);
    }
    dkim_hash_end(limited.hash, digest);
    dkim_hash_free(limited.hash);
    g_autofree char *computed = g_base64_encode(digest, sizeof digest);
    g_autofree char *signed_hash = bare(parts->tags, "bh");
    return g_str_equal(computed, signed_hash);
}

static void add_field(GString *out, const char *field, gsize length, bool relaxed)
{
    if (relaxed)
        dkim_append_field(out, field, length);
    else
        g_string_append_len(out, field, (gssize)length);
}

/* Of fields of one name the last one counts first; one that is not there counts as nothing (RFC 6376 5.4.2). */
static void add_covered(GString *out, const DkimSignature *signature, bool relaxed)
{
    const GArray *fields = signature->parts->mail->fields;
    g_autofree bool *used = g_new0(bool, fields->len);
    for (char **name = signature->names; *name; name++)
        for (guint i = fields->len; i > 0; i--) {
            const DkimField *field = &g_array_index(fields, DkimField, i - 1);
            if (used[i - 1] || !dkim_field_has_name(field, *name))
                continue;
            used[i - 1] = true;
            add_field(out, field->start, field->length, relaxed);
            g_string_append(out, "\r\n");
            break;
        }
}

/* The field itself with nothing behind "b=". */
static void add_own(GString *out, const DkimField *field, bool relaxed)
{
    g_autofree char *text = g_strndup(field->start, field->length);
    g_autoptr(GRegex) value = g_regex_new("([:;]\\s*b\\s*=)[^;]*", 0, 0, NULL);
    g_autofree char *emptied = g_regex_replace(value, text, -1, 0, "\\1", G_REGEX_MATCH_NEWLINE_ANYCRLF, NULL);
    if (emptied)
        add_field(out, emptied, strlen(emptied), relaxed);
}

static bool header_is_as_signed(const DkimSignature *signature, const DkimPublicKey *key, bool relaxed)
{
    uint8_t digest[DKIM_DIGEST_SIZE];
    gsize length = 0;
    g_autoptr(GString) text = g_string_new(NULL);
    add_covered(text, signature, relaxed);
    add_own(text, &signature->parts->field, relaxed);
    DkimHash *hash = dkim_hash_new();
    dkim_hash_add(hash, text->str, text->len);
    dkim_hash_end(hash, digest);
    dkim_hash_free(hash);
    g_autofree char *encoded = bare(signature->parts->tags, "b");
    g_autofree guchar *bytes = g_base64_decode(encoded, &length);
    return dkim_public_key_verify(key, digest, bytes, length);
}

/* ---- the verdict ------------------------------------------------------------------------------------------------- */

/* What must be there (RFC 6376 3.5); From must be covered. */
static bool is_complete(const DkimSignature *signature, DkimKeyType *ret_type)
{
    static const char *const needed[] = {"v", "a", "b", "bh", "d", "h", "s"};
    for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!dkim_tag(signature->parts->tags, needed[i]))
            return false;
    g_autofree char *kind = g_strndup(signature->algorithm, strcspn(signature->algorithm, "-"));
    return g_str_has_suffix(signature->algorithm, "-sha256") && dkim_key_type_from_word(kind, ret_type) &&
           count_names(signature, "From") > 0;
}

static bool has_expired(const DkimSignature *signature, int64_t now)
{
    const char *expires = dkim_tag(signature->parts->tags, "x");
    return expires && g_ascii_strtoll(expires, NULL, 10) < now;
}

static DkimVerdict judge(const DkimSignature *signature, DkimKeyType type, const DkimPublicKey *key)
{
    bool header_relaxed, body_relaxed;
    if (!read_canons(signature->parts->tags, &header_relaxed, &body_relaxed))
        return DKIM_UNREADABLE;
    if (dkim_public_key_type(key) != type)
        return DKIM_KEY_UNUSABLE;
    if (!body_is_as_signed(signature->parts, body_relaxed))
        return DKIM_BODY_CHANGED;
    return header_is_as_signed(signature, key, header_relaxed) ? DKIM_VERIFIED : DKIM_HEADER_CHANGED;
}

DkimVerdict dkim_signature_verify(const DkimSignature *signature, const char *record, int64_t now, int *ret_bits)
{
    static const DkimVerdict of_record[] = {[DKIM_RECORD_NONE] = DKIM_NO_KEY,
                                            [DKIM_RECORD_REVOKED] = DKIM_KEY_REVOKED,
                                            [DKIM_RECORD_WRONG] = DKIM_KEY_UNUSABLE};
    DkimKeyType type;
    g_autoptr(DkimPublicKey) key = NULL;
    DkimRecordState state = dkim_public_key_parse(record, &key);
    if (ret_bits)
        *ret_bits = key ? dkim_public_key_bits(key) : 0;
    if (!is_complete(signature, &type))
        return DKIM_UNREADABLE;
    if (has_expired(signature, now))
        return DKIM_EXPIRED;
    return state == DKIM_RECORD_KEY ? judge(signature, type, key) : of_record[state];
}
