/* rundbrief subscriber export: people as CSV or JSON,
 * to standard output or into a new file that only its owner reads. */
#include "cli/cmd_subscriber.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* rundbrief */
#include "subscribers/export.h"

static bool put(void *data, const char *bytes, gsize length, GError **error)
{
    int fd = GPOINTER_TO_INT(data);
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s",
                        g_strerror(errno));
            return false;
        }
        bytes += written;
        length -= (gsize)written;
    }
    return true;
}

static bool read_separator(const SubscriberCall *call, char *ret)
{
    const char *text = call->options.separator ? call->options.separator : ";";
    *ret = g_str_equal(text, "tab") || g_str_equal(text, "\\t") ? '\t' : *text;
    return (*text && !text[1] && strchr(";,\t", *text)) || *ret == '\t';
}

/* -1 after it has said why. */
static int open_output(const char *path)
{
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : dup(STDOUT_FILENO);
    if (fd < 0)
        command_fail(&command_subscriber, EXIT_USAGE, "%s: %s", path ? path : "standard output", g_strerror(errno));
    return fd;
}

static int write_people(const SubscriberCall *call, ExportJob *job)
{
    g_autoptr(GError) error = NULL;
    const char *path = call->options.output;
    int64_t people;
    int fd = open_output(path);
    if (fd < 0)
        return EXIT_USAGE;
    job->put = put;
    job->data = GINT_TO_POINTER(fd);
    bool done = export_run(call->context.db, job, &people, &error);
    if (close(fd) != 0 && done) {
        done = false;
        g_set_error(&error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the export: %s",
                    g_strerror(errno));
    }
    if (!done)
        return subscriber_fail(error);
    if (path)
        printf("%" G_GINT64_FORMAT " people written to %s.\n", people, path);
    return EXIT_GOOD;
}

int subscriber_export(const SubscriberCall *call, const char *argument)
{
    (void)argument;
    int code = EXIT_GOOD;
    const SubscriberOptions *options = &call->options;
    ExportJob job = {.zone = call->context.settings->site.zone, .json = call->common.json};
    g_autoptr(MailingList) list = options->list ? subscriber_call_list(call, &code) : NULL;
    if (code != EXIT_GOOD)
        return code;
    if (!read_separator(call, &job.separator))
        return subscriber_usage("--separator takes ';' or ',' or tab");
    if (!subscriber_call_state(call, &job.state, &job.has_state))
        return EXIT_USAGE;
    job.list = list;
    if (list && !options->state) {
        job.has_state = true;
        job.state = SUBSCRIPTION_ACTIVE;
    }
    return write_people(call, &job);
}
