/* announcements/media: only plain files from below the manuscript's folder, known by their content, kept once and
 * whole; thumbnails that fit into a mail. */
#include "announcements/media.h"

/* system */
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* libraries */
#include <gd.h>
#include <glib/gstdio.h>

/* rundbrief */
#include "announcements/image.h"
#include "announcements/media_type.h"
#include "announcements/thumbnail.h"
#include "base/limits.h"

typedef struct Fixture {
    char *dir;
    char *manuscript;
    char *media_dir;
    Medium *medium;
    Announcement *announcement;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->dir = g_dir_make_tmp("rundbrief-media-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(f->dir, "in", "bilder", NULL);
    g_mkdir_with_parents(folder, 0755);
    f->manuscript = g_build_filename(f->dir, "in", "a.md", NULL);
    f->media_dir = g_build_filename(f->dir, "media", NULL);
    f->announcement = announcement_new();
    f->medium = announcement_add_medium(f->announcement);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    g_remove(path);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    remove_tree(f->dir);
    announcement_free(f->announcement);
    g_free(f->dir);
    g_free(f->manuscript);
    g_free(f->media_dir);
}

static void put(Fixture *f, const char *name, const void *content, gsize length)
{
    g_autofree char *path = g_build_filename(f->dir, "in", name, NULL);
    g_assert_true(g_file_set_contents(path, content, (gssize)length, NULL));
}

static void assert_refused(Fixture *f, const char *path, int code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_test_message("%s: %s", path, says);
    g_assert_false(media_take(f->manuscript, path, f->media_dir, f->medium, &error));
    g_assert_error(error, MEDIA_ERROR, code);
    g_assert_nonnull(strstr(error->message, says));
}

/* A picture in which every pixel differs from its neighbours: nothing compresses worse. */
static gdImagePtr make_noise(int width, int height)
{
    gdImagePtr image = gdImageCreateTrueColor(width, height);
    guint32 seed = 1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            seed = seed * 1664525 + 1013904223;
            gdImageSetPixel(image, x, y, (int)(seed >> 8));
        }
    return image;
}

static GBytes *encoded(gdImagePtr image, void *(*encode)(gdImagePtr, int *))
{
    int size;
    void *bytes = encode(image, &size);
    GBytes *copy = g_bytes_new(bytes, (gsize)size);
    gdFree(bytes);
    gdImageDestroy(image);
    return copy;
}

static void *as_jpeg(gdImagePtr image, int *ret_size)
{
    return gdImageJpegPtr(image, ret_size, 95);
}

static void *as_webp(gdImagePtr image, int *ret_size)
{
    return gdImageWebpPtr(image, ret_size);
}

static void put_bytes(Fixture *f, const char *name, GBytes *bytes)
{
    put(f, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void a_photo_is_taken(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) png = encoded(make_noise(40, 30), gdImagePngPtr);
    put_bytes(f, "bilder/Brücke.png", png);
    g_assert_true(media_take(f->manuscript, "bilder/Brücke.png", f->media_dir, f->medium, &error));
    g_assert_no_error(error);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, png);
    g_assert_cmpstr(f->medium->sha256, ==, hash);
    g_assert_cmpstr(f->medium->file_name, ==, "Brücke.png");
    g_assert_cmpstr(f->medium->media_type, ==, "image/png");
    g_assert_cmpint(f->medium->size, ==, g_bytes_get_size(png));
    g_assert_nonnull(f->medium->thumbnail);
    g_autofree char *kept = g_build_filename(f->media_dir, hash, NULL);
    g_autofree char *content = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(kept, &content, &length, NULL));
    g_assert_cmpmem(content, length, g_bytes_get_data(png, NULL), g_bytes_get_size(png));
    struct stat status;
    g_assert_cmpint(stat(kept, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 07777, ==, 0640);
    /* The same again: the same file, and nothing else beside it. */
    g_assert_true(media_take(f->manuscript, "bilder/Brücke.png", f->media_dir, f->medium, &error));
    g_autoptr(GDir) dir = g_dir_open(f->media_dir, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(dir), ==, hash);
    g_assert_null(g_dir_read_name(dir));
}

static void paths_that_lead_elsewhere_are_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *secret = g_build_filename(f->dir, "secret.pdf", NULL);
    g_assert_true(g_file_set_contents(secret, "%PDF-1.4 secret", -1, NULL));
    g_autofree char *file_link = g_build_filename(f->dir, "in", "link.pdf", NULL);
    g_autofree char *folder_link = g_build_filename(f->dir, "in", "up", NULL);
    g_autofree char *pipe = g_build_filename(f->dir, "in", "pipe.pdf", NULL);
    g_assert_cmpint(symlink(secret, file_link), ==, 0);
    g_assert_cmpint(symlink("..", folder_link), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    assert_refused(f, "../secret.pdf", MEDIA_ERROR_PATH, "must not hold '..'");
    assert_refused(f, "bilder/../../secret.pdf", MEDIA_ERROR_PATH, "must not hold '..'");
    assert_refused(f, secret, MEDIA_ERROR_PATH, "without '/' before it");
    assert_refused(f, "https://x.example/a.png", MEDIA_ERROR_PATH, "is a web address");
    assert_refused(f, "", MEDIA_ERROR_PATH, "must begin in the folder");
    assert_refused(f, "link.pdf", MEDIA_ERROR_PATH, "symbolic link");
    assert_refused(f, "up/secret.pdf", MEDIA_ERROR_PATH, "symbolic link");
    assert_refused(f, "pipe.pdf", MEDIA_ERROR_PATH, "not a plain file");
    assert_refused(f, "bilder", MEDIA_ERROR_PATH, "not a plain file");
    assert_refused(f, "missing.pdf", MEDIA_ERROR_PATH, "No such file");
}

static void content_and_name_must_agree(Fixture *f, gconstpointer data)
{
    (void)data;
    put(f, "a.png", "%PDF-1.4", 8);
    put(f, "a.txt", "plain text", 10);
    put(f, "a.pdf", "", 0);
    assert_refused(f, "a.png", MEDIA_ERROR_TYPE, "let its name end in .pdf");
    assert_refused(f, "a.txt", MEDIA_ERROR_TYPE, "none of the types");
    assert_refused(f, "a.pdf", MEDIA_ERROR_SIZE, "empty");
}

static void only_small_documents_are_attached(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_strnfill(LIMIT_ATTACHMENT_BYTES + 1, ' ');
    memcpy(large, "%PDF-1.4", 8);
    put(f, "large.pdf", large, LIMIT_ATTACHMENT_BYTES + 1);
    put(f, "fits.pdf", large, LIMIT_ATTACHMENT_BYTES);
    g_autoptr(GBytes) png = encoded(make_noise(4, 3), gdImagePngPtr);
    put_bytes(f, "a.png", png);
    f->medium->attached = true;
    assert_refused(f, "large.pdf", MEDIA_ERROR_SIZE, "at most 500 kB");
    assert_refused(f, "a.png", MEDIA_ERROR_TYPE, "only documents can be attached");
    g_assert_true(media_take(f->manuscript, "fits.pdf", f->media_dir, f->medium, &error));
    g_assert_null(f->medium->thumbnail);
    f->medium->attached = false;
    g_assert_true(media_take(f->manuscript, "large.pdf", f->media_dir, f->medium, &error));
}

#define ZIP_HEAD "PK\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct {
    const char *name;
    const char *bytes;
    gsize length;
    const char *media_type;
} types[] = {
#define TYPE(name, bytes, media_type)                                                                                  \
    {                                                                                                                  \
        name, bytes, sizeof(bytes) - 1, media_type                                                                     \
    }
    TYPE("JPEG", "\xff\xd8\xff\xe0", "image/jpeg"),
    TYPE("GIF", "GIF89a", "image/gif"),
    TYPE("WebP", "RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    TYPE("PDF", "%PDF-1.7", "application/pdf"),
    TYPE("ODT", ZIP_HEAD "mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    TYPE("DOCX", ZIP_HEAD "w\0word/document.xml",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    TYPE("DOCX with macros", ZIP_HEAD "word/document.xml word/vbaProject.bin", NULL),
    TYPE("any zip", ZIP_HEAD "evil.exe", NULL),
    TYPE("part name at the very end", ZIP_HEAD "word/document.xm", NULL),
    TYPE("empty", "", NULL),
    TYPE("short", "%PD", NULL),
    TYPE("program",
         "\x7f"
         "ELF",
         NULL),
    TYPE("HTML", "<html><script>", NULL),
    TYPE("SVG", "<svg xmlns=", NULL),
#undef TYPE
};

static void types_are_known_by_content(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_test_message("%s", types[i].name);
        g_autofree char *exact = types[i].length ? g_memdup2(types[i].bytes, types[i].length) : NULL;
        g_assert_cmpstr(media_type_of(exact ? exact : "", types[i].length), ==, types[i].media_type);
    }
}

static void assert_thumbnail(GBytes *image, const char *media_type, guint width, guint height)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes)
        thumbnail = thumbnail_make(g_bytes_get_data(image, NULL), g_bytes_get_size(image), media_type, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(thumbnail), <=, LIMIT_THUMBNAIL_BYTES);
    guint got_width, got_height;
    g_assert_true(image_size(g_bytes_get_data(thumbnail, NULL), g_bytes_get_size(thumbnail), &got_width, &got_height));
    g_assert_cmpuint(got_width, ==, width);
    g_assert_cmpuint(got_height, ==, height);
}

static void thumbnails_fit_into_a_mail(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    g_autoptr(GBytes) plain = encoded(gdImageCreateTrueColor(3000, 2000), as_jpeg);
    assert_thumbnail(plain, "image/jpeg", 600, 400);
    g_autoptr(GBytes) tall = encoded(gdImageCreateTrueColor(1000, 2000), gdImagePngPtr);
    assert_thumbnail(tall, "image/png", 400, 800);
    g_autoptr(GBytes) small = encoded(gdImageCreateTrueColor(60, 40), gdImageGifPtr);
    assert_thumbnail(small, "image/gif", 60, 40);
    g_autoptr(GBytes) webp = encoded(gdImageCreateTrueColor(1200, 600), as_webp);
    assert_thumbnail(webp, "image/webp", 600, 300);
    g_autoptr(GBytes) noise = encoded(make_noise(900, 900), gdImagePngPtr);
    g_autoptr(GBytes)
        thumbnail = thumbnail_make(g_bytes_get_data(noise, NULL), g_bytes_get_size(noise), "image/png", NULL);
    g_assert_cmpuint(g_bytes_get_size(thumbnail), <=, LIMIT_THUMBNAIL_BYTES);
}

/* What a camera held sideways writes: an Exif block with only the orientation, put behind the JPEG's first marker. */
static GBytes *with_orientation(GBytes *jpeg, guint8 orientation)
{
    guint8 exif[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, 42, 0, 0, 0, 8,
                     0,    1,    1, 18, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,  0, 0, 0, 0};
    gsize length;
    const guint8 *bytes = g_bytes_get_data(jpeg, &length);
    GByteArray *joined = g_byte_array_new();
    g_byte_array_append(joined, bytes, 2);
    g_byte_array_append(joined, exif, sizeof exif);
    g_byte_array_append(joined, bytes + 2, (guint)length - 2);
    return g_byte_array_free_to_bytes(joined);
}

/* Top left red, top right green, bottom left blue, bottom right white: which corner is red or green when it stands
 * upright? */
static GBytes *four_corners(void)
{
    gdImagePtr image = gdImageCreateTrueColor(200, 100);
    gdImageFilledRectangle(image, 0, 0, 99, 49, 0xff0000);
    gdImageFilledRectangle(image, 100, 0, 199, 49, 0x00ff00);
    gdImageFilledRectangle(image, 0, 50, 99, 99, 0x0000ff);
    gdImageFilledRectangle(image, 100, 50, 199, 99, 0xffffff);
    return encoded(image, as_jpeg);
}

static char corner_colour(gdImagePtr image, bool right, bool below)
{
    int width = gdImageSX(image), height = gdImageSY(image);
    int colour = gdImageGetTrueColorPixel(image, right ? width * 3 / 4 : width / 4,
                                          below ? height * 3 / 4 : height / 4);
    bool red = gdTrueColorGetRed(colour) > 128, green = gdTrueColorGetGreen(colour) > 128;
    return red && green ? 'w' : red ? 'r' : green ? 'g' : 'b';
}

static void photos_stand_upright(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    /* top left, top right, bottom left, bottom right for orientation 1 to 8 */
    static const char *const wanted[] = {"rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"};
    g_autoptr(GBytes) picture = four_corners();
    for (guint8 orientation = 1; orientation <= 8; orientation++) {
        g_autoptr(GBytes) turned = with_orientation(picture, orientation);
        g_autoptr(GBytes)
            thumbnail = thumbnail_make(g_bytes_get_data(turned, NULL), g_bytes_get_size(turned), "image/jpeg", NULL);
        g_assert_nonnull(thumbnail);
        gdImagePtr image = gdImageCreateFromJpegPtr((int)g_bytes_get_size(thumbnail),
                                                    (void *)g_bytes_get_data(thumbnail, NULL));
        g_assert_nonnull(image);
        char corners[] = {corner_colour(image, false, false), corner_colour(image, true, false),
                          corner_colour(image, false, true), corner_colour(image, true, true), '\0'};
        g_test_message("orientation %u", orientation);
        g_assert_cmpstr(corners, ==, wanted[orientation - 1]);
        gdImageDestroy(image);
    }
}

static void images_that_claim_too_much_are_refused(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    g_autoptr(GBytes) png = encoded(make_noise(10, 10), gdImagePngPtr);
    g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(png, NULL), g_bytes_get_size(png));
    bytes[17] = bytes[21] = 1; /* 65546 x 65546 */
    g_autoptr(GError) error = NULL;
    g_assert_null(thumbnail_make(bytes, g_bytes_get_size(png), "image/png", &error));
    g_assert_error(error, THUMBNAIL_ERROR, THUMBNAIL_ERROR_TOO_LARGE);
    g_assert_nonnull(strstr(error->message, "65546 x 65546"));
}

static void broken_images_are_refused_wherever_they_break(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    g_autoptr(GBytes) picture = four_corners();
    g_autoptr(GBytes) jpeg = with_orientation(picture, 6);
    for (gsize length = 0; length < 200; length++) {
        g_autofree guint8 *cut = g_memdup2(g_bytes_get_data(jpeg, NULL), length);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) thumbnail = thumbnail_make(cut ? cut : (const guint8 *)"", length, "image/jpeg", &error);
        g_assert_true(!thumbnail == !!error);
        g_assert_cmpint(image_orientation(cut ? cut : (const guint8 *)"", length), <=, 8);
    }
}

/* True when somebody who is neither root nor in root's group can read the file. */
static bool is_readable_by(uid_t user, const char *path)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        bool became = setgroups(0, NULL) == 0 && setgid(user) == 0 && setuid(user) == 0;
        _exit(!became ? 2 : access(path, R_OK) == 0 ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0;
}

/* The administrator adds an announcement as root; the service that sends it is somebody else. */
static void what_root_takes_in_the_service_can_read(Fixture *f, gconstpointer data)
{
    static const uid_t service = 65534;
    bool folder_is_there = GPOINTER_TO_INT(data);
    if (geteuid() != 0) {
        g_test_skip("needs root: gives a file to somebody else");
        return;
    }
    g_assert_cmpint(chmod(f->dir, 0711), ==, 0);
    g_assert_cmpint(folder_is_there ? g_mkdir(f->media_dir, 0750) : 0, ==, 0);
    g_assert_cmpint(chown(folder_is_there ? f->media_dir : f->dir, service, service), ==, 0);
    put(f, "plan.pdf", "%PDF-1.4\n%%EOF\n", 15);
    g_autoptr(GError) error = NULL;
    media_take(f->manuscript, "plan.pdf", f->media_dir, f->medium, &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(f->media_dir, f->medium->sha256, NULL);
    g_assert_true(is_readable_by(service, path));
    g_assert_false(is_readable_by(service - 1, path));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/media/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(a_photo_is_taken);
    TEST(paths_that_lead_elsewhere_are_refused);
    TEST(content_and_name_must_agree);
    TEST(only_small_documents_are_attached);
    TEST(types_are_known_by_content);
    TEST(thumbnails_fit_into_a_mail);
    TEST(photos_stand_upright);
    TEST(images_that_claim_too_much_are_refused);
    TEST(broken_images_are_refused_wherever_they_break);
    g_test_add("/media/what_root_takes_in_the_service_can_read", Fixture, GINT_TO_POINTER(1), set_up,
               what_root_takes_in_the_service_can_read, tear_down);
    g_test_add("/media/what_root_takes_in_into_a_new_folder", Fixture, NULL, set_up,
               what_root_takes_in_the_service_can_read, tear_down);
    return g_test_run();
}
