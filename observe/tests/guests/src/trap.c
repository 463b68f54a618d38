// Divides by what it is given, which is nothing.

__attribute__((noinline)) static int divide(int dividend, int divisor) {
    return dividend / divisor;
}

static inline __attribute__((always_inline)) int halve(int number, int half) {
    return divide(number, half) + 1;
}

__attribute__((export_name("run"))) int run(int number) {
    return halve(40, number);
}
