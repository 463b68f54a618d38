/* Limits.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Limits.h"

MAKES(Java_dev_fuelbox_Limits_make, limits, fuelbox_limits_new)
GIVES_BYTES(Java_dev_fuelbox_Limits_json, limits, fuelbox_limits_json, char)
FREES(Java_dev_fuelbox_Limits_free, limits)

JNIEXPORT void JNICALL Java_dev_fuelbox_Limits_set(JNIEnv *env, jclass class, jlong limits, jbyteArray name,
                                                   jlong value) {
    struct input input;

    (void)class;
    if (input_array(env, &input, name)) {
        succeeded(env, fuelbox_limits_set(HANDLE(limits, limits), INPUT_TEXT(input), (uint64_t)value), NULL);
        input_drop(&input);
    }
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Limits_get(JNIEnv *env, jclass class, jlong limits, jbyteArray name) {
    struct input input;
    uint64_t value = 0;

    (void)class;
    if (input_array(env, &input, name)) {
        succeeded(env, fuelbox_limits_get(HANDLE(limits, limits), INPUT_TEXT(input), &value), NULL);
        input_drop(&input);
    }
    return (jlong)value;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Limits_parse(JNIEnv *env, jclass class, jbyteArray json) {
    fuelbox_limits *limits = NULL;
    fuelbox_error *error = NULL;
    struct input input;

    (void)class;
    if (input_array(env, &input, json)) {
        fuelbox_status status = fuelbox_limits_from_json(INPUT_TEXT(input), &limits, &error);

        input_drop(&input);
        succeeded(env, status, error);
    }
    return NUMBER(limits);
}
