/* What an order costs, by a batch of them and one by one: a tenth less from ten pieces on. */
#include "fuelbox_batch.h"

FUELBOX_EXPORT("total") double total(double price, int64_t count) {
    double whole = price * (double)count;
    return count >= 10 ? whole * 0.9 : whole;
}

enum { PRICE, COUNT };

static int32_t run(const fuelbox_batch *batch, fuelbox_reply *reply) {
    const double *price = fuelbox_values(batch, PRICE, FUELBOX_FLOAT64);
    const int64_t *count = fuelbox_values(batch, COUNT, FUELBOX_INT64);
    double *totals = fuelbox_reply_values(reply, "total", FUELBOX_FLOAT64);
    for (uint32_t row = 0; row < batch->rows; row += 1) {
        fuelbox_at_row(row);
        if (!fuelbox_is_valid(batch, PRICE, row) || !fuelbox_is_valid(batch, COUNT, row)) {
            fuelbox_reply_null(reply, row);
            continue;
        }
        totals[row] = total(price[row], count[row]);
    }
    return 0;
}

FUELBOX_BATCH_ENTRY(run)
