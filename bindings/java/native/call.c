/* Call.java and CancelToken.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Call.h"
#include "headers/dev_fuelbox_CancelToken.h"

FREES(Java_dev_fuelbox_Call_free, call)

/* Sets what a call is made with; a limit or token of 0 is none. */
static fuelbox_status set(fuelbox_call *call, const struct input *input, const fuelbox_value *args, size_t args_len,
                          jlong limits, jlong token, jlong context) {
    fuelbox_status status = fuelbox_call_set_args(call, args, args_len);

    if (status == FUELBOX_STATUS_OK) {
        status = fuelbox_call_set_input(call, input->at, input->len);
    }
    if (status == FUELBOX_STATUS_OK && limits != 0) {
        status = fuelbox_call_set_limits(call, HANDLE(limits, limits));
    }
    if (status == FUELBOX_STATUS_OK && token != 0) {
        status = fuelbox_call_set_cancel_token(call, HANDLE(cancel_token, token));
    }
    if (status == FUELBOX_STATUS_OK) {
        status = fuelbox_call_set_context(call, (void *)(uintptr_t)context);
    }
    return status;
}

static fuelbox_call *new_call(JNIEnv *env, jbyteArray export) {
    fuelbox_call *call = NULL;
    struct input name;

    if (export == NULL) {
        succeeded(env, fuelbox_call_new_entry(&call), NULL);
    } else if (input_array(env, &name, export)) {
        succeeded(env, fuelbox_call_new_export(INPUT_TEXT(name), &call), NULL);
        input_drop(&name);
    }
    return call;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Call_make(JNIEnv *env, jclass class, jbyteArray export, jlongArray args,
                                                   jbyteArray array, jobject direct, jint offset, jint length,
                                                   jlong limits, jlong token, jlong context) {
    fuelbox_call *call;
    fuelbox_value *values;
    fuelbox_status status;
    struct input input;
    size_t len;

    (void)class;
    if (!input_range(env, &input, array, direct, offset, length)) {
        return 0;
    }
    if (!values_take(env, args, &values, &len)) {
        input_drop(&input);
        return 0;
    }
    call = new_call(env, export);
    if (call != NULL) {
        status = set(call, &input, values, len, limits, token, context);
        if (status != FUELBOX_STATUS_OK) {
            fuelbox_call_free(call);
            call = NULL;
            succeeded(env, status, NULL);
        }
    }
    free(values);
    input_drop(&input);
    return NUMBER(call);
}

MAKES(Java_dev_fuelbox_CancelToken_make, cancel_token, fuelbox_cancel_token_new)
DOES(Java_dev_fuelbox_CancelToken_cancel, cancel_token, fuelbox_cancel_token_cancel)
GIVES_NUMBER(jboolean, Java_dev_fuelbox_CancelToken_isCancelled, cancel_token, fuelbox_cancel_token_is_cancelled,
             int32_t)
FREES(Java_dev_fuelbox_CancelToken_free, cancel_token)
