/* The rules for values. Mail addresses get a plain check here, since mail/ is not below this folder: one '@', a domain
 * in ASCII, no space, RFC 5321 lengths. */
#include "config/check.h"

/* system */
#include <arpa/inet.h>

/* rundbrief */
#include "base/datetime.h"
#include "base/language.h"
#include "base/limits.h"
#include "base/text.h"

/* A token is at most 51 letters with the largest ids there can be and about 35 in practice; with its '+' it must fit
 * RFC 5321's 64. */
#define LIMIT_TAGGED_LOCAL_PART_BYTES 24

/* ---- one value --------------------------------------------------------------------------------------------------- */

static bool is_line(const char *text)
{
    return strlen(text) <= LIMIT_HEADER_VALUE_BYTES && text_is_one_line(text);
}

/* One line in which something is to be seen. */
static bool is_text(const char *text)
{
    if (!is_line(text))
        return false;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_isgraph(g_utf8_get_char(p)))
            return true;
    return false;
}

static bool is_made_of(const char *text, gsize length, const char *others)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum(text[i]) && !strchr(others, text[i]))
            return false;
    return length > 0;
}

static bool is_name(const char *text)
{
    return strlen(text) <= 32 && is_made_of(text, strlen(text), "-_.");
}

/* RFC 1123 2.1: letters, digits and hyphens, no hyphen at an end of a label. */
static bool is_domain(const char *text)
{
    if (strlen(text) > 253)
        return false;
    g_auto(GStrv) labels = g_strsplit(text, ".", -1);
    for (char **label = labels; *label; label++) {
        gsize length = strlen(*label);
        if (length > 63 || !is_made_of(*label, length, "-") || (*label)[0] == '-' || (*label)[length - 1] == '-')
            return false;
    }
    return labels[0] != NULL;
}

static bool is_ip(const char *text)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_host(const char *text)
{
    return is_domain(text) || is_ip(text);
}

static bool is_address_with(const char *text, gsize longest_local_part, const char *local_letters)
{
    const char *at = strchr(text, '@');
    return at && strlen(text) <= LIMIT_ADDRESS_BYTES && (gsize)(at - text) <= longest_local_part &&
           is_made_of(text, (gsize)(at - text), local_letters) && is_domain(at + 1);
}

static bool is_address(const char *text)
{
    return is_address_with(text, LIMIT_LOCAL_PART_BYTES, ".!#$%&'*+-/=?^_`{|}~");
}

static bool is_tagged_address(const char *text)
{
    return is_address_with(text, LIMIT_TAGGED_LOCAL_PART_BYTES, "._-");
}

bool host_is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return g_ascii_strcasecmp(host, "localhost") == 0;
}

/* RFC 3986 2: reserved, unreserved, and escapes of two hexadecimal digits. */
static bool has_url_letters(const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p == '%' ? !g_ascii_isxdigit(p[1]) || !g_ascii_isxdigit(p[2])
                      : !g_ascii_isalnum(*p) && !strchr("-._~:/?#[]@!$&'()*+,;=", *p))
            return false;
    return true;
}

static bool is_url(const char *text)
{
    g_autoptr(GUri) uri = has_url_letters(text) ? g_uri_parse(text, G_URI_FLAGS_NONE, NULL) : NULL;
    if (!uri || !g_uri_get_host(uri) || !is_host(g_uri_get_host(uri)) || g_uri_get_query(uri) ||
        g_uri_get_fragment(uri) || g_uri_get_userinfo(uri) || g_str_has_suffix(text, "/"))
        return false;
    return g_str_has_prefix(text, "https://") ||
           (g_str_has_prefix(text, "http://") && host_is_loopback(g_uri_get_host(uri)));
}

static bool is_clock(const char *text)
{
    int minutes;
    return datetime_read_clock(text, &minutes);
}

static bool is_path(const char *text)
{
    return text[0] == '/' && is_line(text);
}

static bool is_secret(const char *text)
{
    return is_path(text) || (is_made_of(text, strlen(text), "-_.") && text[0] != '.');
}

static const struct {
    const char *allowed;
    bool (*is_fit)(const char *text);
} types[] = {
    [SETTING_TEXT] = {"one line of text", is_text},
    [SETTING_NAME] = {"a name of up to 32 letters, digits, '-', '_' and '.'", is_name},
    [SETTING_ADDRESS] = {"a mail address such as \"presse@example.org\" (a domain beyond ASCII as xn--...)",
                         is_address},
    [SETTING_TAGGED_ADDRESS] = {"a mail address with at most 24 letters, digits, '.', '-' and '_' before the '@' "
                                "(a token is added there)",
                                is_tagged_address},
    [SETTING_URL] =
        {"an address such as \"https://presse.example.org\", without a slash at its end (http only for localhost)",
         is_url},
    [SETTING_ZONE] = {"a name of the time zone database such as \"Europe/Berlin\"", datetime_zone_exists},
    [SETTING_CLOCK] = {"a time of day such as \"21:00\"", is_clock},
    [SETTING_LANGUAGE] = {"a language tag such as \"de\"", language_is_tag},
    [SETTING_HOST] = {"a host name or an IP address (a name beyond ASCII as xn--...)", is_host},
    [SETTING_IP] = {"an IP address", is_ip},
    [SETTING_DOMAIN] = {"a domain name: letters, digits, hyphens and dots (beyond ASCII as xn--...)", is_domain},
    [SETTING_PATH] = {"a path that begins with '/'", is_path},
    [SETTING_SECRET] = {"a path that begins with '/', or the name of a systemd credential without any slash",
                        is_secret},
    [SETTING_WORD] = {NULL, NULL},
    [SETTING_NUMBER] = {NULL, NULL},
    [SETTING_YES_NO] = {"true or false", NULL},
};

char *setting_allowed(const Setting *setting)
{
    if (setting->type == SETTING_NUMBER)
        return g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s", setting->min,
                               setting->max, setting->unit ? " " : "", setting->unit ? setting->unit : "");
    if (setting->type != SETTING_WORD)
        return g_strdup(types[setting->type].allowed);
    GString *text = g_string_new("one of");
    for (const SettingWord *word = setting->words; word->word; word++)
        g_string_append_printf(text, "%s \"%s\"", word == setting->words ? "" : ",", word->word);
    return g_string_free(text, FALSE);
}

bool setting_text_is_fit(const Setting *setting, const char *text)
{
    return *text && types[setting->type].is_fit(text);
}

/* ---- several together -------------------------------------------------------------------------------------------- */

typedef struct Check {
    const Places *places;
    Problems *problems;
} Check;

static bool is_sound(const Check *check, const void *field)
{
    const Place *place = g_hash_table_lookup(check->places->fields, field);
    return !place || !place->refused;
}

/* The mistake stands where the setting does, or where its group or list element begins when it has its default. */
static void G_GNUC_PRINTF(4, 5) blame(const Check *check, const void *field, const void *group, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const Place *place = g_hash_table_lookup(check->places->fields, field);
    if (!place)
        place = g_hash_table_lookup(check->places->groups, group);
    problems_add(check->problems, place ? place->file : check->places->file, place ? place->line : 0, "%s", text);
}

/* What relays and mailboxes have in common. */
typedef struct Server {
    const char *list;
    const void *element;
    char *const *name, *const *host, *const *user, *const *secret; /* where the password or the token comes from */
    const char *secret_name;
    const TlsMode *tls;
} Server;

static void check_server(const Check *check, const Server *server, GHashTable *names)
{
    if (**server->name && !g_hash_table_add(names, *server->name))
        blame(check, server->name, server->element,
              "%s.name: there is already one named \"%s\"; each needs a name of its own", server->list, *server->name);
    bool has_user = **server->user != '\0', has_secret = **server->secret != '\0';
    if (has_user && !has_secret && is_sound(check, server->secret))
        blame(check, server->user, server->element, "%s.user needs %s.%s beside it", server->list, server->list,
              server->secret_name);
    if (!has_user && has_secret && is_sound(check, server->user))
        blame(check, server->secret, server->element, "%s.%s needs %s.user beside it", server->list,
              server->secret_name, server->list);
    if (has_secret && *server->tls == TLS_NONE && **server->host && !host_is_loopback(*server->host))
        blame(check, server->tls, server->element,
              "%s.tls: \"none\" would send the password readable through the network; allowed without a password or to "
              "localhost",
              server->list);
}

/* RFC 9051 5.1: INBOX is the one name that has no case. */
static bool is_same_folder(const char *left, const char *right)
{
    return g_str_equal(left, right) ||
           (g_ascii_strcasecmp(left, "INBOX") == 0 && g_ascii_strcasecmp(right, "INBOX") == 0);
}

/* As it will be run: words and quotes of a shell, and nothing else of one. */
static bool is_command(const char *text)
{
    g_auto(GStrv) argv = NULL;
    return g_shell_parse_argv(text, NULL, &argv, NULL) && g_path_is_absolute(argv[0]);
}

static bool is_set(const Check *check, char *const *field)
{
    return **field && is_sound(check, field);
}

/* How somebody logs in, at a relay or at a mailbox. */
typedef struct LogIn {
    const char *list;
    const void *element;
    const AuthMechanism *auth;
    char *const *user, *const *password_file, *const *token_command;
} LogIn;

static void check_token(const Check *check, const LogIn *in)
{
    bool wants_token = *in->auth == AUTH_XOAUTH2;
    if (wants_token && !**in->user && is_sound(check, in->user))
        blame(check, in->auth, in->element, "%s.auth: \"xoauth2\" needs %s.user and %s.token_command beside it",
              in->list, in->list, in->list);
    if (wants_token && is_set(check, in->password_file))
        blame(check, in->password_file, in->element,
              "%s.password_file is of no use with %s.auth = \"xoauth2\"; %s.token_command brings the token", in->list,
              in->list, in->list);
    if (!wants_token && is_set(check, in->token_command) && !**in->password_file && is_sound(check, in->auth))
        blame(check, in->token_command, in->element, "%s.token_command needs %s.auth = \"xoauth2\" beside it", in->list,
              in->list);
    if (is_set(check, in->token_command) && !is_command(*in->token_command))
        blame(check, in->token_command, in->element,
              "%s.token_command must begin with the full path of a program, and close its quotes", in->list);
}

/* Only relays have these. */
static void check_relay(const Check *check, const RelaySettings *relay)
{
    const LogIn in = {"relays", relay, &relay->auth, &relay->user, &relay->password_file, &relay->token_command};
    check_token(check, &in);
    if (is_set(check, &relay->client_key) && !*relay->client_cert && is_sound(check, &relay->client_cert))
        blame(check, &relay->client_key, relay, "relays.client_key needs relays.client_cert beside it");
    if (is_set(check, &relay->client_cert) && relay->tls == TLS_NONE && is_sound(check, &relay->tls))
        blame(check, &relay->client_cert, relay, "relays.client_cert is of no use with relays.tls = \"none\"");
}

static void check_servers(const Check *check, const Settings *settings)
{
    g_autoptr(GHashTable) relay_names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) mailbox_names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < settings->relays->len; i++) {
        const RelaySettings *relay = settings->relays->pdata[i];
        bool has_token = relay->auth == AUTH_XOAUTH2;
        const Server server = {.list = "relays",
                               .element = relay,
                               .name = &relay->name,
                               .host = &relay->host,
                               .user = &relay->user,
                               .secret = has_token ? &relay->token_command : &relay->password_file,
                               .secret_name = has_token ? "token_command" : "password_file",
                               .tls = &relay->tls};
        check_server(check, &server, relay_names);
        check_relay(check, relay);
    }
    for (guint i = 0; i < settings->mailboxes->len; i++) {
        const MailboxSettings *box = settings->mailboxes->pdata[i];
        bool has_token = box->auth == AUTH_XOAUTH2;
        const LogIn in = {"mailboxes", box, &box->auth, &box->user, &box->password_file, &box->token_command};
        const Server server = {.list = "mailboxes",
                               .element = box,
                               .name = &box->name,
                               .host = &box->host,
                               .user = &box->user,
                               .secret = has_token ? &box->token_command : &box->password_file,
                               .secret_name = has_token ? "token_command" : "password_file",
                               .tls = &box->tls};
        check_server(check, &server, mailbox_names);
        check_token(check, &in);
        bool same = is_same_folder(box->folder, box->processed_folder) ||
                    is_same_folder(box->folder, box->tray_folder) ||
                    is_same_folder(box->processed_folder, box->tray_folder);
        if (same && is_sound(check, &box->folder) && is_sound(check, &box->processed_folder) &&
            is_sound(check, &box->tray_folder))
            blame(check, &box->folder, box,
                  "mailboxes: folder, processed_folder and tray_folder must be three different folders");
        if (is_same_folder(box->folder, box->human_folder) && is_sound(check, &box->folder) &&
            is_sound(check, &box->human_folder))
            blame(check, &box->folder, box, "mailboxes.human_folder must not be mailboxes.folder");
    }
}

static void check_dkim(const Check *check, const Settings *settings)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < settings->dkim->len; i++) {
        const DkimSettings *key = settings->dkim->pdata[i];
        g_autofree char *name = g_strconcat(key->selector, "._domainkey.", key->domain, NULL);
        g_autofree char *folded = g_ascii_strdown(name, -1);
        if (*key->selector && *key->domain && !g_hash_table_add(names, g_steal_pointer(&folded)))
            blame(check, &key->selector, key,
                  "dkim.selector: there is already a key at %s; each needs a name of its own", name);
    }
}

void settings_check_together(const Settings *settings, const Places *places, Problems *problems)
{
    const Check check = {places, problems};
    check_servers(&check, settings);
    check_dkim(&check, settings);
    const RetrySettings *retry = &settings->retry;
    if (retry->first_seconds > retry->longest_seconds && is_sound(&check, &retry->first_seconds) &&
        is_sound(&check, &retry->longest_seconds))
        blame(&check, &retry->first_seconds, retry,
              "retry.first_seconds must not be longer than retry.longest_seconds (%" G_GINT64_FORMAT ")",
              retry->longest_seconds);
    const QuietSettings *quiet = &settings->quiet_hours;
    if (!*quiet->start != !*quiet->end && is_sound(&check, &quiet->start) && is_sound(&check, &quiet->end))
        blame(&check, *quiet->start ? &quiet->start : &quiet->end, quiet,
              "quiet_hours.start and quiet_hours.end need each other");
    const BounceSettings *bounce = &settings->bounce;
    int64_t most = 5 * (bounce->soft_window_days + 1); /* 10 points on each day, fading */
    if (bounce->soft_limit > most && is_sound(&check, &bounce->soft_limit) &&
        is_sound(&check, &bounce->soft_window_days))
        blame(&check, &bounce->soft_limit, bounce,
              "bounce.soft_limit must not be more than %" G_GINT64_FORMAT
              ": no score comes higher when points fade within bounce.soft_window_days (%" G_GINT64_FORMAT ")",
              most, bounce->soft_window_days);
}
