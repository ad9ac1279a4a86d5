/* Signatures at fixed places; zip archives by the names of their parts, which stand uncompressed in them. */
#include "announcements/media_type.h"

/* system */
#include <stdbool.h>

typedef struct Signature {
    gsize offset;
    const char *text;
    gsize length;
    const char *media_type;
} Signature;

#define SIGNATURE(offset, text, media_type)                                                                            \
    {                                                                                                                  \
        (offset), (text), sizeof(text) - 1, (media_type)                                                               \
    }

static const Signature signatures[] = {
    SIGNATURE(0, "\xff\xd8\xff", "image/jpeg"),
    SIGNATURE(0, "\x89PNG\r\n\x1a\n", "image/png"),
    SIGNATURE(0, "GIF87a", "image/gif"),
    SIGNATURE(0, "GIF89a", "image/gif"),
    SIGNATURE(8, "WEBPVP8", "image/webp"),
    SIGNATURE(0, "%PDF-", "application/pdf"),
    SIGNATURE(38, "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    SIGNATURE(38, "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    SIGNATURE(38, "application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation"),
};

/* Office Open XML is a zip archive with a part of this name; one with macros inside is not offered. */
static const struct {
    const char *part;
    const char *media_type;
} office_parts[] = {
    {"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
};

static bool contains(const char *bytes, gsize length, const char *text)
{
    gsize wanted = strlen(text);
    const char *end = bytes + length;
    for (const char *p = bytes; (gsize)(end - p) >= wanted && (p = memchr(p, *text, (gsize)(end - p) - wanted + 1));
         p++)
        if (memcmp(p, text, wanted) == 0)
            return true;
    return false;
}

static const char *office_type(const void *bytes, gsize length)
{
    if (contains(bytes, length, "vbaProject.bin"))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(office_parts); i++)
        if (contains(bytes, length, office_parts[i].part))
            return office_parts[i].media_type;
    return NULL;
}

const char *media_type_of(const void *bytes, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signatures); i++) {
        const Signature *signature = &signatures[i];
        if (length >= signature->offset + signature->length &&
            memcmp((const char *)bytes + signature->offset, signature->text, signature->length) == 0)
            return signature->media_type;
    }
    return length > 4 && memcmp(bytes, "PK\3\4", 4) == 0 ? office_type(bytes, length) : NULL;
}
