/* Reads headers of image files byte by byte, never behind their end, before libgd is trusted with them. */
#include "announcements/image.h"

/* A view of bytes that answers 0 behind its end. */
typedef struct Bytes {
    const uint8_t *at;
    gsize length;
} Bytes;

static guint byte_at(const Bytes *bytes, gsize offset)
{
    return offset < bytes->length ? bytes->at[offset] : 0;
}

static guint big16(const Bytes *bytes, gsize offset)
{
    return byte_at(bytes, offset) << 8 | byte_at(bytes, offset + 1);
}

static guint little16(const Bytes *bytes, gsize offset)
{
    return byte_at(bytes, offset) | byte_at(bytes, offset + 1) << 8;
}

static guint little24(const Bytes *bytes, gsize offset)
{
    return little16(bytes, offset) | byte_at(bytes, offset + 2) << 16;
}

static guint big32(const Bytes *bytes, gsize offset)
{
    return big16(bytes, offset) << 16 | big16(bytes, offset + 2);
}

static bool has(const Bytes *bytes, gsize offset, const char *text, gsize length)
{
    return offset + length <= bytes->length && memcmp(bytes->at + offset, text, length) == 0;
}

/* Finds the first JPEG segment that a test accepts; its content begins at *ret_offset. Segments:
 * ITU-T T.81, B.1.1.4. */
static bool find_segment(const Bytes *jpeg, bool (*wanted)(guint marker), gsize *ret_offset, gsize *ret_length)
{
    gsize offset = 2;
    while (offset + 4 <= jpeg->length && byte_at(jpeg, offset) == 0xff) {
        guint marker = byte_at(jpeg, offset + 1);
        if (marker == 0xff) { /* fill byte */
            offset++;
            continue;
        }
        gsize length = big16(jpeg, offset + 2);
        if (marker == 0xda || length < 2)
            return false;
        if (wanted(marker)) {
            *ret_offset = offset + 4;
            *ret_length = length - 2;
            return true;
        }
        offset += 2 + length;
    }
    return false;
}

/* SOF0 to SOF15 but DHT, JPG and DAC: where height and width stand. */
static bool is_frame(guint marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static bool jpeg_size(const Bytes *jpeg, guint *ret_width, guint *ret_height)
{
    gsize offset, length;
    if (!find_segment(jpeg, is_frame, &offset, &length) || length < 6)
        return false;
    *ret_height = big16(jpeg, offset + 1);
    *ret_width = big16(jpeg, offset + 3);
    return true;
}

/* RFC 9649: extended, lossless or lossy. */
static bool webp_size(const Bytes *webp, guint *ret_width, guint *ret_height)
{
    if (has(webp, 12, "VP8X", 4)) {
        *ret_width = little24(webp, 24) + 1;
        *ret_height = little24(webp, 27) + 1;
    } else if (has(webp, 12, "VP8L", 4)) {
        guint bits = little24(webp, 21) | byte_at(webp, 24) << 24;
        *ret_width = (bits & 0x3fff) + 1;
        *ret_height = (bits >> 14 & 0x3fff) + 1;
    } else if (has(webp, 12, "VP8 ", 4)) {
        *ret_width = little16(webp, 26) & 0x3fff;
        *ret_height = little16(webp, 28) & 0x3fff;
    } else {
        return false;
    }
    return true;
}

bool image_size(const uint8_t *at, gsize length, guint *ret_width, guint *ret_height)
{
    const Bytes bytes = {at, length};
    *ret_width = *ret_height = 0;
    bool found = false;
    if (has(&bytes, 0, "\x89PNG\r\n\x1a\n", 8)) {
        *ret_width = big32(&bytes, 16);
        *ret_height = big32(&bytes, 20);
        found = true;
    } else if (has(&bytes, 0, "GIF8", 4)) {
        *ret_width = little16(&bytes, 6);
        *ret_height = little16(&bytes, 8);
        found = true;
    } else if (has(&bytes, 0, "\xff\xd8", 2)) {
        found = jpeg_size(&bytes, ret_width, ret_height);
    } else if (has(&bytes, 0, "RIFF", 4) && has(&bytes, 8, "WEBP", 4)) {
        found = webp_size(&bytes, ret_width, ret_height);
    }
    return found && *ret_width && *ret_height;
}

static bool is_app1(guint marker)
{
    return marker == 0xe1;
}

static guint tiff16(const Bytes *tiff, gsize offset, bool big)
{
    return big ? big16(tiff, offset) : little16(tiff, offset);
}

static guint tiff32(const Bytes *tiff, gsize offset, bool big)
{
    return big ? big32(tiff, offset) : little16(tiff, offset) | little16(tiff, offset + 2) << 16;
}

int image_orientation(const uint8_t *at, gsize length)
{
    const Bytes jpeg = {at, length};
    gsize offset, size;
    if (!has(&jpeg, 0, "\xff\xd8", 2) || !find_segment(&jpeg, is_app1, &offset, &size) ||
        !has(&jpeg, offset, "Exif\0\0", 6))
        return 1;
    const Bytes tiff = {at + offset + 6, MIN(size, length - offset) - 6};
    bool big = has(&tiff, 0, "MM", 2);
    gsize directory = tiff32(&tiff, 4, big);
    guint entries = tiff16(&tiff, directory, big);
    for (guint i = 0; i < entries && directory + 14 + 12 * (gsize)i <= tiff.length; i++) {
        gsize entry = directory + 2 + 12 * (gsize)i;
        guint value = tiff16(&tiff, entry + 8, big);
        if (tiff16(&tiff, entry, big) == 274)
            return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
