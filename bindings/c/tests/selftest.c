/* The attacks that are built in are contained here too. */
#include "check.h"

int main(void) {
    fuelbox_selftest *selftest;
    size_t count, len = 0;
    int32_t contained = 0;
    char *text;

    OK(fuelbox_selftest_new(&selftest));
    OK(fuelbox_selftest_count(selftest, &count));
    CHECK(count > 100);
    OK(fuelbox_selftest_is_contained(selftest, &contained));
    STATUS(BUFFER_TOO_SMALL, fuelbox_selftest_text(selftest, NULL, 0, &len));
    text = malloc(len);
    OK(fuelbox_selftest_text(selftest, text, len, &len));
    if (contained != 1) {
        printf("%.*s\n", (int)len, text);
        failures++;
    }
    free(text);
    STATUS(BUFFER_TOO_SMALL, fuelbox_selftest_json(selftest, NULL, 0, &len));
    CHECK(len > 1000);
    OK(fuelbox_selftest_free(selftest));
    return verdict();
}
