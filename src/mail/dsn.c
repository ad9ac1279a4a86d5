/* Reads delivery-status fields the way they are written, which is not always the way RFC 3464 wants: blocks without an
 * empty line between them, addresses without type or in brackets, "failure" for "failed", comments behind codes. Judges
 * nothing. */
#include "mail/dsn.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/encoded_word.h"
#include "model/enhanced_code.h"

WORDS_DEFINE(DsnAction, dsn_action, DSN_ACTIONS);

typedef struct Reader {
    Dsn *dsn;
    DsnRecipient *current; /* NULL: the next field of a recipient begins a block */
} Reader;

static void recipient_free(DsnRecipient *recipient)
{
    g_free(recipient->final_recipient);
    g_free(recipient->original_recipient);
    g_free(recipient->diagnostic);
    g_free(recipient);
}

void dsn_free(Dsn *dsn)
{
    if (!dsn)
        return;
    g_ptr_array_unref(dsn->recipients);
    g_free(dsn->envelope_id);
    g_free(dsn);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* "rfc822; x", "x-unix; x" -> "x". An address may hold a ';' only behind its '@' or in quotes. */
static const char *behind_type(const char *value)
{
    gsize length = strcspn(value, ";@\"");
    if (value[length] == ';')
        value += length + 1;
    return value + strspn(value, " \t");
}

/* RFC 6533 3: "\x{F6}" stands for a character that the report's charset does not have. */
static char *without_unicode_escapes(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = text; *p; p++) {
        char *end = NULL;
        guint64 number = g_str_has_prefix(p, "\\x{") ? g_ascii_strtoull(p + 3, &end, 16) : 0;
        if (end && *end == '}' && number >= 0x80 && number < 0x110000 && g_unichar_validate((gunichar)number)) {
            g_string_append_unichar(out, (gunichar)number);
            p = end;
        } else {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *clean_address(const char *value)
{
    g_autofree char *decoded = encoded_words_decode(behind_type(value));
    g_autofree char *address = address_bare(decoded), *whole = without_unicode_escapes(address);
    return text_one_line(whole, LIMIT_DIAGNOSTIC_BYTES);
}

static DsnAction read_action(const char *value)
{
    static const struct {
        const char *prefix;
        DsnAction action;
    } words[] = {
        {"fail", DSN_FAILED},         {"error", DSN_FAILED},    {"delay", DSN_DELAYED},
        {"delivered", DSN_DELIVERED}, {"relayed", DSN_RELAYED}, {"expanded", DSN_EXPANDED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strncasecmp(value, words[i].prefix, strlen(words[i].prefix)) == 0)
            return words[i].action;
    return DSN_NO_ACTION;
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

DsnRecipient *dsn_add(Dsn *dsn)
{
    if (dsn->recipients->len >= LIMIT_REPORT_RECIPIENTS)
        return NULL;
    DsnRecipient *recipient = g_new0(DsnRecipient, 1);
    recipient->final_recipient = g_strdup("");
    recipient->original_recipient = g_strdup("");
    recipient->diagnostic = g_strdup("");
    g_ptr_array_add(dsn->recipients, recipient);
    return recipient;
}

/* The block that this field belongs to: a second Final-Recipient begins the next one even without an empty line. */
static DsnRecipient *block_for(Reader *reader, bool names_again)
{
    if (!reader->current || names_again)
        reader->current = dsn_add(reader->dsn);
    return reader->current;
}

static void set_address(char **address, const char *value)
{
    g_free(*address);
    *address = clean_address(value);
}

static void take_field(Reader *reader, const char *name, const char *value)
{
    DsnRecipient *now = reader->current;
    if (g_ascii_strcasecmp(name, "Final-Recipient") == 0) {
        if ((now = block_for(reader, now && *now->final_recipient)))
            set_address(&now->final_recipient, value);
    } else if (g_ascii_strcasecmp(name, "Original-Recipient") == 0) {
        if ((now = block_for(reader, now && *now->original_recipient)))
            set_address(&now->original_recipient, value);
    } else if (g_ascii_strcasecmp(name, "Action") == 0) {
        if ((now = block_for(reader, false)))
            now->action = read_action(value);
    } else if (g_ascii_strcasecmp(name, "Status") == 0) {
        if ((now = block_for(reader, false)))
            enhanced_code_find(value, "245", now->status);
    } else if (g_ascii_strcasecmp(name, "Diagnostic-Code") == 0) {
        if ((now = block_for(reader, false)) && !*now->diagnostic) {
            g_autofree char *decoded = encoded_words_decode(behind_type(value));
            g_free(now->diagnostic);
            now->diagnostic = text_one_line(decoded, LIMIT_DIAGNOSTIC_BYTES);
        }
    } else if (g_ascii_strcasecmp(name, "Original-Envelope-Id") == 0) {
        g_free(reader->dsn->envelope_id);
        reader->dsn->envelope_id = text_one_line(value, LIMIT_DIAGNOSTIC_BYTES);
    }
}

/* One field with its folded lines joined; lines without a colon are passed over. */
static void take_line(Reader *reader, GString *line)
{
    char *colon = strchr(line->str, ':');
    if (colon) {
        *colon = '\0';
        take_field(reader, g_strstrip(line->str), g_strstrip(colon + 1));
    }
    g_string_truncate(line, 0);
}

Dsn *dsn_parse(const char *text)
{
    Dsn *dsn = g_new0(Dsn, 1);
    dsn->recipients = g_ptr_array_new_with_free_func((GDestroyNotify)recipient_free);
    dsn->envelope_id = g_strdup("");
    Reader reader = {.dsn = dsn};
    g_autoptr(GString) line = g_string_new(NULL);
    while (*text) {
        gsize length = strcspn(text, "\n");
        bool empty = strspn(text, " \t") >= length;
        bool folded = !empty && line->len > 0 && (*text == ' ' || *text == '\t');
        if (!folded)
            take_line(&reader, line);
        if (empty)
            reader.current = NULL;
        else if (line->len < LIMIT_DIAGNOSTIC_BYTES)
            g_string_append_len(line, text, (gssize)MIN(length, LIMIT_DIAGNOSTIC_BYTES - line->len));
        text += length + (text[length] == '\n');
    }
    take_line(&reader, line);
    return dsn;
}
