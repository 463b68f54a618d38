/* A program of WASI, with arguments and files in memory. */
#include "check.h"

static void trees_hold_what_was_put_in(void) {
    fuelbox_tree *tree;
    fuelbox_error *error;
    uint8_t bytes[16];
    char json[1024];
    size_t len;

    OK(fuelbox_tree_new(&tree));
    OK(fuelbox_tree_file(tree, FUELBOX_TEXT("/etc/motd"), (const uint8_t *)"welcome", 7, NULL));
    OK(fuelbox_tree_dir(tree, FUELBOX_TEXT("/empty"), NULL));
    OK(fuelbox_tree_symlink(tree, FUELBOX_TEXT("/link"), FUELBOX_TEXT("etc/motd"), NULL));
    OK(fuelbox_tree_hard_link(tree, FUELBOX_TEXT("/again"), FUELBOX_TEXT("/etc/motd"), NULL));
    STATUS(TREE_MALFORMED, fuelbox_tree_dir(tree, FUELBOX_TEXT("/a/../b"), &error));
    OK(fuelbox_error_free(error));
    STATUS(TREE_TAKEN, fuelbox_tree_file(tree, FUELBOX_TEXT("/empty"), NULL, 0, NULL));
    STATUS(TREE_NO_FILE, fuelbox_tree_hard_link(tree, FUELBOX_TEXT("/x"), FUELBOX_TEXT("/none"), NULL));
    OK(fuelbox_tree_get(tree, FUELBOX_TEXT("again"), bytes, sizeof bytes, &len));
    TEXT("welcome", bytes, len);
    STATUS(NOT_FOUND, fuelbox_tree_get(tree, FUELBOX_TEXT("/link"), bytes, sizeof bytes, &len));
    OK(fuelbox_tree_json(tree, json, sizeof json, &len));
    json[len] = 0;
    CHECK(strstr(json, "welcome") != NULL);
    OK(fuelbox_tree_free(tree));
}

static void a_program_has_arguments_and_leaves_files(void) {
    fuelbox_module *module = guest("program");
    fuelbox_sandbox *sandbox;
    fuelbox_wasi *wasi;
    fuelbox_tree *tree;
    fuelbox_report *report;
    uint8_t bytes[16];
    char mount[16];
    size_t len, count;
    int32_t exit_status;
    uint64_t left_out;

    OK(fuelbox_tree_new(&tree));
    OK(fuelbox_tree_is_writable(tree, &exit_status));
    CHECK(exit_status == 0);
    OK(fuelbox_tree_writable(tree, 1000, 10));
    OK(fuelbox_tree_is_writable(tree, &exit_status));
    CHECK(exit_status == 1);
    OK(fuelbox_tree_leave_out(tree, 3));
    OK(fuelbox_wasi_new(&wasi));
    OK(fuelbox_wasi_program(wasi, FUELBOX_TEXT("program")));
    OK(fuelbox_wasi_arg(wasi, FUELBOX_TEXT("hello")));
    OK(fuelbox_wasi_env(wasi, FUELBOX_TEXT("LANG"), FUELBOX_TEXT("C")));
    OK(fuelbox_wasi_mount(wasi, FUELBOX_TEXT("/data"), tree));
    OK(fuelbox_wasi_clock_fixed(wasi, 1767225600000000000));
    OK(fuelbox_wasi_random_seeded(wasi, 7));
    patient_sandbox(&sandbox);
    STATUS(IMPORT_NOT_GRANTED, fuelbox_sandbox_run(sandbox, module, NULL, &report, NULL));
    OK(fuelbox_sandbox_grant_wasi(sandbox, wasi));
    OK(fuelbox_sandbox_run(sandbox, module, NULL, &report, NULL));
    OK(fuelbox_report_exit_status(report, &exit_status));
    CHECK(exit_status == 2);
    OK(fuelbox_report_output(report, bytes, sizeof bytes, &len));
    TEXT("hello", bytes, len);
    OK(fuelbox_report_usage(report, FUELBOX_TEXT("names_left_out"), &left_out));
    CHECK(left_out == 3);
    OK(fuelbox_report_tree_count(report, &count));
    CHECK(count == 1);
    OK(fuelbox_report_mount(report, 0, mount, sizeof mount, &len));
    TEXT("/data", mount, len);
    STATUS(NOT_FOUND, fuelbox_tree_get(tree, FUELBOX_TEXT("/out"), bytes, sizeof bytes, &len));
    OK(fuelbox_tree_free(tree));
    OK(fuelbox_report_tree(report, 0, &tree));
    OK(fuelbox_tree_get(tree, FUELBOX_TEXT("/out"), bytes, sizeof bytes, &len));
    TEXT("hello", bytes, len);
    OK(fuelbox_tree_free(tree));
    OK(fuelbox_report_free(report));
    OK(fuelbox_wasi_free(wasi));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

int main(void) {
    trees_hold_what_was_put_in();
    a_program_has_arguments_and_leaves_files();
    return verdict();
}
