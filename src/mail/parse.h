#pragma once
/* A received mail, taken apart: RFC 5322, 2045-2049, 2047, 3464 (for its parts), 6532. The bytes come from strangers:
 * nothing here fails, recurses beyond LIMIT_MIME_DEPTH or takes more than linear time. Mails enclosed in the mail are
 * parts without parts of their own: whatever they hold speaks of another time. */
#include <glib.h>
#include <stdbool.h>

#include "mail/fields.h"

typedef struct Message Message;
typedef struct MimePart MimePart;

/** bytes may end lines by CRLF, LF or CR; they are not needed afterwards. Reads at most LIMIT_INBOX_MESSAGE_BYTES.
 * Never NULL. */
Message *message_parse(const char *bytes, gsize length);
void message_free(Message *message); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)

/** NULL, or why some of its parts were not looked at. */
const char *message_note(const Message *message);

/** The number of the line, from 1, that holds these words as they are; 0: none does (they were encoded or folded). */
guint message_line(const Message *message, const char *words);

/** The header of the mail itself. */
Fields *message_fields(const Message *message);

/** The tree of parts in reading order, the outermost first; at least one, at most LIMIT_MIME_PARTS. */
guint message_part_count(const Message *message);
MimePart *message_part(const Message *message, guint index);

/** The first part of that type ("message/delivery-status"), or NULL. */
MimePart *message_find_part(const Message *message, const char *type);

/** "text/plain": lower case, without parameters; what counts when the mail says nothing readable. */
const char *mime_part_type(const MimePart *part);
/** A parameter of Content-Type ("report-type"), or NULL. Caller frees. */
char *mime_part_parameter(const MimePart *part, const char *name);

/** Transfer encoding and charset undone: UTF-8 lines ended by LF. "" for a multipart;
 * the source for an enclosed mail. */
const char *mime_part_text(MimePart *part);

/** For a part that holds another mail or its header (message/rfc822, message/global, text/rfc822-headers,
 * message/global-headers): that header. NULL for every other. */
Fields *mime_part_enclosed_fields(MimePart *part);
