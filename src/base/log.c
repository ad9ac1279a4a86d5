/* Log sink: journald's native protocol through libsystemd when our stderr is the journal, otherwise one line of text
 * on stderr. The level and the role name are, with the clock, the only process-wide state of the program. */
#include "base/log.h"

/* system */
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* libraries */
#include <systemd/sd-journal.h>

static const char *log_role = "rundbrief";
static LogLevel log_level = LOG_LEVEL_INFO;

void log_configure(const char *role, LogLevel level)
{
    log_role = g_intern_string(role);
    log_level = level;
}

/* systemd sets JOURNAL_STREAM=device:inode of the stream it connected (systemd.exec(5)). */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;
    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &status) == 0 &&
           status.st_dev == device && status.st_ino == inode;
}

static void add_entry(GPtrArray *entries, const char *name, const char *value)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    g_ptr_array_add(entries, g_strdup_printf("%s=%s", upper, value));
}

static void write_journal(LogLevel level, const char *event, const LogField *fields, const char *sentence)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *priority = g_strdup_printf("%d", level);
    add_entry(entries, "PRIORITY", priority);
    add_entry(entries, "MESSAGE", sentence);
    add_entry(entries, "RUNDBRIEF_EVENT", event);
    add_entry(entries, "RUNDBRIEF_ROLE", log_role);
    for (; fields && fields->name; fields++) {
        g_autofree char *name = g_strconcat("rundbrief_", fields->name, NULL);
        g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, fields->number);
        add_entry(entries, name, fields->text ? fields->text : number);
    }
    g_autofree struct iovec *vector = g_new0(struct iovec, entries->len);
    for (guint i = 0; i < entries->len; i++)
        vector[i] = (struct iovec){entries->pdata[i], strlen(entries->pdata[i])};
    sd_journal_sendv(vector, (int)entries->len);
}

static const char *level_word(LogLevel level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error: ";
    case LOG_LEVEL_WARNING:
        return "warning: ";
    case LOG_LEVEL_INFO:
        return "";
    case LOG_LEVEL_DEBUG:
        return "debug: ";
    }
    return "";
}

static void write_stderr(LogLevel level, const char *event, const LogField *fields, const char *sentence)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "%s %s: %s%s [%s", time, log_role, level_word(level), sentence, event);
    for (; fields && fields->name; fields++) {
        if (fields->text)
            g_string_append_printf(line, " %s=%s", fields->name, fields->text);
        else
            g_string_append_printf(line, " %s=%" G_GINT64_FORMAT, fields->name, fields->number);
    }
    g_strdelimit(line->str, "\r\n", ' '); /* also in fields */
    g_string_append(line, "]\n");
    /* One write: lines of several roles on one terminal do not mix. A failed log write has nowhere to be told. */
    if (write(STDERR_FILENO, line->str, line->len) < 0)
        return;
}

G_GNUC_PRINTF(4, 0)
static void say(LogLevel level, const char *event, const LogField *fields, const char *format, va_list arguments)
{
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    g_strdelimit(sentence, "\r\n", ' ');
    if (stderr_is_journal())
        write_journal(level, event, fields, sentence);
    else
        write_stderr(level, event, fields, sentence);
}

void log_event(LogLevel level, const char *event, const LogField *fields, const char *format, ...)
{
    if (level > log_level)
        return;
    va_list arguments;
    va_start(arguments, format);
    say(level, event, fields, format, arguments);
    va_end(arguments);
}

void log_debug(const char *format, ...)
{
    if (log_level < LOG_LEVEL_DEBUG)
        return;
    va_list arguments;
    va_start(arguments, format);
    say(LOG_LEVEL_DEBUG, "debug", NULL, format, arguments);
    va_end(arguments);
}
