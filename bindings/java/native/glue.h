/*
 * What the files of the JNI library share. Each has the native methods of one class, as the header of the same name in
 * `headers/` declares them, which javac writes; `../test` compares.
 *
 * A native method that fails has a Java exception pending and answers with zero.
 */
#ifndef FUELBOX_JNI_GLUE_H
#define FUELBOX_JNI_GLUE_H

#include "fuelbox.h"

#include <jni.h>
#include <stdlib.h>
#include <string.h>

/* The handle of a kind, such as `HANDLE(report, number)`, that Java keeps as a number. */
#define HANDLE(kind, number) ((fuelbox_##kind *)(uintptr_t)(number))

/* The number that Java keeps of a handle or pointer. */
#define NUMBER(pointer) ((jlong)(uintptr_t)(pointer))

/* Says whether a call succeeded; if not, throws what stands for the status. Takes the error, which may be NULL. */
int succeeded(JNIEnv *env, fuelbox_status status, fuelbox_error *error);

/* ----------------------------------------------------------------------------------------------- bytes from Java -- */

/* Bytes of Java for the time of a native method. */
struct input {
    const uint8_t *at;
    size_t len;
    uint8_t small[256];
    void *owned;
};

/* Takes a range of an array, by copying it, or of a direct buffer, where it is: one of them is NULL. Answers 0 with an
 * exception where it cannot. */
int input_range(JNIEnv *env, struct input *input, jbyteArray array, jobject direct, jint offset, jint length);

/* Takes a whole array; NULL is none, with no bytes. */
int input_array(JNIEnv *env, struct input *input, jbyteArray array);

void input_drop(struct input *input);

/* The text of an input, with its length: for every pair of a name and its length. */
#define INPUT_TEXT(input) (const char *)(input).at, (input).len

/* ------------------------------------------------------------------------------------------------- bytes to Java -- */

/* Room for what the library writes, which grows as far as needed:
 *
 *     struct output output;
 *     for (output_begin(&output); output_goes_on(&output);) {
 *         output.status = fuelbox_report_output(report, output.at, output.cap, &output.len);
 *     }
 *     return output_array(env, &output);
 */
struct output {
    fuelbox_status status;
    uint8_t *at;
    size_t cap, len;
    int calls;
    void *owned;
    uint64_t small[64]; /* of numbers, so that values lie well in it */
};

void output_begin(struct output *output);

/* Whether to call again: the first time, and with more room as long as it was too little. */
int output_goes_on(struct output *output);

/* As `output_goes_on`, for elements of `size` bytes, by which `cap` and `len` count. */
int output_of_goes_on(struct output *output, size_t size);

/* What was written, as an array; NULL for FUELBOX_STATUS_NOT_FOUND, and with an exception on any other failure. */
jbyteArray output_array(JNIEnv *env, struct output *output);

void output_drop(struct output *output);

/* Where a range of a direct buffer is. NULL with an exception where it has no address. */
uint8_t *direct_range(JNIEnv *env, jobject direct, jint offset);

/* Memory of this size, which is never NULL for success; NULL with an OutOfMemoryError. */
void *allocate(JNIEnv *env, size_t size);

/* -------------------------------------------------------------------------------------------------------- values -- */

/* Values of Java: three numbers each, as Value.java packs them. `*values` is to be freed. */
int values_take(JNIEnv *env, jlongArray packed, fuelbox_value **values, size_t *len);

/* What was recorded, for Java as a file: takes the recording, which may be NULL. */
jbyteArray recording_give(JNIEnv *env, fuelbox_recording *recording);

/* Values for Java. */
jlongArray values_give(JNIEnv *env, const fuelbox_value *values, size_t len);

/* One value to and from its three numbers. */
void value_pack(const fuelbox_value *value, jlong *packed);
fuelbox_value value_unpack(const jlong *packed);

/* Types of Java. `*types` is to be freed. */
int types_take(JNIEnv *env, jintArray numbers, fuelbox_type **types, size_t *len);

/* The usage in the order of Usage.java, by a function that reads one number by its name. */
jlongArray usage_give(JNIEnv *env, fuelbox_status (*read)(void *of, const char *name, size_t len, uint64_t *value),
                      void *of);

/* ----------------------------------------------------------------------------------------------------- callbacks -- */

/* A lambda of Java as user data; NULL with an OutOfMemoryError. `lambda_drop` ends it. */
void *lambda_keep(JNIEnv *env, jobject lambda);
void lambda_drop(void *lambda);

fuelbox_status lambda_function(void *lambda, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                               fuelbox_value *results, size_t results_len);
uint64_t lambda_clock(void *lambda);
void lambda_random(void *lambda, uint8_t *buf, size_t len);
int32_t lambda_input(void *lambda, uint8_t *buf, size_t cap, size_t *len);

/* Looks up what callbacks call. Answers 0 with an exception where it is not there. */
int callbacks_load(JavaVM *vm, JNIEnv *env);

/* ------------------------------------------------------------------------------------------- methods of one form -- */

/* A native method that reads bytes or text of a handle. */
#define GIVES_BYTES(method, kind, function, char_type)                                                                 \
    JNIEXPORT jbyteArray JNICALL method(JNIEnv *env, jclass class, jlong number) {                                     \
        struct output output;                                                                                          \
                                                                                                                       \
        (void)class;                                                                                                   \
        for (output_begin(&output); output_goes_on(&output);) {                                                        \
            output.status = function(HANDLE(kind, number), (char_type *)output.at, output.cap, &output.len);           \
        }                                                                                                              \
        return output_array(env, &output);                                                                             \
    }

/* The same for one of many, by index. */
#define GIVES_TEXT_AT(method, kind, function)                                                                          \
    JNIEXPORT jbyteArray JNICALL method(JNIEnv *env, jclass class, jlong number, jlong index) {                        \
        struct output output;                                                                                          \
                                                                                                                       \
        (void)class;                                                                                                   \
        for (output_begin(&output); output_goes_on(&output);) {                                                        \
            output.status =                                                                                            \
                function(HANDLE(kind, number), (size_t)index, (char *)output.at, output.cap, &output.len);             \
        }                                                                                                              \
        return output_array(env, &output);                                                                             \
    }

/* A native method that reads a number of a handle. */
#define GIVES_NUMBER(java_type, method, kind, function, c_type)                                                        \
    JNIEXPORT java_type JNICALL method(JNIEnv *env, jclass class, jlong number) {                                      \
        c_type read = 0;                                                                                               \
                                                                                                                       \
        (void)class;                                                                                                   \
        succeeded(env, function(HANDLE(kind, number), &read), NULL);                                                   \
        return (java_type)read;                                                                                        \
    }

/* A native method that reads a number of a handle that need not have one: -1 where it has none. */
#define GIVES_NUMBER_IF_ANY(method, kind, function)                                                                    \
    JNIEXPORT jlong JNICALL method(JNIEnv *env, jclass class, jlong number) {                                          \
        uint64_t read = 0;                                                                                             \
        fuelbox_status status = function(HANDLE(kind, number), &read);                                                 \
                                                                                                                       \
        (void)class;                                                                                                   \
        return status == FUELBOX_STATUS_NOT_FOUND ? -1 : succeeded(env, status, NULL) ? (jlong)read : 0;               \
    }

/* A native method that makes something of nothing. */
#define MAKES(method, kind, function)                                                                                  \
    JNIEXPORT jlong JNICALL method(JNIEnv *env, jclass class) {                                                        \
        fuelbox_##kind *made = NULL;                                                                                   \
                                                                                                                       \
        (void)class;                                                                                                   \
        succeeded(env, function(&made), NULL);                                                                         \
        return NUMBER(made);                                                                                           \
    }

/* A native method that ends a handle. It answers nothing: whoever ends has done with it. */
#define FREES(method, kind)                                                                                            \
    JNIEXPORT void JNICALL method(JNIEnv *env, jclass class, jlong number) {                                           \
        (void)env;                                                                                                     \
        (void)class;                                                                                                   \
        fuelbox_##kind##_free(HANDLE(kind, number));                                                                   \
    }

/* A native method that does something with a handle alone, with a number, or with a text. */
#define DOES(method, kind, function)                                                                                   \
    JNIEXPORT void JNICALL method(JNIEnv *env, jclass class, jlong number) {                                           \
        (void)class;                                                                                                   \
        succeeded(env, function(HANDLE(kind, number)), NULL);                                                          \
    }
#define DOES_WITH_NUMBER(method, kind, function)                                                                       \
    JNIEXPORT void JNICALL method(JNIEnv *env, jclass class, jlong number, jlong argument) {                           \
        (void)class;                                                                                                   \
        succeeded(env, function(HANDLE(kind, number), (uint64_t)argument), NULL);                                      \
    }
#define DOES_WITH_TEXT(method, kind, function)                                                                         \
    JNIEXPORT void JNICALL method(JNIEnv *env, jclass class, jlong number, jbyteArray text) {                          \
        struct input input;                                                                                            \
                                                                                                                       \
        (void)class;                                                                                                   \
        if (input_array(env, &input, text)) {                                                                          \
            succeeded(env, function(HANDLE(kind, number), INPUT_TEXT(input)), NULL);                                   \
            input_drop(&input);                                                                                        \
        }                                                                                                              \
    }

#endif /* FUELBOX_JNI_GLUE_H */
