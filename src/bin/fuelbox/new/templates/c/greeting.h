/* What the guest does, without its host, so that it can be tested natively. */
#ifndef GREETING_H
#define GREETING_H

#include <stdint.h>

/* Writes `Hello, NAME!` to `greeting`; returns its length, 0 where there is no name or no room. */
static inline uint32_t greet(const uint8_t *name, uint32_t len, char *greeting, uint32_t room) {
    static const char before[] = "Hello, ";
    uint32_t at = 0;
    if (len == 0 || room < sizeof before || len > room - sizeof before) {
        return 0;
    }
    for (uint32_t i = 0; before[i] != '\0'; i += 1) {
        greeting[at++] = before[i];
    }
    for (uint32_t i = 0; i < len; i += 1) {
        greeting[at++] = (char)name[i];
    }
    greeting[at++] = '!';
    return at;
}

#endif
