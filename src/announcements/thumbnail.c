/* Photos by libgd. The size is read from the header and judged before libgd allocates anything; what libgd writes to
 * stderr about broken files is silenced: the error says it. */
#include "announcements/thumbnail.h"

/* rundbrief */
#include "announcements/gd_library.h"
#include "announcements/image.h"
#include "base/limits.h"

G_DEFINE_QUARK(rundbrief_thumbnail_error, thumbnail_error)

typedef struct gdImageStruct Image;

static const GdLibrary *gd; /* once thumbnail_make() has loaded it */

static void image_free(Image *image)
{
    gd->image_destroy(image);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)

static void G_GNUC_PRINTF(2, 0) be_silent(int priority, const char *format, va_list arguments)
{
    (void)priority;
    (void)format;
    (void)arguments;
}

static Image *decode(const void *bytes, gsize length, const char *media_type)
{
    const struct {
        const char *media_type;
        gdImagePtr (*decode)(int size, void *data);
    } decoders[] = {
        {"image/jpeg", gd->image_create_from_jpeg},
        {"image/png", gd->image_create_from_png},
        {"image/gif", gd->image_create_from_gif},
        {"image/webp", gd->image_create_from_webp},
    };
    gd->set_error_method(be_silent);
    for (gsize i = 0; i < G_N_ELEMENTS(decoders); i++)
        if (g_str_equal(media_type, decoders[i].media_type))
            return decoders[i].decode((int)length, (void *)bytes);
    return NULL;
}

/* Scaled to the given size, on white. */
static Image *scale(Image *image, int width, int height)
{
    Image *scaled = gd->image_create_true_color(width, height);
    gd->image_filled_rectangle(scaled, 0, 0, width - 1, height - 1, gdTrueColor(255, 255, 255));
    gd->image_copy_resampled(scaled, image, 0, 0, 0, 0, width, height, gdImageSX(image), gdImageSY(image));
    return scaled;
}

/* Turns an image as its Exif orientation asks for: 2 to 4 mirror and turn by half, 5 to 8 swap the axes as well. */
static Image *set_upright(Image *image, int orientation)
{
    bool swap = orientation >= 5;
    bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int width = gdImageSX(image), height = gdImageSY(image);
    Image *upright = gd->image_create_true_color(swap ? height : width, swap ? width : height);
    for (int y = 0; y < gdImageSY(upright); y++) {
        for (int x = 0; x < gdImageSX(upright); x++) {
            int from_x = swap ? y : x, from_y = swap ? x : y;
            gd->image_set_pixel(upright, x, y,
                                gd->image_get_true_color_pixel(image, from_right ? width - 1 - from_x : from_x,
                                                               from_below ? height - 1 - from_y : from_y));
        }
    }
    return upright;
}

/* As JPEG at falling quality until it fits; NULL when it never does. */
static GBytes *encode(Image *image)
{
    for (int quality = 82; quality >= 40; quality -= 7) {
        int size;
        void *jpeg = gd->image_jpeg(image, &size, quality);
        if (jpeg && size <= LIMIT_THUMBNAIL_BYTES) {
            GBytes *bytes = g_bytes_new(jpeg, (gsize)size);
            gd->free(jpeg);
            return bytes;
        }
        gd->free(jpeg);
    }
    return NULL;
}

static GBytes *shrink(Image *image, int orientation)
{
    int box_width = orientation >= 5 ? THUMBNAIL_HEIGHT : THUMBNAIL_WIDTH;
    int box_height = orientation >= 5 ? THUMBNAIL_WIDTH : THUMBNAIL_HEIGHT;
    double factor = MIN((double)box_width / gdImageSX(image), (double)box_height / gdImageSY(image));
    for (factor = MIN(factor, 1.0);; factor *= 0.8) {
        int width = MAX((int)(gdImageSX(image) * factor), 1), height = MAX((int)(gdImageSY(image) * factor), 1);
        g_autoptr(Image) scaled = scale(image, width, height);
        g_autoptr(Image) upright = set_upright(scaled, orientation);
        gd->image_interlace(upright, 1);
        GBytes *bytes = encode(upright);
        if (bytes || (width == 1 && height == 1))
            return bytes;
    }
}

static bool check_size(const void *bytes, gsize length, GError **error)
{
    guint width, height;
    if (length > LIMIT_MEDIUM_BYTES || !image_size(bytes, length, &width, &height)) {
        g_set_error(error, THUMBNAIL_ERROR, THUMBNAIL_ERROR_BROKEN, "the image is damaged: its size cannot be read");
        return false;
    }
    if ((uint64_t)width * height <= LIMIT_IMAGE_PIXELS)
        return true;
    g_set_error(error, THUMBNAIL_ERROR, THUMBNAIL_ERROR_TOO_LARGE,
                "the image has %u x %u pixels; at most %d million are allowed: make it smaller", width, height,
                LIMIT_IMAGE_PIXELS / (1000 * 1000));
    return false;
}

GBytes *thumbnail_make(const void *image, gsize length, const char *media_type, GError **error)
{
    if (!check_size(image, length, error) || !(gd = gd_library(error)))
        return NULL;
    g_autoptr(Image) decoded = decode(image, length, media_type);
    GBytes *thumbnail = decoded ? shrink(decoded, image_orientation(image, length)) : NULL;
    if (!thumbnail)
        g_set_error(error, THUMBNAIL_ERROR, THUMBNAIL_ERROR_BROKEN, "the image is damaged and cannot be shown");
    return thumbnail;
}
