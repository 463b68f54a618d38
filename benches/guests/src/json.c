/* A parser of JSON by recursive descent, over a document that the guest writes first. */
#define EXPECTED 4214862272u
#include "guest.h"

enum { BYTES = 160 << 10, DEEPEST = 32 };

static char document[BYTES + 256];

static char *put(char *at, const char *text) {
    while (*text)
        *at++ = *text++;
    return at;
}

static char *put_number(char *at, unsigned number) {
    char digits[10];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (count)
        *at++ = digits[--count];
    return at;
}

static void write_document(void) {
    unsigned seed = 7;
    char *at = put(document, "{\"orders\": [\n");
    while (at < document + BYTES) {
        unsigned random = next_random(&seed);
        at = put(put_number(put(at, "  {\"id\": "), random >> 8), ", \"name\": \"caf\\u00e9 \\\"");
        at = put(put_number(at, random & 0xff), "\\\"\", \"paid\": ");
        at = put(put(at, random & 1 ? "true" : "false"), ", \"price\": ");
        at = put_number(put(put_number(at, random & 0xfff), "."), random >> 12 & 0x3f);
        at = put(at, ", \"tags\": [\"a\", null, [1, -2, 3e2]]},\n");
    }
    *put(at, "  {}]}") = 0;
}

struct totals {
    unsigned objects, arrays, strings, characters, numbers, words;
    double sum;
};

static const char *space(const char *at) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
        at++;
    return at;
}

static const char *string(const char *at, struct totals *totals) {
    totals->strings++;
    for (at++; *at && *at != '"'; at++, totals->characters++) {
        if (*at != '\\')
            continue;
        at++;
        if (*at == 'u')
            at += 4;
    }
    return *at ? at + 1 : 0;
}

static const char *number(const char *at, struct totals *totals) {
    double value = 0, unit = 1;
    int sign = *at == '-', exponent = 0;
    for (at += sign; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (*at - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++)
            value += (*at - '0') * (unit /= 10);
    if (*at == 'e')
        for (at++; *at >= '0' && *at <= '9'; at++)
            exponent = exponent * 10 + (*at - '0');
    while (exponent--)
        value *= 10;
    totals->numbers++;
    totals->sum += sign ? -value : value;
    return at;
}

static const char *word(const char *at, const char *expected, struct totals *totals) {
    while (*expected)
        if (*at++ != *expected++)
            return 0;
    totals->words++;
    return at;
}

static const char *value(const char *at, int depth, struct totals *totals);

/* What stands between brackets: values, in an object with a name before each. */
static const char *members(const char *at, char end, int depth, struct totals *totals) {
    at = space(at + 1);
    if (*at == end)
        return at + 1;
    for (;;) {
        if (end == '}') {
            at = *at == '"' ? string(at, totals) : 0;
            if (!at || *(at = space(at)) != ':')
                return 0;
            at++;
        }
        at = value(space(at), depth + 1, totals);
        if (!at)
            return 0;
        at = space(at);
        if (*at == end)
            return at + 1;
        if (*at != ',')
            return 0;
        at = space(at + 1);
    }
}

static const char *value(const char *at, int depth, struct totals *totals) {
    if (depth > DEEPEST)
        return 0;
    switch (*at) {
    case '{':
        totals->objects++;
        return members(at, '}', depth, totals);
    case '[':
        totals->arrays++;
        return members(at, ']', depth, totals);
    case '"':
        return string(at, totals);
    case 't':
        return word(at, "true", totals);
    case 'f':
        return word(at, "false", totals);
    case 'n':
        return word(at, "null", totals);
    default:
        return *at == '-' || (*at >= '0' && *at <= '9') ? number(at, totals) : 0;
    }
}

unsigned work(void) {
    unsigned result = 0;
    write_document();
    for (int round = 0; round < 4; round++) {
        struct totals totals = {0};
        if (!value(document, 0, &totals))
            return 0;
        result = result * 31 + totals.objects * 3 + totals.arrays * 5 + totals.strings * 7 + totals.characters * 11 +
                 totals.numbers * 13 + totals.words * 17 + (unsigned)(totals.sum / 1024);
    }
    return result;
}
