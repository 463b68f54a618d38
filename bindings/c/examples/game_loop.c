/* How does a plugin run beside a game that must draw a frame in time? It gets two milliseconds of each.
 *
 *     game_loop plugin.wasm
 *
 * The plugin computes for many frames. The game draws all the while, and no frame is late by more than what nothing
 * interrupts, however the plugin is written. */
#include "fuelbox.h"

#include <stdio.h>
#include <stdlib.h>

/* What the plugin may take of one frame. */
#define PER_FRAME_NANOS 2000000

/* Ends the program with what an error says. */
static void give_up(const char *what, fuelbox_status status, fuelbox_error *error) {
    char message[256];
    size_t len = 0;

    if (fuelbox_error_message(error, message, sizeof message, &len) != FUELBOX_STATUS_OK) {
        len = 0;
    }
    fprintf(stderr, "%s: %s: %.*s\n", what, fuelbox_status_name(status), (int)len, message);
    fuelbox_error_free(error);
    exit(1);
}

/* Does `call`, which sets `error`, or ends the program. */
#define MUST(call)                              \
    do {                                        \
        fuelbox_error *error = NULL;            \
        fuelbox_status status = (call);         \
        if (status != FUELBOX_STATUS_OK) {      \
            give_up(#call, status, error);      \
        }                                       \
    } while (0)

/* The game, as far as the plugin sees it. */
struct game {
    unsigned frames;
    int32_t progress;
};

/* What the plugin calls as `game.progress`. */
static fuelbox_status progress(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                               fuelbox_value *results, size_t results_len) {
    struct game *game = user_data;

    (void)caller;
    (void)args_len;
    (void)results;
    (void)results_len;
    game->progress = args[0].of.i32;
    return FUELBOX_STATUS_OK;
}

static uint8_t *read_plugin(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);

    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    *len = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* A sandbox with what plugins of this game may use. */
static fuelbox_sandbox *make_sandbox(struct game *game) {
    static const fuelbox_type number[] = {FUELBOX_TYPE_I32};
    fuelbox_limits *limits;
    fuelbox_sandbox *sandbox;

    MUST(fuelbox_limits_new(&limits));
    /* Running time of the whole call, over all its frames: ten seconds. */
    MUST(fuelbox_limits_set(limits, FUELBOX_TEXT("deadline"), 10000000000));
    MUST(fuelbox_limits_set(limits, FUELBOX_TEXT("memory_bytes"), 1 << 20));
    MUST(fuelbox_sandbox_new(limits, &sandbox, &error));
    MUST(fuelbox_limits_free(limits));
    MUST(fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("game"), FUELBOX_TEXT("progress"), number, 1, NULL, 0,
                                        progress, game, NULL));
    return sandbox;
}

int main(int argc, char **argv) {
    struct game game = {0, 0};
    fuelbox_module *module;
    fuelbox_sandbox *sandbox;
    fuelbox_call *call;
    fuelbox_execution *execution;
    fuelbox_report *report;
    fuelbox_status outcome;
    fuelbox_value primes;
    uint64_t fuel;
    size_t len;
    int32_t step;
    uint8_t *wasm;

    if (argc != 2) {
        fprintf(stderr, "usage: %s plugin.wasm\n", argv[0]);
        return 2;
    }
    MUST(FUELBOX_ABI_CHECK());
    wasm = read_plugin(argv[1], &len);
    MUST(fuelbox_module_new(NULL, wasm, len, &module, &error));
    free(wasm);
    sandbox = make_sandbox(&game);
    MUST(fuelbox_call_new_export(FUELBOX_TEXT("count_primes"), &call));
    MUST(fuelbox_sandbox_start(sandbox, module, call, &execution, &error));

    do {
        MUST(fuelbox_execution_step(execution, UINT64_MAX, PER_FRAME_NANOS, &step));
        game.frames++; /* draw one; the game goes on, whatever the plugin does */
    } while (step != FUELBOX_STEP_DONE);

    MUST(fuelbox_execution_finish(execution, &report, NULL, &error));
    MUST(fuelbox_report_outcome(report, &outcome));
    if (outcome != FUELBOX_STATUS_OK) {
        fuelbox_error *stop = NULL;

        fuelbox_report_stop(report, &stop);
        give_up("the plugin", outcome, stop);
    }
    MUST(fuelbox_report_values(report, &primes, 1, &len));
    MUST(fuelbox_report_usage(report, FUELBOX_TEXT("fuel"), &fuel));
    printf("%d primes after %u frames, at %d in the last; %llu fuel\n", (int)primes.of.i32, game.frames,
           (int)game.progress, (unsigned long long)fuel);

    MUST(fuelbox_report_free(report));
    MUST(fuelbox_call_free(call));
    MUST(fuelbox_sandbox_free(sandbox));
    MUST(fuelbox_module_free(module));
    return primes.of.i32 == 17984 && game.frames > 1 ? 0 : 1;
}
