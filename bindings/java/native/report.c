/* Report.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Report.h"

GIVES_NUMBER(jint, Java_dev_fuelbox_Report_outcome, report, fuelbox_report_outcome, fuelbox_status)
GIVES_BYTES(Java_dev_fuelbox_Report_output, report, fuelbox_report_output, uint8_t)
GIVES_BYTES(Java_dev_fuelbox_Report_stderr, report, fuelbox_report_stderr, uint8_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Report_logCount, report, fuelbox_report_log_count, size_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Report_treeCount, report, fuelbox_report_tree_count, size_t)
GIVES_TEXT_AT(Java_dev_fuelbox_Report_mount, report, fuelbox_report_mount)
GIVES_BYTES(Java_dev_fuelbox_Report_json, report, fuelbox_report_json, char)
FREES(Java_dev_fuelbox_Report_free, report)

JNIEXPORT jboolean JNICALL Java_dev_fuelbox_Report_exitStatus(JNIEnv *env, jclass class, jlong report, jintArray told) {
    int32_t exit_status = 0;
    fuelbox_status status = fuelbox_report_exit_status(HANDLE(report, report), &exit_status);
    jint as_number = exit_status;

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return JNI_FALSE;
    }
    (*env)->SetIntArrayRegion(env, told, 0, 1, &as_number);
    return JNI_TRUE;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Report_stop(JNIEnv *env, jclass class, jlong report) {
    fuelbox_error *stop = NULL;
    fuelbox_status status = fuelbox_report_stop(HANDLE(report, report), &stop);

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return 0;
    }
    return NUMBER(stop);
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Report_phase(JNIEnv *env, jclass class, jlong report) {
    int32_t phase = -1;
    fuelbox_status status = fuelbox_report_phase(HANDLE(report, report), &phase);

    (void)class;
    if (status != FUELBOX_STATUS_NOT_FOUND) {
        succeeded(env, status, NULL);
    }
    return phase;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Report_outputInto(JNIEnv *env, jclass class, jlong report, jobject direct,
                                                           jint offset, jint room) {
    uint8_t *into = room == 0 ? NULL : direct_range(env, direct, offset);
    fuelbox_status status;
    size_t len = 0;

    (void)class;
    if (room != 0 && into == NULL) {
        return 0;
    }
    status = fuelbox_report_output(HANDLE(report, report), into, (size_t)room, &len);
    if (status != FUELBOX_STATUS_BUFFER_TOO_SMALL) {
        succeeded(env, status, NULL);
    }
    return (jlong)len;
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Report_logLine(JNIEnv *env, jclass class, jlong report, jlong index,
                                                             jbooleanArray told) {
    struct output output;
    int32_t truncated = 0;
    jboolean as_boolean;

    (void)class;
    for (output_begin(&output); output_goes_on(&output);) {
        output.status = fuelbox_report_log_line(HANDLE(report, report), (size_t)index, (char *)output.at, output.cap,
                                                &output.len, &truncated);
    }
    as_boolean = truncated != 0;
    (*env)->SetBooleanArrayRegion(env, told, 0, 1, &as_boolean);
    if ((*env)->ExceptionCheck(env)) {
        output_drop(&output);
        return NULL;
    }
    return output_array(env, &output);
}

JNIEXPORT jlongArray JNICALL Java_dev_fuelbox_Report_values(JNIEnv *env, jclass class, jlong report) {
    struct output output;
    jlongArray values = NULL;

    (void)class;
    for (output_begin(&output); output_of_goes_on(&output, sizeof(fuelbox_value));) {
        output.status =
            fuelbox_report_values(HANDLE(report, report), (fuelbox_value *)output.at, output.cap, &output.len);
    }
    if (succeeded(env, output.status, NULL)) {
        values = values_give(env, (const fuelbox_value *)output.at, output.len);
    }
    output_drop(&output);
    return values;
}

static fuelbox_status usage(void *report, const char *name, size_t len, uint64_t *value) {
    return fuelbox_report_usage(report, name, len, value);
}

JNIEXPORT jlongArray JNICALL Java_dev_fuelbox_Report_usage(JNIEnv *env, jclass class, jlong report) {
    (void)class;
    return usage_give(env, usage, HANDLE(report, report));
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Report_tree(JNIEnv *env, jclass class, jlong report, jlong index) {
    fuelbox_tree *tree = NULL;

    (void)class;
    succeeded(env, fuelbox_report_tree(HANDLE(report, report), (size_t)index, &tree), NULL);
    return NUMBER(tree);
}
