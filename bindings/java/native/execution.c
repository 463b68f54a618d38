/* Execution.java and Request.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Execution.h"
#include "headers/dev_fuelbox_Request.h"

GIVES_NUMBER_IF_ANY(Java_dev_fuelbox_Execution_wakeAt, execution, fuelbox_execution_wake_at)
DOES(Java_dev_fuelbox_Execution_sleep, execution, fuelbox_execution_sleep)
GIVES_NUMBER(jboolean, Java_dev_fuelbox_Execution_isOver, execution, fuelbox_execution_is_over, int32_t)
GIVES_BYTES(Java_dev_fuelbox_Execution_output, execution, fuelbox_execution_output, uint8_t)
GIVES_BYTES(Java_dev_fuelbox_Execution_stderr, execution, fuelbox_execution_stderr, uint8_t)
FREES(Java_dev_fuelbox_Execution_free, execution)

JNIEXPORT jint JNICALL Java_dev_fuelbox_Execution_step(JNIEnv *env, jclass class, jlong execution, jlong fuel,
                                                       jlong nanos) {
    int32_t step = 0;

    (void)class;
    succeeded(env, fuelbox_execution_step(HANDLE(execution, execution), (uint64_t)fuel, (uint64_t)nanos, &step), NULL);
    return step;
}

static fuelbox_status usage(void *execution, const char *name, size_t len, uint64_t *value) {
    return fuelbox_execution_usage(execution, name, len, value);
}

JNIEXPORT jlongArray JNICALL Java_dev_fuelbox_Execution_usage(JNIEnv *env, jclass class, jlong execution) {
    (void)class;
    return usage_give(env, usage, HANDLE(execution, execution));
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Execution_cancelToken(JNIEnv *env, jclass class, jlong execution) {
    fuelbox_cancel_token *token = NULL;

    (void)class;
    succeeded(env, fuelbox_execution_cancel_token(HANDLE(execution, execution), &token), NULL);
    return NUMBER(token);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Execution_answer(JNIEnv *env, jclass class, jlong execution,
                                                         jlongArray results) {
    fuelbox_error *error = NULL;
    fuelbox_value *values;
    fuelbox_status status;
    size_t len;

    (void)class;
    if (values_take(env, results, &values, &len)) {
        status = fuelbox_execution_answer(HANDLE(execution, execution), values, len, &error);
        free(values);
        succeeded(env, status, error);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Execution_fail(JNIEnv *env, jclass class, jlong execution,
                                                       jbyteArray message) {
    fuelbox_error *error = NULL;
    fuelbox_status status;
    struct input input;

    (void)class;
    if (input_array(env, &input, message)) {
        status = fuelbox_execution_fail(HANDLE(execution, execution), INPUT_TEXT(input), &error);
        input_drop(&input);
        succeeded(env, status, error);
    }
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Execution_finish(JNIEnv *env, jclass class, jlong execution,
                                                               jlongArray left) {
    fuelbox_report *report = NULL;
    fuelbox_instance *instance = NULL;
    fuelbox_recording *recording = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status =
        fuelbox_execution_finish_recorded(HANDLE(execution, execution), &report, &instance, &recording, &error);
    jlong numbers[2];

    (void)class;
    if (!succeeded(env, status, error)) {
        return NULL;
    }
    numbers[0] = NUMBER(report);
    numbers[1] = NUMBER(instance);
    (*env)->SetLongArrayRegion(env, left, 0, 2, numbers);
    return recording_give(env, recording);
}

GIVES_BYTES(Java_dev_fuelbox_Request_module, execution, fuelbox_execution_request_module, char)
GIVES_BYTES(Java_dev_fuelbox_Request_name, execution, fuelbox_execution_request_name, char)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Request_memorySize, execution, fuelbox_execution_request_memory_size, uint64_t)
DOES_WITH_NUMBER(Java_dev_fuelbox_Request_charge, execution, fuelbox_execution_request_charge)

JNIEXPORT jlongArray JNICALL Java_dev_fuelbox_Request_args(JNIEnv *env, jclass class, jlong execution) {
    struct output output;
    jlongArray args = NULL;

    (void)class;
    for (output_begin(&output); output_of_goes_on(&output, sizeof(fuelbox_value));) {
        output.status = fuelbox_execution_request_args(HANDLE(execution, execution), (fuelbox_value *)output.at,
                                                       output.cap, &output.len);
    }
    if (succeeded(env, output.status, NULL)) {
        args = values_give(env, (const fuelbox_value *)output.at, output.len);
    }
    output_drop(&output);
    return args;
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Request_read(JNIEnv *env, jclass class, jlong execution, jint address,
                                                           jint length) {
    size_t len = (size_t)(uint32_t)length;
    struct output output;

    (void)class;
    output_begin(&output);
    /* As in caller.c: never touched for a range that is not there. */
    output.at = output.owned = allocate(env, len);
    if (output.at == NULL) {
        return NULL;
    }
    output.len = len;
    output.status =
        fuelbox_execution_request_read(HANDLE(execution, execution), (uint32_t)address, output.at, output.len);
    return output_array(env, &output);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Request_write(JNIEnv *env, jclass class, jlong execution, jint address,
                                                      jbyteArray array, jobject direct, jint offset, jint length) {
    struct input input;

    (void)class;
    if (input_range(env, &input, array, direct, offset, length)) {
        fuelbox_status status =
            fuelbox_execution_request_write(HANDLE(execution, execution), (uint32_t)address, input.at, input.len);

        input_drop(&input);
        succeeded(env, status, NULL);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Request_halt(JNIEnv *env, jclass class, jlong execution) {
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_execution_fail(HANDLE(execution, execution), NULL, 0, &error);

    (void)class;
    succeeded(env, status, error);
}
