/* Sandbox.java and SandboxBuilder.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Sandbox.h"
#include "headers/dev_fuelbox_SandboxBuilder.h"

FREES(Java_dev_fuelbox_Sandbox_free, sandbox)

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Sandbox_run(JNIEnv *env, jclass class, jlong sandbox, jlong module,
                                                     jlong call) {
    fuelbox_report *report = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status =
        fuelbox_sandbox_run(HANDLE(sandbox, sandbox), HANDLE(module, module), HANDLE(call, call), &report, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(report);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Sandbox_start(JNIEnv *env, jclass class, jlong sandbox, jlong module,
                                                       jlong call) {
    fuelbox_execution *execution = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_sandbox_start(HANDLE(sandbox, sandbox), HANDLE(module, module),
                                                  HANDLE(call, call), &execution, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(execution);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Sandbox_instantiate(JNIEnv *env, jclass class, jlong sandbox, jlong module) {
    fuelbox_instance *instance = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status =
        fuelbox_sandbox_instantiate(HANDLE(sandbox, sandbox), HANDLE(module, module), &instance, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(instance);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Sandbox_pool(JNIEnv *env, jclass class, jlong sandbox, jlong module,
                                                      jlong size) {
    fuelbox_pool *pool = NULL;

    (void)class;
    succeeded(env, fuelbox_pool_new(HANDLE(sandbox, sandbox), HANDLE(module, module), (size_t)size, &pool), NULL);
    return NUMBER(pool);
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Sandbox_check(JNIEnv *env, jclass class, jlong sandbox, jlong module,
                                                            jlong call) {
    struct output output;

    (void)class;
    for (output_begin(&output); output_goes_on(&output);) {
        output.status = fuelbox_sandbox_check(HANDLE(sandbox, sandbox), HANDLE(module, module), HANDLE(call, call),
                                              (char *)output.at, output.cap, &output.len);
    }
    return output_array(env, &output);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_SandboxBuilder_make(JNIEnv *env, jclass class, jlong limits, jobject clock) {
    fuelbox_sandbox *sandbox = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status;

    (void)class;
    if (clock == NULL) {
        status = fuelbox_sandbox_new(HANDLE(limits, limits), &sandbox, &error);
    } else {
        void *kept = lambda_keep(env, clock);

        if (kept == NULL) {
            return 0;
        }
        status = fuelbox_sandbox_new_with_clock(HANDLE(limits, limits), lambda_clock, kept, lambda_drop, &sandbox,
                                                &error);
    }
    succeeded(env, status, error);
    return NUMBER(sandbox);
}

DOES(Java_dev_fuelbox_SandboxBuilder_protocol, sandbox, fuelbox_sandbox_grant_protocol)
DOES(Java_dev_fuelbox_SandboxBuilder_input, sandbox, fuelbox_sandbox_grant_input)
DOES(Java_dev_fuelbox_SandboxBuilder_output, sandbox, fuelbox_sandbox_grant_output)
DOES(Java_dev_fuelbox_SandboxBuilder_log, sandbox, fuelbox_sandbox_grant_log)
DOES(Java_dev_fuelbox_SandboxBuilder_abort, sandbox, fuelbox_sandbox_grant_abort)
DOES_WITH_NUMBER(Java_dev_fuelbox_SandboxBuilder_clockFixed, sandbox, fuelbox_sandbox_grant_clock_fixed)
DOES_WITH_NUMBER(Java_dev_fuelbox_SandboxBuilder_clockByFuel, sandbox, fuelbox_sandbox_grant_clock_by_fuel)
DOES(Java_dev_fuelbox_SandboxBuilder_clockSystem, sandbox, fuelbox_sandbox_grant_clock_system)
DOES_WITH_NUMBER(Java_dev_fuelbox_SandboxBuilder_randomSeeded, sandbox, fuelbox_sandbox_grant_random_seeded)
DOES_WITH_NUMBER(Java_dev_fuelbox_SandboxBuilder_record, sandbox, fuelbox_sandbox_record)
DOES(Java_dev_fuelbox_SandboxBuilder_stub, sandbox, fuelbox_sandbox_stub_unknown)
DOES(Java_dev_fuelbox_SandboxBuilder_abiVersion, sandbox, fuelbox_sandbox_require_abi_version)

JNIEXPORT void JNICALL Java_dev_fuelbox_SandboxBuilder_clockOfHost(JNIEnv *env, jclass class, jlong sandbox,
                                                                   jobject clock) {
    void *kept = lambda_keep(env, clock);

    (void)class;
    if (kept != NULL) {
        succeeded(env, fuelbox_sandbox_grant_clock(HANDLE(sandbox, sandbox), lambda_clock, kept, lambda_drop), NULL);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_SandboxBuilder_random(JNIEnv *env, jclass class, jlong sandbox,
                                                              jobject source) {
    void *kept = lambda_keep(env, source);

    (void)class;
    if (kept != NULL) {
        succeeded(env, fuelbox_sandbox_grant_random(HANDLE(sandbox, sandbox), lambda_random, kept, lambda_drop), NULL);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_SandboxBuilder_wasi(JNIEnv *env, jclass class, jlong sandbox, jlong wasi) {
    (void)class;
    succeeded(env, fuelbox_sandbox_grant_wasi(HANDLE(sandbox, sandbox), HANDLE(wasi, wasi)), NULL);
}

/* What guests import a function by, and its type. */
struct declared {
    struct input module, name;
    fuelbox_type *params, *results;
    size_t params_len, results_len;
};

static void declared_drop(struct declared *declared) {
    input_drop(&declared->module);
    input_drop(&declared->name);
    free(declared->params);
    free(declared->results);
}

static int declared_take(JNIEnv *env, struct declared *declared, jbyteArray module, jbyteArray name, jintArray params,
                         jintArray results) {
    declared->module.owned = declared->name.owned = NULL;
    declared->params = declared->results = NULL;
    if (input_array(env, &declared->module, module) && input_array(env, &declared->name, name) &&
        types_take(env, params, &declared->params, &declared->params_len) &&
        types_take(env, results, &declared->results, &declared->results_len)) {
        return 1;
    }
    declared_drop(declared);
    return 0;
}

JNIEXPORT void JNICALL Java_dev_fuelbox_SandboxBuilder_function(JNIEnv *env, jclass class, jlong sandbox,
                                                                jbyteArray module, jbyteArray name, jintArray params,
                                                                jintArray results, jobject function) {
    struct declared of;
    void *kept;

    (void)class;
    if (!declared_take(env, &of, module, name, params, results)) {
        return;
    }
    kept = lambda_keep(env, function);
    if (kept != NULL) {
        fuelbox_status status = fuelbox_sandbox_grant_function(
            HANDLE(sandbox, sandbox), INPUT_TEXT(of.module), INPUT_TEXT(of.name), of.params, of.params_len, of.results,
            of.results_len, lambda_function, kept, lambda_drop);

        succeeded(env, status, NULL);
    }
    declared_drop(&of);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_SandboxBuilder_waiting(JNIEnv *env, jclass class, jlong sandbox,
                                                               jbyteArray module, jbyteArray name, jintArray params,
                                                               jintArray results) {
    struct declared of;

    (void)class;
    if (declared_take(env, &of, module, name, params, results)) {
        fuelbox_status status =
            fuelbox_sandbox_grant_waiting(HANDLE(sandbox, sandbox), INPUT_TEXT(of.module), INPUT_TEXT(of.name),
                                          of.params, of.params_len, of.results, of.results_len);

        succeeded(env, status, NULL);
        declared_drop(&of);
    }
}
