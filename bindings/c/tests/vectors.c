/* The table of vectors gives in C what it gives everywhere. */
#include "line.h"

/* What one vector asks for. */
struct vector {
    char name[128];
    fuelbox_module *module;
    fuelbox_sandbox *sandbox;
    fuelbox_limits *limits;
    char *grants[8];
    size_t grants_len;
    fuelbox_call *call;
    fuelbox_value args[8];
    size_t args_len;
    /* Of its run, as soon as something is expected of it. */
    fuelbox_report *report;
    fuelbox_status status;
    size_t logs, values;
};

/* The bytes of hexadecimal digits. */
static size_t unhex(const char *digits, uint8_t *bytes) {
    size_t len;

    for (len = 0; digits[0] != 0; digits += 2, len++) {
        unsigned byte;

        sscanf(digits, "%2x", &byte);
        bytes[len] = (uint8_t)byte;
    }
    return len;
}

static fuelbox_value value(const char *type, const char *number) {
    uint64_t bits = strtoull(number, NULL, 10);
    fuelbox_value read = fuelbox_i32(0);

    if (strcmp(type, "i32") == 0) {
        read.of.i32 = (int32_t)strtol(number, NULL, 10);
    } else if (strcmp(type, "i64") == 0) {
        read = fuelbox_i64(strtoll(number, NULL, 10));
    } else if (strcmp(type, "f32") == 0) {
        uint32_t half = (uint32_t)bits;

        read = fuelbox_f32(0);
        memcpy(&read.of.f32, &half, sizeof half);
    } else if (strcmp(type, "f64") == 0) {
        read = fuelbox_f64(0);
        memcpy(&read.of.f64, &bits, sizeof bits);
    } else {
        read.type = FUELBOX_TYPE_EXTERNREF;
        read.of.is_null = 1;
    }
    return read;
}

static void grant(fuelbox_sandbox *sandbox, char *words) {
    const char *name = next_word(&words);

    if (strcmp(name, "protocol") == 0) {
        OK(fuelbox_sandbox_grant_protocol(sandbox));
    } else if (strcmp(name, "input") == 0) {
        OK(fuelbox_sandbox_grant_input(sandbox));
    } else if (strcmp(name, "output") == 0) {
        OK(fuelbox_sandbox_grant_output(sandbox));
    } else if (strcmp(name, "clock-by-fuel") == 0) {
        OK(fuelbox_sandbox_grant_clock_by_fuel(sandbox, strtoull(words, NULL, 10)));
    } else if (strcmp(name, "random-seeded") == 0) {
        OK(fuelbox_sandbox_grant_random_seeded(sandbox, strtoull(words, NULL, 10)));
    } else {
        fuelbox_wasi *wasi;

        CHECK(strcmp(name, "wasi") == 0);
        OK(fuelbox_wasi_new(&wasi));
        while (*words != 0) {
            const char *arg = next_word(&words);

            OK(fuelbox_wasi_arg(wasi, arg, strlen(arg)));
        }
        OK(fuelbox_sandbox_grant_wasi(sandbox, wasi));
        OK(fuelbox_wasi_free(wasi));
    }
}

/* Reads what is asked for; says whether the line is no more of that. */
static int asks(struct vector *vector, const char *word, char *rest) {
    if (strcmp(word, "module") == 0) {
        vector->module = guest(rest);
        vector->limits = patient_limits();
        OK(fuelbox_call_new_entry(&vector->call));
    } else if (strcmp(word, "grant") == 0) {
        vector->grants[vector->grants_len++] = rest;
    } else if (strcmp(word, "limit") == 0) {
        const char *name = next_word(&rest);

        OK(fuelbox_limits_set(vector->limits, name, strlen(name), strtoull(rest, NULL, 10)));
    } else if (strcmp(word, "call") == 0) {
        OK(fuelbox_call_free(vector->call));
        OK(fuelbox_call_new_export(rest, strlen(rest), &vector->call));
    } else if (strcmp(word, "arg") == 0) {
        const char *type = next_word(&rest);

        vector->args[vector->args_len++] = value(type, rest);
    } else if (strcmp(word, "input") == 0) {
        uint8_t input[256];

        OK(fuelbox_call_set_input(vector->call, input, unhex(rest, input)));
    } else {
        return 0;
    }
    return 1;
}

static void run(struct vector *vector) {
    fuelbox_error *error;
    size_t i;

    OK(fuelbox_sandbox_new(vector->limits, &vector->sandbox, NULL));
    for (i = 0; i < vector->grants_len; i++) {
        grant(vector->sandbox, vector->grants[i]);
    }
    OK(fuelbox_call_set_args(vector->call, vector->args, vector->args_len));
    vector->status = fuelbox_sandbox_run(vector->sandbox, vector->module, vector->call, &vector->report, &error);
    OK(fuelbox_error_free(error));
}

/* Compares one line of what is expected. */
static void expects(struct vector *vector, const char *word, char *rest) {
    fuelbox_report *report = vector->report;
    uint8_t expected[256], found[256];
    size_t len, expected_len;

    if (strcmp(word, "refused") == 0) {
        CHECK(vector->status == status_named(rest, 100));
    } else if (strcmp(word, "outcome") == 0) {
        fuelbox_status outcome = -1;

        CHECK(vector->status == FUELBOX_STATUS_OK);
        OK(fuelbox_report_outcome(report, &outcome));
        CHECK(outcome == (strcmp(rest, "finished") == 0 ? FUELBOX_STATUS_OK : status_named(rest, 200)));
    } else if (strcmp(word, "exit") == 0) {
        int32_t exit_status = -1;

        OK(fuelbox_report_exit_status(report, &exit_status));
        CHECK(exit_status == strtol(rest, NULL, 10));
    } else if (strcmp(word, "output") == 0) {
        expected_len = unhex(rest, expected);
        OK(fuelbox_report_output(report, found, sizeof found, &len));
        CHECK(len == expected_len && memcmp(found, expected, len) == 0);
    } else if (strcmp(word, "log") == 0) {
        int32_t truncated = -1, expected_truncated = next_word(&rest)[0] - '0';

        expected_len = unhex(rest, expected);
        OK(fuelbox_report_log_line(report, vector->logs++, (char *)found, sizeof found, &len, &truncated));
        CHECK(len == expected_len && memcmp(found, expected, len) == 0 && truncated == expected_truncated);
    } else if (strcmp(word, "value") == 0) {
        const char *type = next_word(&rest);
        fuelbox_value one = value(type, rest), values[8];

        OK(fuelbox_report_values(report, values, 8, &len));
        CHECK(vector->values < len && memcmp(&values[vector->values], &one, sizeof one) == 0);
        vector->values++;
    } else {
        const char *name = next_word(&rest);

        CHECK(strcmp(word, "usage") == 0);
        CHECK(usage(report, name) == strtoull(rest, NULL, 10));
    }
}

/* Ends a vector, of which nothing may be left over. */
static void end(struct vector *vector) {
    size_t len;

    if (vector->report != NULL) {
        OK(fuelbox_report_log_count(vector->report, &len));
        CHECK(len == vector->logs);
        if (vector->values == 0) {
            OK(fuelbox_report_values(vector->report, NULL, 0, &len));
        }
    }
    OK(fuelbox_report_free(vector->report));
    OK(fuelbox_call_free(vector->call));
    OK(fuelbox_limits_free(vector->limits));
    OK(fuelbox_sandbox_free(vector->sandbox));
    OK(fuelbox_module_free(vector->module));
}

int main(void) {
    const char *root = getenv("FUELBOX_ROOT");
    struct vector vector;
    char path[1024], *file, *text, *line;
    size_t len, count = 0;
    int has_run = 0, before = 0;

    snprintf(path, sizeof path, "%s/bindings/vectors/vectors.txt", root != NULL ? root : ".");
    file = text = (char *)read_file(path, &len);
    memset(&vector, 0, sizeof vector);
    while ((line = next_line(&text)) != NULL) {
        const char *word = next_word(&line);

        if (strcmp(word, "vector") == 0) {
            memset(&vector, 0, sizeof vector);
            snprintf(vector.name, sizeof vector.name, "%s", line);
            has_run = 0;
            before = failures;
            count++;
        } else if (strcmp(word, "end") == 0) {
            end(&vector);
            if (failures > before) {
                printf("not so: %s\n", vector.name);
            }
        } else if (!asks(&vector, word, line)) {
            if (!has_run) {
                run(&vector);
                has_run = 1;
            }
            expects(&vector, word, line);
        }
    }
    free(file);
    CHECK(count > 20);
    return verdict();
}
