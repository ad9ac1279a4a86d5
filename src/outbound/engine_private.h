#pragma once
/* The inside of the engine, for its three files: engine.c turns and writes down, engine_collect.c judges what the
 * relays said, engine_hand_out.c fills letters and gives them to lines. */
#include "announcements/letter.h"
#include "outbound/engine.h"
#include "outbound/lease.h"
#include "outbound/link.h"
#include "outbound/mistakes.h"
#include "outbound/paces.h"
#include "outbound/relay_pool.h"
#include "outbound/settle.h"
#include "outbound/stock.h"
#include "outbound/verdict.h"

/* Letters of one announcement that no relay can be given. */
typedef struct Unfit {
    int64_t announcement_id; /* of the last one */
    int64_t sent;            /* letters of it, by then */
    Streak streak;           /* recipients, none sent in between */
} Unfit;

struct Engine {
    Db *db;
    const Keyring *keyring;
    const Settings *settings;
    SettleRules rules;
    LetterBox *letters;
    LinkHub *hub;
    RelayPool *pool;
    Rooms *rooms; /* in this turn */
    Paces *paces;
    Leaser *leaser;
    Mistakes *mistakes;
    int lock;
    GPtrArray *outcomes; /* of Outcome: not yet written down */
    GPtrArray *ready;    /* of Parcel: may begin once that is written down; they belong to their dialogues */
    GPtrArray *withheld; /* of Parcel: of those some may not begin any more; compared only, they may be gone */
    Unfit unfit;
    Stock *stock;       /* of what is leased and not yet given to a line */
    guint in_flight;    /* parcels in dialogues */
    int64_t advance_at; /* monotonic, as the next */
    int64_t quiet_look_at;
    bool advance_more;
    bool stopping;
    bool heard; /* a watched descriptor is readable */
    uint64_t tally[VERDICT_RELAY + 1];
};

/* ---- engine_collect.c; times are monotonic ----------------------------------------------------------------------- */

/** Reads what the relays said, and judges what ended by it. */
void engine_collect(Engine *engine, int64_t now);

/** Likewise for one line whose dialogue was just given something. */
void engine_collect_events(Engine *engine, Line *line, int64_t now);

/** What became of a parcel, to be filled in and written down in the next turn. The engine's; takes over the parcel. */
Outcome *engine_add_outcome(Engine *engine, Parcel *parcel);

/** A letter that nobody can get as it is: nobody fails by it, its announcement rests, and staff read why. */
void engine_admit_mistake(Engine *engine, Outcome *outcome, const char *why);

/* ---- engine_hand_out.c, in the order of a turn ------------------------------------------------------------------- */

/** Takes those that may not begin any more from their dialogues: they come back as they went, and whatever hinders
 * them meets them at their next lease. */
void engine_withhold(Engine *engine);

/** What was ready is written down by now: it may begin. */
void engine_go_ahead(Engine *engine);

/** Fills letters and gives them to lines that have room. */
void engine_hand_out(Engine *engine, int64_t now, int64_t monotonic);

void engine_speak(Engine *engine, int64_t now);

/** Fills the next letter of each line, while the relays read the last ones. */
void engine_write_ahead(Engine *engine, int64_t now);

void engine_give_back_surplus(Engine *engine, int64_t monotonic);
