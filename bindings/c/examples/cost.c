/* What a call costs in C, to compare with cost.rs: `cost calls.wasm host.wasm`. */
#define _POSIX_C_SOURCE 200809L

#include "fuelbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CALLS 1000000
#define ROUNDS 5

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

/* Says what the fastest round took, in nanoseconds a call; with no instance of the boundary alone. */
static void best(const char *what, fuelbox_instance *instance, const char *name, size_t name_len, size_t args_len) {
    fuelbox_value args[2], result;
    fuelbox_limits *limits;
    uint64_t best = UINT64_MAX, begun, took, fuel;
    int round, call;

    args[0] = fuelbox_i32(40);
    args[1] = fuelbox_i32(2);
    must(fuelbox_limits_new(&limits));
    for (round = 0; round < ROUNDS; round++) {
        begun = now();
        for (call = 0; call < CALLS; call++) {
            must(instance != NULL
                     ? fuelbox_instance_call(instance, name, name_len, args, args_len, &result, 1, NULL)
                     : fuelbox_limits_get(limits, name, name_len, &fuel));
        }
        took = now() - begun;
        best = took < best ? took : best;
    }
    must(fuelbox_limits_free(limits));
    printf("%s: %llu ns\n", what, (unsigned long long)(best / CALLS));
}

int main(int argc, char **argv) {
    if (argc != 3) {
        return 2;
    }
    best("a call", living(argv[1]), FUELBOX_TEXT("add"), 2);
    best("a call that calls the host", living(argv[2]), FUELBOX_TEXT("price"), 1);
    best("a limit read", NULL, FUELBOX_TEXT("fuel"), 0);
    return 0;
}
