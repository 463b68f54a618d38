/* Tests of the guest, native: sh build.sh test */
#include "greeting.h"
#include <stdio.h>
#include <string.h>

static int failures = 0;

static void check(int holds, const char *what) {
    if (!holds) {
        printf("failed: %s\n", what);
        failures += 1;
    }
}

int main(void) {
    char greeting[64];
    uint32_t len = greet((const uint8_t *)"World", 5, greeting, sizeof greeting);
    check(len == 13 && memcmp(greeting, "Hello, World!", 13) == 0, "a name is greeted");
    check(greet((const uint8_t *)"", 0, greeting, sizeof greeting) == 0, "no name is no greeting");
    check(greet((const uint8_t *)"World", 5, greeting, 12) == 0, "there must be room");
    return failures;
}
