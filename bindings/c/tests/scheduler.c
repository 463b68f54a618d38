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

int main(void) {
    every_execution_is_handed_out();
    a_pool_hands_out_fresh_instances();
    return verdict();
}
