/* Pool.java and Scheduler.java. */
#include "glue.h"
#include "headers/dev_fuelbox_Pool.h"
#include "headers/dev_fuelbox_Scheduler.h"

GIVES_NUMBER(jlong, Java_dev_fuelbox_Pool_ready, pool, fuelbox_pool_ready, size_t)
FREES(Java_dev_fuelbox_Pool_free, pool)

JNIEXPORT jboolean JNICALL Java_dev_fuelbox_Pool_refillOne(JNIEnv *env, jclass class, jlong pool) {
    fuelbox_error *error = NULL;
    int32_t made = 0;
    fuelbox_status status = fuelbox_pool_refill_one(HANDLE(pool, pool), &made, &error);

    (void)class;
    succeeded(env, status, error);
    return made != 0;
}

JNIEXPORT void JNICALL Java_dev_fuelbox_Pool_refill(JNIEnv *env, jclass class, jlong pool) {
    fuelbox_error *error = NULL;
    fuelbox_status status = fuelbox_pool_refill(HANDLE(pool, pool), &error);

    (void)class;
    succeeded(env, status, error);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Pool_take(JNIEnv *env, jclass class, jlong pool) {
    fuelbox_error *error = NULL;
    fuelbox_instance *instance = NULL;
    fuelbox_status status = fuelbox_pool_take(HANDLE(pool, pool), &instance, &error);

    (void)class;
    succeeded(env, status, error);
    return NUMBER(instance);
}

GIVES_NUMBER_IF_ANY(Java_dev_fuelbox_Scheduler_wakeAt, scheduler, fuelbox_scheduler_wake_at)
GIVES_NUMBER(jlong, Java_dev_fuelbox_Scheduler_count, scheduler, fuelbox_scheduler_count, size_t)
FREES(Java_dev_fuelbox_Scheduler_free, scheduler)

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Scheduler_make(JNIEnv *env, jclass class, jobject clock) {
    fuelbox_scheduler *scheduler = NULL;
    void *kept;

    (void)class;
    if (clock == NULL) {
        succeeded(env, fuelbox_scheduler_new(&scheduler), NULL);
        return NUMBER(scheduler);
    }
    kept = lambda_keep(env, clock);
    if (kept != NULL) {
        succeeded(env, fuelbox_scheduler_new_with_clock(lambda_clock, kept, lambda_drop, &scheduler), NULL);
    }
    return NUMBER(scheduler);
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Scheduler_add(JNIEnv *env, jclass class, jlong scheduler, jlong execution,
                                                       jint weight, jint priority) {
    uint64_t id = 0;

    (void)class;
    succeeded(env,
              fuelbox_scheduler_add(HANDLE(scheduler, scheduler), HANDLE(execution, execution), (uint16_t)weight,
                                    priority, &id),
              NULL);
    return (jlong)id;
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Scheduler_turn(JNIEnv *env, jclass class, jlong scheduler, jlong nanos) {
    int32_t step = 0;

    (void)class;
    succeeded(env, fuelbox_scheduler_turn(HANDLE(scheduler, scheduler), (uint64_t)nanos, &step), NULL);
    return step;
}

JNIEXPORT jint JNICALL Java_dev_fuelbox_Scheduler_round(JNIEnv *env, jclass class, jlong scheduler, jlong fuel) {
    int32_t step = 0;

    (void)class;
    succeeded(env, fuelbox_scheduler_round(HANDLE(scheduler, scheduler), (uint64_t)fuel, &step), NULL);
    return step;
}

JNIEXPORT jboolean JNICALL Java_dev_fuelbox_Scheduler_finished(JNIEnv *env, jclass class, jlong scheduler,
                                                               jlongArray left) {
    fuelbox_report *report = NULL;
    fuelbox_instance *instance = NULL;
    uint64_t id = 0;
    fuelbox_status status = fuelbox_scheduler_finished(HANDLE(scheduler, scheduler), &id, &report, &instance);
    jlong numbers[3];

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return JNI_FALSE;
    }
    numbers[0] = (jlong)id;
    numbers[1] = NUMBER(report);
    numbers[2] = NUMBER(instance);
    (*env)->SetLongArrayRegion(env, left, 0, 3, numbers);
    return JNI_TRUE;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Scheduler_asking(JNIEnv *env, jclass class, jlong scheduler) {
    uint64_t id = 0;
    fuelbox_status status = fuelbox_scheduler_asking(HANDLE(scheduler, scheduler), &id);

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return 0;
    }
    return (jlong)id;
}

JNIEXPORT jlong JNICALL Java_dev_fuelbox_Scheduler_remove(JNIEnv *env, jclass class, jlong scheduler, jlong id) {
    fuelbox_execution *execution = NULL;
    fuelbox_status status = fuelbox_scheduler_remove(HANDLE(scheduler, scheduler), (uint64_t)id, &execution);

    (void)class;
    if (status == FUELBOX_STATUS_NOT_FOUND || !succeeded(env, status, NULL)) {
        return 0;
    }
    return NUMBER(execution);
}

JNIEXPORT jboolean JNICALL Java_dev_fuelbox_Scheduler_share(JNIEnv *env, jclass class, jlong scheduler, jlong id,
                                                            jint weight, jint priority) {
    fuelbox_status status =
        fuelbox_scheduler_set_share(HANDLE(scheduler, scheduler), (uint64_t)id, (uint16_t)weight, priority);

    (void)class;
    return status != FUELBOX_STATUS_NOT_FOUND && succeeded(env, status, NULL);
}

JNIEXPORT jboolean JNICALL Java_dev_fuelbox_Scheduler_cancel(JNIEnv *env, jclass class, jlong scheduler, jlong id) {
    fuelbox_status status = fuelbox_scheduler_cancel(HANDLE(scheduler, scheduler), (uint64_t)id);

    (void)class;
    return status != FUELBOX_STATUS_NOT_FOUND && succeeded(env, status, NULL);
}

DOES_WITH_NUMBER(Java_dev_fuelbox_Scheduler_wake, scheduler, fuelbox_scheduler_wake)
