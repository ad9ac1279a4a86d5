/* Every setting there is.
 *
 * To add one: a field in its struct in settings.h and a row here, at the place where people should read it; then write
 * conf/rundbrief.conf, docs/settings.md and docs/man/rundbrief.conf.5 anew by `rundbrief config sample`, `config docs`
 * and `config man`. The loader needs no change. What depends on two settings at once is checked in check.c. A new group
 * is a struct in Settings and a row at the end of this file. */
#include "config/settings_table.h"

/* rundbrief */
#include "base/log.h"
#include "config/settings.h"

#define AT(type, field) offsetof(type, field)

static const SettingWord tls_modes[] = {
    {"starttls", TLS_STARTTLS,
     "a plain connection turned into TLS before anything else is said; refused when that fails"},
    {"implicit", TLS_IMPLICIT, "TLS from the first byte"},
    {"none", TLS_NONE, "no TLS; with a password only on this machine"},
    {0},
};

static const SettingWord tls_versions[] = {
    {"1.2", TLS_1_2, "TLS 1.2 or newer"},
    {"1.3", TLS_1_3, "TLS 1.3 or newer"},
    {0},
};

static const SettingWord auth_mechanisms[] = {
    {"auto", AUTH_AUTO, "the best that the relay offers and that fits a password"},
    {"plain", AUTH_PLAIN, "PLAIN and nothing else"},
    {"login", AUTH_LOGIN, "LOGIN and nothing else; for old servers"},
    {"xoauth2", AUTH_XOAUTH2, "an access token, as Google and Microsoft want it; token_command brings it"},
    {0},
};

static const SettingWord mailbox_auth[] = {
    {"login", AUTH_LOGIN, "user and password"},
    {"xoauth2", AUTH_XOAUTH2, "an access token, as Google and Microsoft want it; token_command brings it"},
    {0},
};

static const SettingWord log_levels[] = {
    {"error", LOG_LEVEL_ERROR, "what stops the work"},
    {"warning", LOG_LEVEL_WARNING, "and what needs a look"},
    {"info", LOG_LEVEL_INFO, "and what happens"},
    {"debug", LOG_LEVEL_DEBUG, "and every step, with mail addresses"},
    {0},
};

static const Setting site[] = {
    {"name", SETTING_TEXT, AT(SiteSettings, name), .required = true, .example = "Kreis Musterland",
     .help = "Name of the public body, as readers know it."},
    {"language", SETTING_LANGUAGE, AT(SiteSettings, language), .fallback = "de",
     .help = "Language of people and announcements for which nothing else is said (BCP 47)."},
    {"zone", SETTING_ZONE, AT(SiteSettings, zone), .fallback = "Europe/Berlin",
     .help = "Time zone in which send times are written and times are shown."},
    {"public_url", SETTING_URL, AT(SiteSettings, public_url), .example = "https://presse.kreis-musterland.example",
     .help =
         "Where the public web pages are. Set it only when they are served: mails then offer leaving with one click."},
    {"from_name", SETTING_TEXT, AT(SiteSettings, from_name), .example = "Pressestelle Kreis Musterland",
     .help = "Name beside the From address, unless the list has its own. Not set: the name of the site."},
    {"from_address", SETTING_ADDRESS, AT(SiteSettings, from_address), .required = true,
     .example = "presse@kreis-musterland.example",
     .help = "From address of announcements, unless the list has its own."},
    {"bounce_address", SETTING_TAGGED_ADDRESS, AT(SiteSettings, bounce_address), .required = true,
     .example = "bounces@news.kreis-musterland.example",
     .help = "Return address of every mail. It is written as bounces+TOKEN@..., so its mail server must deliver "
             "addresses with '+' to the mailbox of the part before it, and that mailbox must be one of mailboxes."},
    {"reply_address", SETTING_TAGGED_ADDRESS, AT(SiteSettings, reply_address), .required = true,
     .example = "inbox@news.kreis-musterland.example",
     .help = "Where mails that leave or confirm a subscription go, written as inbox+TOKEN@...; it needs what "
             "bounce_address needs."},
    {"help_address", SETTING_ADDRESS, AT(SiteSettings, help_address), .required = true,
     .example = "presse@kreis-musterland.example",
     .help = "A person who answers questions about the lists (List-Help)."},
    {"helo_name", SETTING_HOST, AT(SiteSettings, helo_name), .example = "news.kreis-musterland.example",
     .help = "Name by which we greet a relay (EHLO). Not set: the name of the host."},
    {0},
};

static const Setting store[] = {
    {"path", SETTING_PATH, AT(StoreSettings, path), .fallback = "/var/lib/rundbrief/rundbrief.db",
     .help = "The SQLite database. Two files with the endings -wal and -shm lie beside it while the program runs."},
    {"busy_timeout_ms", SETTING_NUMBER, AT(StoreSettings, busy_timeout_ms), .unit = "milliseconds", .min = 100,
     .max = 60000, .number = 5000, .help = "How long a change waits for another one before it is tried again later."},
    {"sync_ms", SETTING_NUMBER, AT(StoreSettings, sync_ms), .unit = "milliseconds", .min = 0, .max = 60000,
     .number = 1000,
     .help = "How much of what the sender wrote down a power cut may undo: mails sent in that time before it are sent "
             "again, with the same Message-ID. 0: nothing; each turn of the sender then waits for the disk. All other "
             "changes always do, and a crash of the program undoes nothing either way."},
    {0},
};

static const Setting files[] = {
    {"keys", SETTING_PATH, AT(FileSettings, keys), .fallback = "/etc/rundbrief/keys",
     .help = "The keys that sign leave links and return addresses; 'rundbrief init' creates the file. Keep a copy: "
             "without it, links in old mails are dead and suppressed addresses are not recognised any more."},
    {"templates_dir", SETTING_PATH, AT(FileSettings, templates_dir), .fallback = RUNDBRIEF_DATADIR "/templates",
     .help = "Templates of mails."},
    {"media_dir", SETTING_PATH, AT(FileSettings, media_dir), .fallback = "/var/lib/rundbrief/media",
     .help = "Photos and documents of announcements."},
    {"runtime_dir", SETTING_PATH, AT(FileSettings, runtime_dir), .fallback = "/run/rundbrief",
     .help = "Sockets by which the roles wake each other."},
    {0},
};

static const Setting relays[] = {
    {"name", SETTING_NAME, AT(RelaySettings, name), .required = true, .example = "main",
     .help = "Names the relay in logs and in the status."},
    {"host", SETTING_HOST, AT(RelaySettings, host), .required = true, .example = "mail.kreis-musterland.example",
     .help = "Host name or IP address. With TLS its certificate must bear this name."},
    {"port", SETTING_NUMBER, AT(RelaySettings, port), .min = 1, .max = 65535, .number = 587,
     .help = "587 is submission, 465 submission with implicit TLS, 25 what mail servers use among themselves."},
    {"tls", SETTING_WORD, AT(RelaySettings, tls), .words = tls_modes, .number = TLS_STARTTLS,
     .help = "How the connection is protected. The certificate is always verified."},
    {"tls_min", SETTING_WORD, AT(RelaySettings, tls_min), .words = tls_versions, .number = TLS_1_2,
     .help = "The oldest version of TLS that is good enough."},
    {"ca_file", SETTING_PATH, AT(RelaySettings, ca_file), .example = "/etc/rundbrief/relay-ca.pem",
     .help = "Certificates to trust. Not set: those of the system."},
    {"client_cert", SETTING_PATH, AT(RelaySettings, client_cert), .example = "/etc/rundbrief/relay-client.pem",
     .help = "Our own certificate (PEM), for a relay that knows its clients by it. Not set: none is shown."},
    {"client_key", SETTING_SECRET, AT(RelaySettings, client_key), .example = "relay-client-key",
     .help = "Its private key (PEM, without a passphrase): a file or a credential, as with password_file. Not set: it "
             "lies in the same file as the certificate."},
    {"user", SETTING_TEXT, AT(RelaySettings, user), .example = "rundbrief", .help = "User name. Not set: no log-in."},
    {"auth", SETTING_WORD, AT(RelaySettings, auth), .words = auth_mechanisms, .number = AUTH_AUTO,
     .help = "How we log in."},
    {"password_file", SETTING_SECRET, AT(RelaySettings, password_file), .example = "relay-password",
     .help =
         "Where the password is: a file, or, without a slash, a systemd credential of that name (see LoadCredential in "
         "rundbrief-send.service)."},
    {"token_command", SETTING_TEXT, AT(RelaySettings, token_command),
     .example = "/usr/local/bin/relay-token --account rundbrief",
     .help =
         "A program that prints an access token on its first line, for auth = \"xoauth2\". It is run without a shell, "
         "by its full path, as the sender's user and within its sandbox, and has half a minute; words with spaces "
         "need quotes. A token is used for five minutes, or until it is refused."},
    {"weight", SETTING_NUMBER, AT(RelaySettings, weight), .min = 0, .max = 1000,
     .help =
         "Share of the mails, beside other relays that have a weight: with 3 beside 1, three of four. One that does "
         "not work, or takes nothing for a second, leaves its share to the others. 0: as many as it can take."},
    {"rate_per_minute", SETTING_NUMBER, AT(RelaySettings, rate_per_minute), .unit = "mails", .min = 0, .max = 1000000,
     .help = "So many mails in a minute at most, single ones included, evenly; for a relay that grants no more. The "
             "others carry what it cannot. 0: no limit."},
    {"connections", SETTING_NUMBER, AT(RelaySettings, connections), .min = 1, .max = 100, .number = 4,
     .help = "How many connections at once the relay grants us."},
    {"messages_per_connection", SETTING_NUMBER, AT(RelaySettings, messages_per_connection), .unit = "mails", .min = 1,
     .max = 100000, .number = 1000, .help = "After so many a connection is closed and a new one made."},
    {"dsn", SETTING_YES_NO, AT(RelaySettings, dsn), .number = true,
     .help =
         "Whether to ask a relay that offers it (DSN, RFC 3461) for notices of delay and failure that name the mail "
         "and its recipient in a form that is read for certain."},
    {"chunking", SETTING_YES_NO, AT(RelaySettings, chunking),
     .help =
         "Whether to use BDAT (CHUNKING, RFC 3030) where the relay offers it: whole mails follow each other without "
         "waiting, many for each round trip. For a relay that is far away. When a connection breaks, or the sender "
         "is killed, each mail under way is uncertain then, not one for each connection. Postfix is slower with it "
         "on a single connection nearby."},
    {"depth", SETTING_NUMBER, AT(RelaySettings, depth), .unit = "mails", .min = 2, .max = 100, .number = 24,
     .help = "With chunking: how many mails are under way on one connection. Without, it is always two."},
    {"connection_seconds", SETTING_NUMBER, AT(RelaySettings, connection_seconds), .unit = "seconds", .min = 1,
     .max = 86400, .number = 300,
     .help = "A connection that is older is closed after the mail under way, and a new one made."},
    {"timeout_seconds", SETTING_NUMBER, AT(RelaySettings, timeout_seconds), .unit = "seconds", .min = 0, .max = 600,
     .help = "How long to wait for any answer at most. 0: the times of RFC 5321 section 4.5.3.2, up to ten minutes."},
    {0},
};

static const Setting providers[] = {
    {"name", SETTING_HOST, AT(ProviderSettings, name), .required = true, .example = "gmx",
     .help =
         "A provider with all its domains: apple, freenet, gmx (with WEB.DE), google, ionos, mailbox.org, microsoft, "
         "posteo, proton, t-online, vodafone, yahoo. Or the domain of any other, or of one of these; or, with "
         "sending.mx_lookup, the host that takes the mail of many domains."},
    {"rate_per_minute", SETTING_NUMBER, AT(ProviderSettings, rate_per_minute), .unit = "mails", .min = 1,
     .max = 1000000, .number = 600, .help = "So many of its people's mails in a minute at most."},
    {0},
};

static const Setting mailboxes[] = {
    {"name", SETTING_NAME, AT(MailboxSettings, name), .required = true, .example = "bounces",
     .help = "Names the mailbox in logs and in the status."},
    {"host", SETTING_HOST, AT(MailboxSettings, host), .required = true, .example = "imap.kreis-musterland.example",
     .help = "Host name or IP address of the IMAP server. With TLS its certificate must bear this name."},
    {"port", SETTING_NUMBER, AT(MailboxSettings, port), .min = 1, .max = 65535, .number = 993,
     .help = "993 is IMAP with implicit TLS, 143 without or with STARTTLS."},
    {"tls", SETTING_WORD, AT(MailboxSettings, tls), .words = tls_modes, .number = TLS_IMPLICIT,
     .help = "How the connection is protected. The certificate is always verified."},
    {"ca_file", SETTING_PATH, AT(MailboxSettings, ca_file), .example = "/etc/rundbrief/imap-ca.pem",
     .help = "Certificates to trust. Not set: those of the system."},
    {"user", SETTING_TEXT, AT(MailboxSettings, user), .required = true, .example = "bounces", .help = "User name."},
    {"auth", SETTING_WORD, AT(MailboxSettings, auth), .words = mailbox_auth, .number = AUTH_LOGIN,
     .help = "How we log in."},
    {"password_file", SETTING_SECRET, AT(MailboxSettings, password_file), .usual = true, .example = "imap-password",
     .help =
         "Where the password is: a file, or, without a slash, a systemd credential of that name (see LoadCredential in "
         "rundbrief-inbox.service)."},
    {"token_command", SETTING_TEXT, AT(MailboxSettings, token_command),
     .example = "/usr/local/bin/imap-token --account rundbrief",
     .help =
         "A program that prints an access token on its first line, for auth = \"xoauth2\". It is run without a shell, "
         "by its full path, as the reader's user and within its sandbox, and has half a minute."},
    {"folder", SETTING_TEXT, AT(MailboxSettings, folder), .fallback = "INBOX", .help = "The folder that is read."},
    {"processed_folder", SETTING_TEXT, AT(MailboxSettings, processed_folder), .fallback = "Rundbrief-Processed",
     .help = "Where mails go that were understood; it is created when it is missing."},
    {"tray_folder", SETTING_TEXT, AT(MailboxSettings, tray_folder), .fallback = "Rundbrief-Tray",
     .help = "Where mails go that a person must look at; it is created when it is missing."},
    {"human_folder", SETTING_TEXT, AT(MailboxSettings, human_folder), .fallback = "Rundbrief-Human",
     .help =
         "Where mails of people go that were passed on to the contact of a list, or that staff have answered; it is "
         "created when it is missing."},
    {"poll_seconds", SETTING_NUMBER, AT(MailboxSettings, poll_seconds), .unit = "seconds", .min = 1, .max = 1740,
     .number = 120, .help = "Look at least this often, whether the server reports news or not."},
    {0},
};

static const Setting sending[] = {
    {"late_hours", SETTING_NUMBER, AT(SendingSettings, late_hours), .unit = "hours", .min = 1, .max = 720, .number = 6,
     .help = "An announcement that should have gone out longer ago, because the daemon was not running, is paused, and "
             "staff are asked. So is one that was interrupted by it for longer."},
    {"mx_lookup", SETTING_YES_NO, AT(SendingSettings, mx_lookup),
     .help =
         "Whether to find out by MX records (see dns) which domains have one provider: what it says of our pace then "
         "holds for all of them. Looking up holds up no mail. Without, a table of the large providers' own domains "
         "has to do, and any other domain is its own provider."},
    {0},
};

static const Setting dkim[] = {
    {"domain", SETTING_DOMAIN, AT(DkimSettings, domain), .required = true, .example = "kreis-musterland.example",
     .help = "Signs mails whose From address is in this domain, in one below it or in one above it."},
    {"selector", SETTING_DOMAIN, AT(DkimSettings, selector), .required = true, .example = "r2026a",
     .help = "Under SELECTOR._domainkey.DOMAIN the public half is in DNS. A new key gets a new selector."},
    {"key_file", SETTING_SECRET, AT(DkimSettings, key_file), .required = true, .example = "dkim-r2026a",
     .help = "Where the private key is: a file, or, without a slash, a systemd credential of that name (see "
             "LoadCredential in rundbrief-send.service). 'rundbrief dkim new' makes one. While it cannot be read, what "
             "it should sign waits."},
    {0},
};

static const Setting retry[] = {
    {"first_seconds", SETTING_NUMBER, AT(RetrySettings, first_seconds), .unit = "seconds", .min = 1, .max = 86400,
     .number = 300, .help = "Pause after the first refusal that may pass; it doubles each time."},
    {"longest_seconds", SETTING_NUMBER, AT(RetrySettings, longest_seconds), .unit = "seconds", .min = 1, .max = 604800,
     .number = 14400, .help = "The pause grows up to this."},
    {0},
};

static const Setting patience[] = {
    {"press_release_hours", SETTING_NUMBER, AT(PatienceSettings, press_release_hours), .unit = "hours", .min = 1,
     .max = 720, .number = 72, .help = "For press releases."},
    {"invitation_hours", SETTING_NUMBER, AT(PatienceSettings, invitation_hours), .unit = "hours", .min = 1, .max = 720,
     .number = 96, .help = "For invitations; once the meeting has begun nobody is invited any more in any case."},
    {"notice_hours", SETTING_NUMBER, AT(PatienceSettings, notice_hours), .unit = "hours", .min = 1, .max = 720,
     .number = 72, .help = "For plain notices."},
    {"urgent_hours", SETTING_NUMBER, AT(PatienceSettings, urgent_hours), .unit = "hours", .min = 1, .max = 720,
     .number = 24, .help = "For what is urgent, of whatever kind."},
    {"single_hours", SETTING_NUMBER, AT(PatienceSettings, single_hours), .unit = "hours", .min = 1, .max = 720,
     .number = 48, .help = "For single mails, such as confirmations."},
    {0},
};

static const SettingWord uncertain_rules[] = {
    {"hold", UNCERTAIN_HOLD, "it is shown in the status, and staff decide"},
    {"again", UNCERTAIN_AGAIN, "it is sent once more with the same Message-ID; a person may get it twice"},
    {0},
};

static const Setting uncertain[] = {
    {"press_release", SETTING_WORD, AT(UncertainSettings, press_release), .words = uncertain_rules,
     .number = UNCERTAIN_AGAIN, .help = "For press releases."},
    {"invitation", SETTING_WORD, AT(UncertainSettings, invitation), .words = uncertain_rules, .number = UNCERTAIN_AGAIN,
     .help = "For invitations."},
    {"notice", SETTING_WORD, AT(UncertainSettings, notice), .words = uncertain_rules, .number = UNCERTAIN_AGAIN,
     .help = "For plain notices."},
    {"single", SETTING_WORD, AT(UncertainSettings, single), .words = uncertain_rules, .number = UNCERTAIN_AGAIN,
     .help = "For single mails, such as confirmations."},
    {0},
};

static const Setting quiet_hours[] = {
    {"start", SETTING_CLOCK, AT(QuietSettings, start), .example = "21:00",
     .help = "From then on no mail of an announcement begins. Not set: there are no such hours."},
    {"end", SETTING_CLOCK, AT(QuietSettings, end), .example = "07:00", .help = "And from then on they do again."},
    {"weekends", SETTING_YES_NO, AT(QuietSettings, weekends),
     .help = "Whether Saturday and Sunday are quiet from midnight to midnight."},
    {0},
};

static const Setting bounce[] = {
    {"soft_limit", SETTING_NUMBER, AT(BounceSettings, soft_limit), .unit = "points", .min = 11, .max = 500,
     .number = 45,
     .help =
         "An address is suppressed when its score comes to this. A day on which its mailbox was full, its account "
         "disabled or its server out of reach for days adds 10 points; a refusal by the recipient's own filter adds 5; "
         "one that is about us (spam, policy, a blocked server, a mail too big) adds none. Several bounces on one day "
         "count as the worst of them. 45 are five days in a row, or seven letters of a weekly list. For lists that "
         "send "
         "more rarely give soft_window_days more: letters two weeks apart come to 45 within 120 days."},
    {"soft_window_days", SETTING_NUMBER, AT(BounceSettings, soft_window_days), .unit = "days", .min = 2, .max = 365,
     .number = 60, .help = "A day's points fade evenly, and are gone after so many days."},
    {"unsigned_days", SETTING_NUMBER, AT(BounceSettings, unsigned_days), .unit = "days", .min = 1, .max = 365,
     .number = 14,
     .help = "A report that does not bring our token back counts only with a null return path, and for an address we "
             "mailed within so many days."},
    {0},
};

static const Setting inbox[] = {
    {"forwards_per_hour", SETTING_NUMBER, AT(InboxSettings, forwards_per_hour), .unit = "mails", .min = 0, .max = 10000,
     .number = 30,
     .help = "So many mails of people are passed on to the contact of one list in an hour; more wait in the tray."},
    {0},
};

static const Setting retention[] = {
    {"processed_days", SETTING_NUMBER, AT(RetentionSettings, processed_days), .unit = "days", .min = 0, .max = 3650,
     .number = 90, .help = "A mail in processed_folder is deleted so long after it was read. 0: never."},
    {"human_days", SETTING_NUMBER, AT(RetentionSettings, human_days), .unit = "days", .min = 0, .max = 3650,
     .number = 180, .help = "Likewise in human_folder."},
    {"tray_days", SETTING_NUMBER, AT(RetentionSettings, tray_days), .unit = "days", .min = 0, .max = 3650,
     .number = 180, .help = "Likewise in tray_folder. One that nobody has decided about stays until staff were told."},
    {"warning_days", SETTING_NUMBER, AT(RetentionSettings, warning_days), .unit = "days", .min = 1, .max = 365,
     .number = 14, .help = "An undecided mail is deleted at the earliest so long after the status began to say so."},
    {0},
};

static const Setting dns[] = {
    {"server", SETTING_IP, AT(DnsSettings, server), .example = "9.9.9.9",
     .help =
         "IP address of the name server to ask. Not set: those of the system. Where the names of the public body mean "
         "something else inside the house than outside, name one here that answers as the outside does."},
    {"port", SETTING_NUMBER, AT(DnsSettings, port), .min = 1, .max = 65535, .number = 53, .help = "Its port."},
    {0},
};

static const Setting logs[] = {
    {"level", SETTING_WORD, AT(LogSettings, level), .words = log_levels, .number = LOG_LEVEL_INFO,
     .help = "How much is told."},
    {0},
};

const SettingGroup setting_groups[] = {
    {"site", site, AT(Settings, site), .help = "Who sends."},
    {"store", store, AT(Settings, store), .help = "Where everything is kept."},
    {"files", files, AT(Settings, files), .help = "Files and folders beside the database."},
    {"relays", relays, AT(Settings, relays), sizeof(RelaySettings), .required = true,
     .help =
         "The mail servers that take our mail; at least one. With several, the work is shared; one that fails is left "
         "alone for a while, and the others take its mails."},
    {"providers", providers, AT(Settings, providers), sizeof(ProviderSettings), .spare = true,
     .help = "How fast the mail of some providers is handed to a relay. There is no need to name any: the relay has a "
             "queue, and a provider that says we are too fast is given half as much until it is content. Single mails, "
             "such as confirmations, do not wait."},
    {"mailboxes", mailboxes, AT(Settings, mailboxes), sizeof(MailboxSettings),
     .help = "The IMAP mailboxes to which bounces and replies come. Without one, nobody is suppressed and nobody can "
             "leave by mail."},
    {"quiet_hours", quiet_hours, AT(Settings, quiet_hours),
     .help =
         "When the mails of announcements wait, by the clock of site.zone. Urgent ones do not, nor do single mails, "
         "such as confirmations."},
    {"dkim", dkim, AT(Settings, dkim), sizeof(DkimSettings),
     .help =
         "Keys that sign our mails; all that fit the From address do, so an RSA and an Ed25519 key of one domain are "
         "two entries. Without one the relay should sign. To change keys: add an entry with a new selector, publish "
         "its record, restart, and take the old entry out; its record stays in DNS for a week."},
    {"sending", sending, AT(Settings, sending), .help = "When announcements go out."},
    {"retry", retry, AT(Settings, retry), .help = "What happens to a mail that is refused for now."},
    {"patience", patience, AT(Settings, patience),
     .help = "How long a mail is tried that is refused for now again and again; then it has failed. Only the pauses "
             "between its tries count, not the time for which a relay or this program was down."},
    {"uncertain", uncertain, AT(Settings, uncertain),
     .help = "What happens to a mail when the connection broke at the moment the relay may have taken it."},
    {"bounce", bounce, AT(Settings, bounce), .help = "When an address is given up."},
    {"inbox", inbox, AT(Settings, inbox),
     .help = "What happens to mails that people write (rundbrief list change NAME --contact ADDRESS)."},
    {"retention", retention, AT(Settings, retention),
     .help =
         "How long mails stay on the server that were read and moved. Only mails are deleted that Rundbrief has read "
         "itself; what others put into these folders stays."},
    {"dns", dns, AT(Settings, dns), .spare = true,
     .help = "Where DNS records are looked up. Mail goes to the relays as the system resolves their names."},
    {"log", logs, AT(Settings, log), .help = "What is told about the work, in the journal or on stderr."},
    {0},
};

const SettingGroup *setting_group_find(const char *name)
{
    for (const SettingGroup *group = setting_groups; group->name; group++)
        if (g_str_equal(group->name, name))
            return group;
    return NULL;
}

const Setting *setting_find(const SettingGroup *group, const char *name)
{
    for (const Setting *setting = group->settings; setting->name; setting++)
        if (g_str_equal(setting->name, name))
            return setting;
    return NULL;
}

bool setting_is_text(const Setting *setting)
{
    return setting->type < SETTING_WORD;
}

const char *setting_word(const Setting *setting, int value)
{
    const SettingWord *word = setting->words;
    while (word->value != value)
        word++;
    return word->word;
}
