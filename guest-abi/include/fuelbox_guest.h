/* Write guests for fuelbox in C: input, output, log. C99, no C library needed.
 *
 *     #include "fuelbox_guest.h"
 *
 *     static int32_t run(const uint8_t *input, uint32_t len) {
 *         fuelbox_write_output(input, len);
 *         return 0;
 *     }
 *     FUELBOX_ENTRY(run)
 *
 * clang --target=wasm32 -Os -mbulk-memory -nostdlib -Wl,--no-entry -I include guest.c -o guest.wasm
 */
#ifndef FUELBOX_GUEST_H
#define FUELBOX_GUEST_H

#include <stddef.h>
#include <stdint.h>

/* Version of the protocol that this header is for. */
#define FUELBOX_ABI_VERSION 1

/* Declares a function of the host: FUELBOX_IMPORT("env", "name") int32_t name(void); */
#define FUELBOX_IMPORT(module, name) __attribute__((import_module(module), import_name(name))) extern

/* Lets the host call a function: FUELBOX_EXPORT("name") int32_t name(void) { .. } */
#define FUELBOX_EXPORT(name) __attribute__((export_name(name)))

/* The functions of the protocol as they are; what follows below is nicer to use. */
FUELBOX_IMPORT("env", "host_log") void host_log(const void *ptr, uint32_t len);
FUELBOX_IMPORT("env", "host_get_input_len") uint32_t host_get_input_len(void);
FUELBOX_IMPORT("env", "host_read_input") uint32_t host_read_input(void *ptr, uint32_t len);
FUELBOX_IMPORT("env", "host_write_output") void host_write_output(const void *ptr, uint32_t len);
FUELBOX_IMPORT("env", "host_get_time_nanos") uint64_t host_get_time_nanos(void);
FUELBOX_IMPORT("env", "host_read_random") void host_read_random(void *ptr, uint32_t len);

/* How long a text is, without the zero at its end. */
static inline uint32_t fuelbox_text_len(const char *text) {
    uint32_t len = 0;
    while (text[len] != '\0') {
        len += 1;
    }
    return len;
}

/* Logs `text` as it is. */
static inline void fuelbox_log(const char *text) {
    host_log(text, fuelbox_text_len(text));
}

/* Logs `text` as one line that starts with its level; what is beyond 1,024 bytes is cut. */
static inline void fuelbox_log_level(const char *level, const char *text) {
    char line[1024];
    uint32_t len = 0;
    const char *parts[3] = {level, ": ", text};
    for (int part = 0; part < 3; part += 1) {
        for (const char *from = parts[part]; *from != '\0' && len < sizeof line; from += 1) {
            line[len] = *from;
            len += 1;
        }
    }
    host_log(line, len);
}

static inline void fuelbox_error(const char *text) { fuelbox_log_level("error", text); }
static inline void fuelbox_warn(const char *text) { fuelbox_log_level("warn", text); }
static inline void fuelbox_info(const char *text) { fuelbox_log_level("info", text); }
static inline void fuelbox_debug(const char *text) { fuelbox_log_level("debug", text); }

/* Logs `text` as an error and gives back `status` to return; 0 would say that all went well, so it
 * becomes 1. */
static inline int32_t fuelbox_fail(int32_t status, const char *text) {
    fuelbox_error(text);
    return status == 0 ? 1 : status;
}

/* Logs `text` as an error and traps. */
__attribute__((noreturn)) static inline void fuelbox_panic(const char *text) {
    fuelbox_error(text);
    __builtin_trap();
}

/* Length of the input in bytes. */
static inline uint32_t fuelbox_input_len(void) {
    return host_get_input_len();
}

/* Copies the start of the input, as much as fits into `len` bytes; returns how many were copied. */
static inline uint32_t fuelbox_read_input(void *buffer, uint32_t len) {
    return host_read_input(buffer, len);
}

/* The whole input, in memory of its own that is the guest's until its end. Growing memory is expensive, so an empty
 * input takes none, and a small one takes what is left of a room of 1,024 bytes or of the pages of an earlier input. */
static inline uint8_t *fuelbox_input(uint32_t *len) {
    enum { PAGE_BYTES = 65536, ALIGN_BYTES = 16 };
    static uint8_t room[1024] __attribute__((aligned(ALIGN_BYTES)));
    static uint8_t *next = room;
    static uint32_t left = sizeof room;
    *len = host_get_input_len();
    if (*len == 0) {
        return next;
    }
    if (*len > left) {
        uint32_t pages = (*len - 1) / PAGE_BYTES + 1;
        size_t old_pages = __builtin_wasm_memory_grow(0, pages);
        if (old_pages == SIZE_MAX) {
            fuelbox_panic("no memory left for the input");
        }
        next = (uint8_t *)(old_pages * PAGE_BYTES);
        left = pages * PAGE_BYTES;
    }
    uint8_t *input = next;
    /* No more than `left`, which is a multiple of the alignment, too. */
    uint32_t taken = (*len + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    next += taken;
    left -= taken;
    *len = host_read_input(input, *len);
    return input;
}

/* Appends to the output. A few large writes are cheaper than many small ones. */
static inline void fuelbox_write_output(const void *bytes, uint32_t len) {
    host_write_output(bytes, len);
}

/* Appends a text to the output. */
static inline void fuelbox_write_text(const char *text) {
    host_write_output(text, fuelbox_text_len(text));
}

/* Nanoseconds since the Unix epoch, where the host grants a clock. */
static inline uint64_t fuelbox_time_nanos(void) {
    return host_get_time_nanos();
}

/* Fills `buffer` with random bytes, where the host grants them; not for keys. */
static inline void fuelbox_read_random(void *buffer, uint32_t len) {
    host_read_random(buffer, len);
}

/* Exports what the host calls. `run` takes the input and its length and returns the status. */
#define FUELBOX_ENTRY(run)                                                                        \
    FUELBOX_EXPORT("execute") int32_t fuelbox_execute(int32_t ptr, int32_t input_len) {           \
        (void)ptr, (void)input_len;                                                               \
        uint32_t len;                                                                             \
        const uint8_t *input = fuelbox_input(&len);                                               \
        return run(input, len);                                                                   \
    }                                                                                             \
    FUELBOX_EXPORT("fuelbox_abi_version") int32_t fuelbox_abi_version(void) {                     \
        return FUELBOX_ABI_VERSION;                                                               \
    }

#endif
