#pragma once
/* Who is to blame, the one who refuses or the mail: told by which mails met with the same fate since one was last
 * accepted. A relay has such a record, and an announcement whose letters we refuse ourselves. Pure. */
#include <stdbool.h>
#include <stdint.h>

#define BLAME_ENOUGH   10  /* different mails in a row: it is not them */
#define BLAME_LINES    3   /* as many whose lines ended */
#define BLAME_SUSPECTS 256 /* the last ones are remembered */

typedef enum {
    BLAME_OPEN,     /* other mails will show */
    BLAME_MAIL,     /* this was said of it before, and others were accepted since */
    BLAME_PROVIDER, /* enough different ones in a row, but all of one provider: it may be that one's opinion */
    BLAME_ALL,      /* enough different ones in a row */
} Blame;

/* What is refused. */
typedef struct Suspect {
    int64_t whom;   /* names the mail, not 0 */
    uint32_t where; /* names the provider of its recipient; 0: that does not matter */
} Suspect;

/* Different mails that met with the same fate in a row. One counts once: some are refused again and again. Who sets n
 * to 0 ends it. */
typedef struct Streak {
    int64_t whom[BLAME_ENOUGH];
    unsigned n;
    uint32_t where; /* of the first */
    bool is_mixed;  /* another's is among them */
} Streak;

/** True when that makes enough; at most BLAME_ENOUGH. */
bool streak_add(Streak *streak, int64_t whom, unsigned enough);

/** The same for a suspect: BLAME_OPEN as long as it is not enough. */
Blame streak_judge(Streak *streak, Suspect suspect, unsigned enough);

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

/** Judges one more refusal. streak: of its kind, which the caller clears when a mail is accepted. */
Blame blame_judge(BlameRecord *record, Streak *streak, Suspect suspect, unsigned enough);

/** The same for one that names the mail. That is believed of who is trusted; of who is not when it is said a second
 * time. others_accept: somebody else accepts mails: then who is not trusted is not even asked twice. */
Blame blame_judge_refusal(BlameRecord *record, Streak *streak, Suspect suspect, bool others_accept);
