#pragma once
/* Photos and documents that an announcement offers: taken from beside the manuscript into files.media_dir, where each
 * lies under the SHA-256 of its content, once, however often it is offered.
 *
 * The path in a manuscript is relative to the manuscript's folder and may lead into folders below it, not out of it:
 * neither "..", nor "/", nor a symbolic link is followed. A manuscript may come by mail from somebody else, and must
 * not be able to publish what the person who adds it can read. */
#include <glib.h>
#include <stdbool.h>

#include "model/announcement.h"

#define MEDIA_ERROR (media_error_quark())
GQuark media_error_quark(void);
enum {
    MEDIA_ERROR_PATH,  /* leads out of the folder, or to no plain file */
    MEDIA_ERROR_TYPE,  /* a type that is not offered, or a name that says another */
    MEDIA_ERROR_SIZE,  /* too large, or empty */
    MEDIA_ERROR_STORE, /* media_dir cannot be written */
};

/** Reads the file, checks it, copies it to media_dir (fsync, mode 0640, the owner of media_dir when we are root) and
 * fills file_name, media_type, size, sha256 and, for photos, the thumbnail. medium->attached is to be set before: only
 * documents of at most LIMIT_ATTACHMENT_BYTES may be. */
bool media_take(const char *manuscript, const char *path, const char *media_dir, Medium *medium, GError **error);
