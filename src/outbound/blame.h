#pragma once
/* Who is to blame, the one who refuses or the mail: told by which mails met with the same fate since one was last
 * accepted. A relay has such a record, and an announcement whose letters we refuse ourselves. Pure. */
#include <stdbool.h>
#include <stdint.h>

#define BLAME_ENOUGH   10 /* different mails in a row: it is not them */
#define BLAME_LINES    3  /* as many whose lines ended */
#define BLAME_SUSPECTS 64 /* the last ones are remembered */

typedef enum {
    BLAME_OPEN, /* other mails will show */
    BLAME_MAIL, /* this was said of it before, and others were accepted since */
    BLAME_ALL,  /* enough different ones in a row */
} Blame;

/* Different mails that met with the same fate in a row. One counts once: some are refused again and again. */
typedef struct Streak {
    int64_t whom[BLAME_ENOUGH];
    unsigned n;
} Streak;

/** True when that makes enough; at most BLAME_ENOUGH. */
bool streak_add(Streak *streak, int64_t whom, unsigned enough);

/** All zero: nothing has happened yet. */
typedef struct BlameRecord {
    uint64_t accepted; /* mails, ever */
    uint64_t accepted_at_failure;
    struct {
        int64_t whom; /* 0: none */
        uint64_t accepted_then;
    } suspects[BLAME_SUSPECTS];
    unsigned next_suspect;
} BlameRecord;

/** True when a mail was accepted since the last failure: then what is said against one mail may well be true. */
bool blame_is_trusted(const BlameRecord *record);

/** It was found at fault: what it accepted before proves nothing any more. */
void blame_failed(BlameRecord *record);

/** Judges one more refusal. streak: of its kind, which the caller clears when a mail is accepted. whom: names the
 * mail, not 0. */
Blame blame_judge(BlameRecord *record, Streak *streak, int64_t whom, unsigned enough);
