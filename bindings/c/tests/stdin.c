/* Standard input that arrives while the guest runs, and real directories. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs `echo` as these settings say: its output in `bytes`, its status as the answer. */
static int32_t echo(const fuelbox_wasi *wasi, uint8_t *bytes, size_t cap, size_t *len) {
    fuelbox_module *module = guest("echo");
    fuelbox_sandbox *sandbox;
    fuelbox_report *report;
    int32_t exit_status = -1;

    patient_sandbox(&sandbox);
    OK(fuelbox_sandbox_grant_wasi(sandbox, wasi));
    OK(fuelbox_sandbox_run(sandbox, module, NULL, &report, NULL));
    OK(fuelbox_report_output(report, bytes, cap, len));
    OK(fuelbox_report_exit_status(report, &exit_status));
    OK(fuelbox_report_free(report));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
    return exit_status;
}

/* What a source gives: nothing at first, then a word, then a byte with the end. */
struct source {
    int asked, dropped;
};

static int32_t arrives(void *user_data, uint8_t *buf, size_t cap, size_t *len) {
    struct source *source = user_data;

    CHECK(cap > 0 && *len == 0);
    switch (source->asked++) {
    case 0:
        return 0;
    case 1:
        memcpy(buf, "word", 4);
        *len = 4;
        return 0;
    case 2:
        *buf = '.';
        *len = 1;
        return 1;
    default:
        return 1;
    }
}

static void dropped(void *user_data) { ((struct source *)user_data)->dropped++; }

static void from_a_source_of_the_host(void) {
    struct source source = {0, 0};
    fuelbox_wasi *wasi;
    uint8_t bytes[16];
    size_t len;

    OK(fuelbox_wasi_new(&wasi));
    STATUS(NULL, fuelbox_wasi_stdin(wasi, NULL, &source, dropped));
    CHECK(source.dropped == 1);
    OK(fuelbox_wasi_stdin(wasi, arrives, &source, dropped));
    CHECK(echo(wasi, bytes, sizeof bytes, &len) == 8); /* BADF: nothing is mounted */
    TEXT("word.", bytes, len);
    CHECK(source.asked >= 3 && source.dropped == 1);
    OK(fuelbox_wasi_free(wasi));
    CHECK(source.dropped == 2);
}

static void *writes(void *pipe) {
    OK(fuelbox_pipe_write(pipe, (const uint8_t *)"by ", 3, NULL));
    OK(fuelbox_pipe_write(pipe, (const uint8_t *)"pipe", 4, NULL));
    OK(fuelbox_pipe_free(pipe));
    return NULL;
}

static void from_a_pipe(void) {
    fuelbox_wasi *wasi;
    fuelbox_pipe *pipe;
    fuelbox_error *error;
    pthread_t thread;
    uint8_t bytes[16];
    size_t len;

    OK(fuelbox_wasi_new(&wasi));
    OK(fuelbox_wasi_stdin_pipe(wasi, &pipe));
    CHECK(pthread_create(&thread, NULL, writes, pipe) == 0);
    echo(wasi, bytes, sizeof bytes, &len);
    TEXT("by pipe", bytes, len);
    pthread_join(thread, NULL);
    OK(fuelbox_wasi_stdin_pipe(wasi, &pipe));
    OK(fuelbox_wasi_free(wasi));
    STATUS(PIPE_CLOSED, fuelbox_pipe_write(pipe, bytes, 1, &error));
    OK(fuelbox_error_free(error));
    OK(fuelbox_pipe_free(pipe));
}

static void a_real_directory(void) {
    char folder[] = "/tmp/fuelbox-XXXXXX", path[64];
    fuelbox_wasi *wasi;
    fuelbox_dir *dir;
    fuelbox_error *error;
    struct stat about;
    uint8_t bytes[16];
    size_t len;
    int writable;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/made", folder);
    STATUS(DIR_OPEN, fuelbox_dir_new(path, strlen(path), 0, &dir, &error));
    OK(fuelbox_error_free(error));
    for (writable = 0; writable < 2; writable++) {
        OK(fuelbox_wasi_new(&wasi));
        OK(fuelbox_dir_new(folder, strlen(folder), writable, &dir, NULL));
        OK(fuelbox_dir_limits(dir, 1000, 1, 4));
        OK(fuelbox_wasi_mount_dir(wasi, FUELBOX_TEXT("/data"), dir));
        OK(fuelbox_dir_free(dir));
        CHECK(echo(wasi, bytes, sizeof bytes, &len) == (writable ? 0 : 69)); /* ROFS */
        CHECK((stat(path, &about) == 0) == (writable != 0));
        OK(fuelbox_wasi_free(wasi));
    }
    rmdir(path);
    rmdir(folder);
}

int main(void) {
    from_a_source_of_the_host();
    from_a_pipe();
    a_real_directory();
    return verdict();
}
