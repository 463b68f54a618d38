// Finds primes and sorts them by their digits: has branches that are taken often, seldom and never.
#define MOST 64

static unsigned found[MOST];

__attribute__((noinline)) static int is_prime(unsigned number) {
    if (number < 2)
        return 0;
    for (unsigned divisor = 2; divisor * divisor <= number; divisor++)
        if (number % divisor == 0)
            return 0;
    return 1;
}

__attribute__((noinline)) static unsigned digits(unsigned number) {
    unsigned sum = 0;
    while (number > 0) {
        sum += number % 10;
        number /= 10;
    }
    return sum;
}

__attribute__((noinline)) static void sort(unsigned *numbers, unsigned count) {
    for (unsigned end = 1; end < count; end++)
        for (unsigned at = end; at > 0 && digits(numbers[at - 1]) > digits(numbers[at]); at--) {
            unsigned other = numbers[at];
            numbers[at] = numbers[at - 1];
            numbers[at - 1] = other;
        }
}

__attribute__((noinline)) static void full(void) {
    __builtin_trap();
}

__attribute__((export_name("run"))) unsigned run(unsigned end) {
    unsigned count = 0;
    for (unsigned number = 0; number < end; number++)
        if (is_prime(number)) {
            if (count == MOST)
                full();
            found[count++] = number;
        }
    sort(found, count);
    return count;
}
