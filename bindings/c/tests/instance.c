/* A guest that lives: calls, memory, globals, snapshots. */
#include "check.h"

static fuelbox_instance *living(const fuelbox_module *module) {
    fuelbox_sandbox *sandbox;
    fuelbox_instance *instance = NULL;

    patient_sandbox(&sandbox);
    OK(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    OK(fuelbox_sandbox_free(sandbox));
    return instance;
}

static int32_t next(fuelbox_instance *instance) {
    fuelbox_value value = fuelbox_i32(-1);

    OK(fuelbox_instance_call(instance, FUELBOX_TEXT("next"), NULL, 0, &value, 1, NULL));
    return value.of.i32;
}

static void values_go_in_and_out(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_instance *instance = living(module);
    fuelbox_value args[5], results[5];
    fuelbox_error *error;

    OK(fuelbox_module_free(module));
    args[0] = fuelbox_i32(-2);
    args[1] = fuelbox_i64(INT64_MIN);
    args[2] = fuelbox_f32(0.5f);
    args[3] = fuelbox_f64(-1.25);
    args[4].type = FUELBOX_TYPE_EXTERNREF;
    args[4].of.is_null = 1;
    OK(fuelbox_instance_call(instance, FUELBOX_TEXT("same"), args, 5, results, 5, NULL));
    CHECK(results[0].of.i32 == -2 && results[1].of.i64 == INT64_MIN && results[2].of.f32 == 0.5f);
    CHECK(results[3].of.f64 == -1.25 && results[4].type == FUELBOX_TYPE_EXTERNREF && results[4].of.is_null == 1);
    args[4].of.is_null = 0;
    STATUS(ARGUMENT, fuelbox_instance_call(instance, FUELBOX_TEXT("same"), args, 5, results, 5, NULL));
    args[4].type = 77;
    STATUS(INVALID_ARGUMENT, fuelbox_instance_call(instance, FUELBOX_TEXT("same"), args, 5, results, 5, NULL));
    STATUS(EXPORT_TYPE, fuelbox_instance_call(instance, FUELBOX_TEXT("same"), args, 4, results, 5, NULL));
    STATUS(EXPORT_TYPE, fuelbox_instance_call(instance, FUELBOX_TEXT("next"), NULL, 0, results, 2, &error));
    OK(fuelbox_error_free(error));
    CHECK(next(instance) == 1); /* nothing has run */
    STATUS(EXPORT_MISSING, fuelbox_instance_call(instance, FUELBOX_TEXT("former"), NULL, 0, results, 1, NULL));
    OK(fuelbox_instance_free(instance));
}

static void state_lasts_until_a_stop(void) {
    fuelbox_module *module = guest("calls"), *same;
    fuelbox_instance *instance = living(module);
    fuelbox_value value;
    fuelbox_error *error;
    fuelbox_report *report;
    fuelbox_status outcome;
    uint64_t size, first, second;
    uint8_t text[5];
    int32_t alive;

    CHECK(next(instance) == 1 && next(instance) == 2);
    OK(fuelbox_instance_global(instance, FUELBOX_TEXT("count"), &value));
    CHECK(value.type == FUELBOX_TYPE_I32 && value.of.i32 == 2);
    STATUS(NOT_FOUND, fuelbox_instance_global(instance, FUELBOX_TEXT("memory"), &value));
    OK(fuelbox_instance_memory_size(instance, &size));
    CHECK(size == 65536);
    OK(fuelbox_instance_memory_read(instance, 16, text, 5));
    TEXT("guest", text, 5);
    OK(fuelbox_instance_memory_write(instance, 16, (const uint8_t *)"GU", 2));
    OK(fuelbox_instance_memory_read(instance, 16, text, 5));
    TEXT("GUest", text, 5);
    STATUS(OUT_OF_BOUNDS, fuelbox_instance_memory_read(instance, 65532, text, 5));
    STATUS(OUT_OF_BOUNDS, fuelbox_instance_memory_write(instance, UINT64_MAX, text, 5));
    OK(fuelbox_instance_module(instance, &same));
    OK(fuelbox_module_fingerprint(module, &first));
    OK(fuelbox_module_fingerprint(same, &second));
    CHECK(first == second);
    OK(fuelbox_module_free(same));

    STATUS(TRAP_UNREACHABLE, fuelbox_instance_call(instance, FUELBOX_TEXT("trap"), NULL, 0, NULL, 0, &error));
    OK(fuelbox_error_report(error, &report));
    OK(fuelbox_report_outcome(report, &outcome));
    CHECK(outcome == FUELBOX_STATUS_TRAP_UNREACHABLE);
    OK(fuelbox_report_free(report));
    OK(fuelbox_error_free(error));
    OK(fuelbox_instance_is_alive(instance, &alive));
    CHECK(alive == 0);
    STATUS(INSTANCE_STOPPED, fuelbox_instance_call(instance, FUELBOX_TEXT("next"), NULL, 0, &value, 1, NULL));
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_module_free(module));
}

static void snapshots_begin_where_they_were_made(void) {
    fuelbox_module_builder *builder;
    fuelbox_module *module, *snapshot, *stored;
    fuelbox_instance *instance, *later;
    uint8_t *wasm;
    size_t len, exact;

    module = guest("calls");
    instance = living(module);
    STATUS(SNAPSHOT_NOT_BUILT, fuelbox_instance_snapshot(instance, &snapshot, NULL));
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_module_free(module));

    OK(fuelbox_module_builder_new(&builder));
    OK(fuelbox_module_builder_snapshots(builder, 1));
    module = guest_by(builder, "calls");
    OK(fuelbox_module_builder_free(builder));
    instance = living(module);
    OK(fuelbox_module_free(module));
    CHECK(next(instance) == 1 && next(instance) == 2);
    OK(fuelbox_instance_snapshot(instance, &snapshot, NULL));
    CHECK(next(instance) == 3);
    OK(fuelbox_instance_free(instance));

    STATUS(BUFFER_TOO_SMALL, fuelbox_module_wasm(snapshot, NULL, 0, &exact));
    wasm = malloc(exact);
    OK(fuelbox_module_wasm(snapshot, wasm, exact, &len));
    CHECK(len == exact);
    OK(fuelbox_module_new(NULL, wasm, len, &stored, NULL));
    free(wasm);
    instance = living(snapshot);
    later = living(stored);
    CHECK(next(instance) == 3 && next(later) == 3 && next(instance) == 4);
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_instance_free(later));
    OK(fuelbox_module_free(snapshot));
    OK(fuelbox_module_free(stored));
}

static void what_was_recorded_is_a_file(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_sandbox *sandbox;
    fuelbox_instance *instance;
    fuelbox_execution *execution;
    fuelbox_recording *recording;
    fuelbox_report *report;
    fuelbox_call *call;
    uint8_t bytes[4096];
    size_t len, longer;

    patient_sandbox(&sandbox);
    OK(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    STATUS(NOT_FOUND, fuelbox_instance_recording(instance, &recording));
    OK(fuelbox_call_new_export(FUELBOX_TEXT("next"), &call));
    OK(fuelbox_instance_start(instance, call, &execution, NULL));
    OK(fuelbox_execution_finish_recorded(execution, &report, NULL, &recording, NULL));
    CHECK(recording == NULL);
    OK(fuelbox_report_free(report));

    OK(fuelbox_sandbox_record(sandbox, 1000));
    OK(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    OK(fuelbox_instance_recording(instance, &recording));
    OK(fuelbox_recording_bytes(recording, bytes, sizeof bytes, &len));
    CHECK(len > 0);
    OK(fuelbox_recording_free(recording));
    OK(fuelbox_instance_start(instance, call, &execution, NULL));
    OK(fuelbox_execution_finish_recorded(execution, &report, &instance, &recording, NULL));
    OK(fuelbox_recording_bytes(recording, bytes, sizeof bytes, &longer));
    CHECK(longer > len); /* one call more */
    OK(fuelbox_recording_free(recording));
    OK(fuelbox_report_free(report));
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_call_free(call));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

int main(void) {
    what_was_recorded_is_a_file();
    values_go_in_and_out();
    state_lasts_until_a_stop();
    snapshots_begin_where_they_were_made();
    return verdict();
}
