/* Writes 32 random bytes, 16 by 16. */
#include "check.h"
#include <unistd.h>

int main(void) {
    char bytes[16];
    for (int i = 0; i < 2; i++) {
        CHECK(getentropy(bytes, sizeof bytes) == 0);
        CHECK(fwrite(bytes, 1, sizeof bytes, stdout) == sizeof bytes);
    }
    return 0;
}
