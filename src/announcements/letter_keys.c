/* Reads keys from files and credentials, each once, and finds those for a domain. */
#include "announcements/letter_keys.h"

/* rundbrief */
#include "config/secrets.h"

struct LetterKeys {
    const GPtrArray *rows;
    GPtrArray *keys; /* of DkimKey, one for each row; NULL: not read yet */
};

static void free_key(gpointer key)
{
    dkim_key_free(key);
}

LetterKeys *letter_keys_new(const GPtrArray *rows)
{
    LetterKeys *keys = g_new0(LetterKeys, 1);
    keys->rows = rows;
    keys->keys = g_ptr_array_new_with_free_func(free_key);
    g_ptr_array_set_size(keys->keys, (int)rows->len);
    return keys;
}

void letter_keys_free(LetterKeys *keys)
{
    if (!keys)
        return;
    g_ptr_array_unref(keys->keys);
    g_free(keys);
}

static bool is_within(const char *domain, const char *other)
{
    gsize length = strlen(domain), other_length = strlen(other);
    return length >= other_length && g_ascii_strcasecmp(domain + length - other_length, other) == 0 &&
           (length == other_length || domain[length - other_length - 1] == '.');
}

/* As DMARC aligns by default (RFC 7489 3.1.1), as far as it can be told without a list of public suffixes. */
static bool is_aligned(const char *key_domain, const char *from_domain)
{
    return is_within(key_domain, from_domain) || is_within(from_domain, key_domain);
}

DkimKey *letter_key_read(const DkimSettings *row, GError **error)
{
    char *pem = secret_read(row->key_file, error);
    DkimKey *key = pem ? dkim_key_parse(row->domain, row->selector, pem, error) : NULL;
    if (pem && !key)
        g_prefix_error(error, "%s: ", row->key_file);
    if (!key)
        g_prefix_error(error, "the DKIM key %s of %s cannot be used: ", row->selector, row->domain);
    secret_free(pem);
    return key;
}

bool letter_keys_signer(LetterKeys *keys, const char *from_address, const char *common, gsize length,
                        DkimSigner **ret_signer, GError **error)
{
    const char *domain = strrchr(from_address, '@') + 1;
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    for (guint i = 0; i < keys->rows->len; i++) {
        const DkimSettings *row = keys->rows->pdata[i];
        if (!is_aligned(row->domain, domain))
            continue;
        if (!keys->keys->pdata[i] && !(keys->keys->pdata[i] = letter_key_read(row, error)))
            return false;
        g_ptr_array_add(found, keys->keys->pdata[i]);
    }
    *ret_signer = found->len > 0 ? dkim_signer_new(found, common, length) : NULL;
    return true;
}
