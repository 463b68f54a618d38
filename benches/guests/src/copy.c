/* Memory copied in words, in an order that reaches all of 8 MiB. */
#define EXPECTED 176160768u
#include "guest.h"

enum { WORDS = 1 << 20, STRIDE = 4099 };

static unsigned long long words[WORDS];

unsigned work(void) {
    unsigned at = 0;
    for (unsigned n = 0; n < WORDS; n++)
        words[n] = n * 0x9e3779b97f4a7c15ull;
    for (unsigned n = 0; n < WORDS; n++) {
        unsigned to = (at + STRIDE) & (WORDS - 1);
        words[to] ^= words[at];
        at = to;
    }
    return (unsigned)words[at];
}
