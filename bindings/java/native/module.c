/* WasmModule.java and ModuleBuilder.java. */
#include "glue.h"
#include "headers/dev_fuelbox_ModuleBuilder.h"
#include "headers/dev_fuelbox_WasmModule.h"

GIVES_BYTES(Java_dev_fuelbox_WasmModule_name, module, fuelbox_module_name, char)
GIVES_NUMBER(jlong, Java_dev_fuelbox_WasmModule_fingerprint, module, fuelbox_module_fingerprint, uint64_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_WasmModule_importCount, module, fuelbox_module_import_count, size_t)
GIVES_TEXT_AT(Java_dev_fuelbox_WasmModule_importModule, module, fuelbox_module_import_module)
GIVES_TEXT_AT(Java_dev_fuelbox_WasmModule_importName, module, fuelbox_module_import_name)
GIVES_TEXT_AT(Java_dev_fuelbox_WasmModule_importType, module, fuelbox_module_import_type)
GIVES_NUMBER(jlong, Java_dev_fuelbox_WasmModule_exportCount, module, fuelbox_module_export_count, size_t)
GIVES_TEXT_AT(Java_dev_fuelbox_WasmModule_exportName, module, fuelbox_module_export_name)
GIVES_TEXT_AT(Java_dev_fuelbox_WasmModule_exportType, module, fuelbox_module_export_type)
GIVES_BYTES(Java_dev_fuelbox_WasmModule_wasm, module, fuelbox_module_wasm, uint8_t)
GIVES_BYTES(Java_dev_fuelbox_WasmModule_json, module, fuelbox_module_json, char)
FREES(Java_dev_fuelbox_WasmModule_free, module)

/* fuelbox_module_function_params or .._results. */
typedef fuelbox_status (*types_of)(const fuelbox_module *module, const char *name, size_t name_len, fuelbox_type *buf,
                                   size_t cap, size_t *len);

static jintArray function_types(JNIEnv *env, jlong module, jbyteArray name, types_of types) {
    struct input input;
    struct output output;
    jintArray numbers = NULL;

    if (!input_array(env, &input, name)) {
        return NULL;
    }
    for (output_begin(&output); output_of_goes_on(&output, sizeof(fuelbox_type));) {
        output.status =
            types(HANDLE(module, module), INPUT_TEXT(input), (fuelbox_type *)output.at, output.cap, &output.len);
    }
    input_drop(&input);
    if (succeeded(env, output.status, NULL)) {
        numbers = (*env)->NewIntArray(env, (jsize)output.len);
        if (numbers != NULL) {
            (*env)->SetIntArrayRegion(env, numbers, 0, (jsize)output.len, (const jint *)output.at);
        }
    }
    output_drop(&output);
    return numbers;
}

JNIEXPORT jintArray JNICALL Java_dev_fuelbox_WasmModule_functionParams(JNIEnv *env, jclass class, jlong module,
                                                                       jbyteArray name) {
    (void)class;
    return function_types(env, module, name, fuelbox_module_function_params);
}

JNIEXPORT jintArray JNICALL Java_dev_fuelbox_WasmModule_functionResults(JNIEnv *env, jclass class, jlong module,
                                                                        jbyteArray name) {
    (void)class;
    return function_types(env, module, name, fuelbox_module_function_results);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_WasmModule_makeLanes(JNIEnv *env, jclass class, jlong module, jlong lanes) {
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_module_make_lanes(HANDLE(module, module), (size_t)lanes, &error);

    (void)class;
    succeeded(env, status, error);
}

MAKES(Java_dev_fuelbox_ModuleBuilder_make, module_builder, fuelbox_module_builder_new)
DOES_WITH_TEXT(Java_dev_fuelbox_ModuleBuilder_name, module_builder, fuelbox_module_builder_name)
FREES(Java_dev_fuelbox_ModuleBuilder_free, module_builder)

JNIEXPORT void JNICALL Java_dev_fuelbox_ModuleBuilder_set(JNIEnv *env, jclass class, jlong builder, jbyteArray name,
                                                          jlong value) {
    struct input input;

    (void)class;
    if (input_array(env, &input, name)) {
        fuelbox_module_builder *number = HANDLE(module_builder, builder);

        succeeded(env, fuelbox_module_builder_set(number, INPUT_TEXT(input), (uint64_t)value), NULL);
        input_drop(&input);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_ModuleBuilder_proposal(JNIEnv *env, jclass class, jlong builder,
                                                               jbyteArray name, jboolean allowed) {
    struct input input;

    (void)class;
    if (input_array(env, &input, name)) {
        fuelbox_module_builder *number = HANDLE(module_builder, builder);

        succeeded(env, fuelbox_module_builder_proposal(number, INPUT_TEXT(input), allowed != JNI_FALSE), NULL);
        input_drop(&input);
    }
}

JNIEXPORT void JNICALL Java_dev_fuelbox_ModuleBuilder_snapshots(JNIEnv *env, jclass class, jlong builder) {
    (void)class;
    succeeded(env, fuelbox_module_builder_snapshots(HANDLE(module_builder, builder), 1), NULL);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_ModuleBuilder_lazy(JNIEnv *env, jclass class, jlong builder) {
    (void)class;
    succeeded(env, fuelbox_module_builder_lazy(HANDLE(module_builder, builder), 1), NULL);
}

JNIEXPORT void JNICALL Java_dev_fuelbox_ModuleBuilder_lanes(JNIEnv *env, jclass class, jlong builder, jlong lanes) {
    (void)class;
    succeeded(env, fuelbox_module_builder_lanes(HANDLE(module_builder, builder), (size_t)lanes), NULL);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_ModuleBuilder_build(JNIEnv *env, jclass class, jlong builder,
                                                             jbyteArray array, jobject direct, jint offset,
                                                             jint length, jbyteArray sha256) {
    const fuelbox_module_builder *number = HANDLE(module_builder, builder);
    fuelbox_module *module = NULL;
    fuelbox_error *error = NULL;
    fuelbox_status status;
    struct input wasm, hash;

    (void)class;
    if (!input_range(env, &wasm, array, direct, offset, length)) {
        return 0;
    }
    if (!input_array(env, &hash, sha256)) {
        input_drop(&wasm);
        return 0;
    }
    status = sha256 == NULL
                 ? fuelbox_module_new(number, wasm.at, wasm.len, &module, &error)
                 : fuelbox_module_new_checked(number, wasm.at, wasm.len, hash.at, hash.len, &module, &error);
    input_drop(&hash);
    input_drop(&wasm);
    succeeded(env, status, error);
    return NUMBER(module);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_ModuleBuilder_buildText(JNIEnv *env, jclass class, jlong builder,
                                                                 jbyteArray text) {
    fuelbox_module *module = NULL;
    fuelbox_error *error = NULL;
    struct input input;

    (void)class;
    if (input_array(env, &input, text)) {
        fuelbox_status status =
            fuelbox_module_new_text(HANDLE(module_builder, builder), INPUT_TEXT(input), &module, &error);

        input_drop(&input);
        succeeded(env, status, error);
    }
    return NUMBER(module);
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_ModuleBuilder_proposalsUsed(JNIEnv *env, jclass class, jlong builder,
                                                                          jbyteArray wasm) {
    const fuelbox_module_builder *number = HANDLE(module_builder, builder);
    fuelbox_error *error = NULL;
    struct input input;
    struct output output;

    (void)class;
    if (!input_array(env, &input, wasm)) {
        return NULL;
    }
    for (output_begin(&output); output_goes_on(&output);) {
        fuelbox_error_free(error);
        error = NULL;
        output.status = fuelbox_module_proposals_used(number, input.at, input.len, (char *)output.at, output.cap,
                                                      &output.len, &error);
    }
    input_drop(&input);
    if (output.status != FUELBOX_STATUS_OK) {
        output_drop(&output);
        succeeded(env, output.status, error);
        return NULL;
    }
    return output_array(env, &output);
}
