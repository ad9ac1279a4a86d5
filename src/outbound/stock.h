#pragma once
/* The mails that are leased and wait for a line. A sender that is fast leases a moment's worth at once: a hundred
 * leases in one go cost far less than one by one, and letters can be written while relays answer. It is never more than
 * was handed out just before, so that a slow sender leases what its lines can take and nothing beyond. */
#include "base/clock.h"
#include "outbound/parcel.h"

#define STOCK_MOST      100
#define STOCK_MOMENT_US (SECOND_US / 20)

typedef struct Stock Stock;

Stock *stock_new(void);
void stock_free(Stock *stock); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stock, stock_free)

guint stock_count(const Stock *stock);

/** How many to lease now that lines have so much room: none while there are enough. */
guint stock_want(const Stock *stock, guint room);

/** Where leases are added; then one of these two, for they are in order only behind stock_keep(): single mails, urgent
 * announcements, the others, and of the same kind the older. `version` goes to each new one. */
GPtrArray *stock_shelf(Stock *stock); /* of Parcel */
void stock_keep(Stock *stock, int64_t version);
void stock_undo(Stock *stock);

/** Those of them that come next, from 0; NULL: there are not so many. The stock's. */
Parcel *stock_at(const Stock *stock, guint index);

/** Takes one out. The caller's. */
Parcel *stock_take(Stock *stock, guint index);

/** One of them was handed out. */
void stock_handed_out(Stock *stock);

/** Takes out one that is too many, for the lines have become slower; NULL: none is. To be asked until then, each turn.
 * now: monotonic. */
Parcel *stock_surplus(Stock *stock, int64_t now);
