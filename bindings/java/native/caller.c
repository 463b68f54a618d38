/* Caller.java: what a host function sees of the run that calls it. */
#include "glue.h"
#include "headers/dev_fuelbox_Caller.h"

/* A length that a guest may have given: unsigned. */
static size_t guest_len(jint length) {
    return (size_t)(uint32_t)length;
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Caller_read(JNIEnv *env, jclass class, jlong number, jint address,
                                                          jint length, jintArray told) {
    fuelbox_caller *caller = HANDLE(caller, number);
    size_t len = guest_len(length);
    jbyteArray bytes = NULL;
    fuelbox_status status;
    jint as_number;
    /* The library looks at the range before it writes: for a guest that lies about its memory this is never touched,
     * and nothing is allocated in Java. */
    uint8_t *buffer = allocate(env, len);

    (void)class;
    if (buffer == NULL) {
        return NULL;
    }
    status = fuelbox_caller_read(caller, (uint32_t)address, buffer, len);
    if (status == FUELBOX_STATUS_OK && len > INT32_MAX) {
        status = FUELBOX_STATUS_BUFFER_TOO_SMALL;
    }
    as_number = status;
    (*env)->SetIntArrayRegion(env, told, 0, 1, &as_number);
    if (status == FUELBOX_STATUS_OK && !(*env)->ExceptionCheck(env)) {
        bytes = (*env)->NewByteArray(env, (jsize)len);
        if (bytes != NULL) {
            (*env)->SetByteArrayRegion(env, bytes, 0, (jsize)len, (const jbyte *)buffer);
        }
    }
    free(buffer);
    return bytes;
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Caller_readInto(JNIEnv *env, jclass class, jlong number, jint address,
                                                        jobject direct, jint offset, jint length) {
    uint8_t nothing, *into = length == 0 ? &nothing : direct_range(env, direct, offset);

    (void)class;
    if (into == NULL) {
        return FUELBOX_STATUS_NULL;
    }
    return fuelbox_caller_read(HANDLE(caller, number), (uint32_t)address, into, (size_t)length);
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Caller_write(JNIEnv *env, jclass class, jlong number, jint address,
                                                     jbyteArray array, jobject direct, jint offset, jint length) {
    fuelbox_status status;
    struct input input;

    (void)class;
    if (!input_range(env, &input, array, direct, offset, length)) {
        return FUELBOX_STATUS_NULL;
    }
    status = fuelbox_caller_write(HANDLE(caller, number), (uint32_t)address, input.at, input.len);
    input_drop(&input);
    return status;
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Caller_charge(JNIEnv *env, jclass class, jlong number, jlong fuel) {
    (void)env;
    (void)class;
    return fuelbox_caller_charge(HANDLE(caller, number), (uint64_t)fuel);
}

GIVES_NUMBER(jlong, Java_dev_fuelbox_Caller_memorySize, caller, fuelbox_caller_memory_size, uint64_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Caller_fuelUsed, caller, fuelbox_caller_fuel_used, uint64_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Caller_fuelLeft, caller, fuelbox_caller_fuel_left, uint64_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Caller_timeLeft, caller, fuelbox_caller_time_left, uint64_t)
GIVES_NUMBER(jboolean, Java_dev_fuelbox_Caller_isCancelled, caller, fuelbox_caller_is_cancelled, int32_t)

JNIEXPORT void JNICALL Java_dev_fuelbox_Caller_fail(JNIEnv *env, jclass class, jlong number, jbyteArray message) {
    struct input input;

    (void)class;
    if (input_array(env, &input, message)) {
        fuelbox_caller_fail(HANDLE(caller, number), INPUT_TEXT(input));
        input_drop(&input);
    }
}
