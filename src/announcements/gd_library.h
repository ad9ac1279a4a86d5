#pragma once
/* libgd, loaded when the first picture comes: it brings 45 libraries, for HEIF, AVIF and X11, which cost each start of
 * the program 20 ms and each role megabytes, and only those who add a picture need them. */
#include <gd.h>
#include <glib.h>

/** The functions of libgd that we use, under its own names and types. */
typedef struct GdLibrary {
    __typeof__(gdImageCreateFromJpegPtr) *image_create_from_jpeg;
    __typeof__(gdImageCreateFromPngPtr) *image_create_from_png;
    __typeof__(gdImageCreateFromGifPtr) *image_create_from_gif;
    __typeof__(gdImageCreateFromWebpPtr) *image_create_from_webp;
    __typeof__(gdImageCreateTrueColor) *image_create_true_color;
    __typeof__(gdImageFilledRectangle) *image_filled_rectangle;
    __typeof__(gdImageCopyResampled) *image_copy_resampled;
    __typeof__(gdImageGetTrueColorPixel) *image_get_true_color_pixel;
    __typeof__(gdImageSetPixel) *image_set_pixel;
    __typeof__(gdImageInterlace) *image_interlace;
    __typeof__(gdImageJpegPtr) *image_jpeg;
    __typeof__(gdImageDestroy) *image_destroy;
    __typeof__(gdSetErrorMethod) *set_error_method;
    __typeof__(gdFree) *free;
} GdLibrary;

/** NULL with THUMBNAIL_ERROR_NO_LIBRARY when it is not installed; else it stays until the program ends. */
const GdLibrary *gd_library(GError **error);
