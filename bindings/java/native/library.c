/* Fuelbox.java and SelfTest.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Fuelbox.h"
#include "headers/dev_fuelbox_SelfTest.h"

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Fuelbox_versionText(JNIEnv *env, jclass class) {
    struct output output;

    (void)class;
    for (output_begin(&output); output_goes_on(&output);) {
        output.status = fuelbox_version((char *)output.at, output.cap, &output.len);
    }
    return output_array(env, &output);
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Fuelbox_fuelSchedule(JNIEnv *env, jclass class) {
    (void)env;
    (void)class;
    return (jint)fuelbox_fuel_schedule();
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Fuelbox_protocolVersion(JNIEnv *env, jclass class) {
    (void)env;
    (void)class;
    return (jint)fuelbox_protocol_version();
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Fuelbox_keep(JNIEnv *env, jclass class, jlong bytes) {
    (void)class;
    succeeded(env, fuelbox_keep_memory((uint64_t)bytes), NULL);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Fuelbox_keptMemory(JNIEnv *env, jclass class) {
    uint64_t bytes = 0;

    (void)class;
    succeeded(env, fuelbox_kept_memory(&bytes), NULL);
    return (jlong)bytes;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Fuelbox_liveHandles(JNIEnv *env, jclass class) {
    size_t count = 0;

    (void)class;
    succeeded(env, fuelbox_live_handles(&count), NULL);
    return (jlong)count;
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Fuelbox_limit(JNIEnv *env, jclass class, jlong most) {
    (void)class;
    /* Where pointers have 32 bits, more than that is no limit either. */
    succeeded(env, fuelbox_limit_handles((uint64_t)most > SIZE_MAX ? SIZE_MAX : (size_t)most), NULL);
}

static jbyteArray give_text(JNIEnv *env, const char *text) {
    jbyteArray bytes = (*env)->NewByteArray(env, (jsize)strlen(text));

    if (bytes != NULL) {
        (*env)->SetByteArrayRegion(env, bytes, 0, (jsize)strlen(text), (const jbyte *)text);
    }
    return bytes;
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Fuelbox_statusText(JNIEnv *env, jclass class, jint status) {
    (void)class;
    return give_text(env, fuelbox_status_name(status));
}

JNIEXPORT jbyteArray JNICALL Java_dev_fuelbox_Fuelbox_statusSentence(JNIEnv *env, jclass class, jint status) {
    (void)class;
    return give_text(env, fuelbox_status_message(status));
}

MAKES(Java_dev_fuelbox_SelfTest_make, selftest, fuelbox_selftest_new)
GIVES_NUMBER(jboolean, Java_dev_fuelbox_SelfTest_isContained, selftest, fuelbox_selftest_is_contained, int32_t)
GIVES_NUMBER(jlong, Java_dev_fuelbox_SelfTest_count, selftest, fuelbox_selftest_count, size_t)
GIVES_BYTES(Java_dev_fuelbox_SelfTest_text, selftest, fuelbox_selftest_text, char)
GIVES_BYTES(Java_dev_fuelbox_SelfTest_json, selftest, fuelbox_selftest_json, char)
FREES(Java_dev_fuelbox_SelfTest_free, selftest)
