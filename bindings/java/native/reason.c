/* Reason.java: errors of the library. */
#include "glue.h"
#include "headers/dev_fuelbox_Reason.h"

GIVES_NUMBER(jint, Java_dev_fuelbox_Reason_status, error, fuelbox_error_status, fuelbox_status)
GIVES_BYTES(Java_dev_fuelbox_Reason_code, error, fuelbox_error_code, char)
GIVES_BYTES(Java_dev_fuelbox_Reason_message, error, fuelbox_error_message, char)
GIVES_BYTES(Java_dev_fuelbox_Reason_adviceCode, error, fuelbox_error_advice_code, char)
GIVES_BYTES(Java_dev_fuelbox_Reason_advice, error, fuelbox_error_advice, char)
GIVES_NUMBER(jint, Java_dev_fuelbox_Reason_blame, error, fuelbox_error_blame, int32_t)
GIVES_NUMBER(jboolean, Java_dev_fuelbox_Reason_isTransient, error, fuelbox_error_is_transient, int32_t)
GIVES_BYTES(Java_dev_fuelbox_Reason_json, error, fuelbox_error_json, char)
FREES(Java_dev_fuelbox_Reason_free, error)

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Reason_report(JNIEnv *env, jclass class, jlong number) {
    fuelbox_report *report = NULL;
    fuelbox_status status = fuelbox_error_report(HANDLE(error, number), &report);

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return 0;
    }
    return NUMBER(report);
}
