/* Takes files in. Owns files.media_dir: a file there is complete, named by its content and never changed; nothing is
 * deleted. */
#include "announcements/media.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* libraries */
#include <glib/gstdio.h>

/* rundbrief */
#include "announcements/media_type.h"
#include "announcements/thumbnail.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

G_DEFINE_QUARK(rundbrief_media_error, media_error)

/* ---- reading: never out of the manuscript's folder --------------------------------------------------------------- */

static bool set_path_error(GError **error, const char *sentence)
{
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_PATH, "%s", sentence);
    return false;
}

static int open_failed(GError **error)
{
    if (errno == ELOOP || errno == ENOTDIR)
        set_path_error(error, "is, or leads through, a symbolic link; put the file itself beside the manuscript");
    else
        set_path_error(error, g_strerror(errno));
    return -1;
}

/* Opens the path step by step, so that no step leads out of the folder. */
static int open_beneath(const char *folder, const char *path, GError **error)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return open_failed(error);
    for (guint i = 0; steps[i]; i++) {
        bool last = !steps[i + 1];
        int next = openat(at, steps[i], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (last ? 0 : O_DIRECTORY));
        int reason = errno;
        close(at);
        errno = reason;
        if (next < 0)
            return open_failed(error);
        at = next;
    }
    return at;
}

static bool path_stays_below(const char *path, GError **error)
{
    g_autofree char *scheme = g_uri_parse_scheme(path);
    if (scheme)
        return set_path_error(
            error, "is a web address; media are files: save it into the folder of the manuscript and name it here");
    if (!*path || g_path_is_absolute(path))
        return set_path_error(error, "the path must begin in the folder of the manuscript, without '/' before it");
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    for (guint i = 0; steps[i]; i++)
        if (!*steps[i] || g_str_equal(steps[i], "..") || g_str_equal(steps[i], "."))
            return set_path_error(
                error, "the path must not hold '..' or '.'; put the file below the folder of the manuscript");
    return true;
}

static bool check_file(int fd, GError **error)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return set_path_error(error, "is not a plain file");
    if (status.st_size > 0 && status.st_size <= LIMIT_MEDIUM_BYTES)
        return true;
    if (status.st_size == 0)
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_SIZE, "the file is empty");
    else
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_SIZE, "the file is larger than %d MB",
                    LIMIT_MEDIUM_BYTES / (1000 * 1000));
    return false;
}

static GBytes *read_all(int fd, GError **error)
{
    GString *content = g_string_new(NULL);
    char chunk[16 * 1024];
    ssize_t got;
    while ((got = file_read(fd, chunk, sizeof chunk)) > 0 &&
           text_append_limited(content, chunk, (gsize)got, LIMIT_MEDIUM_BYTES))
        continue;
    if (got == 0)
        return g_string_free_to_bytes(content);
    set_path_error(error, got < 0 ? g_strerror(errno) : "the file grows while it is read");
    g_string_free(content, TRUE);
    return NULL;
}

static GBytes *read_medium(const char *manuscript, const char *path, GError **error)
{
    if (!path_stays_below(path, error))
        return NULL;
    g_autofree char *folder = g_path_get_dirname(manuscript);
    int fd = open_beneath(folder, path, error);
    if (fd < 0)
        return NULL;
    GBytes *bytes = check_file(fd, error) ? read_all(fd, error) : NULL;
    close(fd);
    return bytes;
}

/* ---- judging ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *media_type;
    const char *endings; /* the first is the usual one */
} endings[] = {
    {"image/jpeg", ".jpg .jpeg .jpe"},
    {"image/png", ".png"},
    {"image/gif", ".gif"},
    {"image/webp", ".webp"},
    {"application/pdf", ".pdf"},
    {"application/vnd.oasis.opendocument.text", ".odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", ".ods"},
    {"application/vnd.oasis.opendocument.presentation", ".odp"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"},
};

/* People, and their mail programs, go by the ending: it must not say another type than the content does. */
static bool check_name(const char *name, const char *media_type, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (!g_str_equal(endings[i].media_type, media_type))
            continue;
        g_auto(GStrv) allowed = g_strsplit(endings[i].endings, " ", -1);
        for (guint j = 0; allowed[j]; j++)
            if (g_str_has_suffix(lower, allowed[j]))
                return true;
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TYPE, "the content is %s; let its name end in %s", media_type,
                    allowed[0]);
        return false;
    }
    return true;
}

static bool check_attachment(const Medium *medium, GError **error)
{
    if (!medium->attached)
        return true;
    if (g_str_has_prefix(medium->media_type, "image/")) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TYPE,
                    "photos travel as a small picture in the mail and are offered in full size; only documents can be "
                    "attached");
        return false;
    }
    if (medium->size <= LIMIT_ATTACHMENT_BYTES)
        return true;
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_SIZE,
                "has %" G_GINT64_FORMAT " kB; a document of at most %d kB can be attached", medium->size / 1000,
                LIMIT_ATTACHMENT_BYTES / 1000);
    return false;
}

static bool judge(const char *path, GBytes *bytes, Medium *medium, GError **error)
{
    gsize length;
    const void *content = g_bytes_get_data(bytes, &length);
    const char *media_type = media_type_of(content, length);
    if (!media_type) {
        g_set_error(
            error, MEDIA_ERROR, MEDIA_ERROR_TYPE,
            "is none of the types that can be offered: JPEG, PNG, GIF, WebP, PDF, OpenDocument, Office Open XML "
            "without macros");
        return false;
    }
    g_free(medium->file_name);
    g_free(medium->media_type);
    medium->file_name = g_path_get_basename(path);
    medium->media_type = g_strdup(media_type);
    medium->size = (int64_t)length;
    if (!check_name(medium->file_name, media_type, error) || !check_attachment(medium, error))
        return false;
    if (!g_str_has_prefix(media_type, "image/"))
        return true;
    g_clear_pointer(&medium->thumbnail, g_bytes_unref);
    medium->thumbnail = thumbnail_make(content, length, media_type, error);
    return medium->thumbnail != NULL;
}

/* ---- keeping ----------------------------------------------------------------------------------------------------- */

static bool set_store_error(GError **error, const char *path)
{
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_STORE, "%s cannot be written: %s", path, g_strerror(errno));
    return false;
}

/* What root takes in is read by the service, which is not root: it gets the owner of the folder it lies in. */
static bool give_to_owner_of(int fd, const char *folder)
{
    struct stat status;
    return geteuid() != 0 || (stat(folder, &status) == 0 && fchown(fd, status.st_uid, status.st_gid) == 0);
}

static bool write_all(int fd, GBytes *bytes)
{
    gsize length;
    const char *content = g_bytes_get_data(bytes, &length);
    while (length) {
        ssize_t written = write(fd, content, length);
        if (written < 0 && errno != EINTR)
            return false;
        content += MAX(written, 0);
        length -= (gsize)MAX(written, 0);
    }
    return fchmod(fd, 0640) == 0 && fsync(fd) == 0;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

/* Under another name first: whoever finds the file under its hash finds all of it. */
static bool write_under(const char *folder, const char *path, GBytes *bytes, GError **error)
{
    g_autofree char *draft = g_build_filename(folder, "incoming-XXXXXX", NULL);
    int fd = g_mkstemp_full(draft, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return set_store_error(error, folder);
    bool written = write_all(fd, bytes) && give_to_owner_of(fd, folder);
    int reason = errno;
    close(fd);
    errno = reason;
    if (written && rename(draft, path) == 0 && sync_folder(folder))
        return true;
    set_store_error(error, path);
    g_unlink(draft);
    return false;
}

static bool make_folder(const char *folder)
{
    if (g_file_test(folder, G_FILE_TEST_IS_DIR))
        return true;
    g_autofree char *parent = g_path_get_dirname(folder);
    if (g_mkdir_with_parents(folder, 0750) < 0)
        return false;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool given = fd >= 0 && give_to_owner_of(fd, parent);
    if (fd >= 0)
        close(fd);
    return given;
}

static bool keep(const char *media_dir, GBytes *bytes, Medium *medium, GError **error)
{
    if (!make_folder(media_dir))
        return set_store_error(error, media_dir);
    g_free(medium->sha256);
    medium->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    g_autofree char *path = g_build_filename(media_dir, medium->sha256, NULL);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) || write_under(media_dir, path, bytes, error);
}

bool media_take(const char *manuscript, const char *path, const char *media_dir, Medium *medium, GError **error)
{
    g_autoptr(GBytes) bytes = read_medium(manuscript, path, error);
    return bytes && judge(path, bytes, medium, error) && keep(media_dir, bytes, medium, error);
}
