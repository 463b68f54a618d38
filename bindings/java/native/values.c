/* Values, types and usage on their way between Java and the library. */
#include "glue.h"

/* How many numbers one value has: its type, and the lower and the upper half of its bits. */
enum { WIDTH = 3 };

void value_pack(const fuelbox_value *value, jlong *packed) {
    uint64_t halves[2] = {0, 0};
    uint32_t bits;
    int i;

    switch (value->type) {
    case FUELBOX_TYPE_I32:
        halves[0] = (uint64_t)(int64_t)value->of.i32;
        break;
    case FUELBOX_TYPE_I64:
        halves[0] = (uint64_t)value->of.i64;
        break;
    case FUELBOX_TYPE_F32:
        memcpy(&bits, &value->of.f32, sizeof bits);
        halves[0] = bits;
        break;
    case FUELBOX_TYPE_F64:
        memcpy(&halves[0], &value->of.f64, sizeof halves[0]);
        break;
    case FUELBOX_TYPE_V128:
        for (i = 0; i < 16; i++) {
            halves[i / 8] |= (uint64_t)value->of.v128[i] << (i % 8 * 8);
        }
        break;
    default:
        halves[0] = value->of.is_null;
    }
    packed[0] = value->type;
    packed[1] = (jlong)halves[0];
    packed[2] = (jlong)halves[1];
}

fuelbox_value value_unpack(const jlong *packed) {
    fuelbox_value value = fuelbox_i64(0);
    uint64_t halves[2];
    uint32_t bits;
    int i;

    halves[0] = (uint64_t)packed[1];
    halves[1] = (uint64_t)packed[2];
    value.type = (fuelbox_type)packed[0];
    switch (value.type) {
    case FUELBOX_TYPE_I32:
        value.of.i32 = (int32_t)packed[1];
        break;
    case FUELBOX_TYPE_F32:
        bits = (uint32_t)halves[0];
        memcpy(&value.of.f32, &bits, sizeof bits);
        break;
    case FUELBOX_TYPE_I64:
    case FUELBOX_TYPE_F64:
        memcpy(&value.of.f64, &halves[0], sizeof halves[0]);
        break;
    case FUELBOX_TYPE_V128:
        for (i = 0; i < 16; i++) {
            value.of.v128[i] = (uint8_t)(halves[i / 8] >> (i % 8 * 8));
        }
        break;
    default:
        value.of.is_null = (uint32_t)halves[0];
    }
    return value;
}

int values_take(JNIEnv *env, jlongArray packed, fuelbox_value **values, size_t *len) {
    jsize count = (*env)->GetArrayLength(env, packed) / WIDTH, i;
    jlong one[WIDTH];

    *len = (size_t)count;
    *values = allocate(env, (size_t)count * sizeof **values);
    if (*values == NULL) {
        return 0;
    }
    for (i = 0; i < count; i++) {
        (*env)->GetLongArrayRegion(env, packed, i * WIDTH, WIDTH, one);
        if ((*env)->ExceptionCheck(env)) {
            free(*values);
            return 0;
        }
        (*values)[i] = value_unpack(one);
    }
    return 1;
}

jlongArray values_give(JNIEnv *env, const fuelbox_value *values, size_t len) {
    jlongArray packed = (*env)->NewLongArray(env, (jsize)(len * WIDTH));
    jlong one[WIDTH];
    size_t i;

    for (i = 0; packed != NULL && i < len; i++) {
        value_pack(&values[i], one);
        (*env)->SetLongArrayRegion(env, packed, (jsize)(i * WIDTH), WIDTH, one);
        if ((*env)->ExceptionCheck(env)) {
            return NULL;
        }
    }
    return packed;
}

int types_take(JNIEnv *env, jintArray numbers, fuelbox_type **types, size_t *len) {
    jsize count = (*env)->GetArrayLength(env, numbers);

    *len = (size_t)count;
    *types = allocate(env, (size_t)count * sizeof **types);
    if (*types == NULL) {
        return 0;
    }
    (*env)->GetIntArrayRegion(env, numbers, 0, count, (jint *)*types);
    if ((*env)->ExceptionCheck(env)) {
        free(*types);
        return 0;
    }
    return 1;
}

jlongArray usage_give(JNIEnv *env, fuelbox_status (*read)(void *of, const char *name, size_t len, uint64_t *value),
                      void *of) {
    static const char *const names[] = {
        "fuel",       "fuel_schedule",  "peak_memory_bytes", "memory_growths_denied", "peak_table_elements",
        "table_growths_denied", "host_calls", "log_lines_lost", "stderr_bytes_lost",   "names_left_out",
        "slices",     "time",           "overrun",           "waited"};
    enum { COUNT = sizeof names / sizeof *names };
    jlong numbers[COUNT];
    jlongArray usage;
    size_t i;

    for (i = 0; i < COUNT; i++) {
        uint64_t number = 0;

        if (!succeeded(env, read(of, names[i], strlen(names[i]), &number), NULL)) {
            return NULL;
        }
        numbers[i] = (jlong)number;
    }
    usage = (*env)->NewLongArray(env, COUNT);
    if (usage != NULL) {
        (*env)->SetLongArrayRegion(env, usage, 0, COUNT, numbers);
    }
    return usage;
}
