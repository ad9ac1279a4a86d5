#pragma once
/* Every amount that strangers (or a slip of the hand) control has its limit here, with the reason beside it. */

#define LIMIT_ADDRESS_BYTES       254          /* RFC 5321 4.5.3.1.3 with the brackets taken off (erratum 1690) */
#define LIMIT_LOCAL_PART_BYTES    64           /* RFC 5321 4.5.3.1.1 */
#define LIMIT_NAME_BYTES          200          /* a person's name, as shown */
#define LIMIT_HEADER_VALUE_BYTES  2000         /* a subject longer than this is a pasted body */
#define LIMIT_MANUSCRIPT_BYTES    (256 * 1024) /* one announcement file */
#define LIMIT_FRONT_MATTER_DEPTH  3            /* head, media, medium */
#define LIMIT_FRONT_MATTER_NODES  2000         /* far more than a page of keys */
#define LIMIT_MANUSCRIPT_FILES    40           /* languages of one announcement */
#define LIMIT_ANNOUNCEMENT_LISTS  50
#define LIMIT_ANNOUNCEMENT_MEDIA  30                 /* thumbnails of 40 kB each travel in every mail */
#define LIMIT_MEDIUM_BYTES        (64 * 1000 * 1000) /* a photo from a good camera; read into memory once */
#define LIMIT_IMAGE_PIXELS        (50 * 1000 * 1000) /* libgd takes 4 bytes for each; a small file may claim billions */
#define LIMIT_MARKDOWN_BYTES      (64 * 1024)        /* cmark-gfm 0.29.gfm.6 is quadratic on crafted text */
#define LIMIT_MARKDOWN_DEPTH      32                 /* lists in quotes in lists; our walk of its tree is recursive */
#define LIMIT_TEMPLATE_DEPTH      16                 /* partials in partials */
#define LIMIT_TEMPLATE_NESTING    64           /* sections in sections; with the depth above it bounds our recursion */
#define LIMIT_TEMPLATE_BYTES      (256 * 1024) /* one template file */
#define LIMIT_TEMPLATE_TAGS       50000        /* lines and tags in one template */
#define LIMIT_TEMPLATE_STEPS      1000000      /* nodes walked for one rendering: lists within lists multiply */
#define LIMIT_TEMPLATE_DATA_BYTES (4 * 1024 * 1024) /* JSON for a template */
#define LIMIT_RENDERED_BYTES      (4 * 1024 * 1024)
#define LIMIT_LETTER_BYTES        (8 * 1024 * 1024)
#define LIMIT_LETTER_PLANS        64 /* kept at a time: languages x formats x lists of what is being sent */
#define LIMIT_LETTER_PLANS_BYTES  (16 * 1024 * 1024) /* each carries its attachment, encoded; a role has 64 MiB */
#define LIMIT_CSV_FIELD_BYTES     (16 * 1024)
#define LIMIT_CSV_ROW_BYTES       (64 * 1024) /* bounds what one unclosed quote can swallow */
#define LIMIT_IMPORT_ROWS         2000000     /* of one file; each is remembered in 72 bytes to find it again */
#define LIMIT_CONFIG_BYTES        (1024 * 1024)
#define LIMIT_SECRET_BYTES        (16 * 1024)
#define LIMIT_SMTP_LINE_BYTES     4096 /* RFC 5321 says 512; servers write more */
#define LIMIT_SMTP_REPLY_LINES    100
#define LIMIT_INBOX_MESSAGE_BYTES (1024 * 1024) /* what triage reads of one message; the rest stays on the server */
#define LIMIT_IMAP_PARENTHESES    64  /* of one answer; ours have three, and each is a level of libetpan's recursion */
#define LIMIT_MIME_DEPTH          8   /* parts in parts; each level is one search of the mail */
#define LIMIT_RECEIVED_FIELDS     25  /* a mail that is passed on; servers give up at 50 or 100 hops */
#define LIMIT_LINE_BYTES          999 /* of a mail: 998 and a CR, RFC 5322 2.1.1 */
#define LIMIT_HEADER_BLOCK_BYTES  (256 * 1024)
#define LIMIT_HEADER_FIELDS       1000
#define LIMIT_MIME_PARTS          500          /* parts that are looked at */
#define LIMIT_REPORT_RECIPIENTS   100          /* blocks of one delivery report */
#define LIMIT_DIAGNOSTIC_BYTES    1000         /* Diagnostic-Code */
#define LIMIT_REPORT_TEXT_BYTES   (32 * 1024)  /* of what a mail system writes; real ones write a page */
#define LIMIT_CLAIMS              200          /* addresses looked at in one report in prose */
#define LIMIT_CALENDAR_LINE_BYTES 8192         /* one property of a received calendar object, unfolded */
#define LIMIT_PAGE_BYTES          (512 * 1024) /* of a web page that is looked at; what is sought stands at its end */
#define LIMIT_THUMBNAIL_BYTES     (40 * 1000)
#define LIMIT_ATTACHMENT_BYTES    (500 * 1000)
