/*
 * fuelbox.h: run untrusted WebAssembly inside your own process, with an interpreter and under strict limits.
 *
 * A first program, without its error checks:
 *
 *     fuelbox_module *module;
 *     fuelbox_sandbox *sandbox;
 *     fuelbox_report *report;
 *     fuelbox_module_new(NULL, wasm, wasm_len, &module, NULL);
 *     fuelbox_sandbox_new(NULL, &sandbox, NULL);
 *     fuelbox_sandbox_grant_protocol(sandbox);
 *     fuelbox_sandbox_run_input(sandbox, module, input, input_len, &report, NULL);
 *     fuelbox_report_output(report, buffer, sizeof buffer, &len);
 *
 * The page docs/embed-in-c.md has it with all checks, and the table of statuses. What holds for every function:
 *
 * HANDLES. A `fuelbox_module *` and its like are not addresses but numbers in the form of a pointer, so that a wrong
 * one is noticed and never followed. One that was freed is FUELBOX_STATUS_STALE_HANDLE for good: it is not given out
 * again. One of another kind is FUELBOX_STATUS_WRONG_HANDLE. Handles may be copied and compared, and 0 is none.
 *
 * OWNERSHIP. What a function hands out in a `fuelbox_X **` is yours: end it with `fuelbox_X_free`. Freeing NULL does
 * nothing. A handle that is used in a call still in progress is not freed: FUELBOX_STATUS_BUSY. Handles do not
 * depend on each other: a module may be freed before its instances. Functions that take a handle away say so.
 *
 * STATUS. Every function that can fail answers with a `fuelbox_status`. 0 is success. On any other status nothing was
 * done and the outputs are as they were, unless the function says otherwise; fuelbox_status_message says what to
 * change. Where no handle is left for what a call would hand out, nothing is run: FUELBOX_STATUS_TOO_MANY_HANDLES.
 *
 * ERRORS. The last parameter `fuelbox_error **error` may be NULL. Else it is set by every call: to NULL on success,
 * or to an error that is yours to free, with the word, the text, the advice and the numbers of what went wrong. Where
 * no handle is left for an error it is NULL, and the status has to do.
 *
 * BUFFERS. Every pointer has a length beside it, in elements; with length 0 it may be NULL. No text needs a NUL at
 * its end, and none is written. Text is UTF-8; other bytes are FUELBOX_STATUS_INVALID_UTF8. An output is written
 * into memory of yours, `buf` with room for `cap` elements, and `*len` says how many there are. Where they do not
 * fit, the status is FUELBOX_STATUS_BUFFER_TOO_SMALL, `*len` is the exact number needed, nothing is written to `buf`
 * and nothing is used up: call again with more room. `len` may not be NULL.
 *
 * THREADS. "Any thread." means that calls with one handle may come from any threads at the same time. "One thread at
 * a time." means that the handle may move between threads, but that during the call every other one with the same
 * handle is FUELBOX_STATUS_BUSY, also from within a callback, and it is so itself where another is in progress. "Its
 * callback only." means the thread and the time of a callback.
 *
 * PANICS. A panic of the library does not cross into C: it is FUELBOX_STATUS_PANIC, with its text in the error.
 * Please report it. The handles that the call was changing answer FUELBOX_STATUS_PANIC from then on, and can be
 * freed.
 *
 * CALLBACKS. They may be called from any thread that runs a guest, and from several at once. They must return: no
 * longjmp, no exception of C++ may leave them. `user_data` is handed to each call as it is. `drop`, which may be
 * NULL, is called with it exactly once, when nothing can call the callback any more; also if the function that takes
 * both fails.
 */
#ifndef FUELBOX_H
#define FUELBOX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. It changes when something here is removed or changes its meaning; additions do not
 * change it. */
#define FUELBOX_ABI_VERSION 1

/* The text of a literal, with its length: for every pair of a name and its length. */
#define FUELBOX_TEXT(literal) (literal), (sizeof(literal) - 1)

/* ---------------------------------------------------------------------------------------------------- statuses -- */

/* What came of a call. The numbers never change; new ones may come. */
typedef int32_t fuelbox_status;

enum {
    /* The call did what it says. */
    FUELBOX_STATUS_OK = 0,

    /* Misuse of this interface. */
    FUELBOX_STATUS_NULL = 1,              /* a pointer or handle that must not be NULL is */
    FUELBOX_STATUS_STALE_HANDLE = 2,      /* the handle was freed or taken away, or never was one */
    FUELBOX_STATUS_WRONG_HANDLE = 3,      /* the handle is of another kind */
    FUELBOX_STATUS_BUSY = 4,              /* another call with the handle is in progress */
    FUELBOX_STATUS_BUFFER_TOO_SMALL = 5,  /* the buffer has too little room; `*len` is what it takes */
    FUELBOX_STATUS_INVALID_UTF8 = 6,      /* a text is not UTF-8 */
    FUELBOX_STATUS_INVALID_ARGUMENT = 7,  /* a number or value that the parameter cannot have */
    FUELBOX_STATUS_UNKNOWN_NAME = 8,      /* no limit, proposal or usage has this name */
    FUELBOX_STATUS_NOT_FOUND = 9,         /* there is none, or none at this index or of this name */
    FUELBOX_STATUS_TOO_MANY_HANDLES = 10, /* no more handles can be given out */
    FUELBOX_STATUS_PANIC = 11,            /* the library panicked: please report it */
    FUELBOX_STATUS_ABI = 12,              /* the library has another FUELBOX_ABI_VERSION than this header */
    FUELBOX_STATUS_HASH = 13,             /* the bytes have another SHA-256 than was asked for */
    FUELBOX_STATUS_NOTHING_ASKED = 14,    /* the guest asks nothing, so nothing can be answered */
    FUELBOX_STATUS_ANSWER_TYPES = 15,     /* the answer is of other types than declared; the guest still waits */
    FUELBOX_STATUS_ANSWER_REFERENCE = 16, /* a reference other than null cannot be passed; the guest still waits */
    FUELBOX_STATUS_OUT_OF_BOUNDS = 17,    /* the range does not lie in the guest's memory */
    FUELBOX_STATUS_EXITED = 18,           /* the guest exited, so the export returned nothing */
    FUELBOX_STATUS_NOT_BUILT = 19,        /* this build of the library leaves it out: see docs/embed-in-c.md */
    FUELBOX_STATUS_SNAPSHOT_NOT_BUILT = 20, /* the module was not built for snapshots */
    FUELBOX_STATUS_SNAPSHOT_OPEN_FILE = 21, /* the guest has a file open that a snapshot cannot hold */
    FUELBOX_STATUS_SNAPSHOT_REFERENCE = 22, /* the guest holds a reference that a snapshot cannot hold */
    FUELBOX_STATUS_TREE_MALFORMED = 30,   /* a path or link target that no tree can hold */
    FUELBOX_STATUS_TREE_NO_FILE = 31,     /* there is no file to link to */
    FUELBOX_STATUS_TREE_TAKEN = 32,       /* something else is there already */
    FUELBOX_STATUS_DIR_OPEN = 33,         /* the directory cannot be opened; the message says why */
    FUELBOX_STATUS_PIPE_CLOSED = 40,      /* nobody is left who could read what is written */
    FUELBOX_STATUS_OTHER = 99,            /* a code that this version of the interface has no number for */

    /* Refused: no guest code ran. The words of docs/codes.md, in their order. */
    FUELBOX_STATUS_INVALID_MODULE = 100,
    FUELBOX_STATUS_TEXT_MODULE = 101,
    FUELBOX_STATUS_INVALID_TEXT = 102,
    FUELBOX_STATUS_PROPOSAL = 103,
    FUELBOX_STATUS_MODULE_LIMIT = 104,
    FUELBOX_STATUS_UNSUPPORTED = 105,
    FUELBOX_STATUS_IMPORT_UNKNOWN = 106,
    FUELBOX_STATUS_IMPORT_NOT_GRANTED = 107,
    FUELBOX_STATUS_IMPORT_TYPE = 108,
    FUELBOX_STATUS_MEMORY_NOT_EXPORTED = 109,
    FUELBOX_STATUS_EXPORT_MISSING = 110,
    FUELBOX_STATUS_EXPORT_TYPE = 111,
    FUELBOX_STATUS_ARGUMENT = 112,
    FUELBOX_STATUS_ABI_VERSION = 113,
    FUELBOX_STATUS_INPUT_TOO_LARGE = 114,
    FUELBOX_STATUS_INITIAL_MEMORY = 115,
    FUELBOX_STATUS_INITIAL_TABLE = 116,
    FUELBOX_STATUS_SEGMENT = 117,
    FUELBOX_STATUS_INSTANCE_STOPPED = 118,
    FUELBOX_STATUS_INSTANCE_EXITED = 119,
    FUELBOX_STATUS_REFUSED_SYSTEM_OUT_OF_MEMORY = 120,
    FUELBOX_STATUS_UNSAFE_BUILD = 121,
    FUELBOX_STATUS_REFUSED_ENGINE = 122,

    /* Stopped: guest code ran and did not finish. */
    FUELBOX_STATUS_OUT_OF_FUEL = 200,
    FUELBOX_STATUS_DEADLINE = 201,
    FUELBOX_STATUS_WAIT = 202,
    FUELBOX_STATUS_UNANSWERED = 203,
    FUELBOX_STATUS_CANCELLED = 204,
    FUELBOX_STATUS_OUT_OF_MEMORY = 205,
    FUELBOX_STATUS_OUT_OF_TABLE = 206,
    FUELBOX_STATUS_OUTPUT_TOO_LARGE = 207,
    FUELBOX_STATUS_FAULT = 208,
    FUELBOX_STATUS_HOST_FUNCTION = 209,
    FUELBOX_STATUS_STOPPED_SYSTEM_OUT_OF_MEMORY = 210,
    FUELBOX_STATUS_STOPPED_ENGINE = 211,
    FUELBOX_STATUS_TRAP_UNREACHABLE = 212,
    FUELBOX_STATUS_TRAP_MEMORY_OUT_OF_BOUNDS = 213,
    FUELBOX_STATUS_TRAP_TABLE_OUT_OF_BOUNDS = 214,
    FUELBOX_STATUS_TRAP_INDIRECT_CALL_TO_NULL = 215,
    FUELBOX_STATUS_TRAP_BAD_SIGNATURE = 216,
    FUELBOX_STATUS_TRAP_INTEGER_DIVISION_BY_ZERO = 217,
    FUELBOX_STATUS_TRAP_INTEGER_OVERFLOW = 218,
    FUELBOX_STATUS_TRAP_BAD_CONVERSION_TO_INTEGER = 219,
    FUELBOX_STATUS_TRAP_STACK_OVERFLOW = 220,
    FUELBOX_STATUS_WORKER = 221
};

/* The word of a status, such as "out-of-fuel": those of docs/codes.md, and for misuse words of this interface. A
 * text with a NUL at its end that lives as long as the process; "other" for a number that is no status. Any thread. */
const char *fuelbox_status_name(fuelbox_status status);

/* What happened and what to change, in a sentence for people. For functions that hand out no error; of refusals and
 * stops, 100 and more, an error or a report says more. A text with a NUL at its end that lives as long as the process.
 * Any thread. */
const char *fuelbox_status_message(fuelbox_status status);

/* The FUELBOX_ABI_VERSION of the library that is linked. Any thread. */
uint32_t fuelbox_abi_version(void);

/* Whether the library has this version of the interface: FUELBOX_STATUS_ABI if not. Any thread. */
fuelbox_status fuelbox_abi_check(uint32_t version);

/* Whether the library that is linked fits this header: the first call of every program. */
#define FUELBOX_ABI_CHECK() fuelbox_abi_check(FUELBOX_ABI_VERSION)

/* The version of the library, such as "0.1.0". Any thread. */
fuelbox_status fuelbox_version(char *buf, size_t cap, size_t *len);

/* The version of the protocol between hosts and guests that the library speaks. Any thread. */
uint32_t fuelbox_protocol_version(void);

/* The version of the schedule that fuel is counted by: fuel of two runs can be compared where it is the same. Any
 * thread. */
uint32_t fuelbox_fuel_schedule(void);

/* The time by the machine's clock, in nanoseconds since the process first read it. By this clock are deadlines of
 * fuelbox_sandbox_new, fuelbox_execution_wake_at and fuelbox_scheduler_wake_at. Any thread. */
fuelbox_status fuelbox_now(uint64_t *nanos);

/* How many handles were given out and not ended: 0 at the end of a program that leaks none. A call in progress counts
 * for what it will hand out. Any thread. */
fuelbox_status fuelbox_live_handles(size_t *count);

/* Sets how many handles there may be at the same time, so that a program that leaks them is told in time: whatever
 * would hand out one more is FUELBOX_STATUS_TOO_MANY_HANDLES, before guest code runs. SIZE_MAX, the default, leaves it
 * at four thousand million (65,536 where pointers have 32 bits). For the whole process. Any thread. */
fuelbox_status fuelbox_limit_handles(size_t most);

/* Keeps up to `bytes` of the memories of guests that have ended, for the next ones: starts become faster. For the
 * whole process. The default is 72 MiB; 0 keeps none. Any thread. */
fuelbox_status fuelbox_keep_memory(uint64_t bytes);

/* How many bytes the process keeps at the moment: see fuelbox_keep_memory. Any thread. */
fuelbox_status fuelbox_kept_memory(uint64_t *bytes);

/* ----------------------------------------------------------------------------------------------------- handles -- */

typedef struct fuelbox_error fuelbox_error;                   /* what went wrong, as data */
typedef struct fuelbox_limits fuelbox_limits;                 /* what a guest may use */
typedef struct fuelbox_module_builder fuelbox_module_builder; /* how a module is made */
typedef struct fuelbox_module fuelbox_module;                 /* guest code that passed every check */
typedef struct fuelbox_sandbox fuelbox_sandbox;               /* limits and grants together; reusable */
typedef struct fuelbox_call fuelbox_call;                     /* what to run, and with what; reusable */
typedef struct fuelbox_report fuelbox_report;                 /* what happened in a run */
typedef struct fuelbox_instance fuelbox_instance;             /* a guest that lives from call to call */
typedef struct fuelbox_execution fuelbox_execution;           /* a call in progress */
typedef struct fuelbox_cancel_token fuelbox_cancel_token;     /* cancels calls from any thread */
typedef struct fuelbox_caller fuelbox_caller;                 /* the run that calls a host function */
typedef struct fuelbox_recording fuelbox_recording;           /* what it takes to run a guest again */
typedef struct fuelbox_tree fuelbox_tree;                     /* files in memory for a guest of WASI */
typedef struct fuelbox_dir fuelbox_dir;                       /* a real directory for a guest of WASI */
typedef struct fuelbox_pipe fuelbox_pipe;                     /* the end of a pipe that the host writes */
typedef struct fuelbox_wasi fuelbox_wasi;                     /* what a program of WASI is given */
typedef struct fuelbox_pool fuelbox_pool;                     /* instances made ahead */
typedef struct fuelbox_scheduler fuelbox_scheduler;           /* many executions on one thread */
typedef struct fuelbox_selftest fuelbox_selftest;             /* what a self-test found */

/* Ends what `user_data` stands for. */
typedef void (*fuelbox_drop)(void *user_data);

/* ------------------------------------------------------------------------------------------------------ values -- */

/* The type of a WebAssembly value. */
typedef uint32_t fuelbox_type;

enum {
    FUELBOX_TYPE_I32 = 0,
    FUELBOX_TYPE_I64 = 1,
    FUELBOX_TYPE_F32 = 2,
    FUELBOX_TYPE_F64 = 3,
    FUELBOX_TYPE_V128 = 4,
    FUELBOX_TYPE_FUNCREF = 5,
    FUELBOX_TYPE_EXTERNREF = 6
};

/* One WebAssembly value: `of` is read by the member that `type` says. */
typedef struct fuelbox_value {
    fuelbox_type type;
    uint32_t reserved; /* any number; written as 0 */
    union {
        int32_t i32;
        int64_t i64;
        float f32;
        double f64;
        uint8_t v128[16];  /* lane 0 first */
        uint32_t is_null;  /* of a reference: 1 for null, the only one that can be passed to a guest; else 0 */
    } of;
} fuelbox_value;

/* Values, made from numbers. */
static inline fuelbox_value fuelbox_i32(int32_t number) {
    /* Set with the rest: compilers would store a zero first, and then wait for it. */
    fuelbox_value value = {FUELBOX_TYPE_I32, 0, {number}};
    return value;
}
static inline fuelbox_value fuelbox_i64(int64_t number) {
    fuelbox_value value = {FUELBOX_TYPE_I64, 0, {0}};
    value.of.i64 = number;
    return value;
}
static inline fuelbox_value fuelbox_f32(float number) {
    fuelbox_value value = {FUELBOX_TYPE_F32, 0, {0}};
    value.of.f32 = number;
    return value;
}
static inline fuelbox_value fuelbox_f64(double number) {
    fuelbox_value value = {FUELBOX_TYPE_F64, 0, {0}};
    value.of.f64 = number;
    return value;
}

/* ------------------------------------------------------------------------------------------------------ errors -- */

/* Who has to act on an error or a stop. */
enum {
    FUELBOX_BLAME_GUEST = 0,  /* the guest's author: the module is wrong */
    FUELBOX_BLAME_LIMIT = 1,  /* whoever sets the limits */
    FUELBOX_BLAME_HOST = 2,   /* the program that embeds the sandbox */
    FUELBOX_BLAME_ENGINE = 3  /* the library: please report it */
};

/* The status that the call answered with. Any thread. */
fuelbox_status fuelbox_error_status(const fuelbox_error *error, fuelbox_status *status);

/* The word of the error, such as "initial-memory": fuelbox_status_name of its status. Any thread. */
fuelbox_status fuelbox_error_code(const fuelbox_error *error, char *buf, size_t cap, size_t *len);

/* What happened, in a sentence for people. Names that a guest chose are escaped in it. Any thread. */
fuelbox_status fuelbox_error_message(const fuelbox_error *error, char *buf, size_t cap, size_t *len);

/* What to change, as the word of an advice, such as "raise-limit": the list is in docs/codes.md.
 * FUELBOX_STATUS_NOT_FOUND where there is none. Any thread. */
fuelbox_status fuelbox_error_advice_code(const fuelbox_error *error, char *buf, size_t cap, size_t *len);

/* What to change, in a sentence for people. FUELBOX_STATUS_NOT_FOUND where there is none. Any thread. */
fuelbox_status fuelbox_error_advice(const fuelbox_error *error, char *buf, size_t cap, size_t *len);

/* Who has to act, one of FUELBOX_BLAME_..; misuse of this interface is FUELBOX_BLAME_HOST. Any thread. */
fuelbox_status fuelbox_error_blame(const fuelbox_error *error, int32_t *blame);

/* Sets `*transient` to 1 if the same call could succeed later without a change, else to 0. Any thread. */
fuelbox_status fuelbox_error_is_transient(const fuelbox_error *error, int32_t *transient);

/* All of it as one JSON object: "code", "status", "message", "blame", "is_transient", "advice", and under "error" or
 * "stop" the numbers and names, as in docs/codes.md. Any thread. */
fuelbox_status fuelbox_error_json(const fuelbox_error *error, char *buf, size_t cap, size_t *len);

/* The whole report of a guest that was stopped, where a function answers with a stop instead of a report, such as
 * fuelbox_instance_call. A new report each time. FUELBOX_STATUS_NOT_FOUND where no guest code ran. Any thread. */
fuelbox_status fuelbox_error_report(const fuelbox_error *error, fuelbox_report **report);

/* Ends an error. Any thread. */
fuelbox_status fuelbox_error_free(fuelbox_error *error);

/* ------------------------------------------------------------------------------------------------------ limits -- */

/* Makes limits, each with its default. Any thread. */
fuelbox_status fuelbox_limits_new(fuelbox_limits **limits);

/* Sets one limit. Names, units and defaults are those of docs/limits.md: "fuel", "deadline" and "wait" in
 * nanoseconds, "wait_counts" (0 or 1), "memory_bytes", "growth_denial" (0 stops the guest, 1 refuses the growth),
 * "table_elements", "input_bytes", "output_bytes", "stderr_bytes", "log_bytes", "log_lines", "log_line_bytes".
 * Unlimited is only ever written UINT64_MAX; a limit that is not set has its default. One thread at a time.
 * FUELBOX_STATUS_UNKNOWN_NAME; FUELBOX_STATUS_INVALID_ARGUMENT for a number that "wait_counts" or "growth_denial"
 * has not. */
fuelbox_status fuelbox_limits_set(fuelbox_limits *limits, const char *name, size_t name_len, uint64_t value);

/* Reads one limit, by the names and units of fuelbox_limits_set. Any thread. FUELBOX_STATUS_UNKNOWN_NAME. */
fuelbox_status fuelbox_limits_get(const fuelbox_limits *limits, const char *name, size_t name_len, uint64_t *value);

/* Makes limits from JSON as fuelbox_limits_json and the program write it: {"call": {..}, "instance": {..}}. What is
 * left out has its default. Any thread. FUELBOX_STATUS_INVALID_ARGUMENT for a text of another form, or an unknown
 * limit. */
fuelbox_status fuelbox_limits_from_json(const char *json, size_t json_len, fuelbox_limits **limits,
                                        fuelbox_error **error);

/* The limits as JSON. Any thread. */
fuelbox_status fuelbox_limits_json(const fuelbox_limits *limits, char *buf, size_t cap, size_t *len);

/* Ends limits. What was made with them keeps them. Any thread. */
fuelbox_status fuelbox_limits_free(fuelbox_limits *limits);

/* ----------------------------------------------------------------------------------------------------- modules -- */

/* Makes a builder, with the default limits of modules. Any thread. */
fuelbox_status fuelbox_module_builder_new(fuelbox_module_builder **builder);

/* Sets one limit of modules, by the names of docs/limits.md, such as "module_bytes", "functions", "call_depth".
 * Unlimited is only ever written UINT64_MAX. One thread at a time. FUELBOX_STATUS_UNKNOWN_NAME. */
fuelbox_status fuelbox_module_builder_set(fuelbox_module_builder *builder, const char *name, size_t name_len,
                                          uint64_t value);

/* Allows (1) or denies (0) a proposal of WebAssembly by its name, such as "tail-call" or "simd". One thread at a
 * time. FUELBOX_STATUS_UNKNOWN_NAME. */
fuelbox_status fuelbox_module_builder_proposal(fuelbox_module_builder *builder, const char *name, size_t name_len,
                                               int32_t allowed);

/* Sets what the host calls the module, to tell modules apart. One thread at a time. */
fuelbox_status fuelbox_module_builder_name(fuelbox_module_builder *builder, const char *name, size_t name_len);

/* Sets whether snapshots can be made of its instances (1) or not (0, the default). It then keeps its bytes. One
 * thread at a time. */
fuelbox_status fuelbox_module_builder_snapshots(fuelbox_module_builder *builder, int32_t snapshots);

/* Sets whether each function is compiled at its first call (1) or when the module is made (0, the default). For
 * modules that are half trusted: what is compiled within a call is metered by nothing. One thread at a time. */
fuelbox_status fuelbox_module_builder_lazy(fuelbox_module_builder *builder, int32_t lazy);

/* Sets how many copies of the code there may be for threads that start guests at once; by default as many as the
 * machine has cores. One thread at a time. */
fuelbox_status fuelbox_module_builder_lanes(fuelbox_module_builder *builder, size_t lanes);

/* Ends a builder. Any thread. */
fuelbox_status fuelbox_module_builder_free(fuelbox_module_builder *builder);

/* Checks and compiles a binary module. `builder` says how, NULL for the defaults. The bytes are copied where they
 * are needed later. Any thread. FUELBOX_STATUS_INVALID_MODULE and what else is refused before guest code runs. */
fuelbox_status fuelbox_module_new(const fuelbox_module_builder *builder, const uint8_t *wasm, size_t wasm_len,
                                  fuelbox_module **module, fuelbox_error **error);

/* As fuelbox_module_new, for a module in the text format. FUELBOX_STATUS_INVALID_TEXT where the text is wrong, with
 * line and column; FUELBOX_STATUS_NOT_BUILT where the library was built without the feature `wat`. Any thread. */
fuelbox_status fuelbox_module_new_text(const fuelbox_module_builder *builder, const char *text, size_t text_len,
                                       fuelbox_module **module, fuelbox_error **error);

/* As fuelbox_module_new, for bytes that must have this SHA-256, 32 bytes long: it is computed before anything is
 * parsed. Any thread. FUELBOX_STATUS_HASH where it is another; FUELBOX_STATUS_INVALID_ARGUMENT where `sha256_len` is
 * not 32. */
fuelbox_status fuelbox_module_new_checked(const fuelbox_module_builder *builder, const uint8_t *wasm, size_t wasm_len,
                                          const uint8_t *sha256, size_t sha256_len, fuelbox_module **module,
                                          fuelbox_error **error);

/* The proposals that a module cannot do without, as a JSON list of their names. Nothing is compiled. Any thread. */
fuelbox_status fuelbox_module_proposals_used(const fuelbox_module_builder *builder, const uint8_t *wasm,
                                             size_t wasm_len, char *buf, size_t cap, size_t *len,
                                             fuelbox_error **error);

/* Another handle for the same module, which is freed by itself. Any thread. */
fuelbox_status fuelbox_module_clone(const fuelbox_module *module, fuelbox_module **clone);

/* What the host calls the module. FUELBOX_STATUS_NOT_FOUND where it has no name. Any thread. */
fuelbox_status fuelbox_module_name(const fuelbox_module *module, char *buf, size_t cap, size_t *len);

/* A hash of the bytes to tell modules apart in logs; no protection against forgery. Any thread. */
fuelbox_status fuelbox_module_fingerprint(const fuelbox_module *module, uint64_t *fingerprint);

/* How many imports there are. Any thread. */
fuelbox_status fuelbox_module_import_count(const fuelbox_module *module, size_t *count);

/* The first part of the name of an import. FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_module_import_module(const fuelbox_module *module, size_t index, char *buf, size_t cap,
                                            size_t *len);

/* The second part of the name of an import. FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_module_import_name(const fuelbox_module *module, size_t index, char *buf, size_t cap,
                                          size_t *len);

/* The type of an import, such as "function (i32, i64) -> f32". FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_module_import_type(const fuelbox_module *module, size_t index, char *buf, size_t cap,
                                          size_t *len);

/* How many exports there are. Any thread. */
fuelbox_status fuelbox_module_export_count(const fuelbox_module *module, size_t *count);

/* The name of an export; they are sorted by name. FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_module_export_name(const fuelbox_module *module, size_t index, char *buf, size_t cap,
                                          size_t *len);

/* The type of an export, such as "function (i32, i64) -> f32". FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_module_export_type(const fuelbox_module *module, size_t index, char *buf, size_t cap,
                                          size_t *len);

/* The parameters of the function that is exported as `name`. FUELBOX_STATUS_EXPORT_MISSING, or
 * FUELBOX_STATUS_EXPORT_TYPE where it is no function. Any thread. */
fuelbox_status fuelbox_module_function_params(const fuelbox_module *module, const char *name, size_t name_len,
                                              fuelbox_type *buf, size_t cap, size_t *len);

/* The results of the function that is exported as `name`. As fuelbox_module_function_params. Any thread. */
fuelbox_status fuelbox_module_function_results(const fuelbox_module *module, const char *name, size_t name_len,
                                               fuelbox_type *buf, size_t cap, size_t *len);

/* All that can be said of a module, as one JSON object: "name", "fingerprint", "imports", "exports", "memories",
 * "tables", "has_start", "abi_version". Any thread. */
fuelbox_status fuelbox_module_json(const fuelbox_module *module, char *buf, size_t cap, size_t *len);

/* The bytes of a module that was built for snapshots. Those of a snapshot are a module of their own: store them, and
 * give them to fuelbox_module_new anywhere. FUELBOX_STATUS_NOT_FOUND for another module. Any thread. */
fuelbox_status fuelbox_module_wasm(const fuelbox_module *module, uint8_t *buf, size_t cap, size_t *len);

/* Makes copies of the code ahead, so that there are `lanes` of them. Any thread. */
fuelbox_status fuelbox_module_make_lanes(const fuelbox_module *module, size_t lanes, fuelbox_error **error);

/* Ends a module. Instances and executions of it go on. Any thread. */
fuelbox_status fuelbox_module_free(fuelbox_module *module);

/* --------------------------------------------------------------------------------------------------- sandboxes -- */

/* Makes a sandbox, to which nothing is granted. `limits` are copied; NULL for the defaults. Any thread. */
fuelbox_status fuelbox_sandbox_new(const fuelbox_limits *limits, fuelbox_sandbox **sandbox, fuelbox_error **error);

/* A clock of the host: nanoseconds since any fixed moment, never going back. */
typedef uint64_t (*fuelbox_clock)(void *user_data);

/* As fuelbox_sandbox_new, with deadlines by a clock of the host. Any thread. */
fuelbox_status fuelbox_sandbox_new_with_clock(const fuelbox_limits *limits, fuelbox_clock clock, void *user_data,
                                              fuelbox_drop drop, fuelbox_sandbox **sandbox, fuelbox_error **error);

/* Another sandbox with the same limits and grants, to which more can be granted. Any thread. */
fuelbox_status fuelbox_sandbox_clone(const fuelbox_sandbox *sandbox, fuelbox_sandbox **clone);

/* Grants input, output and log: what most plugins need. One thread at a time, as with every grant; the same grant
 * again replaces the one before. Runs that were begun before keep what they were begun with. */
fuelbox_status fuelbox_sandbox_grant_protocol(fuelbox_sandbox *sandbox);

/* Lets guests read their input. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_input(fuelbox_sandbox *sandbox);

/* Lets guests write output, into the report. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_output(fuelbox_sandbox *sandbox);

/* Lets guests log, into the report. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_log(fuelbox_sandbox *sandbox);

/* Lets guests of AssemblyScript abort with a message, which goes to the log. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_abort(fuelbox_sandbox *sandbox);

/* Lets guests ask for the time, by a clock that stands still at so many nanoseconds since the Unix epoch. One thread
 * at a time. */
fuelbox_status fuelbox_sandbox_grant_clock_fixed(fuelbox_sandbox *sandbox, uint64_t unix_nanos);

/* Lets guests ask for the time, by a clock that starts so many nanoseconds after the Unix epoch and goes one
 * nanosecond on with each fuel: runs stay reproducible. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_clock_by_fuel(fuelbox_sandbox *sandbox, uint64_t unix_nanos);

/* Lets guests ask for the time by the machine's own clock: runs are no longer reproducible. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_clock_system(fuelbox_sandbox *sandbox);

/* Lets guests ask for the time by a clock of the host, nanoseconds since the Unix epoch. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_clock(fuelbox_sandbox *sandbox, fuelbox_clock clock, void *user_data,
                                           fuelbox_drop drop);

/* Lets guests ask for random bytes, the same for the same seed on every machine: not for keys. One thread at a
 * time. */
fuelbox_status fuelbox_sandbox_grant_random_seeded(fuelbox_sandbox *sandbox, uint64_t seed);

/* Fills `len` bytes at `buf`, all of them; at most 64 KiB at once. */
typedef void (*fuelbox_random)(void *user_data, uint8_t *buf, size_t len);

/* Lets guests ask for random bytes of the host's own source: runs are no longer reproducible. One thread at a
 * time. */
fuelbox_status fuelbox_sandbox_grant_random(fuelbox_sandbox *sandbox, fuelbox_random random, void *user_data,
                                            fuelbox_drop drop);

/* Lets guests be programs of WASI preview 1. `wasi` is copied. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_wasi(fuelbox_sandbox *sandbox, const fuelbox_wasi *wasi);

/* A function of the host. It reads its arguments, of the types that it was declared with, sets each of its results,
 * which are zeros of their types beforehand, and returns FUELBOX_STATUS_OK. It goes on in no other case: with the
 * status of a fuelbox_caller_.. function that failed the run stops for the reason that function had, with
 * fuelbox_caller_fail with a text of its own, with any other status as FUELBOX_STATUS_HOST_FUNCTION. `caller` is
 * good until it returns. */
typedef fuelbox_status (*fuelbox_function)(void *user_data, fuelbox_caller *caller, const fuelbox_value *args,
                                           size_t args_len, fuelbox_value *results, size_t results_len);

/* Offers a function of the host, which guests import as `module`.`name`. The same names again replace it. The time
 * it takes counts towards the deadline, but nothing interrupts it. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_function(fuelbox_sandbox *sandbox, const char *module, size_t module_len,
                                              const char *name, size_t name_len, const fuelbox_type *params,
                                              size_t params_len, const fuelbox_type *results, size_t results_len,
                                              fuelbox_function function, void *user_data, fuelbox_drop drop);

/* Offers a function that the host answers later: a guest that calls it waits meanwhile, until
 * fuelbox_execution_answer. For calls that are stepped; one that is run to its end stops there, as
 * FUELBOX_STATUS_UNANSWERED. One thread at a time. */
fuelbox_status fuelbox_sandbox_grant_waiting(fuelbox_sandbox *sandbox, const char *module, size_t module_len,
                                             const char *name, size_t name_len, const fuelbox_type *params,
                                             size_t params_len, const fuelbox_type *results, size_t results_len);

/* Links functions that nothing offers, so that a module which imports them can start: a call of one stops the run.
 * What could be granted and was not is still refused. One thread at a time. */
fuelbox_status fuelbox_sandbox_stub_unknown(fuelbox_sandbox *sandbox);

/* Refuses guests that do not say which version of the protocol they were built for. One thread at a time. */
fuelbox_status fuelbox_sandbox_require_abi_version(fuelbox_sandbox *sandbox);

/* Keeps what crosses the boundary into each guest, up to so many bytes of data, so that a run can be repeated: see
 * fuelbox_instance_recording. It holds the guest's input and all that the host gave it. One thread at a time. */
fuelbox_status fuelbox_sandbox_record(fuelbox_sandbox *sandbox, uint64_t most_bytes);

/* The limits of a sandbox: a copy. Any thread. */
fuelbox_status fuelbox_sandbox_limits(const fuelbox_sandbox *sandbox, fuelbox_limits **limits);

/* What would keep a call from running, found without running anything, as a JSON object: "would_run", "imports" with
 * the status of each, and "refusals". `call` NULL is the entry. Any thread. */
fuelbox_status fuelbox_sandbox_check(const fuelbox_sandbox *sandbox, const fuelbox_module *module,
                                     const fuelbox_call *call, char *buf, size_t cap, size_t *len);

/* Runs a module to its end in an instance of its own: what `call` says, NULL for its entry without input. A guest
 * that is stopped is success here: the report says so. Imports that are not granted are refused before guest code
 * runs. Any thread. Every refusal. */
fuelbox_status fuelbox_sandbox_run(const fuelbox_sandbox *sandbox, const fuelbox_module *module,
                                   const fuelbox_call *call, fuelbox_report **report, fuelbox_error **error);

/* As fuelbox_sandbox_run, for the entry with this input, which is copied. Any thread. */
fuelbox_status fuelbox_sandbox_run_input(const fuelbox_sandbox *sandbox, const fuelbox_module *module,
                                         const uint8_t *input, size_t input_len, fuelbox_report **report,
                                         fuelbox_error **error);

/* Begins a call in an instance of its own, to be stepped. No guest code runs yet. Any thread. As
 * fuelbox_sandbox_run. */
fuelbox_status fuelbox_sandbox_start(const fuelbox_sandbox *sandbox, const fuelbox_module *module,
                                     const fuelbox_call *call, fuelbox_execution **execution, fuelbox_error **error);

/* Makes a guest that lives. Its start function and `_initialize` have then run, under the limits of a call; where
 * they are stopped the status says why and the error has the report. Any thread. */
fuelbox_status fuelbox_sandbox_instantiate(const fuelbox_sandbox *sandbox, const fuelbox_module *module,
                                           fuelbox_instance **instance, fuelbox_error **error);

/* Ends a sandbox. Runs that were begun go on. Any thread. */
fuelbox_status fuelbox_sandbox_free(fuelbox_sandbox *sandbox);

/* ------------------------------------------------------------------------------------------------------- calls -- */

/* Makes a call of the guest's entry: `execute`, else `_start`. Any thread. */
fuelbox_status fuelbox_call_new_entry(fuelbox_call **call);

/* Makes a call of an export. Any thread. */
fuelbox_status fuelbox_call_new_export(const char *name, size_t name_len, fuelbox_call **call);

/* Sets the arguments of an export, which are copied. One thread at a time. FUELBOX_STATUS_INVALID_ARGUMENT for a
 * type that is none. */
fuelbox_status fuelbox_call_set_args(fuelbox_call *call, const fuelbox_value *args, size_t args_len);

/* Sets the input, which is copied. One thread at a time. */
fuelbox_status fuelbox_call_set_input(fuelbox_call *call, const uint8_t *input, size_t input_len);

/* Sets limits for this call in place of the sandbox's: those of `limits` that belong to calls. One thread at a
 * time. */
fuelbox_status fuelbox_call_set_limits(fuelbox_call *call, const fuelbox_limits *limits);

/* Sets the token that cancels the call. One token can be that of many calls. One thread at a time. */
fuelbox_status fuelbox_call_set_cancel_token(fuelbox_call *call, const fuelbox_cancel_token *token);

/* Sets a pointer of the host's for fuelbox_caller_context and fuelbox_execution_context: it is handed on and never
 * followed. One thread at a time. */
fuelbox_status fuelbox_call_set_context(fuelbox_call *call, void *context);

/* Ends a call. Runs that were begun with it go on. Any thread. */
fuelbox_status fuelbox_call_free(fuelbox_call *call);

/* ----------------------------------------------------------------------------------------------- cancel tokens -- */

/* Makes a token. Any thread. */
fuelbox_status fuelbox_cancel_token_new(fuelbox_cancel_token **token);

/* Cancels all calls that have the token, now and later: each stops at the end of its slice, which takes at most a
 * millisecond, as FUELBOX_STATUS_CANCELLED. Any thread. */
fuelbox_status fuelbox_cancel_token_cancel(const fuelbox_cancel_token *token);

/* Sets `*cancelled` to 1 if the token was used, else to 0. Any thread. */
fuelbox_status fuelbox_cancel_token_is_cancelled(const fuelbox_cancel_token *token, int32_t *cancelled);

/* Another handle for the same token, so that each thread can free its own. Any thread. */
fuelbox_status fuelbox_cancel_token_clone(const fuelbox_cancel_token *token, fuelbox_cancel_token **clone);

/* Ends a handle of a token. Calls keep the token itself. Any thread. */
fuelbox_status fuelbox_cancel_token_free(fuelbox_cancel_token *token);

/* ---------------------------------------------------------------------------- what host functions see of a run -- */

/* Copies `len` bytes of guest memory at `ptr` to `buf`, which has room for them. Takes one fuel for each 64 bytes
 * begun. FUELBOX_STATUS_FAULT outside the memory, FUELBOX_STATUS_OUT_OF_FUEL: return them, or go on. Its callback
 * only. */
fuelbox_status fuelbox_caller_read(fuelbox_caller *caller, uint32_t ptr, uint8_t *buf, size_t len);

/* Copies `len` bytes to guest memory at `ptr`; nothing on failure. Fuel and failures as for fuelbox_caller_read. Its
 * callback only. */
fuelbox_status fuelbox_caller_write(fuelbox_caller *caller, uint32_t ptr, const uint8_t *bytes, size_t len);

/* The size of the guest's exported `memory` in bytes, 0 where there is none. Its callback only. */
fuelbox_status fuelbox_caller_memory_size(fuelbox_caller *caller, uint64_t *bytes);

/* Takes `fuel` more from the guest, for work that the base price does not cover. FUELBOX_STATUS_OUT_OF_FUEL: return
 * it. Its callback only. */
fuelbox_status fuelbox_caller_charge(fuelbox_caller *caller, uint64_t fuel);

/* Fuel that the run has used so far. Its callback only. */
fuelbox_status fuelbox_caller_fuel_used(fuelbox_caller *caller, uint64_t *fuel);

/* Fuel that the run has left. Its callback only. */
fuelbox_status fuelbox_caller_fuel_left(fuelbox_caller *caller, uint64_t *fuel);

/* Nanoseconds until the deadline, by the sandbox's clock; 0 once it has passed. Its callback only. */
fuelbox_status fuelbox_caller_time_left(fuelbox_caller *caller, uint64_t *nanos);

/* Sets `*cancelled` to 1 if the run has been cancelled: what the function goes on to do is for nobody. Its callback
 * only. */
fuelbox_status fuelbox_caller_is_cancelled(fuelbox_caller *caller, int32_t *cancelled);

/* The pointer of fuelbox_call_set_context; NULL where none was set. Its callback only. */
fuelbox_status fuelbox_caller_context(fuelbox_caller *caller, void **context);

/* Says why the function fails. Answers FUELBOX_STATUS_HOST_FUNCTION, so that the function can end with `return
 * fuelbox_caller_fail(caller, FUELBOX_TEXT("no such article"));`. Its callback only. */
fuelbox_status fuelbox_caller_fail(fuelbox_caller *caller, const char *message, size_t message_len);

/* --------------------------------------------------------------------------------------------------- instances -- */

/* Calls the guest and runs it to its end: what `call` says, NULL for its entry without input. As
 * fuelbox_sandbox_run, but that memory, globals and tables last from call to call. A call that is stopped ends the
 * instance: later ones are FUELBOX_STATUS_INSTANCE_STOPPED. One thread at a time. */
fuelbox_status fuelbox_instance_run(fuelbox_instance *instance, const fuelbox_call *call, fuelbox_report **report,
                                    fuelbox_error **error);

/* Calls an export with values and writes what it returns to `results`, of which there have to be exactly as many as
 * it has results. Where the guest is stopped the status says why and the error has the report. FUELBOX_STATUS_EXITED
 * where it exited; FUELBOX_STATUS_EXPORT_TYPE where numbers or types are others, before anything runs. One thread at
 * a time. */
fuelbox_status fuelbox_instance_call(fuelbox_instance *instance, const char *name, size_t name_len,
                                     const fuelbox_value *args, size_t args_len, fuelbox_value *results,
                                     size_t results_len, fuelbox_error **error);

/* Begins a call that is stepped, and takes the instance away: its handle is stale from then on, and
 * fuelbox_execution_finish gives a new one. On any other status than success the instance is as it was. One thread
 * at a time. */
fuelbox_status fuelbox_instance_start(fuelbox_instance *instance, const fuelbox_call *call,
                                      fuelbox_execution **execution, fuelbox_error **error);

/* Sets `*alive` to 1 if the instance can be called, else to 0. One thread at a time. */
fuelbox_status fuelbox_instance_is_alive(fuelbox_instance *instance, int32_t *alive);

/* The module of the instance. One thread at a time. */
fuelbox_status fuelbox_instance_module(fuelbox_instance *instance, fuelbox_module **module);

/* What happened in start function and `_initialize`. FUELBOX_STATUS_NOT_FOUND where they run with the first call.
 * One thread at a time. */
fuelbox_status fuelbox_instance_initialization(fuelbox_instance *instance, fuelbox_report **report);

/* The size of the guest's exported `memory` in bytes, 0 where there is none. One thread at a time. */
fuelbox_status fuelbox_instance_memory_size(fuelbox_instance *instance, uint64_t *bytes);

/* Copies `len` bytes of guest memory at `ptr` to `buf`, which has room for them. FUELBOX_STATUS_OUT_OF_BOUNDS. One
 * thread at a time. */
fuelbox_status fuelbox_instance_memory_read(fuelbox_instance *instance, uint64_t ptr, uint8_t *buf, size_t len);

/* Copies `len` bytes to guest memory at `ptr`. FUELBOX_STATUS_OUT_OF_BOUNDS; nothing is written then. One thread at
 * a time. */
fuelbox_status fuelbox_instance_memory_write(fuelbox_instance *instance, uint64_t ptr, const uint8_t *bytes,
                                             size_t len);

/* The value of an exported global. FUELBOX_STATUS_NOT_FOUND where none has this name. One thread at a time. */
fuelbox_status fuelbox_instance_global(fuelbox_instance *instance, const char *name, size_t name_len,
                                       fuelbox_value *value);

/* Writes the instance as a module that starts from where it is: initialise once, start many times.
 * fuelbox_module_wasm has its bytes. FUELBOX_STATUS_SNAPSHOT_..; the instance stays as it was. One thread at a
 * time. */
fuelbox_status fuelbox_instance_snapshot(fuelbox_instance *instance, fuelbox_module **module, fuelbox_error **error);

/* What was recorded of an instance up to here. FUELBOX_STATUS_NOT_FOUND where its sandbox does not record. One thread
 * at a time. */
fuelbox_status fuelbox_instance_recording(fuelbox_instance *instance, fuelbox_recording **recording);

/* Ends an instance. One thread at a time. */
fuelbox_status fuelbox_instance_free(fuelbox_instance *instance);

/* -------------------------------------------------------------------------------------------------- executions -- */

/* How a call stands after a step. */
enum {
    FUELBOX_STEP_PAUSED = 0,        /* there is more to run */
    FUELBOX_STEP_WAITS_TIME = 1,    /* it waits until fuelbox_execution_wake_at */
    FUELBOX_STEP_WAITS_INPUT = 2,   /* it waits for standard input; step it again soon */
    FUELBOX_STEP_WAITS_HOST = 3,    /* it waits for fuelbox_execution_answer */
    FUELBOX_STEP_DONE = 4           /* it is over: fuelbox_execution_finish has the report */
};

/* Runs the guest for about `fuel`, and for about `nanos` of time, whichever comes first; UINT64_MAX bounds nothing.
 * Never sleeps. Steps by fuel alone are the same on every machine. One thread at a time. */
fuelbox_status fuelbox_execution_step(fuelbox_execution *execution, uint64_t fuel, uint64_t nanos, int32_t *step);

/* When to step a guest that waits though nothing else happens, in nanoseconds by the sandbox's clock.
 * FUELBOX_STATUS_NOT_FOUND where there is no such time. One thread at a time. */
fuelbox_status fuelbox_execution_wake_at(fuelbox_execution *execution, uint64_t *nanos);

/* Sleeps for a millisecond at the most if the guest waits. One thread at a time. */
fuelbox_status fuelbox_execution_sleep(fuelbox_execution *execution);

/* Sets `*over` to 1 if the call is over, else to 0. One thread at a time. */
fuelbox_status fuelbox_execution_is_over(fuelbox_execution *execution, int32_t *over);

/* What the guest has written so far. One thread at a time. */
fuelbox_status fuelbox_execution_output(fuelbox_execution *execution, uint8_t *buf, size_t cap, size_t *len);

/* What a program of WASI has written to its error stream so far. One thread at a time. */
fuelbox_status fuelbox_execution_stderr(fuelbox_execution *execution, uint8_t *buf, size_t cap, size_t *len);

/* What the call has used so far, by the names of fuelbox_report_usage. One thread at a time. */
fuelbox_status fuelbox_execution_usage(fuelbox_execution *execution, const char *name, size_t name_len,
                                       uint64_t *value);

/* A token that cancels this call, to be used from any thread while it is stepped. One thread at a time. */
fuelbox_status fuelbox_execution_cancel_token(fuelbox_execution *execution, fuelbox_cancel_token **token);

/* The pointer of fuelbox_call_set_context, while the guest waits for the host; NULL where none was set.
 * FUELBOX_STATUS_NOTHING_ASKED where it does not wait for it. One thread at a time. */
fuelbox_status fuelbox_execution_context(fuelbox_execution *execution, void **context);

/* The first part of the name of the function that the guest waits for. FUELBOX_STATUS_NOTHING_ASKED where it does
 * not wait for the host, as with all functions of requests. One thread at a time. */
fuelbox_status fuelbox_execution_request_module(fuelbox_execution *execution, char *buf, size_t cap, size_t *len);

/* The second part of its name. One thread at a time. */
fuelbox_status fuelbox_execution_request_name(fuelbox_execution *execution, char *buf, size_t cap, size_t *len);

/* The arguments that the guest called it with. One thread at a time. */
fuelbox_status fuelbox_execution_request_args(fuelbox_execution *execution, fuelbox_value *buf, size_t cap,
                                              size_t *len);

/* Copies guest memory out, as fuelbox_caller_read. A failure is remembered for fuelbox_execution_fail. One thread at
 * a time. */
fuelbox_status fuelbox_execution_request_read(fuelbox_execution *execution, uint32_t ptr, uint8_t *buf, size_t len);

/* Copies bytes to guest memory, as fuelbox_caller_write. A failure is remembered for fuelbox_execution_fail. One
 * thread at a time. */
fuelbox_status fuelbox_execution_request_write(fuelbox_execution *execution, uint32_t ptr, const uint8_t *bytes,
                                               size_t len);

/* The size of the guest's exported `memory` in bytes, 0 where there is none. One thread at a time. */
fuelbox_status fuelbox_execution_request_memory_size(fuelbox_execution *execution, uint64_t *bytes);

/* Takes fuel, as fuelbox_caller_charge. A failure is remembered for fuelbox_execution_fail. One thread at a time. */
fuelbox_status fuelbox_execution_request_charge(fuelbox_execution *execution, uint64_t fuel);

/* Answers what the guest asks: it goes on with the next step. FUELBOX_STATUS_ANSWER_TYPES and
 * FUELBOX_STATUS_ANSWER_REFERENCE, after which it still waits; the status of a stop where it is too late to answer.
 * One thread at a time. */
fuelbox_status fuelbox_execution_answer(fuelbox_execution *execution, const fuelbox_value *results,
                                        size_t results_len, fuelbox_error **error);

/* Ends the call, since what the guest asks cannot be answered: as FUELBOX_STATUS_HOST_FUNCTION with this text. With
 * NULL for the text, for the reason that the last fuelbox_execution_request_.. failed with. One thread at a time.
 * FUELBOX_STATUS_INVALID_ARGUMENT for NULL where none failed. */
fuelbox_status fuelbox_execution_fail(fuelbox_execution *execution, const char *message, size_t message_len,
                                      fuelbox_error **error);

/* Runs the guest to its end and takes the execution away: its handle is stale from then on. `*instance` is the
 * instance, NULL where the call has ended it; `instance` may be NULL, which ends it in any case. One thread at a
 * time. */
fuelbox_status fuelbox_execution_finish(fuelbox_execution *execution, fuelbox_report **report,
                                        fuelbox_instance **instance, fuelbox_error **error);

/* As fuelbox_execution_finish, with what was recorded of the instance: `*recording` is NULL where its sandbox does not
 * record. One thread at a time. */
fuelbox_status fuelbox_execution_finish_recorded(fuelbox_execution *execution, fuelbox_report **report,
                                                 fuelbox_instance **instance, fuelbox_recording **recording,
                                                 fuelbox_error **error);

/* Ends the call and its instance, wherever the guest is. One thread at a time. */
fuelbox_status fuelbox_execution_free(fuelbox_execution *execution);

/* ----------------------------------------------------------------------------------------------------- reports -- */

/* How the run ended: FUELBOX_STATUS_OK where the guest finished, else the status of its stop, 200 or more. Any
 * thread. */
fuelbox_status fuelbox_report_outcome(const fuelbox_report *report, fuelbox_status *outcome);

/* The status of a guest that finished: what `execute` returned or a program exited with, 0 by convention for
 * success. FUELBOX_STATUS_NOT_FOUND where it was stopped. Any thread. */
fuelbox_status fuelbox_report_exit_status(const fuelbox_report *report, int32_t *exit_status);

/* Why the guest was stopped, as an error with code, message, advice and numbers. FUELBOX_STATUS_NOT_FOUND where it
 * finished. Any thread. */
fuelbox_status fuelbox_report_stop(const fuelbox_report *report, fuelbox_error **stop);

/* The part of a run. */
enum {
    FUELBOX_PHASE_START = 0,      /* the module's start function */
    FUELBOX_PHASE_INITIALIZE = 1, /* the export `_initialize` */
    FUELBOX_PHASE_ENTRY = 2       /* the entry, or the export that was called */
};

/* In which part of the run the guest was stopped, one of FUELBOX_PHASE_... FUELBOX_STATUS_NOT_FOUND where it
 * finished. Any thread. */
fuelbox_status fuelbox_report_phase(const fuelbox_report *report, int32_t *phase);

/* What the guest wrote, also until a stop. Any thread. */
fuelbox_status fuelbox_report_output(const fuelbox_report *report, uint8_t *buf, size_t cap, size_t *len);

/* What a program of WASI wrote to its error stream, cut at its limit. Any thread. */
fuelbox_status fuelbox_report_stderr(const fuelbox_report *report, uint8_t *buf, size_t cap, size_t *len);

/* How many lines the guest logged. Any thread. */
fuelbox_status fuelbox_report_log_count(const fuelbox_report *report, size_t *count);

/* One line of the log, as the guest wrote it: not for a terminal. `*truncated`, if not NULL, is set to 1 where the
 * line was cut to fit the limits. FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_report_log_line(const fuelbox_report *report, size_t index, char *buf, size_t cap, size_t *len,
                                       int32_t *truncated);

/* What the called export returned; none unless the guest finished. Any thread. */
fuelbox_status fuelbox_report_values(const fuelbox_report *report, fuelbox_value *buf, size_t cap, size_t *len);

/* What the run used: "fuel", "fuel_schedule", "peak_memory_bytes", "memory_growths_denied", "peak_table_elements",
 * "table_growths_denied", "host_calls", "log_lines_lost", "stderr_bytes_lost", "names_left_out", "slices", and in
 * nanoseconds "time", "overrun", "waited". All but the times and the slices are the same on every machine. Any
 * thread. FUELBOX_STATUS_UNKNOWN_NAME. */
fuelbox_status fuelbox_report_usage(const fuelbox_report *report, const char *name, size_t name_len, uint64_t *value);

/* How many trees of files a program of WASI could write to. Any thread. */
fuelbox_status fuelbox_report_tree_count(const fuelbox_report *report, size_t *count);

/* The name that one of these trees was mounted under. FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_report_mount(const fuelbox_report *report, size_t index, char *buf, size_t cap, size_t *len);

/* One of these trees, as the guest left it: a copy. FUELBOX_STATUS_NOT_FOUND beyond the last. Any thread. */
fuelbox_status fuelbox_report_tree(const fuelbox_report *report, size_t index, fuelbox_tree **tree);

/* The whole report as JSON, as the program writes it. Bytes that are not UTF-8 are {"base64": ".."}. It can be
 * six times as long as output, logs and files together: a control character takes six bytes. Any thread. */
fuelbox_status fuelbox_report_json(const fuelbox_report *report, char *buf, size_t cap, size_t *len);

/* Ends a report. Any thread. */
fuelbox_status fuelbox_report_free(fuelbox_report *report);

/* A recording as a file, usually called `.fbrun`: `fuelbox replay` runs it again, and says where the guest was. It
 * holds what entered the guest: treat it as that data. Any thread. */
fuelbox_status fuelbox_recording_bytes(const fuelbox_recording *recording, uint8_t *buf, size_t cap, size_t *len);

/* Ends a recording. Any thread. */
fuelbox_status fuelbox_recording_free(fuelbox_recording *recording);

/* ------------------------------------------------------------------------------------------------ files and WASI -- */

/* Makes an empty tree of files in memory, which guests can only read. Any thread. */
fuelbox_status fuelbox_tree_new(fuelbox_tree **tree);

/* Puts a file in, in place of another; directories on the way are made. The bytes are copied. One thread at a time.
 * FUELBOX_STATUS_TREE_MALFORMED, FUELBOX_STATUS_TREE_TAKEN; the tree is then as it was, as with all that is put
 * in. */
fuelbox_status fuelbox_tree_file(fuelbox_tree *tree, const char *path, size_t path_len, const uint8_t *bytes,
                                 size_t bytes_len, fuelbox_error **error);

/* Puts a directory in. One thread at a time. As fuelbox_tree_file. */
fuelbox_status fuelbox_tree_dir(fuelbox_tree *tree, const char *path, size_t path_len, fuelbox_error **error);

/* Puts a symbolic link in, which may lead nowhere. One thread at a time. As fuelbox_tree_file. */
fuelbox_status fuelbox_tree_symlink(fuelbox_tree *tree, const char *path, size_t path_len, const char *target,
                                    size_t target_len, fuelbox_error **error);

/* Gives the file at `to` one more name. One thread at a time. As fuelbox_tree_file, and
 * FUELBOX_STATUS_TREE_NO_FILE. */
fuelbox_status fuelbox_tree_hard_link(fuelbox_tree *tree, const char *path, size_t path_len, const char *to,
                                      size_t to_len, fuelbox_error **error);

/* Lets guests write: to at most so many bytes and so many files and directories of their own. One thread at a
 * time. */
fuelbox_status fuelbox_tree_writable(fuelbox_tree *tree, uint64_t bytes_limit, uint64_t nodes_limit);

/* Notes that so many names were left out of the tree, for "names_left_out" of fuelbox_report_usage. One thread at a
 * time. */
fuelbox_status fuelbox_tree_leave_out(fuelbox_tree *tree, uint64_t names);

/* Sets `*writable` to 1 if guests may write to the tree, else to 0. Any thread. */
fuelbox_status fuelbox_tree_is_writable(const fuelbox_tree *tree, int32_t *writable);

/* What the file at a path holds. FUELBOX_STATUS_NOT_FOUND for anything but a file. Any thread. */
fuelbox_status fuelbox_tree_get(const fuelbox_tree *tree, const char *path, size_t path_len, uint8_t *buf, size_t cap,
                                size_t *len);

/* The tree as JSON, with all that is in it. Any thread. */
fuelbox_status fuelbox_tree_json(const fuelbox_tree *tree, char *buf, size_t cap, size_t *len);

/* Ends a tree. Where it is mounted it stays. Any thread. */
fuelbox_status fuelbox_tree_free(fuelbox_tree *tree);

/* Opens a real directory for guests, which may read it, and change it where `writable` is not 0: what they write is on
 * the disk at once. No path, link or name leads out of it. Any thread. FUELBOX_STATUS_DIR_OPEN;
 * FUELBOX_STATUS_NOT_BUILT where the library was built without the feature `dir`. */
fuelbox_status fuelbox_dir_new(const char *path, size_t path_len, int32_t writable, fuelbox_dir **dir,
                               fuelbox_error **error);

/* Sets the most bytes, and files and directories, that a guest may make in one run, 16 MiB and 10,000 by default, and
 * how many it may have open at once, 64 by default. One thread at a time. */
fuelbox_status fuelbox_dir_limits(fuelbox_dir *dir, uint64_t bytes_limit, uint64_t nodes_limit, size_t handles_limit);

/* Ends a directory. Where it is mounted it stays. Any thread. */
fuelbox_status fuelbox_dir_free(fuelbox_dir *dir);

/* Makes the settings of a program of WASI, called `guest`: without arguments, environment and files. Its standard
 * input is the input of the call, its standard output the output; time goes with fuel and random bytes have seed 0,
 * so that runs are reproducible. Any thread. */
fuelbox_status fuelbox_wasi_new(fuelbox_wasi **wasi);

/* Sets the name of the program, its argument 0. One thread at a time. */
fuelbox_status fuelbox_wasi_program(fuelbox_wasi *wasi, const char *name, size_t name_len);

/* Adds an argument. One thread at a time. */
fuelbox_status fuelbox_wasi_arg(fuelbox_wasi *wasi, const char *arg, size_t arg_len);

/* Sets a variable of the environment. One thread at a time. */
fuelbox_status fuelbox_wasi_env(fuelbox_wasi *wasi, const char *name, size_t name_len, const char *value,
                                size_t value_len);

/* Mounts a tree under a name such as "/" or "/data", in place of another there. It is copied: each run begins with
 * it as it is now. One thread at a time. */
fuelbox_status fuelbox_wasi_mount(fuelbox_wasi *wasi, const char *name, size_t name_len, const fuelbox_tree *tree);

/* Mounts a real directory, as fuelbox_wasi_mount a tree: each run begins with nothing open and its limits unused. One
 * thread at a time. */
fuelbox_status fuelbox_wasi_mount_dir(fuelbox_wasi *wasi, const char *name, size_t name_len, const fuelbox_dir *dir);

/* Moves what has arrived of standard input to `buf`, at most `cap` bytes, and says in `*len`, which is 0 beforehand,
 * how many those are. Never waits. Returns 0 if more may come, else 1. */
typedef int32_t (*fuelbox_input)(void *user_data, uint8_t *buf, size_t cap, size_t *len);

/* Takes standard input from the host while the guest runs, in place of the input of the call: a guest that reads waits
 * until something has arrived, within its deadline, and steps return meanwhile. Asked about every millisecond then.
 * Runs are no longer reproducible. One thread at a time. */
fuelbox_status fuelbox_wasi_stdin(fuelbox_wasi *wasi, fuelbox_input input, void *user_data, fuelbox_drop drop);

/* The same from a pipe, of which `*pipe` is the end to write to. One thread at a time. */
fuelbox_status fuelbox_wasi_stdin_pipe(fuelbox_wasi *wasi, fuelbox_pipe **pipe);

/* Writes all of `bytes` to a pipe. 64 KiB fit into it: a write of more waits until a guest has read, so it has to come
 * from another thread than the guest's. One thread at a time. FUELBOX_STATUS_PIPE_CLOSED where the settings and all
 * sandboxes with it were freed. */
fuelbox_status fuelbox_pipe_write(fuelbox_pipe *pipe, const uint8_t *bytes, size_t bytes_len, fuelbox_error **error);

/* Ends a pipe: standard input is over once what was written is read. One thread at a time. */
fuelbox_status fuelbox_pipe_free(fuelbox_pipe *pipe);

/* Sets a clock that stands still at so many nanoseconds since the Unix epoch. One thread at a time. */
fuelbox_status fuelbox_wasi_clock_fixed(fuelbox_wasi *wasi, uint64_t unix_nanos);

/* Sets a clock that starts so many nanoseconds after the Unix epoch and goes with fuel. One thread at a time. */
fuelbox_status fuelbox_wasi_clock_by_fuel(fuelbox_wasi *wasi, uint64_t unix_nanos);

/* Sets the machine's own clock: runs are no longer reproducible, and a guest that sleeps really waits. One thread at
 * a time. */
fuelbox_status fuelbox_wasi_clock_system(fuelbox_wasi *wasi);

/* Sets the seed of random bytes. One thread at a time. */
fuelbox_status fuelbox_wasi_random_seeded(fuelbox_wasi *wasi, uint64_t seed);

/* Sets a source of random bytes of the host: runs are no longer reproducible. One thread at a time. */
fuelbox_status fuelbox_wasi_random(fuelbox_wasi *wasi, fuelbox_random random, void *user_data, fuelbox_drop drop);

/* Ends the settings. Sandboxes that they were granted to keep them. Any thread. */
fuelbox_status fuelbox_wasi_free(fuelbox_wasi *wasi);

/* ------------------------------------------------------------------------------------------------ many guests -- */

/* Makes a pool for up to `size` instances made ahead; none is made yet. Any thread. */
fuelbox_status fuelbox_pool_new(const fuelbox_sandbox *sandbox, const fuelbox_module *module, size_t size,
                                fuelbox_pool **pool);

/* Makes one instance if there is room for it: `*made` is then 1, else 0. For times when nobody waits. As
 * fuelbox_sandbox_instantiate. One thread at a time. */
fuelbox_status fuelbox_pool_refill_one(fuelbox_pool *pool, int32_t *made, fuelbox_error **error);

/* Makes instances until the pool is full. As fuelbox_sandbox_instantiate; what was made before stays. One thread at a
 * time. */
fuelbox_status fuelbox_pool_refill(fuelbox_pool *pool, fuelbox_error **error);

/* Hands out an instance that is ready, else makes one. As fuelbox_sandbox_instantiate. One thread at a time. */
fuelbox_status fuelbox_pool_take(fuelbox_pool *pool, fuelbox_instance **instance, fuelbox_error **error);

/* How many instances are ready. One thread at a time. */
fuelbox_status fuelbox_pool_ready(fuelbox_pool *pool, size_t *count);

/* Ends a pool and the instances in it. One thread at a time. */
fuelbox_status fuelbox_pool_free(fuelbox_pool *pool);

/* Who comes first in a scheduler: as long as one of a higher priority has something to run, none of a lower one gets
 * time. */
enum {
    FUELBOX_PRIORITY_LOW = 0,
    FUELBOX_PRIORITY_NORMAL = 1,
    FUELBOX_PRIORITY_HIGH = 2
};

/* Makes a scheduler, which runs many executions on the calling thread in fair rounds, by the machine's clock. Any
 * thread. */
fuelbox_status fuelbox_scheduler_new(fuelbox_scheduler **scheduler);

/* The same by a clock of the host, for executions of sandboxes that have the same one. Any thread. */
fuelbox_status fuelbox_scheduler_new_with_clock(fuelbox_clock clock, void *user_data, fuelbox_drop drop,
                                                fuelbox_scheduler **scheduler);

/* Takes an execution away, whose handle is stale from then on, and adds it under the number `*id`, which is never 0
 * and never given out again. `weight` says how many times as much time it gets as one of weight 1. One thread at a
 * time. FUELBOX_STATUS_INVALID_ARGUMENT for a weight of 0 or an unknown priority. */
fuelbox_status fuelbox_scheduler_add(fuelbox_scheduler *scheduler, fuelbox_execution *execution, uint16_t weight,
                                     int32_t priority, uint64_t *id);

/* Changes weight and priority of an execution, by what fuelbox_scheduler_add takes. One thread at a time.
 * FUELBOX_STATUS_INVALID_ARGUMENT; FUELBOX_STATUS_NOT_FOUND where it was removed or handed out. */
fuelbox_status fuelbox_scheduler_set_share(fuelbox_scheduler *scheduler, uint64_t id, uint16_t weight,
                                           int32_t priority);

/* Runs rounds for about so much time. `*step` is FUELBOX_STEP_PAUSED where there is more to run, FUELBOX_STEP_DONE
 * where all are over, else what they wait for. One thread at a time. */
fuelbox_status fuelbox_scheduler_turn(fuelbox_scheduler *scheduler, uint64_t nanos, int32_t *step);

/* Gives each execution so much fuel once: the same point on every machine. One thread at a time. */
fuelbox_status fuelbox_scheduler_round(fuelbox_scheduler *scheduler, uint64_t fuel, int32_t *step);

/* The next execution that is over, with what fuelbox_execution_finish gives. FUELBOX_STATUS_NOT_FOUND where there is
 * none. One thread at a time. */
fuelbox_status fuelbox_scheduler_finished(fuelbox_scheduler *scheduler, uint64_t *id, fuelbox_report **report,
                                          fuelbox_instance **instance);

/* The next execution that asks its host; each question is told once. FUELBOX_STATUS_NOT_FOUND where there is none.
 * Take it out with fuelbox_scheduler_remove to answer it, and add it again. One thread at a time. */
fuelbox_status fuelbox_scheduler_asking(fuelbox_scheduler *scheduler, uint64_t *id);

/* Gives an execution back as it is. FUELBOX_STATUS_NOT_FOUND where it was removed or handed out. One thread at a
 * time. */
fuelbox_status fuelbox_scheduler_remove(fuelbox_scheduler *scheduler, uint64_t id, fuelbox_execution **execution);

/* Cancels an execution. FUELBOX_STATUS_NOT_FOUND where it was removed or handed out. One thread at a time. */
fuelbox_status fuelbox_scheduler_cancel(fuelbox_scheduler *scheduler, uint64_t id);

/* Looks at an execution in the next turn though it waits. One thread at a time. */
fuelbox_status fuelbox_scheduler_wake(fuelbox_scheduler *scheduler, uint64_t id);

/* When the first of those that wait goes on, in nanoseconds by the machine's clock. FUELBOX_STATUS_NOT_FOUND where
 * none does. One thread at a time. */
fuelbox_status fuelbox_scheduler_wake_at(fuelbox_scheduler *scheduler, uint64_t *nanos);

/* How many executions there are, those included that are over and not handed out. One thread at a time. */
fuelbox_status fuelbox_scheduler_count(fuelbox_scheduler *scheduler, size_t *count);

/* Ends a scheduler and the executions in it. One thread at a time. */
fuelbox_status fuelbox_scheduler_free(fuelbox_scheduler *scheduler);

/* --------------------------------------------------------------------------------------------------- self-test -- */

/* Runs over a hundred built-in attacks on the machine at hand, which takes about a second where code is optimised,
 * and says which of them were contained. Any thread. FUELBOX_STATUS_NOT_BUILT where the library was built without the
 * feature `selftest`. */
fuelbox_status fuelbox_selftest_new(fuelbox_selftest **selftest);

/* Sets `*contained` to 1 if every attack was, else to 0. Any thread. */
fuelbox_status fuelbox_selftest_is_contained(const fuelbox_selftest *selftest, int32_t *contained);

/* How many attacks there were. Any thread. */
fuelbox_status fuelbox_selftest_count(const fuelbox_selftest *selftest, size_t *count);

/* A table for people, one line for each attack. Any thread. */
fuelbox_status fuelbox_selftest_text(const fuelbox_selftest *selftest, char *buf, size_t cap, size_t *len);

/* What was found, as JSON. Any thread. */
fuelbox_status fuelbox_selftest_json(const fuelbox_selftest *selftest, char *buf, size_t cap, size_t *len);

/* Ends what a self-test found. Any thread. */
fuelbox_status fuelbox_selftest_free(fuelbox_selftest *selftest);

#ifdef __cplusplus
}
#endif

#endif /* FUELBOX_H */
