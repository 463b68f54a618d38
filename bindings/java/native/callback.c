/* Lambdas of Java as callbacks of the library. They run on threads that Java has: those that run a guest. */
#include "glue.h"

static JavaVM *machine;
static jclass callback_class;
static jmethodID function_call, clock_nanos, random_bytes, input_bytes;

int callbacks_load(JavaVM *vm, JNIEnv *env) {
    jclass callback = (*env)->FindClass(env, "dev/fuelbox/Callback");
    jclass function = callback == NULL ? NULL : (*env)->FindClass(env, "dev/fuelbox/Callback$Function");

    machine = vm;
    if (function == NULL) {
        return 0;
    }
    callback_class = (*env)->NewGlobalRef(env, callback);
    function_call = (*env)->GetMethodID(env, function, "call", "(JJ[J[J)I");
    if (callback_class == NULL || function_call == NULL) {
        return 0;
    }
    clock_nanos = (*env)->GetStaticMethodID(env, callback, "nanos", "(Ldev/fuelbox/HostClock;)J");
    if (clock_nanos == NULL) {
        return 0;
    }
    random_bytes = (*env)->GetStaticMethodID(env, callback, "random", "(Ldev/fuelbox/RandomSource;I)[B");
    if (random_bytes == NULL) {
        return 0;
    }
    input_bytes = (*env)->GetStaticMethodID(env, callback, "input", "(Ldev/fuelbox/InputSource;[B)I");
    return input_bytes != NULL;
}

/* The environment of this thread; NULL for one that Java does not know. */
static JNIEnv *environment(void) {
    JNIEnv *env = NULL;

    return (*machine)->GetEnv(machine, (void **)&env, JNI_VERSION_1_6) == JNI_OK ? env : NULL;
}

void *lambda_keep(JNIEnv *env, jobject lambda) {
    return (*env)->NewGlobalRef(env, lambda);
}

void lambda_drop(void *lambda) {
    JNIEnv *env = environment();

    if (env != NULL) {
        (*env)->DeleteGlobalRef(env, lambda);
    }
}

/* The local references of one call at the most: two arrays, and an exception. */
enum { REFERENCES = 8 };

/* Forgets an exception, and says whether there was one. Callback.java lets none out, but for a lack of memory or
 * stack. */
static int threw(JNIEnv *env) {
    if (!(*env)->ExceptionCheck(env)) {
        return 0;
    }
    (*env)->ExceptionClear(env);
    return 1;
}

static fuelbox_status call_function(JNIEnv *env, jobject function, fuelbox_caller *caller, const fuelbox_value *args,
                                    size_t args_len, fuelbox_value *results, size_t results_len) {
    jlongArray packed = values_give(env, args, args_len);
    jlongArray returned = packed == NULL ? NULL : values_give(env, results, results_len);
    void *context = NULL;
    fuelbox_value *values;
    jint status;
    size_t len;

    if (returned == NULL) {
        return FUELBOX_STATUS_HOST_FUNCTION;
    }
    fuelbox_caller_context(caller, &context);
    status = (*env)->CallIntMethod(env, function, function_call, NUMBER(caller), NUMBER(context), packed, returned);
    if ((*env)->ExceptionCheck(env)) {
        return FUELBOX_STATUS_HOST_FUNCTION;
    }
    if (status == FUELBOX_STATUS_OK && values_take(env, returned, &values, &len)) {
        memcpy(results, values, len * sizeof *values);
        free(values);
    }
    return status;
}

fuelbox_status lambda_function(void *lambda, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                               fuelbox_value *results, size_t results_len) {
    JNIEnv *env = environment();
    fuelbox_status status;

    if (env == NULL) {
        return fuelbox_caller_fail(caller, FUELBOX_TEXT("it was called from a thread that Java does not know"));
    }
    /* A run may call many functions before its native method returns, and with it these references end. */
    if ((*env)->PushLocalFrame(env, REFERENCES) == 0) {
        status = call_function(env, lambda, caller, args, args_len, results, results_len);
        if (!threw(env)) {
            (*env)->PopLocalFrame(env, NULL);
            return status;
        }
        (*env)->PopLocalFrame(env, NULL);
    }
    threw(env);
    return fuelbox_caller_fail(caller, FUELBOX_TEXT("there was not enough memory or stack to call it"));
}

uint64_t lambda_clock(void *lambda) {
    JNIEnv *env = environment();
    jlong nanos;

    if (env == NULL) {
        return 0;
    }
    nanos = (*env)->CallStaticLongMethod(env, callback_class, clock_nanos, (jobject)lambda);
    return threw(env) ? 0 : (uint64_t)nanos;
}

void lambda_random(void *lambda, uint8_t *buf, size_t len) {
    JNIEnv *env = environment();
    jbyteArray bytes;

    memset(buf, 0, len);
    if (env == NULL) {
        return;
    }
    bytes = (*env)->CallStaticObjectMethod(env, callback_class, random_bytes, (jobject)lambda, (jint)len);
    if (!threw(env) && bytes != NULL) {
        (*env)->GetByteArrayRegion(env, bytes, 0, (jsize)len, (jbyte *)buf);
        (*env)->DeleteLocalRef(env, bytes);
    }
}

/* The most of standard input that is taken at once: the guest's buffer may be as large as its memory. */
enum { MOST_INPUT = 65536 };

int32_t lambda_input(void *lambda, uint8_t *buf, size_t cap, size_t *len) {
    JNIEnv *env = environment();
    jsize room = cap < MOST_INPUT ? (jsize)cap : MOST_INPUT;
    jbyteArray bytes = env == NULL ? NULL : (*env)->NewByteArray(env, room);
    jint count;

    if (bytes == NULL) {
        /* There is no memory for it. */
        if (env != NULL) {
            threw(env);
        }
        return 1;
    }
    count = (*env)->CallStaticIntMethod(env, callback_class, input_bytes, (jobject)lambda, bytes);
    if (threw(env)) {
        count = -1;
    }
    if (count > 0) {
        (*env)->GetByteArrayRegion(env, bytes, 0, count, (jbyte *)buf);
        *len = (size_t)count;
    }
    (*env)->DeleteLocalRef(env, bytes);
    return count < 0;
}
