/* Mails wrap and escape the object, so that a parser of JSON would refuse many; a few keys are all that counts. SES
 * names the recipients, their status and what the other server said. */
#include "inbound/ses.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "mail/address.h"
#include "model/enhanced_code.h"

/* The object without line ends, and without the escapes of being a string in another object. */
static GString *unwrap(const char *text)
{
    GString *out = g_string_sized_new(strlen(text) + 1);
    for (; *text; text++) {
        if (*text == '\\' && text[1] == '"')
            text++;
        if (*text != '\n')
            g_string_append_c(out, *text);
    }
    return out;
}

/* The string that is the value of key (with its quotes) between from and end; "" when there is none. */
static char *value_of(const char *from, const char *end, const char *key)
{
    const char *at = g_strstr_len(from, end - from, key);
    at = at ? at + strlen(key) : end;
    at += strspn(at, " :");
    if (at >= end || *at != '"')
        return g_strdup("");
    gsize length = strcspn(at + 1, "\"");
    g_autofree char *value = g_strndup(at + 1, MIN(length, LIMIT_DIAGNOSTIC_BYTES));
    return text_one_line(value, LIMIT_DIAGNOSTIC_BYTES);
}

static void add_bounced(Dsn *dsn, const char *from, const char *end, bool is_permanent)
{
    DsnRecipient *block = dsn_add(dsn);
    if (!block)
        return;
    g_free(block->final_recipient);
    g_free(block->diagnostic);
    block->final_recipient = value_of(from, end, "\"emailAddress\"");
    block->diagnostic = value_of(from, end, "\"diagnosticCode\"");
    block->action = DSN_FAILED;
    g_autofree char *status = value_of(from, end, "\"status\"");
    enhanced_code_find(status, "45", block->status);
    if (!*block->status)
        g_strlcpy(block->status, is_permanent ? "5.0.0" : "4.0.0", sizeof block->status);
}

/* Each object of the array that is the value of key. */
static const char *array_of(const char *text, const char *key, const char **ret_end)
{
    const char *start = strstr(text, key);
    start = start ? strchr(start, '[') : NULL;
    *ret_end = start ? start + strcspn(start, "]") : NULL;
    return start;
}

static const char *next_object(const char *from, const char *end, const char **ret_end)
{
    const char *start = memchr(from, '{', (gsize)(end - from));
    if (start)
        *ret_end = start + strcspn(start, "}");
    return start;
}

static bool is_amazon(const char *from)
{
    static const char *const domains[] = {"amazonaws.com", "amazonses.com", "amazonaws.com.cn"};
    g_autofree char *address = address_bare(from);
    for (gsize i = 0; i < G_N_ELEMENTS(domains); i++) {
        const char *domain = g_str_has_suffix(address, domains[i]) ? address + strlen(address) - strlen(domains[i])
                                                                   : address;
        if (domain > address && strchr("@.", domain[-1]))
            return true;
    }
    return false;
}

/* Nothing before it, and behind it only what SNS writes below a line of dashes. */
static bool is_object(const char *text)
{
    text += strspn(text, " \t\n");
    const char *footer = strstr(text, "\n--"), *end = footer ? footer : text + strlen(text);
    while (end > text && g_ascii_isspace(end[-1]))
        end--;
    return *text == '{' && end[-1] == '}';
}

bool ses_read(const char *from, const char *text, SesNotice *ret)
{
    *ret = (SesNotice){0};
    if (!is_object(text) || !is_amazon(from))
        return false;
    bool is_bounce = strstr(text, "bouncedRecipients");
    if (!is_bounce && !strstr(text, "complainedRecipients"))
        return false;
    g_autoptr(GString) object = unwrap(text);
    g_autofree char *type = value_of(object->str, object->str + object->len, "\"bounceType\"");
    const char *end, *at = array_of(object->str, is_bounce ? "bouncedRecipients" : "complainedRecipients", &end);
    if (!at)
        return false;
    if (is_bounce)
        ret->dsn = dsn_parse("");
    else
        ret->accused = g_ptr_array_new_with_free_func(g_free);
    for (const char *stop; (at = next_object(at, end, &stop)); at = MIN(stop, end)) {
        if (is_bounce)
            add_bounced(ret->dsn, at, stop, strcmp(type, "Permanent") == 0);
        else if (ret->accused->len < LIMIT_REPORT_RECIPIENTS)
            g_ptr_array_add(ret->accused, value_of(at, stop, "\"emailAddress\""));
    }
    return true;
}

void ses_notice_clear(SesNotice *notice)
{
    g_clear_pointer(&notice->dsn, dsn_free);
    g_clear_pointer(&notice->accused, g_ptr_array_unref);
}
