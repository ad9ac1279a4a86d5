#include "announcements/gd_library.h"

/* system */
#include <dlfcn.h>
#include <stdbool.h>

/* rundbrief */
#include "announcements/thumbnail.h"

#define SONAME "libgd.so.3"

static GdLibrary library;

static const struct {
    const char *name;
    void **place;
} functions[] = {
    {"gdImageCreateFromJpegPtr", (void **)&library.image_create_from_jpeg},
    {"gdImageCreateFromPngPtr", (void **)&library.image_create_from_png},
    {"gdImageCreateFromGifPtr", (void **)&library.image_create_from_gif},
    {"gdImageCreateFromWebpPtr", (void **)&library.image_create_from_webp},
    {"gdImageCreateTrueColor", (void **)&library.image_create_true_color},
    {"gdImageFilledRectangle", (void **)&library.image_filled_rectangle},
    {"gdImageCopyResampled", (void **)&library.image_copy_resampled},
    {"gdImageGetTrueColorPixel", (void **)&library.image_get_true_color_pixel},
    {"gdImageSetPixel", (void **)&library.image_set_pixel},
    {"gdImageInterlace", (void **)&library.image_interlace},
    {"gdImageJpegPtr", (void **)&library.image_jpeg},
    {"gdImageDestroy", (void **)&library.image_destroy},
    {"gdSetErrorMethod", (void **)&library.set_error_method},
    {"gdFree", (void **)&library.free},
};

static bool find_functions(void *handle)
{
    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
        if (!(*functions[i].place = dlsym(handle, functions[i].name)))
            return false;
    return true;
}

const GdLibrary *gd_library(GError **error)
{
    static bool is_loaded;
    if (is_loaded)
        return &library;
    void *handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
    is_loaded = handle && find_functions(handle);
    if (is_loaded)
        return &library;
    g_set_error(error, THUMBNAIL_ERROR, THUMBNAIL_ERROR_NO_LIBRARY,
                "pictures need libgd, which cannot be loaded (%s): install the package libgd3", dlerror());
    return NULL;
}
