/* A module is read, checked, run under limits, and reported on. */
#include "check.h"

static void says_its_version(void) {
    char version[32];
    size_t len;

    OK(FUELBOX_ABI_CHECK());
    STATUS(ABI, fuelbox_abi_check(FUELBOX_ABI_VERSION + 1));
    CHECK(fuelbox_abi_version() == FUELBOX_ABI_VERSION);
    CHECK(fuelbox_protocol_version() > 0 && fuelbox_fuel_schedule() > 0);
    OK(fuelbox_version(version, sizeof version, &len));
    CHECK(len > 0 && memchr(version, '.', len) != NULL);
    CHECK(strcmp(fuelbox_status_name(FUELBOX_STATUS_OUT_OF_FUEL), "out-of-fuel") == 0);
    CHECK(strcmp(fuelbox_status_name(FUELBOX_STATUS_REFUSED_ENGINE), "engine") == 0);
    CHECK(strcmp(fuelbox_status_name(-7), "other") == 0);
}

/* Runs `upper` on "hello" and gives its report. */
static fuelbox_report *capitals(void) {
    fuelbox_module *module = guest("upper");
    fuelbox_sandbox *sandbox;
    fuelbox_report *report = NULL;

    OK(fuelbox_sandbox_new(NULL, &sandbox, NULL));
    OK(fuelbox_sandbox_grant_protocol(sandbox));
    OK(fuelbox_sandbox_run_input(sandbox, module, (const uint8_t *)"hello", 5, &report, NULL));
    OK(fuelbox_module_free(module));
    OK(fuelbox_sandbox_free(sandbox));
    return report;
}

static void reports_what_happened(void) {
    fuelbox_report *report = capitals();
    fuelbox_status outcome;
    fuelbox_error *stop;
    int32_t exit_status, truncated;
    uint64_t fuel;
    uint8_t output[16];
    char line[64], json[4096];
    size_t len, count;

    OK(fuelbox_report_outcome(report, &outcome));
    CHECK(outcome == FUELBOX_STATUS_OK);
    OK(fuelbox_report_exit_status(report, &exit_status));
    CHECK(exit_status == 0);
    STATUS(NOT_FOUND, fuelbox_report_stop(report, &stop));
    OK(fuelbox_report_output(report, output, sizeof output, &len));
    TEXT("HELLO", output, len);
    OK(fuelbox_report_log_count(report, &count));
    CHECK(count == 1);
    OK(fuelbox_report_log_line(report, 0, line, sizeof line, &len, &truncated));
    TEXT("making it capital", line, len);
    CHECK(truncated == 0);
    STATUS(NOT_FOUND, fuelbox_report_log_line(report, 1, line, sizeof line, &len, NULL));
    OK(fuelbox_report_usage(report, FUELBOX_TEXT("fuel"), &fuel));
    CHECK(fuel > 0 && fuel < 1000000);
    STATUS(UNKNOWN_NAME, fuelbox_report_usage(report, FUELBOX_TEXT("petrol"), &fuel));
    OK(fuelbox_report_json(report, json, sizeof json, &len));
    json[len] = 0;
    CHECK(strstr(json, "\"output\":\"HELLO\"") != NULL);
    OK(fuelbox_report_free(report));
}

static void tells_the_exact_length_of_what_does_not_fit(void) {
    fuelbox_report *report = capitals();
    uint8_t output[8] = "unused!";
    size_t len = 99;

    STATUS(BUFFER_TOO_SMALL, fuelbox_report_output(report, output, 4, &len));
    CHECK(len == 5 && memcmp(output, "unused!", 8) == 0);
    STATUS(BUFFER_TOO_SMALL, fuelbox_report_output(report, NULL, 0, &len));
    CHECK(len == 5);
    STATUS(NULL, fuelbox_report_output(report, NULL, 8, &len));
    STATUS(NULL, fuelbox_report_output(report, output, 8, NULL));
    OK(fuelbox_report_output(report, output, 5, &len));
    CHECK(memcmp(output, "HELLOd!", 7) == 0);
    OK(fuelbox_report_stderr(report, NULL, 0, &len));
    CHECK(len == 0);
    OK(fuelbox_report_free(report));
}

static void has_every_limit_by_its_name(void) {
    static const char *const names[] = {"fuel",        "deadline",     "wait",         "wait_counts", "memory_bytes",
                                        "table_elements", "input_bytes", "output_bytes", "stderr_bytes", "log_bytes",
                                        "log_lines",   "log_line_bytes", "growth_denial"};
    fuelbox_limits *limits, *again;
    uint64_t value;
    char json[1024];
    size_t len, i;

    OK(fuelbox_limits_new(&limits));
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        OK(fuelbox_limits_get(limits, names[i], strlen(names[i]), &value));
        CHECK(value != UINT64_MAX); /* nothing is unlimited by omission */
        OK(fuelbox_limits_set(limits, names[i], strlen(names[i]), 1));
        OK(fuelbox_limits_get(limits, names[i], strlen(names[i]), &value));
        CHECK(value == 1);
    }
    STATUS(INVALID_ARGUMENT, fuelbox_limits_set(limits, FUELBOX_TEXT("wait_counts"), 2));
    STATUS(UNKNOWN_NAME, fuelbox_limits_set(limits, FUELBOX_TEXT("Fuel"), 2));
    STATUS(INVALID_UTF8, fuelbox_limits_set(limits, FUELBOX_TEXT("\xff"), 2));
    OK(fuelbox_limits_set(limits, FUELBOX_TEXT("deadline"), UINT64_MAX));
    OK(fuelbox_limits_get(limits, FUELBOX_TEXT("deadline"), &value));
    CHECK(value == UINT64_MAX);
    OK(fuelbox_limits_json(limits, json, sizeof json, &len));
    OK(fuelbox_limits_from_json(json, len, &again, NULL));
    OK(fuelbox_limits_get(again, FUELBOX_TEXT("log_lines"), &value));
    CHECK(value == 1);
    STATUS(INVALID_ARGUMENT, fuelbox_limits_from_json(FUELBOX_TEXT("{\"call\": {\"fuell\": 1}}"), &again, NULL));
    OK(fuelbox_limits_free(again));
    OK(fuelbox_limits_free(limits));
}

static void refuses_with_words_and_numbers(void) {
    fuelbox_error *error;
    fuelbox_module *module = NULL;
    fuelbox_sandbox *sandbox;
    fuelbox_report *report;
    fuelbox_limits *limits;
    char text[2048];
    size_t len;
    int32_t blame, transient;

    STATUS(INVALID_MODULE, fuelbox_module_new(NULL, (const uint8_t *)"\0asm\1\0\0\0\x99", 9, &module, &error));
    OK(fuelbox_error_code(error, text, sizeof text, &len));
    TEXT("invalid-module", text, len);
    OK(fuelbox_error_blame(error, &blame));
    CHECK(blame == FUELBOX_BLAME_GUEST && module == NULL);
    OK(fuelbox_error_free(error));

    module = guest("upper");
    OK(fuelbox_sandbox_new(NULL, &sandbox, &error));
    CHECK(error == NULL);
    STATUS(IMPORT_NOT_GRANTED, fuelbox_sandbox_run(sandbox, module, NULL, &report, &error));
    OK(fuelbox_error_advice_code(error, text, sizeof text, &len));
    TEXT("grant", text, len);
    OK(fuelbox_error_advice(error, text, sizeof text, &len));
    TEXT("grant capability::Log", text, len);
    STATUS(NOT_FOUND, fuelbox_error_report(error, &report));
    OK(fuelbox_error_free(error));
    OK(fuelbox_sandbox_check(sandbox, module, NULL, text, sizeof text, &len));
    CHECK(memcmp(text, "{\"would_run\":false", 18) == 0);
    OK(fuelbox_sandbox_free(sandbox));

    OK(fuelbox_limits_new(&limits));
    OK(fuelbox_limits_set(limits, FUELBOX_TEXT("memory_bytes"), 100));
    OK(fuelbox_sandbox_new(limits, &sandbox, NULL));
    OK(fuelbox_sandbox_grant_protocol(sandbox));
    STATUS(INITIAL_MEMORY, fuelbox_sandbox_run(sandbox, module, NULL, &report, &error));
    OK(fuelbox_error_json(error, text, sizeof text, &len));
    text[len] = 0;
    CHECK(strstr(text, "\"initial_memory\":{\"limit\":100,\"requested\":65536}") != NULL);
    CHECK(strstr(text, "\"status\":115") != NULL);
    OK(fuelbox_error_is_transient(error, &transient));
    CHECK(transient == 0);
    OK(fuelbox_error_free(error));
    OK(fuelbox_limits_free(limits));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

static void looks_into_a_module(void) {
    fuelbox_module_builder *builder;
    fuelbox_module *module;
    fuelbox_type types[8];
    char text[2048];
    size_t len, count;

    OK(fuelbox_module_builder_new(&builder));
    OK(fuelbox_module_builder_name(builder, FUELBOX_TEXT("capitals")));
    OK(fuelbox_module_builder_set(builder, FUELBOX_TEXT("module_bytes"), 10000));
    STATUS(UNKNOWN_NAME, fuelbox_module_builder_set(builder, FUELBOX_TEXT("module_byte"), 10000));
    OK(fuelbox_module_builder_proposal(builder, FUELBOX_TEXT("tail-call"), 1));
    STATUS(UNKNOWN_NAME, fuelbox_module_builder_proposal(builder, FUELBOX_TEXT("tails"), 1));
    module = guest_by(builder, "upper");
    OK(fuelbox_module_name(module, text, sizeof text, &len));
    TEXT("capitals", text, len);
    OK(fuelbox_module_import_count(module, &count));
    CHECK(count == 3);
    OK(fuelbox_module_import_module(module, 0, text, sizeof text, &len));
    TEXT("env", text, len);
    OK(fuelbox_module_import_name(module, 0, text, sizeof text, &len));
    TEXT("host_log", text, len);
    OK(fuelbox_module_import_type(module, 0, text, sizeof text, &len));
    TEXT("function (i32, i32) -> ()", text, len);
    STATUS(NOT_FOUND, fuelbox_module_import_name(module, 3, text, sizeof text, &len));
    OK(fuelbox_module_export_count(module, &count));
    CHECK(count == 3);
    OK(fuelbox_module_export_name(module, 0, text, sizeof text, &len));
    TEXT("execute", text, len);
    OK(fuelbox_module_function_params(module, FUELBOX_TEXT("execute"), types, 8, &len));
    CHECK(len == 2 && types[0] == FUELBOX_TYPE_I32 && types[1] == FUELBOX_TYPE_I32);
    OK(fuelbox_module_function_results(module, FUELBOX_TEXT("execute"), types, 8, &len));
    CHECK(len == 1);
    STATUS(EXPORT_MISSING, fuelbox_module_function_params(module, FUELBOX_TEXT("run"), types, 8, &len));
    STATUS(EXPORT_TYPE, fuelbox_module_function_params(module, FUELBOX_TEXT("memory"), types, 8, &len));
    OK(fuelbox_module_json(module, text, sizeof text, &len));
    CHECK(memcmp(text, "{\"name\":\"capitals\"", 18) == 0);
    STATUS(NOT_FOUND, fuelbox_module_wasm(module, NULL, 0, &len));
    OK(fuelbox_module_free(module));
    OK(fuelbox_module_builder_set(builder, FUELBOX_TEXT("module_bytes"), 10));
    {
        size_t wasm_len;
        uint8_t *wasm = read_guest("upper", &wasm_len);

        STATUS(MODULE_LIMIT, fuelbox_module_new(builder, wasm, wasm_len, &module, NULL));
        free(wasm);
    }
    OK(fuelbox_module_builder_free(builder));
}

static void checks_the_hash_before_it_parses(void) {
    /* Of "abc", which is no module: from FIPS 180-2, appendix B.1. */
    static const uint8_t sha256[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                       0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                       0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    fuelbox_module *module;

    STATUS(TEXT_MODULE, fuelbox_module_new(NULL, (const uint8_t *)"(module)", 8, &module, NULL));
    STATUS(HASH, fuelbox_module_new_checked(NULL, (const uint8_t *)"(module)", 8, sha256, 32, &module, NULL));
    STATUS(INVALID_ARGUMENT, fuelbox_module_new_checked(NULL, (const uint8_t *)"abc", 3, sha256, 31, &module, NULL));
    STATUS(INVALID_MODULE, fuelbox_module_new_checked(NULL, (const uint8_t *)"abc", 3, sha256, 32, &module, NULL));
}

static void says_in_which_phase_a_guest_was_stopped(void) {
    fuelbox_module *module = guest("calls");
    fuelbox_report *report;
    fuelbox_sandbox *sandbox;
    fuelbox_call *call;
    int32_t phase = -1;

    patient_sandbox(&sandbox);
    OK(fuelbox_call_new_export(FUELBOX_TEXT("next"), &call));
    OK(fuelbox_sandbox_run(sandbox, module, call, &report, NULL));
    STATUS(NOT_FOUND, fuelbox_report_phase(report, &phase));
    CHECK(phase == -1);
    OK(fuelbox_report_free(report));
    OK(fuelbox_call_free(call));
    OK(fuelbox_call_new_export(FUELBOX_TEXT("trap"), &call));
    OK(fuelbox_sandbox_run(sandbox, module, call, &report, NULL));
    OK(fuelbox_report_phase(report, &phase));
    CHECK(phase == FUELBOX_PHASE_ENTRY);
    OK(fuelbox_report_free(report));
    OK(fuelbox_call_free(call));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

static const char START_TRAPS[] = "(module (func $start unreachable) (start $start) (func (export \"_start\")))";

static void reads_the_text_format(void) {
    fuelbox_module *module;
    fuelbox_sandbox *sandbox;
    fuelbox_report *report;
    fuelbox_error *error;
    char text[256];
    size_t len;
    int32_t phase;

    OK(fuelbox_module_new_text(NULL, FUELBOX_TEXT(START_TRAPS), &module, NULL));
    patient_sandbox(&sandbox);
    OK(fuelbox_sandbox_run(sandbox, module, NULL, &report, NULL));
    OK(fuelbox_report_phase(report, &phase));
    CHECK(phase == FUELBOX_PHASE_START);
    OK(fuelbox_report_free(report));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
    STATUS(INVALID_TEXT, fuelbox_module_new_text(NULL, FUELBOX_TEXT("(module (func (nop)"), &module, &error));
    OK(fuelbox_error_message(error, text, sizeof text, &len));
    CHECK(len > 0);
    OK(fuelbox_error_free(error));
}

static void a_sandbox_says_its_limits(void) {
    fuelbox_limits *limits, *copy;
    fuelbox_sandbox *sandbox;
    uint64_t fuel;

    OK(fuelbox_limits_new(&limits));
    OK(fuelbox_limits_set(limits, FUELBOX_TEXT("fuel"), 77));
    OK(fuelbox_sandbox_new(limits, &sandbox, NULL));
    OK(fuelbox_limits_free(limits));
    OK(fuelbox_sandbox_limits(sandbox, &copy));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_limits_get(copy, FUELBOX_TEXT("fuel"), &fuel));
    CHECK(fuel == 77);
    OK(fuelbox_limits_free(copy));
}

int main(void) {
    says_in_which_phase_a_guest_was_stopped();
    reads_the_text_format();
    a_sandbox_says_its_limits();
    says_its_version();
    reports_what_happened();
    tells_the_exact_length_of_what_does_not_fit();
    has_every_limit_by_its_name();
    refuses_with_words_and_numbers();
    looks_into_a_module();
    checks_the_hash_before_it_parses();
    return verdict();
}
