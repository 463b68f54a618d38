/* Random sequences of calls, with handles of any kind, freed ones and wild ones: each answers with a status, and in the
 * end nothing is left. The sequences are the same in each run. */
#include "check.h"

/* Steps of one run of this program. */
#define STEPS 30000

/* The kinds of handles, each with four places, so that many calls get what they want. */
enum { LIMITS, BUILDER, MODULE, SANDBOX, CALL, TOKEN, REPORT, INSTANCE, EXECUTION, SCHEDULER, POOL, KINDS };

/* Handles that some call has given out; those of freed ones stay among them. */
static void *handles[KINDS * 4];

static uint64_t state = 7;

/* A number below `most`. */
static uint32_t below(uint32_t most) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % most;
}

/* A handle: mostly of this kind, sometimes of another, a wild one or none. */
static void *any(uint32_t kind) {
    switch (below(16)) {
        case 0: return NULL;
        case 1: return (void *)(uintptr_t)state;
        case 2: return handles[below(KINDS * 4)];
        default: return handles[kind * 4 + below(4)];
    }
}

static fuelbox_status called_back(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                                  fuelbox_value *results, size_t results_len) {
    uint8_t bytes[16];

    (void)user_data, (void)args, (void)args_len, (void)results, (void)results_len;
    fuelbox_caller_read(caller, below(70000), bytes, below(16));
    fuelbox_sandbox_free(any(SANDBOX));
    fuelbox_instance_call(any(INSTANCE), FUELBOX_TEXT("next"), NULL, 0, NULL, 0, NULL);
    return (fuelbox_status)below(300);
}

/* Makes something, or takes something from another; says of which kind it is. */
static fuelbox_status make(void **made, uint32_t *kind) {
    static const uint32_t kinds[] = {LIMITS,    BUILDER,   MODULE,   MODULE,    SANDBOX, SANDBOX,   CALL, CALL, TOKEN,
                                     REPORT,    EXECUTION, INSTANCE, EXECUTION, TOKEN,   SCHEDULER, POOL, SANDBOX};
    static const fuelbox_type types[] = {FUELBOX_TYPE_I32, FUELBOX_TYPE_I64, 9};
    static const fuelbox_type both[] = {FUELBOX_TYPE_I32, FUELBOX_TYPE_I32, FUELBOX_TYPE_I64};
    static const char *const exports[] = {"next", "price", "twice"};
    static uint8_t *wasm[3];
    static size_t lens[3];
    uint32_t which = below(3), way = below(17);

    *kind = kinds[way];
    if (wasm[which] == NULL) {
        static const char *const names[] = {"calls", "host", "asks"};

        wasm[which] = read_guest(names[which], &lens[which]);
    }
    switch (way) {
        case 0: return fuelbox_limits_new((fuelbox_limits **)made);
        case 1: return fuelbox_module_builder_new((fuelbox_module_builder **)made);
        case 2:
            return fuelbox_module_new(NULL, wasm[which], below(2) ? lens[which] : below((uint32_t)lens[which]),
                                      (fuelbox_module **)made, NULL);
        case 3: return fuelbox_module_new(any(BUILDER), wasm[which], lens[which], (fuelbox_module **)made, NULL);
        case 4: return fuelbox_sandbox_new(any(LIMITS), (fuelbox_sandbox **)made, NULL);
        case 5: return fuelbox_sandbox_clone(any(SANDBOX), (fuelbox_sandbox **)made);
        case 6: return fuelbox_call_new_export(exports[which], strlen(exports[which]), (fuelbox_call **)made);
        case 7: return fuelbox_call_new_entry((fuelbox_call **)made);
        case 8: return fuelbox_cancel_token_new((fuelbox_cancel_token **)made);
        case 9: return fuelbox_sandbox_run(any(SANDBOX), any(MODULE), any(CALL), (fuelbox_report **)made, NULL);
        case 10: return fuelbox_sandbox_start(any(SANDBOX), any(MODULE), any(CALL), (fuelbox_execution **)made, NULL);
        case 11: return fuelbox_sandbox_instantiate(any(SANDBOX), any(MODULE), (fuelbox_instance **)made, NULL);
        case 12: return fuelbox_instance_start(any(INSTANCE), any(CALL), (fuelbox_execution **)made, NULL);
        case 13: return fuelbox_execution_cancel_token(any(EXECUTION), (fuelbox_cancel_token **)made);
        case 14: return fuelbox_scheduler_new((fuelbox_scheduler **)made);
        case 15: return fuelbox_pool_new(any(SANDBOX), any(MODULE), below(3), (fuelbox_pool **)made);
        default:
            *made = any(SANDBOX);
            fuelbox_sandbox_grant_waiting(*made, FUELBOX_TEXT("shop"), FUELBOX_TEXT("price"), both, 2, &both[2], 1);
            fuelbox_sandbox_stub_unknown(*made);
            return fuelbox_sandbox_grant_function(*made, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"), &types[0], 1,
                                                  &types[below(3)], 1, called_back, NULL, NULL) == 0
                       ? FUELBOX_STATUS_NOT_FOUND
                       : FUELBOX_STATUS_OTHER;
    }
}

/* Uses something. What comes of it may be any status, but has to be one. */
static fuelbox_status use(void) {
    fuelbox_value values[2];
    fuelbox_error *error = NULL;
    fuelbox_status status;
    uint8_t buf[64];
    uint64_t number;
    size_t len;
    int32_t flag;

    values[0] = fuelbox_i64(1);
    values[1] = fuelbox_i32(2);
    values[1].type = below(9);
    switch (below(16)) {
        case 0: return fuelbox_limits_set(any(LIMITS), FUELBOX_TEXT("fuel"), below(100000));
        case 1: return fuelbox_limits_set(any(LIMITS), FUELBOX_TEXT("deadline"), below(100000));
        case 2: return fuelbox_call_set_args(any(CALL), values, below(3));
        case 3: return fuelbox_call_set_cancel_token(any(CALL), any(TOKEN));
        case 4: return fuelbox_cancel_token_cancel(any(TOKEN));
        case 5:
            status = fuelbox_instance_call(any(INSTANCE), FUELBOX_TEXT("add"), values, 2, values, below(2), &error);
            break;
        case 6: return fuelbox_instance_memory_read(any(INSTANCE), below(70000), buf, below(64));
        case 7: return fuelbox_execution_step(any(EXECUTION), below(10000), UINT64_MAX, &flag);
        case 8: status = fuelbox_execution_answer(any(EXECUTION), values, below(2), &error); break;
        case 9: status = fuelbox_execution_fail(any(EXECUTION), FUELBOX_TEXT("no"), &error); break;
        case 10: return fuelbox_report_output(any(REPORT), buf, below(64), &len);
        case 11: return fuelbox_report_usage(any(REPORT), FUELBOX_TEXT("fuel"), &number);
        case 12: return fuelbox_scheduler_add(any(SCHEDULER), any(EXECUTION), 1, FUELBOX_PRIORITY_LOW, &number);
        case 13: return fuelbox_scheduler_round(any(SCHEDULER), below(10000), &flag);
        case 14: return fuelbox_sandbox_grant_protocol(any(SANDBOX));
        default: return fuelbox_module_json(any(MODULE), (char *)buf, sizeof buf, &len);
    }
    OK(fuelbox_error_free(error));
    return status;
}

/* Frees a handle of whatever kind it is. */
static void end(void *handle) {
    fuelbox_limits_free(handle);
    fuelbox_module_builder_free(handle);
    fuelbox_module_free(handle);
    fuelbox_sandbox_free(handle);
    fuelbox_call_free(handle);
    fuelbox_cancel_token_free(handle);
    fuelbox_report_free(handle);
    fuelbox_instance_free(handle);
    fuelbox_execution_free(handle);
    fuelbox_pool_free(handle);
    fuelbox_scheduler_free(handle);
}

int main(void) {
    size_t seen[300] = {0}, different = 0, i;
    uint32_t step;

    for (step = 0; step < STEPS; step++) {
        void *made = NULL;
        uint32_t kind = 0;
        fuelbox_status status = FUELBOX_STATUS_OK;

        if (below(4) == 0) {
            status = make(&made, &kind);
            if (status == FUELBOX_STATUS_OK) {
                i = kind * 4 + below(4);
                end(handles[i]);
                handles[i] = made;
            }
        } else if (below(64) == 0) {
            end(handles[below(KINDS * 4)]);
        } else {
            status = use();
        }
        CHECK(status >= 0 && status < 300 && status != FUELBOX_STATUS_PANIC);
        seen[status % 300]++;
    }
    for (i = 0; i < KINDS * 4; i++) {
        end(handles[i]);
    }
    for (i = 0; i < 300; i++) {
        different += seen[i] > 0;
    }
    CHECK(different > 15);
    CHECK(seen[FUELBOX_STATUS_OK] > STEPS / 4);
    return verdict();
}
