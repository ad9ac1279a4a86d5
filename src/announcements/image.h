#pragma once
/* What the first bytes of an image tell without decoding it: its size in pixels and how the camera was held. Pure. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** Size of a PNG, JPEG, GIF or WebP image as its header claims; false when it claims none. */
bool image_size(const uint8_t *bytes, gsize length, guint *ret_width, guint *ret_height);

/** The orientation of an Exif block in a JPEG image, 1 to 8 (TIFF 6.0, tag 274); 1 when there is none. */
int image_orientation(const uint8_t *bytes, gsize length);
