/* Many guests: a scheduler on one thread, and instances made ahead. */
#include "check.h"

static void every_execution_is_handed_out(void) {
    static const char *const names[] = {"endless", "add", "trap"};
    static const fuelbox_status expected[] = {FUELBOX_STATUS_CANCELLED, FUELBOX_STATUS_OK,
                                              FUELBOX_STATUS_TRAP_UNREACHABLE};
    fuelbox_module *module = guest("calls");
    fuelbox_sandbox *sandbox;
    fuelbox_scheduler *scheduler;
    fuelbox_execution *execution;
    fuelbox_value args[2];
    uint64_t ids[3], id, at;
    size_t i, count;
    int32_t step;

    args[0] = fuelbox_i32(40);
    args[1] = fuelbox_i32(2);
    patient_sandbox(&sandbox);
    OK(fuelbox_scheduler_new(&scheduler));
    for (i = 0; i < 3; i++) {
        fuelbox_call *call;

        OK(fuelbox_call_new_export(names[i], strlen(names[i]), &call));
        OK(fuelbox_call_set_args(call, args, i == 1 ? 2 : 0));
        OK(fuelbox_sandbox_start(sandbox, module, call, &execution, NULL));
        OK(fuelbox_call_free(call));
        STATUS(INVALID_ARGUMENT, fuelbox_scheduler_add(scheduler, execution, 1, 3, &ids[i]));
        OK(fuelbox_scheduler_add(scheduler, execution, 1, FUELBOX_PRIORITY_NORMAL, &ids[i]));
        STATUS(STALE_HANDLE, fuelbox_execution_free(execution));
    }
    OK(fuelbox_scheduler_turn(scheduler, 1000000, &step));
    CHECK(step == FUELBOX_STEP_PAUSED);
    STATUS(NOT_FOUND, fuelbox_scheduler_asking(scheduler, &id));
    STATUS(NOT_FOUND, fuelbox_scheduler_wake_at(scheduler, &at));

    /* It may be looked at outside, and goes on under another number. */
    OK(fuelbox_scheduler_remove(scheduler, ids[0], &execution));
    STATUS(NOT_FOUND, fuelbox_scheduler_remove(scheduler, ids[0], &execution));
    OK(fuelbox_scheduler_add(scheduler, execution, 2, FUELBOX_PRIORITY_HIGH, &id));
    CHECK(id != ids[0]);
    ids[0] = id;
    OK(fuelbox_scheduler_round(scheduler, 1000, &step));
    OK(fuelbox_scheduler_cancel(scheduler, ids[0]));
    OK(fuelbox_scheduler_wake(scheduler, ids[0]));
    do {
        OK(fuelbox_scheduler_turn(scheduler, 1000000, &step));
    } while (step == FUELBOX_STEP_PAUSED);
    CHECK(step == FUELBOX_STEP_DONE);
    OK(fuelbox_scheduler_count(scheduler, &count));
    CHECK(count == 3);
    for (count = 0;; count++) {
        fuelbox_report *report;
        fuelbox_instance *instance;
        fuelbox_status outcome;

        if (fuelbox_scheduler_finished(scheduler, &id, &report, &instance) != FUELBOX_STATUS_OK) {
            break;
        }
        OK(fuelbox_report_outcome(report, &outcome));
        for (i = 0; i < 3; i++) {
            CHECK(id != ids[i] || outcome == expected[i]);
        }
        OK(fuelbox_instance_free(instance));
        OK(fuelbox_report_free(report));
    }
    CHECK(count == 3);
    STATUS(NOT_FOUND, fuelbox_scheduler_cancel(scheduler, ids[1]));
    OK(fuelbox_scheduler_free(scheduler));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

static void a_pool_hands_out_fresh_instances(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_sandbox *sandbox;
    fuelbox_pool *pool;
    fuelbox_instance *instance;
    fuelbox_value value;
    int32_t made, i;
    size_t ready;

    patient_sandbox(&sandbox);
    OK(fuelbox_pool_new(sandbox, module, 1, &pool));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
    OK(fuelbox_pool_refill_one(pool, &made, NULL));
    CHECK(made == 1);
    OK(fuelbox_pool_refill_one(pool, &made, NULL));
    CHECK(made == 0);
    OK(fuelbox_pool_refill(pool, NULL));
    for (i = 0; i < 2; i++) {
        OK(fuelbox_pool_take(pool, &instance, NULL));
        OK(fuelbox_instance_call(instance, FUELBOX_TEXT("next"), NULL, 0, &value, 1, NULL));
        CHECK(value.of.i32 == 1);
        OK(fuelbox_instance_free(instance));
    }
    OK(fuelbox_pool_ready(pool, &ready));
    CHECK(ready == 0);
    OK(fuelbox_pool_free(pool));
}

/* A clock that goes on by a microsecond each time that it is read. */
static uint64_t told(void *user_data) { return *(uint64_t *)user_data += 1000; }

static void by_a_clock_of_the_host_and_shares_that_change(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_sandbox *sandbox;
    fuelbox_scheduler *scheduler;
    fuelbox_execution *execution;
    fuelbox_call *call;
    fuelbox_limits *limits = patient_limits();
    uint64_t clock = 5, ids[2], used[2], before, after;
    int32_t step;
    int i;

    OK(fuelbox_now(&before));
    OK(fuelbox_now(&after));
    CHECK(before <= after);
    STATUS(NULL, fuelbox_scheduler_new_with_clock(NULL, NULL, NULL, &scheduler));
    OK(fuelbox_scheduler_new_with_clock(told, &clock, NULL, &scheduler));
    OK(fuelbox_sandbox_new_with_clock(limits, told, &clock, NULL, &sandbox, NULL));
    OK(fuelbox_call_new_export(FUELBOX_TEXT("endless"), &call));
    for (i = 0; i < 2; i++) {
        OK(fuelbox_sandbox_start(sandbox, module, call, &execution, NULL));
        OK(fuelbox_scheduler_add(scheduler, execution, 1, FUELBOX_PRIORITY_NORMAL, &ids[i]));
    }
    STATUS(INVALID_ARGUMENT, fuelbox_scheduler_set_share(scheduler, ids[0], 0, FUELBOX_PRIORITY_NORMAL));
    STATUS(INVALID_ARGUMENT, fuelbox_scheduler_set_share(scheduler, ids[0], 1, 3));
    STATUS(NOT_FOUND, fuelbox_scheduler_set_share(scheduler, 99, 1, FUELBOX_PRIORITY_NORMAL));
    OK(fuelbox_scheduler_set_share(scheduler, ids[0], 1, FUELBOX_PRIORITY_HIGH));
    OK(fuelbox_scheduler_turn(scheduler, 100000, &step));
    CHECK(step == FUELBOX_STEP_PAUSED);
    for (i = 0; i < 2; i++) {
        OK(fuelbox_scheduler_remove(scheduler, ids[i], &execution));
        OK(fuelbox_execution_usage(execution, FUELBOX_TEXT("fuel"), &used[i]));
        OK(fuelbox_execution_free(execution));
    }
    CHECK(used[0] > 0 && used[1] == 0); /* the other one waits for what is urgent */
    OK(fuelbox_scheduler_free(scheduler));
    OK(fuelbox_call_free(call));
    OK(fuelbox_limits_free(limits));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

int main(void) {
    by_a_clock_of_the_host_and_shares_that_change();
    every_execution_is_handed_out();
    a_pool_hands_out_fresh_instances();
    return verdict();
}
