#pragma once
/* The settings, typed and checked, as one immutable struct. Every field has its row in settings_table.c, which gives
 * its name, type, unit, range, default and help. All strings are owned by the struct and never NULL; an empty string
 * means "not set". Durations carry their unit. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

typedef struct SiteSettings {
    char *name;       /* "Kreis Musterland" */
    char *language;   /* "de" */
    char *zone;       /* "Europe/Berlin" */
    char *public_url; /* https://…; empty until the web role serves one */
    char *from_name;
    char *from_address;   /* From of announcements unless the list says otherwise */
    char *bounce_address; /* "bounces@news.example": return paths are bounces+TOKEN@… */
    char *reply_address;  /* "inbox@news.example": leave and confirm addresses are inbox+TOKEN@… */
    char *help_address;   /* a person, for List-Help */
    char *helo_name;      /* EHLO; empty: the host's name */
} SiteSettings;

typedef struct StoreSettings {
    char *path;
    int64_t busy_timeout_ms;
    int64_t sync_ms; /* how long after its commit the disk has what the sender wrote; 0: before it goes on */
} StoreSettings;

typedef struct FileSettings {
    char *keys; /* key file, see base/token.h */
    char *templates_dir;
    char *media_dir;
    char *runtime_dir; /* wake-up sockets */
} FileSettings;

typedef enum { TLS_STARTTLS, TLS_IMPLICIT, TLS_NONE } TlsMode;

typedef enum { TLS_1_2, TLS_1_3 } TlsVersion;

/* How we log in: RFC 4616, the LOGIN of old servers, Google's and Microsoft's XOAUTH2; AUTO: the best on offer. */
typedef enum { AUTH_AUTO, AUTH_PLAIN, AUTH_LOGIN, AUTH_XOAUTH2 } AuthMechanism;

typedef struct RelaySettings {
    char *name;
    char *host;
    int64_t port;
    TlsMode tls;
    TlsVersion tls_min;
    char *ca_file;     /* empty: the system's */
    char *client_cert; /* PEM; empty: none is shown */
    char *client_key;  /* empty: it lies in client_cert */
    char *user;        /* empty: no AUTH */
    AuthMechanism auth;
    char *password_file; /* one of these two where there is a user */
    char *token_command;
    int64_t weight;          /* share of the mails, beside others that have one; 0: as many as it can take */
    int64_t rate_per_minute; /* 0: no limit */
    int64_t connections;
    int64_t messages_per_connection;
    bool dsn;                   /* ask for notices of delay and failure */
    bool chunking;              /* BDAT where it is offered, */
    int64_t depth;              /* so many mails behind each other */
    int64_t connection_seconds; /* then a connection is closed, too */
    int64_t timeout_seconds;    /* 0: the deadlines of RFC 5321 4.5.3.2; else none of them is longer than this */
} RelaySettings;

/* How fast one that takes mail for many is given it. */
typedef struct ProviderSettings {
    char *name; /* as in model/provider.c, or a domain */
    int64_t rate_per_minute;
} ProviderSettings;

typedef struct MailboxSettings {
    char *name;
    char *host;
    int64_t port;
    TlsMode tls;
    char *ca_file;
    char *user;
    AuthMechanism auth;  /* AUTH_LOGIN or AUTH_XOAUTH2 */
    char *password_file; /* one of these two */
    char *token_command;
    char *folder;           /* "INBOX" */
    char *processed_folder; /* what was understood */
    char *tray_folder;      /* what staff must look at */
    char *human_folder;     /* what a person wrote and somebody got to answer */
    int64_t poll_seconds;   /* look at least this often, IDLE or not */
} MailboxSettings;

typedef struct DkimSettings {
    char *domain;
    char *selector;
    char *key_file;
} DkimSettings;

/* Whom we ask for DNS records. */
typedef struct DnsSettings {
    char *server; /* an IP address; empty: the system's servers */
    int64_t port;
} DnsSettings;

typedef struct RetrySettings {
    int64_t first_seconds; /* pause after the first refusal; doubles each time */
    int64_t longest_seconds;
} RetrySettings;

/* A mail that is still refused after so long has failed. Measured in pauses between tries: the time for which a relay
 * or this program was down does not count. */
typedef struct PatienceSettings {
    int64_t press_release_hours;
    int64_t invitation_hours;
    int64_t notice_hours;
    int64_t urgent_hours; /* of whatever kind */
    int64_t single_hours; /* mails of the outbox */
} PatienceSettings;

typedef struct SendingSettings {
    int64_t late_hours; /* what should have gone out or gone on longer ago waits for staff */
    bool mx_lookup;     /* find a domain's provider by its MX records */
} SendingSettings;

/* What happens to a mail when nobody knows whether the relay took it. */
typedef enum {
    UNCERTAIN_HOLD,  /* shown to staff, who decide */
    UNCERTAIN_AGAIN, /* sent once more with the same Message-ID */
} UncertainRule;

typedef struct UncertainSettings {
    UncertainRule press_release;
    UncertainRule invitation;
    UncertainRule notice;
    UncertainRule single; /* mails of the outbox */
} UncertainSettings;

/* When no delivery of an announcement begins, unless it is urgent: by the clock of the site's zone. */
typedef struct QuietSettings {
    char *start; /* "21:00"; empty, as is end: no such hours */
    char *end;
    bool weekends; /* and all of Saturday and Sunday */
} QuietSettings;

typedef struct BounceSettings {
    int64_t soft_limit;       /* an address whose score comes to so many points is suppressed */
    int64_t soft_window_days; /* a day's points fade evenly, and are gone after so many */
    int64_t unsigned_days;    /* a report without our token counts only for an address mailed within so many days */
} BounceSettings;

typedef struct InboxSettings {
    int64_t forwards_per_hour; /* mails of people that are passed on, for each list */
} InboxSettings;

/* How long mails stay in our folders on the server; 0: for ever. */
typedef struct RetentionSettings {
    int64_t processed_days;
    int64_t human_days;
    int64_t tray_days;
    int64_t warning_days; /* so long before an undecided one goes, staff are told */
} RetentionSettings;

typedef struct LogSettings {
    LogLevel level;
} LogSettings;

typedef struct Settings {
    SiteSettings site;
    StoreSettings store;
    FileSettings files;
    SendingSettings sending;
    QuietSettings quiet_hours;
    RetrySettings retry;
    PatienceSettings patience;
    UncertainSettings uncertain;
    BounceSettings bounce;
    InboxSettings inbox;
    RetentionSettings retention;
    DnsSettings dns;
    LogSettings log;
    GPtrArray *relays;    /* of RelaySettings, at least one */
    GPtrArray *providers; /* of ProviderSettings, may be empty */
    GPtrArray *mailboxes; /* of MailboxSettings, may be empty */
    GPtrArray *dkim;      /* of DkimSettings, may be empty */
} Settings;

/** A copy that outlives the settings. */
RelaySettings *relay_settings_copy(const RelaySettings *relay);
void relay_settings_free(RelaySettings *relay);

void settings_free(Settings *settings); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)
