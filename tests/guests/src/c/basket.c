/* Adds up a basket: asks the shop for the price of each line of the input, "3 apple" or so. */
#include "fuelbox_guest.h"

/* Cents that one of the named item costs; the shop stops the run where it has no such item. */
FUELBOX_IMPORT("shop", "price") int64_t shop_price(const uint8_t *name, uint32_t len);

/* Tells the shop that so much was sold. */
FUELBOX_IMPORT("shop", "sold") void shop_sold(const uint8_t *name, uint32_t len, uint32_t amount);

static void write_number(uint64_t number) {
    char digits[20];
    uint32_t start = sizeof digits;
    do {
        start -= 1;
        digits[start] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    fuelbox_write_output(digits + start, sizeof digits - start);
}

static int32_t run(const uint8_t *input, uint32_t len) {
    uint64_t total = 0;
    uint32_t at = 0;
    while (at < len) {
        uint32_t amount = 0;
        for (; at < len && input[at] >= '0' && input[at] <= '9'; at += 1) {
            amount = amount * 10 + (input[at] - '0');
        }
        if (at == len || input[at] != ' ') {
            return fuelbox_fail(2, "a line is not an amount, a blank and a name");
        }
        uint32_t name = at + 1;
        for (at = name; at < len && input[at] != '\n'; at += 1) {
        }
        total += amount * (uint64_t)shop_price(input + name, at - name);
        shop_sold(input + name, at - name, amount);
        at += 1;
    }
    write_number(total);
    return 0;
}

FUELBOX_ENTRY(run)
