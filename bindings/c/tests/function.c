/* Functions of the host: they read and write guest memory, charge fuel, fail, and have data of their own. */
#include "check.h"

static const fuelbox_type I32[] = {FUELBOX_TYPE_I32, FUELBOX_TYPE_I32};
static const fuelbox_type I64[] = {FUELBOX_TYPE_I64};

/* What the functions are to do, and how often their data was dropped. */
struct shop {
    fuelbox_status (*price)(fuelbox_caller *caller, int32_t article);
    int dropped;
};

static void drop_shop(void *user_data) { ((struct shop *)user_data)->dropped++; }

static fuelbox_status shout(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                            fuelbox_value *results, size_t results_len) {
    uint8_t text[64];
    uint32_t ptr = (uint32_t)args[0].of.i32, i, len = (uint32_t)args[1].of.i32;
    fuelbox_status status;

    (void)user_data;
    CHECK(args_len == 2 && results_len == 1 && results[0].type == FUELBOX_TYPE_I32 && results[0].of.i32 == 0);
    status = fuelbox_caller_read(caller, ptr, text, len);
    if (status != FUELBOX_STATUS_OK) {
        return status;
    }
    for (i = 0; i < len; i++) {
        text[i] = (uint8_t)(text[i] - 32);
    }
    results[0] = fuelbox_i32((int32_t)len);
    return fuelbox_caller_write(caller, ptr, text, len);
}

static fuelbox_status price(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                            fuelbox_value *results, size_t results_len) {
    CHECK(args_len == 1 && results_len == 1);
    results[0] = fuelbox_i64(args[0].of.i32 * (int64_t)100);
    return ((struct shop *)user_data)->price(caller, args[0].of.i32);
}

static fuelbox_status sells(fuelbox_caller *caller, int32_t article) {
    uint64_t used, left, nanos;
    int32_t cancelled;
    void *context;

    (void)article;
    OK(fuelbox_caller_charge(caller, 1000));
    OK(fuelbox_caller_fuel_used(caller, &used));
    OK(fuelbox_caller_fuel_left(caller, &left));
    CHECK(used > 1000 && used < 5000 && left == 1000000 - used);
    OK(fuelbox_caller_time_left(caller, &nanos));
    CHECK(nanos > 0 && nanos <= 60000000000);
    OK(fuelbox_caller_is_cancelled(caller, &cancelled));
    CHECK(cancelled == 0);
    OK(fuelbox_caller_context(caller, &context));
    CHECK(context == NULL || strcmp(context, "tenant 7") == 0);
    return FUELBOX_STATUS_OK;
}

static fuelbox_status has_none(fuelbox_caller *caller, int32_t article) {
    (void)article;
    return fuelbox_caller_fail(caller, FUELBOX_TEXT("no such article"));
}

static fuelbox_status charges_too_much(fuelbox_caller *caller, int32_t article) {
    (void)article;
    return fuelbox_caller_charge(caller, UINT64_MAX);
}

static fuelbox_status goes_on_after_a_fault(fuelbox_caller *caller, int32_t article) {
    uint8_t byte;
    uint64_t size;

    (void)article;
    OK(fuelbox_caller_memory_size(caller, &size));
    CHECK(size == 65536);
    OK(fuelbox_caller_read(caller, (uint32_t)size - 1, &byte, 1));
    STATUS(FAULT, fuelbox_caller_read(caller, 65536, &byte, 1));
    STATUS(FAULT, fuelbox_caller_write(caller, 65535, (const uint8_t *)"ab", 2));
    STATUS(FAULT, fuelbox_caller_read(caller, 0, &byte, SIZE_MAX));
    OK(fuelbox_caller_read(caller, 0, NULL, 0));
    STATUS(NULL, fuelbox_caller_read(caller, 0, NULL, 1));
    return FUELBOX_STATUS_OK;
}

static fuelbox_status returns_any_number(fuelbox_caller *caller, int32_t article) {
    (void)caller;
    (void)article;
    return FUELBOX_STATUS_DEADLINE;
}

/* A sandbox of 1,000,000 fuel with both functions. */
static fuelbox_sandbox *with(struct shop *shop) {
    fuelbox_limits *limits = patient_limits();
    fuelbox_sandbox *sandbox;

    OK(fuelbox_limits_set(limits, FUELBOX_TEXT("fuel"), 1000000));
    OK(fuelbox_sandbox_new(limits, &sandbox, NULL));
    OK(fuelbox_limits_free(limits));
    OK(fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("shout"), I32, 2, I32, 1, shout, NULL,
                                      NULL));
    OK(fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"), I32, 1, I64, 1, price, shop,
                                      drop_shop));
    return sandbox;
}

/* Calls the export `name`, and says how it ended. */
static fuelbox_report *ends(const char *name, int32_t argument, struct shop *shop, fuelbox_status expected) {
    fuelbox_module *module = guest("host");
    fuelbox_sandbox *sandbox = with(shop);
    fuelbox_call *call;
    fuelbox_report *report;
    fuelbox_status outcome = -1;
    fuelbox_value value = fuelbox_i32(argument);
    char context[] = "tenant 7";

    OK(fuelbox_call_new_export(name, strlen(name), &call));
    if (argument != 0) {
        OK(fuelbox_call_set_args(call, &value, 1));
    }
    OK(fuelbox_call_set_context(call, context));
    OK(fuelbox_sandbox_run(sandbox, module, call, &report, NULL));
    OK(fuelbox_report_outcome(report, &outcome));
    if (outcome != expected) {
        printf("%s ends as %s\n", name, fuelbox_status_name(outcome));
        failures++;
    }
    OK(fuelbox_call_free(call));
    OK(fuelbox_module_free(module));
    CHECK(shop->dropped == 0);
    OK(fuelbox_sandbox_free(sandbox));
    CHECK(shop->dropped == 1);
    shop->dropped = 0;
    return report;
}

/* That the stop of a report says this, and end it. */
static void says(fuelbox_report *report, const char *expected) {
    fuelbox_error *stop;
    char text[256];
    size_t len;

    OK(fuelbox_report_stop(report, &stop));
    OK(fuelbox_error_message(stop, text, sizeof text, &len));
    TEXT(expected, text, len);
    OK(fuelbox_error_free(stop));
    OK(fuelbox_report_free(report));
}

static void reads_writes_and_returns(void) {
    struct shop shop = {sells, 0};
    fuelbox_report *report = ends("shout", 0, &shop, FUELBOX_STATUS_OK);
    fuelbox_value value;
    size_t len;

    OK(fuelbox_report_values(report, &value, 1, &len));
    CHECK(len == 1 && value.of.i32 == 'H');
    OK(fuelbox_report_free(report));
    report = ends("price", 7, &shop, FUELBOX_STATUS_OK);
    OK(fuelbox_report_values(report, &value, 1, &len));
    CHECK(len == 1 && value.type == FUELBOX_TYPE_I64 && value.of.i64 == 700);
    OK(fuelbox_report_free(report));
}

static void stops_for_its_own_reason(void) {
    struct shop shop = {has_none, 0};

    says(ends("price", 7, &shop, FUELBOX_STATUS_HOST_FUNCTION), "host function env.price failed: no such article");
    shop.price = charges_too_much;
    says(ends("price", 7, &shop, FUELBOX_STATUS_OUT_OF_FUEL), "out of fuel after 1000000");
    says(ends("outside", 0, &shop, FUELBOX_STATUS_FAULT),
         "shout: 2 bytes at 65535 lie outside the guest's memory of 65536 bytes");
    shop.price = goes_on_after_a_fault;
    OK(fuelbox_report_free(ends("price", 7, &shop, FUELBOX_STATUS_OK)));
    /* Nothing has passed its deadline: it is the function's own word. */
    shop.price = returns_any_number;
    says(ends("price", 7, &shop, FUELBOX_STATUS_HOST_FUNCTION),
         "host function env.price failed: it returned the status 201, deadline");
}

/* Gives back the last, the second and the third, as what the guest has declared. */
static fuelbox_status turn(void *user_data, fuelbox_caller *caller, const fuelbox_value *args, size_t args_len,
                           fuelbox_value *results, size_t results_len) {
    (void)user_data, (void)caller;
    CHECK(args_len == 7 && results_len == 3 && args[3].type == FUELBOX_TYPE_F64 && args[3].of.f64 == 4.0);
    CHECK(results[1].type == FUELBOX_TYPE_I64 && results[1].of.i64 == 0 && results[2].type == FUELBOX_TYPE_F32);
    results[0] = args[6];
    results[1] = args[1];
    results[2] = args[2];
    return FUELBOX_STATUS_OK;
}

static void hands_over_as_many_values_as_there_are(void) {
    static const fuelbox_type params[] = {FUELBOX_TYPE_I32, FUELBOX_TYPE_I64, FUELBOX_TYPE_F32, FUELBOX_TYPE_F64,
                                          FUELBOX_TYPE_I32, FUELBOX_TYPE_I64, FUELBOX_TYPE_I32};
    static const fuelbox_type types[] = {FUELBOX_TYPE_I32, FUELBOX_TYPE_I64, FUELBOX_TYPE_F32};
    fuelbox_module *module = guest("turn");
    fuelbox_sandbox *sandbox;
    fuelbox_instance *instance;
    fuelbox_value results[3];

    patient_sandbox(&sandbox);
    OK(fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("turn"), params, 7, types, 3, turn,
                                      NULL, NULL));
    OK(fuelbox_sandbox_instantiate(sandbox, module, &instance, NULL));
    OK(fuelbox_instance_call(instance, FUELBOX_TEXT("turn"), NULL, 0, results, 3, NULL));
    CHECK(results[0].type == FUELBOX_TYPE_I32 && results[0].of.i32 == 7);
    CHECK(results[1].type == FUELBOX_TYPE_I64 && results[1].of.i64 == 2);
    CHECK(results[2].type == FUELBOX_TYPE_F32 && results[2].of.f32 == 3.0F);
    OK(fuelbox_instance_free(instance));
    OK(fuelbox_sandbox_free(sandbox));
    OK(fuelbox_module_free(module));
}

static void drops_its_data_also_where_it_is_refused(void) {
    struct shop shop = {sells, 0};
    fuelbox_sandbox *sandbox;
    static const fuelbox_type unknown[] = {7};

    patient_sandbox(&sandbox);
    STATUS(INVALID_UTF8, fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("\xc3"), FUELBOX_TEXT("price"), I32, 1,
                                                        I64, 1, price, &shop, drop_shop));
    STATUS(INVALID_ARGUMENT, fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"),
                                                            unknown, 1, I64, 1, price, &shop, drop_shop));
    STATUS(NULL, fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"), I32, 1, I64, 1,
                                                NULL, &shop, drop_shop));
    CHECK(shop.dropped == 3);
    OK(fuelbox_sandbox_free(sandbox));
    STATUS(STALE_HANDLE, fuelbox_sandbox_grant_function(sandbox, FUELBOX_TEXT("env"), FUELBOX_TEXT("price"), I32, 1,
                                                        I64, 1, price, &shop, drop_shop));
    CHECK(shop.dropped == 4);
}

int main(void) {
    reads_writes_and_returns();
    stops_for_its_own_reason();
    hands_over_as_many_values_as_there_are();
    drops_its_data_also_where_it_is_refused();
    return verdict();
}
