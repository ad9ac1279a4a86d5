/* The headers that say what kind of mail this is. One table of what is known in, fields out; no clock, no settings. */
#include "mail/list_headers.h"

/* system */
#include <stdbool.h>

/* libraries */
#include <string.h>

static bool is_known(const char *text)
{
    return text && *text;
}

static void add_fixed(PlanBuilder *builder, const char *name, const char *value)
{
    g_autoptr(Pieces) pieces = pieces_new_text(value);
    plan_builder_tokens(builder, name, pieces);
}

static void add_url(PlanBuilder *builder, const char *name, const char *url)
{
    if (!is_known(url))
        return;
    g_autofree char *value = g_strdup_printf("<%s>", url);
    add_fixed(builder, name, value);
}

/* RFC 2919: a phrase and an identifier inside the domain of those who run the list. The phrase is left out where it is
 * not plain ASCII: an encoded word is allowed there, but filters that people write match the field as it stands. */
static void add_list_id(PlanBuilder *builder, const ListHeaders *known)
{
    if (!is_known(known->list_slug) || !is_known(known->domain))
        return;
    const char *title = known->list_title;
    bool has_title = is_known(title) && g_str_is_ascii(title) && !strpbrk(title, "\"\\<>") && !strstr(title, "  ");
    g_autofree char *value = has_title ? g_strdup_printf("\"%s\" <%s.%s>", title, known->list_slug, known->domain)
                                       : g_strdup_printf("<%s.%s>", known->list_slug, known->domain);
    add_fixed(builder, "List-Id", value);
}

static void add_leave_mail(Pieces *value, const ListHeaders *known)
{
    const char *at = strrchr(known->inbox_address, '@');
    if (!at)
        return;
    pieces_add_text(value, "<mailto:", -1);
    pieces_add_text(value, known->inbox_address, at - known->inbox_address);
    pieces_add_text(value, "+", 1);
    pieces_add_slot(value, known->leave_token_slot);
    pieces_add_text(value, at, -1);
    pieces_add_text(value, "?subject=unsubscribe>", -1);
}

/* RFC 2369 wants the preferred way first; RFC 8058 needs an https one, and the Post field only beside it. */
static void add_leave(PlanBuilder *builder, const ListHeaders *known)
{
    bool has_url = is_known(known->leave_url);
    g_autoptr(Pieces) value = pieces_new();
    if (has_url) {
        pieces_add_text(value, "<", 1);
        pieces_add_text(value, known->leave_url, -1);
        pieces_add_slot(value, known->leave_token_slot);
        pieces_add_text(value, ">", 1);
    }
    if (has_url && is_known(known->inbox_address))
        pieces_add_text(value, ", ", 2);
    if (is_known(known->inbox_address))
        add_leave_mail(value, known);
    if (pieces_count(value))
        plan_builder_tokens(builder, "List-Unsubscribe", value);
    if (has_url && g_str_has_prefix(known->leave_url, "https://"))
        add_fixed(builder, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

static void add_help(PlanBuilder *builder, const ListHeaders *known)
{
    if (is_known(known->help_url)) {
        add_url(builder, "List-Help", known->help_url);
    } else if (is_known(known->inbox_address)) {
        g_autofree char *value = g_strdup_printf("<mailto:%s?subject=help>", known->inbox_address);
        add_fixed(builder, "List-Help", value);
    }
}

/* Mailbox providers count complaints by these four words; a person's would let them count persons. */
static void add_feedback_id(PlanBuilder *builder, const ListHeaders *known)
{
    if (!is_known(known->announcement) || !is_known(known->list_slug) || !is_known(known->kind) ||
        !is_known(known->sender))
        return;
    g_autofree char *value = g_strdup_printf("%s:%s:%s:%s", known->announcement, known->list_slug, known->kind,
                                             known->sender);
    add_fixed(builder, "Feedback-ID", value);
}

void list_headers_add_announcement(PlanBuilder *builder, const ListHeaders *known)
{
    add_list_id(builder, known);
    add_leave(builder, known);
    add_url(builder, "List-Archive", known->archive_url);
    add_help(builder, known);
    add_feedback_id(builder, known);
    add_fixed(builder, "Precedence", "list");
    add_fixed(builder, "X-Auto-Response-Suppress", "OOF, AutoReply");
}

void list_headers_add_single(PlanBuilder *builder)
{
    add_fixed(builder, "Auto-Submitted", "auto-generated");
    add_fixed(builder, "X-Auto-Response-Suppress", "OOF, AutoReply");
}
