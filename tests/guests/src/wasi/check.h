/* Ends the guest with status 1, and says where, unless a condition holds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, strerror(errno));                    \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* The call fails, and for this reason. */
#define FAILS(call, reason)                                                                                  \
    do {                                                                                                     \
        errno = 0;                                                                                           \
        CHECK((call) == -1);                                                                                 \
        CHECK(errno == (reason));                                                                            \
    } while (0)
