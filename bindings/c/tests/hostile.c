/* Every hostile guest in a file ends in C as its header says. */
#define _POSIX_C_SOURCE 200809L

#include "line.h"

#include <dirent.h>

/* What the header of a guest says. */
struct guest {
    fuelbox_limits *limits;
    fuelbox_module_builder *builder;
    char allow[64], call[64], input[64], expect[64];
    uint64_t tick_nanos;
    int requires_abi_version;
    struct {
        char name[32];
        uint64_t value;
    } usage[8];
    size_t usage_len;
};

/* A number such as `1,000`, `64KiB` or `max`. */
static uint64_t number(const char *text) {
    uint64_t value = 0;

    if (strcmp(text, "max") == 0) {
        return UINT64_MAX;
    }
    for (; (*text >= '0' && *text <= '9') || *text == ','; text++) {
        value = *text == ',' ? value : value * 10 + (uint64_t)(*text - '0');
    }
    return strcmp(text, "KiB") == 0 ? value << 10 : strcmp(text, "MiB") == 0 ? value << 20
         : strcmp(text, "ms") == 0 ? value * 1000000 : value;
}

/* Takes one line of a header; what is not looked at here is seen by the tests of the library. */
static void take(struct guest *guest, const char *key, const char *value) {
    static const char *const limits[][2] = {
        {"fuel", "fuel"},           {"deadline", "deadline"},        {"memory", "memory_bytes"},
        {"table", "table_elements"}, {"input_limit", "input_bytes"}, {"output_limit", "output_bytes"},
        {"log_bytes", "log_bytes"}, {"log_lines", "log_lines"},      {"log_line_bytes", "log_line_bytes"}};
    static const char *const module_limits[][2] = {{"call_depth", "call_depth"},
                                                   {"stack", "stack_bytes"},
                                                   {"module_bytes", "module_bytes"},
                                                   {"functions", "functions"}};
    static const char *const texts[] = {"allow", "call", "input", "expect"};
    char *const kept[] = {guest->allow, guest->call, guest->input, guest->expect};
    size_t i;

    for (i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (strcmp(key, limits[i][0]) == 0) {
            OK(fuelbox_limits_set(guest->limits, limits[i][1], strlen(limits[i][1]), number(value)));
        }
    }
    for (i = 0; i < sizeof module_limits / sizeof *module_limits; i++) {
        if (strcmp(key, module_limits[i][0]) == 0) {
            const char *name = module_limits[i][1];

            OK(fuelbox_module_builder_set(guest->builder, name, strlen(name), number(value)));
        }
    }
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(key, texts[i]) == 0) {
            snprintf(kept[i], sizeof guest->allow, "%s", value);
        }
    }
    if (strcmp(key, "denial") == 0) {
        OK(fuelbox_limits_set(guest->limits, FUELBOX_TEXT("growth_denial"), 1));
    } else if (strcmp(key, "proposal") == 0) {
        OK(fuelbox_module_builder_proposal(guest->builder, value, strlen(value), 1));
    } else if (strcmp(key, "tick") == 0) {
        guest->tick_nanos = number(value);
    } else if (strcmp(key, "abi_version") == 0) {
        guest->requires_abi_version = 1;
    } else if (strncmp(key, "usage.", 6) == 0) {
        snprintf(guest->usage[guest->usage_len].name, sizeof guest->usage->name, "%s", key + 6);
        guest->usage[guest->usage_len++].value = number(value);
    }
}

/* A clock that goes on by `tick_nanos` with each look at it. */
struct clock {
    uint64_t now, tick_nanos;
};

static uint64_t ticking(void *user_data) {
    struct clock *clock = user_data;

    clock->now += clock->tick_nanos;
    return clock->now;
}

/* The functions of the host that guests are granted as `host`: what one does is its user data. */
static fuelbox_status host(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                           fuelbox_value *results, size_t results_len) {
    const char *name = user_data;
    uint64_t fuel = 0;

    (void)args_len;
    (void)results_len;
    if (strcmp(name, "twice") == 0) {
        results[0] = fuelbox_i32((int32_t)((uint32_t)args[0].of.i32 * 2));
    } else if (strcmp(name, "spend") == 0) {
        return fuelbox_caller_charge(caller, (uint64_t)args[0].of.i64);
    } else if (strcmp(name, "spend_all") == 0) {
        OK(fuelbox_caller_fuel_left(caller, &fuel));
        return fuelbox_caller_charge(caller, fuel);
    } else if (strcmp(name, "fuel_used") == 0) {
        OK(fuelbox_caller_fuel_used(caller, &fuel));
        results[0] = fuelbox_i64((int64_t)fuel);
    } else if (strcmp(name, "fail") == 0) {
        return fuelbox_caller_fail(caller, FUELBOX_TEXT("out of fuel, says the host"));
    }
    return FUELBOX_STATUS_OK;
}

static void grant_host(fuelbox_sandbox *sandbox) {
    static const fuelbox_type i32 = FUELBOX_TYPE_I32, i64 = FUELBOX_TYPE_I64;
    static const struct {
        const char *name;
        const fuelbox_type *param, *result;
    } functions[] = {{"nop", NULL, NULL},       {"twice", &i32, &i32},      {"spend", &i64, NULL},
                     {"spend_all", NULL, NULL}, {"fuel_used", NULL, &i64}, {"fail", NULL, NULL}};
    size_t i;

    for (i = 0; i < sizeof functions / sizeof *functions; i++) {
        const char *name = functions[i].name;

        OK(fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("host"), name, strlen(name), functions[i].param,
                                          functions[i].param != NULL, functions[i].result, functions[i].result != NULL,
                                          host, (void *)(uintptr_t)name, NULL));
    }
}

/* A small writable tree at `/`, with links that lead up and round, and a read-only one at `/kept`. */
static void grant_wasi(fuelbox_sandbox *sandbox) {
    static const char *const links[][2] = {{"/round", "round"}, {"/ping", "pong/x"},  {"/pong", "ping/x"},
                                           {"/up", "dir/../.."}, {"/root", "/file"}};
    fuelbox_tree *tree, *kept;
    fuelbox_wasi *wasi;
    size_t i;

    OK(fuelbox_tree_new(&tree));
    OK(fuelbox_tree_file(tree, FUELBOX_TEXT("/file"), (const uint8_t *)"hello", 5, NULL));
    OK(fuelbox_tree_dir(tree, FUELBOX_TEXT("/dir"), NULL));
    for (i = 0; i < sizeof links / sizeof *links; i++) {
        OK(fuelbox_tree_symlink(tree, links[i][0], strlen(links[i][0]), links[i][1], strlen(links[i][1]), NULL));
    }
    OK(fuelbox_tree_writable(tree, 256 << 10, 2000));
    OK(fuelbox_tree_new(&kept));
    OK(fuelbox_tree_file(kept, FUELBOX_TEXT("/file"), (const uint8_t *)"kept", 4, NULL));
    OK(fuelbox_wasi_new(&wasi));
    OK(fuelbox_wasi_env(wasi, FUELBOX_TEXT("KEY"), FUELBOX_TEXT("value")));
    OK(fuelbox_wasi_mount(wasi, FUELBOX_TEXT("/"), tree));
    OK(fuelbox_wasi_mount(wasi, FUELBOX_TEXT("/kept"), kept));
    OK(fuelbox_sandbox_grant_wasi(sandbox, wasi));
    OK(fuelbox_wasi_free(wasi));
    OK(fuelbox_tree_free(kept));
    OK(fuelbox_tree_free(tree));
}

static void grant(fuelbox_sandbox *sandbox, char *names) {
    char *name;

    for (name = strtok(names, ", "); name != NULL; name = strtok(NULL, ", ")) {
        if (strcmp(name, "host") == 0) {
            grant_host(sandbox);
        } else if (strcmp(name, "wasi") == 0) {
            grant_wasi(sandbox);
        } else {
            OK(strcmp(name, "abort") == 0      ? fuelbox_sandbox_grant_abort(sandbox)
               : strcmp(name, "input") == 0    ? fuelbox_sandbox_grant_input(sandbox)
               : strcmp(name, "log") == 0      ? fuelbox_sandbox_grant_log(sandbox)
               : strcmp(name, "output") == 0   ? fuelbox_sandbox_grant_output(sandbox)
               : strcmp(name, "protocol") == 0 ? fuelbox_sandbox_grant_protocol(sandbox)
               : strcmp(name, "random") == 0   ? fuelbox_sandbox_grant_random_seeded(sandbox, 7)
                                               : FUELBOX_STATUS_UNKNOWN_NAME);
        }
    }
}

/* The call that a header names, with words that become arguments. */
static fuelbox_call *called(const struct guest *guest, const fuelbox_module *module) {
    fuelbox_call *call;
    fuelbox_type types[8];
    fuelbox_value args[8];
    char words[64], *rest = words;
    const char *name;
    size_t len = 0, i;

    memcpy(words, guest->call, sizeof words);
    name = next_word(&rest);
    if (*name == 0) {
        OK(fuelbox_call_new_entry(&call));
    } else {
        OK(fuelbox_call_new_export(name, strlen(name), &call));
        OK(fuelbox_module_function_params(module, name, strlen(name), types, 8, &len));
        for (i = 0; i < len && *rest != 0; i++) {
            const char *word = next_word(&rest);

            args[i] = types[i] == FUELBOX_TYPE_F32   ? fuelbox_f32(strtof(word, NULL))
                      : types[i] == FUELBOX_TYPE_F64 ? fuelbox_f64(strtod(word, NULL))
                      : types[i] == FUELBOX_TYPE_I64 ? fuelbox_i64(strtoll(word, NULL, 10))
                                                     : fuelbox_i32((int32_t)strtol(word, NULL, 10));
        }
        OK(fuelbox_call_set_args(call, args, i));
    }
    OK(fuelbox_call_set_input(call, (const uint8_t *)guest->input, strlen(guest->input)));
    return call;
}

/* Runs a guest; how it ended, in the words of a header. */
static void ended(struct guest *guest, const char *name, char *words, size_t room) {
    struct clock clock = {0, 0};
    fuelbox_module *module = NULL;
    fuelbox_sandbox *sandbox;
    fuelbox_report *report = NULL;
    fuelbox_call *call = NULL;
    fuelbox_status status;
    int32_t exit_status;
    size_t len, i;
    uint8_t *wasm = read_guest(name, &len);

    status = fuelbox_module_new(guest->builder, wasm, len, &module, NULL);
    free(wasm);
    clock.tick_nanos = guest->tick_nanos;
    if (guest->tick_nanos != 0) {
        OK(fuelbox_sandbox_new_with_clock(guest->limits, ticking, &clock, NULL, &sandbox, NULL));
    } else {
        OK(fuelbox_sandbox_new(guest->limits, &sandbox, NULL));
    }
    grant(sandbox, guest->allow);
    if (guest->requires_abi_version) {
        OK(fuelbox_sandbox_require_abi_version(sandbox));
    }
    if (status == FUELBOX_STATUS_OK) {
        call = called(guest, module);
        status = fuelbox_sandbox_run(sandbox, module, call, &report, NULL);
    }
    if (status == FUELBOX_STATUS_OK) {
        OK(fuelbox_report_outcome(report, &status));
        for (i = 0; i < guest->usage_len; i++) {
            CHECK(usage(report, guest->usage[i].name) == guest->usage[i].value);
        }
    }
    if (status == FUELBOX_STATUS_OK) {
        OK(fuelbox_report_exit_status(report, &exit_status));
        snprintf(words, room, "finished %d", (int)exit_status);
    } else {
        snprintf(words, room, "%s", fuelbox_status_name(status));
    }
    OK(fuelbox_report_free(report));
    OK(fuelbox_call_free(call));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

static void check(const char *folder, const char *name) {
    struct guest guest;
    char path[1024], words[64], *file, *text, *line;
    size_t len;
    int before = failures;

    memset(&guest, 0, sizeof guest);
    guest.limits = patient_limits();
    OK(fuelbox_limits_set(guest.limits, FUELBOX_TEXT("fuel"), 100000000));
    OK(fuelbox_module_builder_new(&guest.builder));
    snprintf(path, sizeof path, "%s/%s.wat", folder, name);
    file = text = (char *)read_file(path, &len);
    while ((line = next_line(&text)) != NULL && strncmp(line, ";;", 2) == 0) {
        char *value = strstr(line, ": ");

        if (value != NULL && strncmp(line, ";;   ", 5) != 0) {
            *value = 0;
            take(&guest, line + 3, value + 2);
        }
    }
    free(file);
    ended(&guest, name, words, sizeof words);
    CHECK(strcmp(words, guest.expect) == 0);
    if (failures > before) {
        printf("%s ends as %s, not as %s\n", name, words, guest.expect);
    }
    OK(fuelbox_module_builder_free(guest.builder));
    OK(fuelbox_limits_free(guest.limits));
}

int main(void) {
    const char *root = getenv("FUELBOX_ROOT");
    char folder[1024];
    struct dirent *entry;
    size_t count = 0;
    DIR *directory;

    snprintf(folder, sizeof folder, "%s/tests/hostile", root != NULL ? root : ".");
    directory = opendir(folder);
    if (directory == NULL) {
        printf("cannot read %s\n", folder);
        return 2;
    }
    while ((entry = readdir(directory)) != NULL) {
        char name[256];
        size_t len = strlen(entry->d_name);

        if (len > 4 && len < sizeof name && strcmp(entry->d_name + len - 4, ".wat") == 0) {
            memcpy(name, entry->d_name, len - 4);
            name[len - 4] = 0;
            check(folder, name);
            count++;
        }
    }
    closedir(directory);
    CHECK(count > 130);
    return verdict();
}
