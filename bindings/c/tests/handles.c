/* What is wrong with a handle is a status: freed, of another kind, none at all, in use. */
#include "check.h"

static void freed_is_stale_for_good(void) {
    fuelbox_limits *limits, *others[100];
    uint64_t value;
    int i;

    OK(fuelbox_limits_new(&limits));
    OK(fuelbox_limits_free(limits));
    STATUS(STALE_HANDLE, fuelbox_limits_free(limits));
    for (i = 0; i < 100; i++) {
        OK(fuelbox_limits_new(&others[i]));
        CHECK(others[i] != limits);
    }
    STATUS(STALE_HANDLE, fuelbox_limits_get(limits, FUELBOX_TEXT("fuel"), &value));
    STATUS(STALE_HANDLE, fuelbox_limits_set(limits, FUELBOX_TEXT("fuel"), 1));
    for (i = 0; i < 100; i++) {
        OK(fuelbox_limits_free(others[i]));
    }
}

static void null_is_told_and_freed(void) {
    uint64_t value;
    fuelbox_limits *limits;

    STATUS(NULL, fuelbox_limits_get(NULL, FUELBOX_TEXT("fuel"), &value));
    STATUS(NULL, fuelbox_limits_new(NULL));
    OK(fuelbox_limits_new(&limits));
    STATUS(NULL, fuelbox_limits_get(limits, FUELBOX_TEXT("fuel"), NULL));
    STATUS(NULL, fuelbox_limits_get(limits, NULL, 4, &value));
    STATUS(UNKNOWN_NAME, fuelbox_limits_get(limits, NULL, 0, &value));
    STATUS(INVALID_ARGUMENT, fuelbox_limits_get(limits, "", SIZE_MAX, &value));
    OK(fuelbox_limits_free(limits));
    OK(fuelbox_error_free(NULL));
    OK(fuelbox_limits_free(NULL));
    OK(fuelbox_module_builder_free(NULL));
    OK(fuelbox_module_free(NULL));
    OK(fuelbox_sandbox_free(NULL));
    OK(fuelbox_call_free(NULL));
    OK(fuelbox_report_free(NULL));
    OK(fuelbox_instance_free(NULL));
    OK(fuelbox_execution_free(NULL));
    OK(fuelbox_cancel_token_free(NULL));
    OK(fuelbox_tree_free(NULL));
    OK(fuelbox_wasi_free(NULL));
    OK(fuelbox_dir_free(NULL));
    OK(fuelbox_pipe_free(NULL));
    OK(fuelbox_recording_free(NULL));
    OK(fuelbox_pool_free(NULL));
    OK(fuelbox_scheduler_free(NULL));
    OK(fuelbox_selftest_free(NULL));
}

static void another_kind_is_found_out(void) {
    fuelbox_limits *limits;
    fuelbox_error *error;
    fuelbox_report *report;
    int32_t local = 0;

    OK(fuelbox_limits_new(&limits));
    STATUS(WRONG_HANDLE, fuelbox_module_free((fuelbox_module *)limits));
    STATUS(WRONG_HANDLE,
           fuelbox_sandbox_run((fuelbox_sandbox *)limits, (fuelbox_module *)limits, NULL, &report, &error));
    OK(fuelbox_error_free(error));
    STATUS(WRONG_HANDLE, fuelbox_instance_free((fuelbox_instance *)limits));
    OK(fuelbox_limits_free(limits));
    /* What never was a handle is not followed. */
    STATUS(STALE_HANDLE, fuelbox_limits_free((fuelbox_limits *)(void *)&local));
    STATUS(STALE_HANDLE, fuelbox_limits_free((fuelbox_limits *)(uintptr_t)1));
    STATUS(STALE_HANDLE, fuelbox_limits_free((fuelbox_limits *)UINTPTR_MAX));
}

/* With an error as well as without one. */
static void misuse_says_what_to_change(void) {
    const char *busy = fuelbox_status_message(FUELBOX_STATUS_BUSY);
    fuelbox_report *report;
    fuelbox_error *error;
    char text[256];
    size_t len;

    TEXT("another call with the handle is in progress: use it from one thread at a time, and not from its own callbacks",
         busy, strlen(busy));
    STATUS(NULL, fuelbox_sandbox_run(NULL, NULL, NULL, &report, &error));
    OK(fuelbox_error_message(error, text, sizeof text, &len));
    TEXT(fuelbox_status_message(FUELBOX_STATUS_NULL), text, len);
    OK(fuelbox_error_free(error));
    /* These come with an error or a report, which has names and numbers. */
    CHECK(strstr(fuelbox_status_message(FUELBOX_STATUS_INVALID_MODULE), "fuelbox_error_message") != NULL);
    CHECK(strstr(fuelbox_status_message(FUELBOX_STATUS_WORKER), "report") != NULL);
    CHECK(strcmp(fuelbox_status_message(-1), "a number that is no status") == 0);
    CHECK(strcmp(fuelbox_status_message(300), "a number that is no status") == 0);
}

/* What a callback is handed, to misuse it. */
struct misuse {
    fuelbox_sandbox *sandbox;
    fuelbox_module *module;
    fuelbox_instance *instance;
    fuelbox_caller *caller;
    int calls;
};

static fuelbox_status misused(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                              fuelbox_value *results, size_t results_len) {
    struct misuse *misuse = user_data;
    fuelbox_report *report;
    fuelbox_module *module;

    (void)args;
    CHECK(args_len == 1 && results_len == 1);
    results[0].of.i64 = 7;
    misuse->caller = caller;
    misuse->calls++;
    if (misuse->instance != NULL) {
        STATUS(BUSY, fuelbox_instance_run(misuse->instance, NULL, &report, NULL));
        STATUS(BUSY, fuelbox_instance_free(misuse->instance));
    } else {
        STATUS(BUSY, fuelbox_sandbox_grant_log(misuse->sandbox));
        STATUS(BUSY, fuelbox_sandbox_free(misuse->sandbox));
        STATUS(BUSY, fuelbox_module_free(misuse->module));
    }
    /* What is only looked at is not busy. */
    OK(fuelbox_module_clone(misuse->module, &module));
    OK(fuelbox_module_free(module));
    return FUELBOX_STATUS_OK;
}

static void in_use_is_busy(void) {
    static const fuelbox_type i32[] = {FUELBOX_TYPE_I32}, i64[] = {FUELBOX_TYPE_I64};
    struct misuse misuse = {NULL, NULL, NULL, NULL, 0};
    fuelbox_value argument = fuelbox_i32(1), result;
    fuelbox_call *call;
    fuelbox_report *report;

    misuse.module = guest("host");
    patient_sandbox(&misuse.sandbox);
    OK(fuelbox_sandbox_stub_unknown(misuse.sandbox));
    OK(fuelbox_sandbox_grant_function(misuse.sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"), i32, 1, i64, 1,
                                      misused, &misuse, NULL));
    OK(fuelbox_call_new_export(FUELBOX_TEXT("price"), &call));
    OK(fuelbox_call_set_args(call, &argument, 1));
    OK(fuelbox_sandbox_run(misuse.sandbox, misuse.module, call, &report, NULL));
    OK(fuelbox_report_free(report));
    OK(fuelbox_sandbox_instantiate(misuse.sandbox, misuse.module, &misuse.instance, NULL));
    OK(fuelbox_instance_call(misuse.instance, FUELBOX_TEXT("price"), &argument, 1, &result, 1, NULL));
    CHECK(misuse.calls == 2 && result.type == FUELBOX_TYPE_I64 && result.of.i64 == 7);
    /* The callback is over, and so is what it was handed. */
    STATUS(STALE_HANDLE, fuelbox_caller_charge(misuse.caller, 1));
    OK(fuelbox_instance_free(misuse.instance));
    OK(fuelbox_call_free(call));
    OK(fuelbox_module_free(misuse.module));
    OK(fuelbox_sandbox_free(misuse.sandbox));
}

/* A call of `calls` that counts, with no handle left for what it would hand out. */
static void no_handle_left_refuses_before_anything_runs(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_sandbox *sandbox;
    fuelbox_instance *instance, *other;
    fuelbox_execution *execution;
    fuelbox_call *call;
    fuelbox_report *report;
    fuelbox_pool *pool;
    fuelbox_error *error;
    fuelbox_value value;
    size_t live, ready;
    int32_t over;

    patient_sandbox(&sandbox);
    OK(fuelbox_call_new_export(FUELBOX_TEXT("next"), &call));
    OK(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    OK(fuelbox_sandbox_start(sandbox, module, call, &execution, NULL));
    OK(fuelbox_pool_new(sandbox, module, 1, &pool));
    OK(fuelbox_pool_refill(pool, NULL));
    OK(fuelbox_live_handles(&live));
    OK(fuelbox_limit_handles(live));
    STATUS(TOO_MANY_HANDLES, fuelbox_instance_run(instance, call, &report, &error));
    CHECK(error == NULL); /* nor for an error */
    STATUS(TOO_MANY_HANDLES, fuelbox_sandbox_run(sandbox, module, call, &report, NULL));
    STATUS(TOO_MANY_HANDLES, fuelbox_sandbox_run_input(sandbox, module, NULL, 0, &report, NULL));
    STATUS(TOO_MANY_HANDLES, fuelbox_sandbox_instantiate(sandbox, module, &other, NULL));
    STATUS(TOO_MANY_HANDLES, fuelbox_pool_take(pool, &other, NULL));
    STATUS(TOO_MANY_HANDLES, fuelbox_execution_finish(execution, &report, &other, NULL));
    OK(fuelbox_limit_handles(live + 1)); /* for the report, and not for the instance */
    STATUS(TOO_MANY_HANDLES, fuelbox_execution_finish(execution, &report, &other, NULL));
    OK(fuelbox_limit_handles(SIZE_MAX));

    OK(fuelbox_instance_call(instance, FUELBOX_TEXT("next"), NULL, 0, &value, 1, NULL));
    CHECK(value.of.i32 == 1);
    OK(fuelbox_pool_ready(pool, &ready));
    CHECK(ready == 1);
    OK(fuelbox_execution_is_over(execution, &over));
    CHECK(over == 0);
    OK(fuelbox_execution_finish(execution, &report, &other, NULL));
    OK(fuelbox_report_free(report));
    OK(fuelbox_instance_call(other, FUELBOX_TEXT("next"), NULL, 0, &value, 1, NULL));
    CHECK(value.of.i32 == 2);
    OK(fuelbox_instance_free(other));
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_pool_free(pool));
    OK(fuelbox_call_free(call));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

int main(void) {
    freed_is_stale_for_good();
    null_is_told_and_freed();
    another_kind_is_found_out();
    misuse_says_what_to_change();
    in_use_is_busy();
    no_handle_left_refuses_before_anything_runs();
    return verdict();
}
