/* What all guests of the benches share: how they are entered. Each defines `work`, which returns what
 * it computed, and EXPECTED. Nothing is imported, so that every engine can run them. */

unsigned work(void);

/* Status 0: the answer is right. */
__attribute__((export_name("execute"))) int execute(int ptr, int len) {
    (void)ptr, (void)len;
    return work() != EXPECTED;
}

/* The same for hosts that call what takes nothing. */
__attribute__((export_name("plugin"))) int plugin(void) {
    return work() != EXPECTED;
}

/* Numbers that look random and never change. */
static inline unsigned next_random(unsigned *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}
