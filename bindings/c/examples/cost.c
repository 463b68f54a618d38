/* What a call costs in C, to compare with cost.rs: see bindings/c/cost.
 *
 * `cost calls.wasm host.wasm` says what the fastest round took, in nanoseconds a call; `cost calls.wasm host.wasm CASE`
 * goes through one case for callgrind to count the instructions of, and prints how many calls there were. */
#define _POSIX_C_SOURCE 200809L

#include "fuelbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rounds are short, about two milliseconds, so that nothing interrupts the fastest. */
#define CALLS 10000
#define COUNTED 1000
#define ROUNDS 500

static fuelbox_instance *adds, *asks;
static fuelbox_limits *limits;
static fuelbox_call *add;

static uint64_t now(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void must(fuelbox_status status) {
    if (status != FUELBOX_STATUS_OK) {
        fprintf(stderr, "%s\n", fuelbox_status_name(status));
        exit(1);
    }
}

static fuelbox_status price(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                            fuelbox_value *results, size_t results_len) {
    (void)user_data, (void)caller, (void)args_len, (void)results_len;
    results[0].of.i64 = args[0].of.i32;
    return FUELBOX_STATUS_OK;
}

static fuelbox_instance *living(const char *path) {
    static const fuelbox_type i32[] = {FUELBOX_TYPE_I32}, i64[] = {FUELBOX_TYPE_I64};
    static uint8_t wasm[1 << 16];
    FILE *file = fopen(path, "rb");
    size_t len = file != NULL ? fread(wasm, 1, sizeof wasm, file) : 0;
    fuelbox_module *module;
    fuelbox_sandbox *sandbox;
    fuelbox_instance *instance;

    must(fuelbox_module_new(NULL, wasm, len, &module, NULL));
    must(fuelbox_sandbox_new(NULL, &sandbox, NULL));
    must(fuelbox_sandbox_stub_unknown(sandbox));
    must(fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"), i32, 1, i64, 1, price,
                                        NULL, NULL));
    must(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    return instance;
}

/* Values and no report. */
static void call(void) {
    fuelbox_value args[2], result;

    args[0] = fuelbox_i32(40);
    args[1] = fuelbox_i32(2);
    must(fuelbox_instance_call(adds, FUELBOX_TEXT("add"), args, 2, &result, 1, NULL));
}

/* The same with a function of the host. */
static void call_host(void) {
    fuelbox_value arg = fuelbox_i32(7), result;

    must(fuelbox_instance_call(asks, FUELBOX_TEXT("price"), &arg, 1, &result, 1, NULL));
}

/* With a report, and what a host looks at in it. */
static void call_report(void) {
    fuelbox_report *report;
    fuelbox_status outcome;

    must(fuelbox_instance_run(adds, add, &report, NULL));
    must(fuelbox_report_outcome(report, &outcome));
    must(outcome);
    must(fuelbox_report_free(report));
}

/* The boundary alone. */
static void limit(void) {
    uint64_t fuel;

    must(fuelbox_limits_get(limits, FUELBOX_TEXT("fuel"), &fuel));
}

static const struct {
    const char *name;
    void (*call)(void);
} cases[] = {{"call", call}, {"call-host", call_host}, {"call-report", call_report}, {"limit", limit}};

/* What callgrind is told to count. */
__attribute__((noinline)) static void counted(void (*call)(void)) {
    int i;

    for (i = 0; i < COUNTED; i++) {
        call();
    }
}

static uint64_t fastest(void (*call)(void)) {
    uint64_t best = UINT64_MAX, begun, took;
    int round, i;

    for (round = 0; round < ROUNDS; round++) {
        begun = now();
        for (i = 0; i < CALLS; i++) {
            call();
        }
        took = now() - begun;
        best = took < best ? took : best;
    }
    return best / CALLS;
}

int main(int argc, char **argv) {
    fuelbox_value args[2];
    size_t i;

    if (argc < 3) {
        return 2;
    }
    adds = living(argv[1]);
    asks = living(argv[2]);
    args[0] = fuelbox_i32(40);
    args[1] = fuelbox_i32(2);
    must(fuelbox_limits_new(&limits));
    must(fuelbox_call_new_export(FUELBOX_TEXT("add"), &add));
    must(fuelbox_call_set_args(add, args, 2));
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (argc == 3) {
            printf("%s %llu\n", cases[i].name, (unsigned long long)fastest(cases[i].call));
        } else if (strcmp(argv[3], cases[i].name) == 0) {
            cases[i].call();
            counted(cases[i].call);
            printf("%d\n", COUNTED);
        }
    }
    return 0;
}
