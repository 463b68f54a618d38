/* An interpreter in the guest: a loop around a switch, which becomes a `br_table`, that runs bytecode of a
 * stack machine which counts primes. */
#define EXPECTED 956u
#include "guest.h"

enum { LIMIT = 1500 };

enum op { PUSH, LOAD, STORE, ADD, REMAINDER, LESS, EQUAL, JUMP, JUMP_IF, MULTIPLY, HALT };

/* Variables: 0 the candidate, 1 the divisor, 2 how many primes there are. */
static const short code[] = {
    PUSH, 2, STORE, 0,                                                 /*  0: the first candidate */
    LOAD, 0, PUSH, LIMIT, LESS, JUMP_IF, 13, JUMP, 62,                 /*  4: is there one more? */
    PUSH, 2, STORE, 1,                                                 /* 13: its first divisor */
    LOAD, 0, LOAD, 1, LOAD, 1, MULTIPLY, LESS, JUMP_IF, 46,            /* 17: beyond the root, it is prime */
    LOAD, 0, LOAD, 1, REMAINDER, PUSH, 0, EQUAL, JUMP_IF, 53,          /* 27: divided, it is not */
    LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, 17,                         /* 37: the next divisor */
    LOAD, 2, PUSH, 1, ADD, STORE, 2,                                   /* 46: count it */
    LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 4,                          /* 53: the next candidate */
    HALT,                                                              /* 62 */
};

static unsigned run(void) {
    int stack[16], variables[4] = {0};
    int *top = stack;
    const short *at = code;
    for (;;) {
        switch (*at++) {
        case PUSH: *top++ = *at++; break;
        case LOAD: *top++ = variables[*at++]; break;
        case STORE: variables[*at++] = *--top; break;
        case ADD: top--; top[-1] += top[0]; break;
        case REMAINDER: top--; top[-1] %= top[0]; break;
        case LESS: top--; top[-1] = top[-1] < top[0]; break;
        case EQUAL: top--; top[-1] = top[-1] == top[0]; break;
        case MULTIPLY: top--; top[-1] *= top[0]; break;
        case JUMP: at = code + *at; break;
        case JUMP_IF: at = *--top ? code + *at : at + 1; break;
        default: return (unsigned)variables[2];
        }
    }
}

unsigned work(void) {
    unsigned sum = 0;
    for (int round = 0; round < 4; round++)
        sum += run();
    return sum;
}
