/* Tree.java, Directory.java and Wasi.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Directory.h"
#include "headers/dev_fuelbox_Tree.h"
#include "headers/dev_fuelbox_Wasi.h"

MAKES(Java_dev_fuelbox_Tree_make, tree, fuelbox_tree_new)
GIVES_BYTES(Java_dev_fuelbox_Tree_json, tree, fuelbox_tree_json, char)
GIVES_NUMBER(jboolean, Java_dev_fuelbox_Tree_isWritable, tree, fuelbox_tree_is_writable, int32_t)
DOES_WITH_NUMBER(Java_dev_fuelbox_Tree_leaveOut, tree, fuelbox_tree_leave_out)
FREES(Java_dev_fuelbox_Tree_free, tree)

JNIEXPORT void JNICALL Java_dev_fuelbox_Tree_file(JNIEnv *env, jclass class, jlong tree, jbyteArray path,
                                                  jbyteArray array, jobject direct, jint offset, jint length) {
    fuelbox_error *error = NULL;
    fuelbox_status status;
    struct input at, bytes;

    (void)class;
    if (!input_array(env, &at, path)) {
        return;
    }
    if (input_range(env, &bytes, array, direct, offset, length)) {
        status = fuelbox_tree_file(HANDLE(tree, tree), INPUT_TEXT(at), bytes.at, bytes.len, &error);
        input_drop(&bytes);
        succeeded(env, status, error);
    }
    input_drop(&at);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Tree_directory(JNIEnv *env, jclass class, jlong tree, jbyteArray path) {
    fuelbox_error *error = NULL;
    fuelbox_status status;
    struct input at;

    (void)class;
    if (input_array(env, &at, path)) {
        status = fuelbox_tree_dir(HANDLE(tree, tree), INPUT_TEXT(at), &error);
        input_drop(&at);
        succeeded(env, status, error);
    }
}

/* fuelbox_tree_symlink or .._hard_link. */
typedef fuelbox_status (*linking)(fuelbox_tree *tree, const char *path, size_t path_len, const char *to, size_t to_len,
                                  fuelbox_error **error);

static void link_to(JNIEnv *env, jlong tree, jbyteArray path, jbyteArray to, linking linking) {
    fuelbox_error *error = NULL;
    fuelbox_status status;
    struct input at, target;

    if (!input_array(env, &at, path)) {
        return;
    }
    if (input_array(env, &target, to)) {
        status = linking(HANDLE(tree, tree), INPUT_TEXT(at), INPUT_TEXT(target), &error);
        input_drop(&target);
        succeeded(env, status, error);
    }
    input_drop(&at);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Tree_symlink(JNIEnv *env, jclass class, jlong tree, jbyteArray path,
                                                     jbyteArray target) {
    (void)class;
    link_to(env, tree, path, target, fuelbox_tree_symlink);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Tree_hardLink(JNIEnv *env, jclass class, jlong tree, jbyteArray path,
                                                      jbyteArray to) {
    (void)class;
    link_to(env, tree, path, to, fuelbox_tree_hard_link);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Tree_writable(JNIEnv *env, jclass class, jlong tree, jlong bytes, jlong nodes) {
    (void)class;
    succeeded(env, fuelbox_tree_writable(HANDLE(tree, tree), (uint64_t)bytes, (uint64_t)nodes), NULL);
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Tree_read(JNIEnv *env, jclass class, jlong tree, jbyteArray path) {
    struct input at;
    struct output output;

    (void)class;
    if (!input_array(env, &at, path)) {
        return NULL;
    }
    for (output_begin(&output); output_goes_on(&output);) {
        output.status = fuelbox_tree_get(HANDLE(tree, tree), INPUT_TEXT(at), output.at, output.cap, &output.len);
    }
    input_drop(&at);
    return output_array(env, &output);
}

MAKES(Java_dev_fuelbox_Wasi_make, wasi, fuelbox_wasi_new)
DOES_WITH_TEXT(Java_dev_fuelbox_Wasi_program, wasi, fuelbox_wasi_program)
DOES_WITH_TEXT(Java_dev_fuelbox_Wasi_arg, wasi, fuelbox_wasi_arg)
DOES_WITH_NUMBER(Java_dev_fuelbox_Wasi_clockFixed, wasi, fuelbox_wasi_clock_fixed)
DOES_WITH_NUMBER(Java_dev_fuelbox_Wasi_clockByFuel, wasi, fuelbox_wasi_clock_by_fuel)
DOES(Java_dev_fuelbox_Wasi_clockSystem, wasi, fuelbox_wasi_clock_system)
DOES_WITH_NUMBER(Java_dev_fuelbox_Wasi_randomSeeded, wasi, fuelbox_wasi_random_seeded)
FREES(Java_dev_fuelbox_Wasi_free, wasi)

JNIEXPORT void JNICALL Java_dev_fuelbox_Wasi_env(JNIEnv *env, jclass class, jlong wasi, jbyteArray name,
                                                 jbyteArray value) {
    struct input key, text;

    (void)class;
    if (!input_array(env, &key, name)) {
        return;
    }
    if (input_array(env, &text, value)) {
        succeeded(env, fuelbox_wasi_env(HANDLE(wasi, wasi), INPUT_TEXT(key), INPUT_TEXT(text)), NULL);
        input_drop(&text);
    }
    input_drop(&key);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Wasi_mount(JNIEnv *env, jclass class, jlong wasi, jbyteArray name,
                                                   jlong tree) {
    struct input at;

    (void)class;
    if (input_array(env, &at, name)) {
        succeeded(env, fuelbox_wasi_mount(HANDLE(wasi, wasi), INPUT_TEXT(at), HANDLE(tree, tree)), NULL);
        input_drop(&at);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Wasi_random(JNIEnv *env, jclass class, jlong wasi, jobject source) {
    void *kept = lambda_keep(env, source);

    (void)class;
    if (kept != NULL) {
        succeeded(env, fuelbox_wasi_random(HANDLE(wasi, wasi), lambda_random, kept, lambda_drop), NULL);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Wasi_mountDirectory(JNIEnv *env, jclass class, jlong wasi, jbyteArray name,
                                                            jlong directory) {
    struct input at;

    (void)class;
    if (input_array(env, &at, name)) {
        succeeded(env, fuelbox_wasi_mount_dir(HANDLE(wasi, wasi), INPUT_TEXT(at), HANDLE(dir, directory)), NULL);
        input_drop(&at);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Wasi_stdin(JNIEnv *env, jclass class, jlong wasi, jobject source) {
    void *kept = lambda_keep(env, source);

    (void)class;
    if (kept != NULL) {
        succeeded(env, fuelbox_wasi_stdin(HANDLE(wasi, wasi), lambda_input, kept, lambda_drop), NULL);
    }
}

FREES(Java_dev_fuelbox_Directory_free, dir)

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Directory_make(JNIEnv *env, jclass class, jbyteArray path,
                                                        jboolean writable) {
    fuelbox_error *error = NULL;
    fuelbox_dir *dir = NULL;
    fuelbox_status status;
    struct input from;

    (void)class;
    if (input_array(env, &from, path)) {
        status = fuelbox_dir_new(INPUT_TEXT(from), writable != JNI_FALSE, &dir, &error);
        input_drop(&from);
        succeeded(env, status, error);
    }
    return NUMBER(dir);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Directory_limits(JNIEnv *env, jclass class, jlong directory, jlong bytes,
                                                         jlong nodes, jlong open) {
    (void)class;
    succeeded(env, fuelbox_dir_limits(HANDLE(dir, directory), (uint64_t)bytes, (uint64_t)nodes, (size_t)open), NULL);
}
