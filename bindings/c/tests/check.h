/* What every test is made of: a check that says where it failed, and guests from files. */
#ifndef CHECK_H
#define CHECK_H

#include "fuelbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many checks failed in this program. */
static int failures = 0;

#define CHECK(condition)                                                          \
    do {                                                                          \
        if (!(condition)) {                                                       \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);        \
            failures++;                                                           \
        }                                                                         \
    } while (0)

/* That a call answers with the status FUELBOX_STATUS_`expected`. */
#define STATUS(expected, call)                                                                             \
    do {                                                                                                   \
        fuelbox_status status_of_call = (call);                                                            \
        if (status_of_call != FUELBOX_STATUS_##expected) {                                                 \
            printf("%s:%d: %s is %d, %s, not %s\n", __FILE__, __LINE__, #call, (int)status_of_call,        \
                   fuelbox_status_name(status_of_call), #expected);                                        \
            failures++;                                                                                    \
        }                                                                                                  \
    } while (0)

#define OK(call) STATUS(OK, call)

/* That a buffer holds just this text. */
#define TEXT(expected, buf, len)                                                                           \
    do {                                                                                                   \
        if ((len) != strlen(expected) || memcmp((buf), (expected), (len)) != 0) {                          \
            printf("%s:%d: it is \"%.*s\", not \"%s\"\n", __FILE__, __LINE__, (int)(len),                  \
                   (const char *)(buf), (expected));                                                       \
            failures++;                                                                                    \
        }                                                                                                  \
    } while (0)

/* The bytes of a file, which the caller frees. */
static inline uint8_t *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    long size;
    uint8_t *bytes;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        printf("cannot read %s\n", path);
        exit(2);
    }
    rewind(file);
    bytes = malloc((size_t)size + 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        printf("cannot read %s\n", path);
        exit(2);
    }
    bytes[size] = 0;
    fclose(file);
    *len = (size_t)size;
    return bytes;
}

/* The bytes of the guest `name`, from the folder that the environment names. */
static inline uint8_t *read_guest(const char *name, size_t *len) {
    const char *folder = getenv("FUELBOX_GUESTS");
    char path[1024];

    snprintf(path, sizeof path, "%s/%s.wasm", folder != NULL ? folder : ".", name);
    return read_file(path, len);
}

/* The guest `name`, made as `builder` says. */
static inline fuelbox_module *guest_by(const fuelbox_module_builder *builder, const char *name) {
    size_t len;
    uint8_t *wasm = read_guest(name, &len);
    fuelbox_module *module = NULL;

    OK(fuelbox_module_new(builder, wasm, len, &module, NULL));
    free(wasm);
    return module;
}

static inline fuelbox_module *guest(const char *name) { return guest_by(NULL, name); }

/* Lets guests take a minute: what looks for misuse of memory is slow. */
static inline fuelbox_limits *patient_limits(void) {
    fuelbox_limits *limits = NULL;

    OK(fuelbox_limits_new(&limits));
    OK(fuelbox_limits_set(limits, FUELBOX_TEXT("deadline"), 60000000000));
    return limits;
}

/* A sandbox with these limits, and nothing granted. */
static inline void patient_sandbox(fuelbox_sandbox **sandbox) {
    fuelbox_limits *limits = patient_limits();

    OK(fuelbox_sandbox_new(limits, sandbox, NULL));
    OK(fuelbox_limits_free(limits));
}

/* Says how the program went, after a look at what it left behind. */
static int verdict(void) {
    size_t live = 0;

    OK(fuelbox_live_handles(&live));
    CHECK(live == 0);
    return failures == 0 ? 0 : 1;
}

#endif
