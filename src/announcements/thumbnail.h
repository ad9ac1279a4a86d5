#pragma once
/* A small JPEG of a photo, fit to travel in every mail. */
#include <glib.h>

#define THUMBNAIL_ERROR (thumbnail_error_quark())
GQuark thumbnail_error_quark(void);
enum {
    THUMBNAIL_ERROR_TOO_LARGE, /* more pixels than LIMIT_IMAGE_PIXELS */
    THUMBNAIL_ERROR_BROKEN,    /* cannot be decoded */
    THUMBNAIL_ERROR_NO_LIBRARY,
};

#define THUMBNAIL_WIDTH  600
#define THUMBNAIL_HEIGHT 800

/** Makes a JPEG of at most LIMIT_THUMBNAIL_BYTES that fits into THUMBNAIL_WIDTH x THUMBNAIL_HEIGHT, upright, on white
 * where the image is transparent, without the camera's notes (place and time). media_type: image/png, image/jpeg,
 * image/gif or image/webp. NULL and error otherwise. Caller unrefs. */
GBytes *thumbnail_make(const void *image, gsize length, const char *media_type, GError **error);
