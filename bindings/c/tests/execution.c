/* A call in progress: steps, cancels from another thread, questions that the host answers later. */
#include "check.h"

#include <pthread.h>

/* An execution of the export `name` of a guest, under limits. */
static fuelbox_execution *begun(const char *file, const char *name, const fuelbox_limits *limits,
                                const fuelbox_cancel_token *token) {
    static const fuelbox_type i32[] = {FUELBOX_TYPE_I32, FUELBOX_TYPE_I32}, i64[] = {FUELBOX_TYPE_I64};
    fuelbox_module *module = guest(file);
    fuelbox_sandbox *sandbox;
    fuelbox_call *call;
    fuelbox_execution *execution = NULL;

    OK(fuelbox_sandbox_new(limits, &sandbox, NULL));
    OK(fuelbox_sandbox_grant_waiting(sandbox, FUELBOX_TEXT("shop"), FUELBOX_TEXT("price"), i32, 2, i64, 1));
    OK(fuelbox_call_new_export(name, strlen(name), &call));
    if (token != NULL) {
        OK(fuelbox_call_set_cancel_token(call, token));
    }
    OK(fuelbox_sandbox_start(sandbox, module, call, &execution, NULL));
    OK(fuelbox_call_free(call));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
    return execution;
}

/* Finishes an execution that has to end so. */
static void finish(fuelbox_execution *execution, fuelbox_status expected) {
    fuelbox_report *report;
    fuelbox_instance *instance = NULL;
    fuelbox_status outcome = -1;

    OK(fuelbox_execution_finish(execution, &report, &instance, NULL));
    STATUS(STALE_HANDLE, fuelbox_execution_free(execution));
    OK(fuelbox_report_outcome(report, &outcome));
    if (outcome != expected) {
        printf("it ends as %s\n", fuelbox_status_name(outcome));
        failures++;
    }
    CHECK((instance != NULL) == (expected == FUELBOX_STATUS_OK));
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_report_free(report));
}

static void steps_by_fuel_are_the_same_each_time(void) {
    uint64_t used[2], waits;
    int32_t step, over, i;

    for (i = 0; i < 2; i++) {
        fuelbox_execution *execution = begun("calls", "endless", NULL, NULL);

        OK(fuelbox_execution_step(execution, 10000, UINT64_MAX, &step));
        CHECK(step == FUELBOX_STEP_PAUSED);
        OK(fuelbox_execution_usage(execution, FUELBOX_TEXT("fuel"), &used[i]));
        OK(fuelbox_execution_is_over(execution, &over));
        CHECK(over == 0);
        STATUS(NOT_FOUND, fuelbox_execution_wake_at(execution, &waits));
        OK(fuelbox_execution_step(execution, UINT64_MAX, 100000, &step)); /* 0.1 ms */
        CHECK(step == FUELBOX_STEP_PAUSED);
        OK(fuelbox_execution_free(execution));
    }
    CHECK(used[0] == used[1] && used[0] > 9000 && used[0] < 11000);
}

static void an_instance_goes_into_a_call_and_comes_back(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_sandbox *sandbox;
    fuelbox_instance *instance, *before;
    fuelbox_execution *execution;
    fuelbox_call *call, *wrong;
    fuelbox_report *report;
    fuelbox_value value;
    int32_t step;

    patient_sandbox(&sandbox);
    OK(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    OK(fuelbox_call_new_export(FUELBOX_TEXT("next"), &call));
    OK(fuelbox_call_new_export(FUELBOX_TEXT("former"), &wrong));
    STATUS(EXPORT_MISSING, fuelbox_instance_start(instance, wrong, &execution, NULL));
    before = instance;
    OK(fuelbox_instance_start(instance, call, &execution, NULL));
    STATUS(STALE_HANDLE, fuelbox_instance_free(before));
    OK(fuelbox_execution_step(execution, 100000, UINT64_MAX, &step));
    CHECK(step == FUELBOX_STEP_DONE);
    OK(fuelbox_execution_finish(execution, &report, &instance, NULL));
    OK(fuelbox_report_free(report));
    OK(fuelbox_instance_call(instance, FUELBOX_TEXT("next"), NULL, 0, &value, 1, NULL));
    CHECK(value.of.i32 == 2);
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_call_free(call));
    OK(fuelbox_call_free(wrong));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

static void *cancel(void *token) {
    OK(fuelbox_cancel_token_cancel(token));
    return NULL;
}

static void another_thread_cancels(void) {
    fuelbox_limits *limits = patient_limits();
    fuelbox_cancel_token *token, *own;
    fuelbox_execution *execution;
    pthread_t thread;
    int32_t cancelled;

    OK(fuelbox_cancel_token_new(&token));
    execution = begun("calls", "endless", limits, token);
    OK(fuelbox_execution_cancel_token(execution, &own));
    CHECK(pthread_create(&thread, NULL, cancel, own) == 0);
    finish(execution, FUELBOX_STATUS_CANCELLED);
    pthread_join(thread, NULL);
    OK(fuelbox_cancel_token_is_cancelled(token, &cancelled));
    CHECK(cancelled == 1); /* it is the one that the call was given */
    OK(fuelbox_cancel_token_free(own));
    OK(fuelbox_cancel_token_free(token));
    OK(fuelbox_limits_free(limits));
}

/* Steps an execution until it asks. */
static fuelbox_execution *asking(const char *name) {
    fuelbox_execution *execution = begun("asks", name, NULL, NULL);
    int32_t step = -1;

    OK(fuelbox_execution_step(execution, UINT64_MAX, UINT64_MAX, &step));
    CHECK(step == FUELBOX_STEP_WAITS_HOST);
    return execution;
}

static void questions_are_answered(void) {
    fuelbox_execution *execution = asking("twice");
    fuelbox_value args[2], answer = fuelbox_i32(21);
    fuelbox_report *report;
    fuelbox_error *error;
    void *context;
    char text[16];
    uint8_t name[5];
    uint64_t size;
    size_t len;
    int32_t step;

    OK(fuelbox_execution_request_memory_size(execution, &size));
    CHECK(size == 65536);
    OK(fuelbox_execution_request_module(execution, text, sizeof text, &len));
    TEXT("shop", text, len);
    OK(fuelbox_execution_request_name(execution, text, sizeof text, &len));
    TEXT("price", text, len);
    OK(fuelbox_execution_request_args(execution, args, 2, &len));
    CHECK(len == 2 && args[0].of.i32 == 8 && args[1].of.i32 == 5);
    OK(fuelbox_execution_request_read(execution, 8, name, 5));
    TEXT("apple", name, 5);
    OK(fuelbox_execution_request_charge(execution, 100));
    OK(fuelbox_execution_context(execution, &context));
    CHECK(context == NULL);
    STATUS(ANSWER_TYPES, fuelbox_execution_answer(execution, &answer, 1, &error));
    STATUS(BUFFER_TOO_SMALL, fuelbox_error_message(error, NULL, 0, &len));
    CHECK(len > 10);
    OK(fuelbox_error_free(error));
    answer = fuelbox_i64(21);
    OK(fuelbox_execution_answer(execution, &answer, 1, NULL));
    OK(fuelbox_execution_step(execution, UINT64_MAX, UINT64_MAX, &step));
    CHECK(step == FUELBOX_STEP_DONE);
    STATUS(NOTHING_ASKED, fuelbox_execution_answer(execution, &answer, 1, NULL));
    STATUS(NOTHING_ASKED, fuelbox_execution_request_name(execution, text, sizeof text, &len));
    STATUS(NOTHING_ASKED, fuelbox_execution_request_memory_size(execution, &size));
    OK(fuelbox_execution_finish(execution, &report, NULL, NULL));
    OK(fuelbox_report_values(report, &answer, 1, &len));
    CHECK(len == 1 && answer.of.i64 == 42);
    OK(fuelbox_report_free(report));
}

static void questions_can_fail(void) {
    fuelbox_execution *execution = asking("twice");
    uint8_t bytes[2];

    STATUS(INVALID_ARGUMENT, fuelbox_execution_fail(execution, NULL, 0, NULL)); /* nothing has failed */
    OK(fuelbox_execution_fail(execution, FUELBOX_TEXT("the shop is closed"), NULL));
    finish(execution, FUELBOX_STATUS_HOST_FUNCTION);

    execution = asking("outside");
    STATUS(FAULT, fuelbox_execution_request_read(execution, 65535, bytes, 2));
    OK(fuelbox_execution_fail(execution, NULL, 0, NULL));
    finish(execution, FUELBOX_STATUS_FAULT);

    finish(asking("twice"), FUELBOX_STATUS_UNANSWERED);
}

int main(void) {
    steps_by_fuel_are_the_same_each_time();
    an_instance_goes_into_a_call_and_comes_back();
    another_thread_cancels();
    questions_are_answered();
    questions_can_fail();
    return verdict();
}
