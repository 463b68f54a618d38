/* Of the character of CoreMark, and made here: a matrix of small integers, a linked list that is searched,
 * reversed and sorted, a state machine over text, and a CRC over what they return. */
#define EXPECTED 49670u
#include "guest.h"

enum { ROUNDS = 60, NODES = 120, SIDE = 14 };

/* --- CRC */

static unsigned crc16(unsigned value, unsigned crc) {
    for (int bit = 0; bit < 16; bit++) {
        unsigned carry = (value ^ crc) & 1;
        value >>= 1;
        crc >>= 1;
        if (carry)
            crc ^= 0xa001;
    }
    return crc;
}

/* --- list */

struct node {
    struct node *next;
    short key, place;
};

static struct node nodes[NODES];

static struct node *list_new(unsigned *seed) {
    for (int n = 0; n < NODES; n++) {
        nodes[n].next = n + 1 < NODES ? &nodes[n + 1] : 0;
        nodes[n].key = (short)(next_random(seed) & 0x3ff);
        nodes[n].place = (short)n;
    }
    return nodes;
}

static struct node *list_reverse(struct node *list) {
    struct node *reversed = 0;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static const struct node *list_find(const struct node *list, short key) {
    while (list && list->key != key)
        list = list->next;
    return list;
}

static int by_key(const struct node *a, const struct node *b) {
    return a->key - b->key;
}

static int by_place(const struct node *a, const struct node *b) {
    return a->place - b->place;
}

/* Merges runs of 1, 2, 4.. until one is left. */
static struct node *list_sort(struct node *list, int (*compare)(const struct node *, const struct node *)) {
    for (int run = 1;; run *= 2) {
        struct node *rest = list, *tail = 0;
        int merges = 0;
        list = 0;
        while (rest) {
            struct node *a = rest, *b = rest;
            int a_left = 0, b_left = run;
            merges++;
            while (b && a_left < run) {
                a_left++;
                b = b->next;
            }
            while (a_left > 0 || (b_left > 0 && b)) {
                struct node *taken;
                if (a_left == 0 || (b_left > 0 && b && compare(a, b) > 0)) {
                    taken = b, b = b->next, b_left--;
                } else {
                    taken = a, a = a->next, a_left--;
                }
                if (tail)
                    tail->next = taken;
                else
                    list = taken;
                tail = taken;
            }
            rest = b;
        }
        if (tail)
            tail->next = 0;
        if (merges <= 1)
            return list;
    }
}

static unsigned list_work(unsigned seed) {
    unsigned crc = 0, found = 0;
    struct node *list = list_new(&seed);
    for (short key = 0; key < 64; key++) {
        found += list_find(list, (short)(key * 16)) != 0;
        list = list_reverse(list);
    }
    list = list_sort(list, by_key);
    for (const struct node *node = list; node; node = node->next)
        crc = crc16((unsigned)node->key, crc);
    list = list_sort(list, by_place);
    return crc16(found, crc16((unsigned)list->key, crc));
}

/* --- matrix */

static short left[SIDE][SIDE], right[SIDE][SIDE];
static int product[SIDE][SIDE];

static unsigned matrix_work(unsigned seed) {
    unsigned crc = 0;
    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++) {
            left[row][column] = (short)(next_random(&seed) & 0xff);
            right[row][column] = (short)(next_random(&seed) & 0x7f);
        }
    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++) {
            int sum = 0;
            for (int n = 0; n < SIDE; n++)
                sum += left[row][n] * right[n][column];
            product[row][column] = sum;
        }
    for (int row = 0; row < SIDE; row++) {
        int bits = 0, last = 0;
        for (int column = 0; column < SIDE; column++) {
            int value = product[row][column];
            bits += ((value >> 2) & 0xf) * ((value >> 5) & 0x7f);
            bits += value > last ? 10 : 1;
            last = value;
        }
        crc = crc16((unsigned)bits, crc);
    }
    return crc;
}

/* --- state machine */

enum state { START, SIGN, WHOLE, POINT, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static const char numbers[] =
    "5012,1874,-874,+122,35.54400,.1234500,-110.700,+0.64400,5.500e+3,-.123e-2,-87e+832,+0.6e-12,"
    "T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^,17,0,1e5,,-,+.,999999";

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static enum state next_state(enum state state, char c) {
    switch (state) {
    case START:
        return is_digit(c) ? WHOLE : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN:
        return is_digit(c) ? WHOLE : c == '.' ? POINT : INVALID;
    case WHOLE:
        return is_digit(c) ? WHOLE : c == '.' ? POINT : c == 'e' ? EXPONENT : INVALID;
    case POINT:
        return is_digit(c) ? POINT : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT:
        return is_digit(c) ? SCIENTIFIC : c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN:
    case SCIENTIFIC:
        return is_digit(c) ? SCIENTIFIC : INVALID;
    default:
        return INVALID;
    }
}

static unsigned state_work(unsigned seed) {
    unsigned ends[STATES] = {0}, visits[STATES] = {0}, crc = 0;
    for (int pass = 0; pass < 4; pass++) {
        enum state state = START;
        for (const char *c = numbers; *c; c++) {
            if (*c == ',') {
                ends[state]++;
                state = START;
                continue;
            }
            /* A byte in 16 is damaged. */
            char read = (next_random(&seed) & 15) == 0 ? (char)(*c ^ 0x11) : *c;
            state = next_state(state, read);
            visits[state]++;
        }
    }
    for (int n = 0; n < STATES; n++)
        crc = crc16(visits[n], crc16(ends[n], crc));
    return crc;
}

unsigned work(void) {
    unsigned crc = 0;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        crc = crc16(list_work(round * 0x9e3779b9u), crc);
        crc = crc16(matrix_work(round * 0x85ebca6bu), crc);
        crc = crc16(state_work(round * 0xc2b2ae35u), crc);
    }
    return crc;
}
