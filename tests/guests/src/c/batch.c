/* Prices times counts, and names with a mark: null where one of them is. Columns are found by their place.
 *
 * A count of 13 panics, one of 14 never ends, and one of 15 fails with the status 3. */
#include "fuelbox_batch.h"

enum { PRICE, COUNT, NAME };

static int32_t run(const fuelbox_batch *batch, fuelbox_reply *reply) {
    const double *price = fuelbox_values(batch, PRICE, FUELBOX_FLOAT64);
    const int64_t *count = fuelbox_values(batch, COUNT, FUELBOX_INT64);
    double *total = fuelbox_reply_values(reply, "total", FUELBOX_FLOAT64);
    uint32_t name_bytes = batch->rows;
    for (uint32_t row = 0; row < batch->rows; row += 1) {
        fuelbox_at_row(row);
        if (!fuelbox_is_valid(batch, PRICE, row) || !fuelbox_is_valid(batch, COUNT, row)) {
            fuelbox_reply_null(reply, row);
            continue;
        }
        volatile int never_ends = count[row] == 14;
        while (never_ends) {
        }
        if (count[row] == 13) {
            fuelbox_panic("thirteen");
        }
        if (count[row] == 15) {
            return fuelbox_fail(3, "fifteen");
        }
        total[row] = price[row] * (double)count[row];
    }
    for (uint32_t row = 0; row < batch->rows; row += 1) {
        name_bytes += fuelbox_bytes_at(batch, NAME, row).len;
    }
    fuelbox_reply_bytes(reply, "label", FUELBOX_UTF8, name_bytes);
    for (uint32_t row = 0; row < batch->rows; row += 1) {
        fuelbox_at_row(row);
        if (!fuelbox_is_valid(batch, NAME, row)) {
            fuelbox_reply_null(reply, row);
            continue;
        }
        fuelbox_bytes name = fuelbox_bytes_at(batch, NAME, row);
        fuelbox_reply_append(reply, row, name.ptr, name.len);
        fuelbox_reply_append(reply, row, "!", 1);
    }
    return 0;
}

FUELBOX_BATCH_ENTRY(run)
