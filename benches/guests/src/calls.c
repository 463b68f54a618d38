/* Calls that do little: numbers of Fibonacci, and Ackermann's function, by recursion. */
#define EXPECTED 196821u
#include "guest.h"

__attribute__((noinline)) static unsigned fibonacci(unsigned n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

__attribute__((noinline)) static unsigned ackermann(unsigned m, unsigned n) {
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

unsigned work(void) {
    return fibonacci(27) + ackermann(2, 200);
}
