/* What was recorded of a guest, which Java has as bytes. */
#include "glue.h"

jbyteArray recording_give(JNIEnv *env, fuelbox_recording *recording) {
    struct output output;

    if (recording == NULL) {
        return NULL;
    }
    for (output_begin(&output); output_goes_on(&output);) {
        output.status = fuelbox_recording_bytes(recording, output.at, output.cap, &output.len);
    }
    fuelbox_recording_free(recording);
    return output_array(env, &output);
}
