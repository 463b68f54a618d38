/* Reads clocks, sleeps for the seconds it is given, and writes how many went by. */
#include "check.h"
#include <time.h>

static long long nanos(clockid_t clock) {
    struct timespec now;
    CHECK(clock_gettime(clock, &now) == 0);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    struct timespec time;
    CHECK(clock_getres(CLOCK_MONOTONIC, &time) == 0 && time.tv_sec == 0 && time.tv_nsec > 0);
    long long first = nanos(CLOCK_MONOTONIC), second = nanos(CLOCK_MONOTONIC);
    CHECK(first <= second);

    long long real = nanos(CLOCK_REALTIME);
    struct timespec sleep = {atoi(argv[1]), 0}, left = {7, 7};
    CHECK(nanosleep(&sleep, &left) == 0);
    printf("%lld %lld\n", (nanos(CLOCK_MONOTONIC) - second) / 1000000000,
           (nanos(CLOCK_REALTIME) - real) / 1000000000);
    return 0;
}
