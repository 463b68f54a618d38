/* Instance.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Instance.h"

GIVES_NUMBER(jboolean, Java_dev_fuelbox_Instance_isAlive, instance, fuelbox_instance_is_alive, int32_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Instance_memorySize, instance, fuelbox_instance_memory_size, uint64_t)
FREES(Java_dev_fuelbox_Instance_free, instance)

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Instance_run(JNIEnv *env, jclass class, jlong instance, jlong call) {
    fuelbox_report *report = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_instance_run(HANDLE(instance, instance), HANDLE(call, call), &report, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(report);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Instance_start(JNIEnv *env, jclass class, jlong instance, jlong call) {
    fuelbox_execution *execution = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_instance_start(HANDLE(instance, instance), HANDLE(call, call), &execution, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(execution);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Instance_module(JNIEnv *env, jclass class, jlong instance) {
    fuelbox_module *module = NULL;

    (void)class;
    succeeded(env, fuelbox_instance_module(HANDLE(instance, instance), &module), NULL);
    return NUMBER(module);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Instance_initialization(JNIEnv *env, jclass class, jlong instance) {
    fuelbox_report *report = NULL;
    fuelbox_status status = fuelbox_instance_initialization(HANDLE(instance, instance), &report);

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return 0;
    }
    return NUMBER(report);
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Instance_recording(JNIEnv *env, jclass class, jlong instance) {
    fuelbox_recording *recording = NULL;
    fuelbox_status status = fuelbox_instance_recording(HANDLE(instance, instance), &recording);

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return NULL;
    }
    return recording_give(env, recording);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Instance_read(JNIEnv *env, jclass class, jlong instance, jlong address,
                                                      jbyteArray array, jobject direct, jint offset, jint length) {
    size_t len = (size_t)length;
    uint8_t *buffer = direct == NULL ? allocate(env, len) : len == 0 ? NULL : direct_range(env, direct, offset);

    (void)class;
    if (buffer == NULL && (direct == NULL || len != 0)) {
        return;
    }
    if (succeeded(env, fuelbox_instance_memory_read(HANDLE(instance, instance), (uint64_t)address, buffer, len),
                  NULL) &&
        direct == NULL) {
        (*env)->SetByteArrayRegion(env, array, offset, length, (const jbyte *)buffer);
    }
    if (direct == NULL) {
        free(buffer);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Instance_write(JNIEnv *env, jclass class, jlong instance, jlong address,
                                                       jbyteArray array, jobject direct, jint offset, jint length) {
    struct input input;

    (void)class;
    if (input_range(env, &input, array, direct, offset, length)) {
        fuelbox_status status =
            fuelbox_instance_memory_write(HANDLE(instance, instance), (uint64_t)address, input.at, input.len);

        input_drop(&input);
        succeeded(env, status, NULL);
    }
}

JNIEXPORT jlongArray JNICALL Java_dev_fuelbox_Instance_global(JNIEnv *env, jclass class, jlong instance,
                                                              jbyteArray name) {
    fuelbox_value value;
    fuelbox_status status;
    struct input input;

    (void)class;
    if (!input_array(env, &input, name)) {
        return NULL;
    }
    status = fuelbox_instance_global(HANDLE(instance, instance), INPUT_TEXT(input), &value);
    input_drop(&input);
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return NULL;
    }
    return values_give(env, &value, 1);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Instance_snapshot(JNIEnv *env, jclass class, jlong instance) {
    fuelbox_module *module = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_instance_snapshot(HANDLE(instance, instance), &module, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(module);
}
