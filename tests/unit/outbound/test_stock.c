/* outbound/stock: how far ahead a sender leases, and in which order. */
#include "outbound/stock.h"

#define MOMENT STOCK_MOMENT_US

static Parcel *delivery(int64_t subscriber, bool urgent)
{
    LeasedDelivery *leased = g_new0(LeasedDelivery, 1);
    leased->key = (DeliveryKey){1, subscriber};
    return parcel_of_delivery(leased, ANNOUNCEMENT_NOTICE, urgent);
}

static Parcel *single(int64_t id)
{
    OutboxMail *mail = g_new0(OutboxMail, 1);
    mail->id = id;
    return parcel_of_single(mail);
}

static void fill(Stock *stock, guint n)
{
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(stock_shelf(stock), delivery(i + 1, false));
    stock_keep(stock, 1);
}

static guint give_back(Stock *stock, int64_t now)
{
    guint n = 0;
    for (Parcel *parcel; (parcel = stock_surplus(stock, now)) != NULL; n++)
        parcel_free(parcel);
    return n;
}

/* As if so many had been handed out within one moment that ends at `end`. */
static void pass_moment(Stock *stock, guint handed_out, int64_t end)
{
    for (guint i = 0; i < handed_out; i++)
        stock_handed_out(stock);
    give_back(stock, end);
}

static void slow_sender_leases_what_its_lines_take(void)
{
    g_autoptr(Stock) stock = stock_new();
    g_assert_cmpuint(stock_want(stock, 4), ==, 4);
    pass_moment(stock, 1, MOMENT);
    g_assert_cmpuint(stock_want(stock, 4), ==, 4);
    fill(stock, 4);
    g_assert_cmpuint(give_back(stock, MOMENT + 1), ==, 4); /* whatever no line has taken */
}

static void fast_sender_leases_ahead(void)
{
    g_autoptr(Stock) stock = stock_new();
    pass_moment(stock, 0, MOMENT);
    pass_moment(stock, 40, 2 * MOMENT);
    g_assert_cmpuint(stock_want(stock, 4), ==, 4 + 20);
    fill(stock, 24);
    g_assert_cmpuint(stock_want(stock, 4), ==, 0);
    g_assert_cmpuint(stock_want(stock, 30), ==, 6 + 20);
    g_assert_cmpuint(give_back(stock, 2 * MOMENT + 1), ==, 0);
    pass_moment(stock, 5000, 3 * MOMENT);
    g_assert_cmpuint(stock_want(stock, 25), ==, 1 + STOCK_MOST);
}

static void what_is_too_much_goes_back(void)
{
    g_autoptr(Stock) stock = stock_new();
    pass_moment(stock, 0, MOMENT);
    pass_moment(stock, 40, 2 * MOMENT);
    fill(stock, 24);
    for (guint i = 0; i < 10; i++)
        stock_handed_out(stock);
    g_assert_cmpuint(give_back(stock, 3 * MOMENT - 1), ==, 0);
    g_assert_cmpuint(give_back(stock, 3 * MOMENT), ==, 24 - 2 * 5);
    g_assert_cmpint(parcel_id(stock_at(stock, 0)), ==, 1); /* the youngest went */
    g_assert_cmpuint(give_back(stock, 4 * MOMENT), ==, 10);
}

static void single_mails_and_urgent_ones_overtake(void)
{
    static const int64_t order[] = {-9, 51, 52, 1, 2, 3};
    g_autoptr(Stock) stock = stock_new();
    fill(stock, 3);
    g_ptr_array_add(stock_shelf(stock), delivery(51, true));
    g_ptr_array_add(stock_shelf(stock), delivery(52, true));
    g_ptr_array_add(stock_shelf(stock), single(9));
    stock_keep(stock, 2);
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        Parcel *parcel = stock_take(stock, 0);
        g_assert_cmpint(parcel_id(parcel), ==, order[i]);
        g_assert_cmpint(parcel->version, ==, i < 3 ? 2 : 1);
        parcel_free(parcel);
    }
    g_assert_null(stock_at(stock, 0));
}

static void what_was_rolled_back_is_gone(void)
{
    g_autoptr(Stock) stock = stock_new();
    fill(stock, 2);
    g_ptr_array_add(stock_shelf(stock), single(9));
    stock_undo(stock);
    g_assert_cmpuint(stock_count(stock), ==, 2);
    parcel_free(stock_take(stock, 0));
    stock_undo(stock);
    g_assert_cmpuint(stock_count(stock), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stock/slow", slow_sender_leases_what_its_lines_take);
    g_test_add_func("/stock/fast", fast_sender_leases_ahead);
    g_test_add_func("/stock/surplus", what_is_too_much_goes_back);
    g_test_add_func("/stock/order", single_mails_and_urgent_ones_overtake);
    g_test_add_func("/stock/undo", what_was_rolled_back_is_gone);
    return g_test_run();
}
