/* What the native methods share: failures, bytes on their way in and out, and the start of the library. */
#include "glue.h"

/* The class Failure, and its method that throws. */
static jclass failure_class;
static jmethodID failure_raise;

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    JNIEnv *env;
    jclass found;

    (void)reserved;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_6) != JNI_OK || FUELBOX_ABI_CHECK() != FUELBOX_STATUS_OK) {
        return JNI_ERR;
    }
    found = (*env)->FindClass(env, "dev/fuelbox/Failure");
    if (found == NULL) {
        return JNI_ERR;
    }
    failure_class = (*env)->NewGlobalRef(env, found);
    failure_raise = (*env)->GetStaticMethodID(env, found, "raise", "(IJ)V");
    if (failure_class == NULL || failure_raise == NULL || !callbacks_load(vm, env)) {
        return JNI_ERR;
    }
    return JNI_VERSION_1_6;
}

int succeeded(JNIEnv *env, fuelbox_status status, fuelbox_error *error) {
    if (status != FUELBOX_STATUS_OK) {
        (*env)->CallStaticVoidMethod(env, failure_class, failure_raise, (jint)status, NUMBER(error));
    }
    return status == FUELBOX_STATUS_OK;
}

void *allocate(JNIEnv *env, size_t size) {
    void *memory = malloc(size == 0 ? 1 : size);
    jclass class;

    if (memory == NULL) {
        class = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
        if (class != NULL) {
            (*env)->ThrowNew(env, class, "native memory");
        }
    }
    return memory;
}

uint8_t *direct_range(JNIEnv *env, jobject direct, jint offset) {
    uint8_t *start = (*env)->GetDirectBufferAddress(env, direct);

    if (start == NULL) {
        succeeded(env, FUELBOX_STATUS_NULL, NULL);
        return NULL;
    }
    return start + offset;
}

int input_range(JNIEnv *env, struct input *input, jbyteArray array, jobject direct, jint offset, jint length) {
    uint8_t *copy = input->small;

    input->owned = NULL;
    input->len = (size_t)length;
    if (direct != NULL) {
        input->at = NULL; /* which an empty buffer may be, having no address */
        return length == 0 || (input->at = direct_range(env, direct, offset)) != NULL;
    }
    if (input->len > sizeof input->small) {
        copy = input->owned = allocate(env, input->len);
        if (copy == NULL) {
            return 0;
        }
    }
    input->at = copy;
    (*env)->GetByteArrayRegion(env, array, offset, length, (jbyte *)copy);
    if ((*env)->ExceptionCheck(env)) {
        input_drop(input);
        return 0;
    }
    return 1;
}

int input_array(JNIEnv *env, struct input *input, jbyteArray array) {
    if (array == NULL) {
        input->owned = NULL;
        input->at = NULL;
        input->len = 0;
        return 1;
    }
    return input_range(env, input, array, NULL, 0, (*env)->GetArrayLength(env, array));
}

void input_drop(struct input *input) {
    free(input->owned);
}

void output_begin(struct output *output) {
    output->status = FUELBOX_STATUS_BUFFER_TOO_SMALL;
    output->at = NULL;
    output->cap = output->len = 0;
    output->calls = 0;
    output->owned = NULL;
}

int output_goes_on(struct output *output) {
    return output_of_goes_on(output, 1);
}

int output_of_goes_on(struct output *output, size_t size) {
    if (output->status != FUELBOX_STATUS_BUFFER_TOO_SMALL) {
        return 0;
    }
    if (output->calls++ == 0) {
        output->at = (uint8_t *)output->small;
        output->cap = sizeof output->small / size;
        return 1;
    }
    free(output->owned);
    output->at = output->owned = malloc(output->len * size);
    output->cap = output->len;
    /* Without memory it stays too small, which is then told. */
    return output->owned != NULL;
}

jbyteArray output_array(JNIEnv *env, struct output *output) {
    jbyteArray array = NULL;

    if (output->status == FUELBOX_STATUS_OK && output->len > INT32_MAX) {
        output->status = FUELBOX_STATUS_BUFFER_TOO_SMALL; /* as every array of Java is */
    }
    if (output->status != FUELBOX_STATUS_NOT_FOUND && succeeded(env, output->status, NULL)) {
        array = (*env)->NewByteArray(env, (jsize)output->len);
        if (array != NULL) {
            (*env)->SetByteArrayRegion(env, array, 0, (jsize)output->len, (const jbyte *)output->at);
        }
    }
    output_drop(output);
    return array;
}

void output_drop(struct output *output) {
    free(output->owned);
    output->owned = NULL;
}
