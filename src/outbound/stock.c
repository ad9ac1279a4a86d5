/* Half of what was handed out in the last moment may lie ahead, and what is twice that goes back. */
#include "outbound/stock.h"

struct Stock {
    GPtrArray *shelf; /* of Parcel */
    guint kept;       /* so many of them are there for sure; the others' transaction is under way */
    guint ahead;      /* so many may lie here beyond what lines have room for */
    guint handed_out; /* in this moment */
    int64_t since;    /* when it began; monotonic */
};

Stock *stock_new(void)
{
    Stock *stock = g_new0(Stock, 1);
    stock->shelf = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
    return stock;
}

void stock_free(Stock *stock)
{
    if (!stock)
        return;
    g_ptr_array_unref(stock->shelf);
    g_free(stock);
}

guint stock_count(const Stock *stock)
{
    return stock->shelf->len;
}

guint stock_want(const Stock *stock, guint room)
{
    return stock->shelf->len < room ? room - stock->shelf->len + stock->ahead : 0;
}

GPtrArray *stock_shelf(Stock *stock)
{
    return stock->shelf;
}

static int rank(const Parcel *parcel)
{
    return parcel->single ? 0 : parcel->urgent ? 1 : 2;
}

static int compare_ranks(gconstpointer a, gconstpointer b)
{
    return rank(*(Parcel *const *)a) - rank(*(Parcel *const *)b);
}

void stock_keep(Stock *stock, int64_t version)
{
    guint before = stock->kept;
    for (guint i = before; i < stock->shelf->len; i++)
        stock_at(stock, i)->version = version;
    if (before > 0 && before < stock->shelf->len)
        g_ptr_array_sort(stock->shelf, compare_ranks); /* it is stable */
    stock->kept = stock->shelf->len;
}

void stock_undo(Stock *stock)
{
    g_ptr_array_set_size(stock->shelf, (int)stock->kept);
}

Parcel *stock_at(const Stock *stock, guint index)
{
    return index < stock->shelf->len ? stock->shelf->pdata[index] : NULL;
}

Parcel *stock_take(Stock *stock, guint index)
{
    stock->kept--;
    return g_ptr_array_steal_index(stock->shelf, index);
}

void stock_handed_out(Stock *stock)
{
    stock->handed_out++;
}

static void measure(Stock *stock, int64_t now)
{
    int64_t passed = now - stock->since;
    if (passed < STOCK_MOMENT_US)
        return;
    stock->ahead = (guint)MIN(stock->handed_out * STOCK_MOMENT_US / passed / 2, STOCK_MOST);
    stock->handed_out = 0;
    stock->since = now;
}

Parcel *stock_surplus(Stock *stock, int64_t now)
{
    measure(stock, now);
    return stock->shelf->len > 2 * stock->ahead ? stock_take(stock, stock->shelf->len - 1) : NULL;
}
