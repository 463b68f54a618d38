/* Record batches for guests in C: many rows in one run, as columns in Arrow's format. C99, no C library needed.
 *
 *     #include "fuelbox_batch.h"
 *
 *     static int32_t run(const fuelbox_batch *batch, fuelbox_reply *reply) {
 *         const double *price = fuelbox_values(batch, 0, FUELBOX_FLOAT64);
 *         double *twice = fuelbox_reply_values(reply, "twice", FUELBOX_FLOAT64);
 *         for (uint32_t row = 0; row < batch->rows; row += 1) {
 *             fuelbox_at_row(row);
 *             twice[row] = price[row] * 2;
 *             if (!fuelbox_is_valid(batch, 0, row)) {
 *                 fuelbox_reply_null(reply, row);
 *             }
 *         }
 *         return 0;
 *     }
 *     FUELBOX_BATCH_ENTRY(run)
 *
 * How a batch lies in memory is in docs/batches.md. Reading trusts the host, which has checked what it sends.
 */
#ifndef FUELBOX_BATCH_H
#define FUELBOX_BATCH_H

#include "fuelbox_guest.h"

/* Codes of types; dates and timestamps are stored as the numbers of 32 and 64 bits. */
enum {
    FUELBOX_BOOL = 1,
    FUELBOX_INT8 = 2,
    FUELBOX_INT16 = 3,
    FUELBOX_INT32 = 4,
    FUELBOX_INT64 = 5,
    FUELBOX_UINT8 = 6,
    FUELBOX_UINT16 = 7,
    FUELBOX_UINT32 = 8,
    FUELBOX_UINT64 = 9,
    FUELBOX_FLOAT32 = 10,
    FUELBOX_FLOAT64 = 11,
    FUELBOX_DATE32 = 12,
    FUELBOX_DATE64 = 13,
    FUELBOX_TIMESTAMP_SECOND = 14,
    FUELBOX_TIMESTAMP_MILLISECOND = 15,
    FUELBOX_TIMESTAMP_MICROSECOND = 16,
    FUELBOX_TIMESTAMP_NANOSECOND = 17,
    FUELBOX_UTF8 = 20,
    FUELBOX_LARGE_UTF8 = 21,
    FUELBOX_BINARY = 22,
    FUELBOX_LARGE_BINARY = 23
};

#define FUELBOX_BATCH_MAGIC 0x42524246u
#define FUELBOX_BATCH_VERSION 1u

/* A reply has at most so many columns. */
#define FUELBOX_REPLY_COLUMNS 64

/* What describes a column, as it lies in a batch; positions count from the start of the batch. */
typedef struct {
    uint32_t type, null_count, name, name_len, validity, offsets, data, data_len;
} fuelbox_column;

typedef struct {
    uint32_t magic, version, rows, columns, len, zero;
} fuelbox_batch_header;

/* The batch that the host sent. */
typedef struct {
    const uint8_t *bytes;
    uint32_t rows, columns;
    const fuelbox_column *column;
} fuelbox_batch;

/* A column of the reply. */
typedef struct {
    const char *name;
    uint32_t type, null_count, data_len, data_room;
    uint8_t *validity, *offsets, *data;
} fuelbox_reply_column;

/* The columns that go back. */
typedef struct {
    uint32_t rows, columns;
    fuelbox_reply_column column[FUELBOX_REPLY_COLUMNS];
} fuelbox_reply;

/* A part of a row: not ended by a zero. */
typedef struct {
    const uint8_t *ptr;
    uint32_t len;
} fuelbox_bytes;

/* Memory of a run, at a multiple of 8. All of it is used again for the next batch of the instance. */
static inline uint8_t *fuelbox_room(uint32_t len, int begins) {
    enum { PAGE_BYTES = 65536, ALIGN_BYTES = 8 };
    static uint8_t *start, *next, *end;
    if (begins) {
        next = start;
    }
    if (len > UINT32_MAX - PAGE_BYTES) {
        fuelbox_panic("no memory left for the batch");
    }
    len = (len + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    if (len > (uint32_t)(end - next)) {
        uint32_t pages = len / PAGE_BYTES + 1;
        size_t old_pages = __builtin_wasm_memory_grow(0, pages);
        if (old_pages == SIZE_MAX) {
            fuelbox_panic("no memory left for the batch");
        }
        uint8_t *grown = (uint8_t *)(old_pages * PAGE_BYTES);
        if (grown != end) {
            start = next = grown;
        }
        end = grown + pages * PAGE_BYTES;
    }
    uint8_t *room = next;
    next += len;
    return room;
}

/* Notes the row that the guest is at, where the host sees it: if the guest stops, the host's error names the row. */
static volatile uint32_t fuelbox_row;
static inline void fuelbox_at_row(uint32_t row) { fuelbox_row = row; }

/* Whether a row of a column is not null. */
static inline int fuelbox_is_valid(const fuelbox_batch *batch, uint32_t column, uint32_t row) {
    uint32_t validity = batch->column[column].validity;
    return validity == 0 || (batch->bytes[validity + row / 8] >> (row % 8) & 1);
}

/* Logs that a column is missing or has another type, and traps. */
static inline void fuelbox_need(const fuelbox_batch *batch, uint32_t column, int is_of_type) {
    if (column >= batch->columns) {
        fuelbox_panic("a column is missing");
    }
    if (!is_of_type) {
        fuelbox_panic("a column has another type than is needed");
    }
}

/* The values of a column of numbers, one for each row; those of rows that are null say nothing. */
static inline const void *fuelbox_values(const fuelbox_batch *batch, uint32_t column, uint32_t type) {
    fuelbox_need(batch, column, column < batch->columns && batch->column[column].type == type);
    return batch->bytes + batch->column[column].data;
}

/* The truth value of a row of a column of FUELBOX_BOOL. */
static inline int fuelbox_bit(const fuelbox_batch *batch, uint32_t column, uint32_t row) {
    const uint8_t *bits = fuelbox_values(batch, column, FUELBOX_BOOL);
    return bits[row / 8] >> (row % 8) & 1;
}

/* The text or the bytes of a row, of a column of one of the four types that have offsets. */
static inline fuelbox_bytes fuelbox_bytes_at(const fuelbox_batch *batch, uint32_t column, uint32_t row) {
    fuelbox_need(batch, column, column < batch->columns && batch->column[column].type >= FUELBOX_UTF8);
    const fuelbox_column *of = &batch->column[column];
    const uint8_t *offsets = batch->bytes + of->offsets;
    uint32_t from, to;
    if (of->type == FUELBOX_UTF8 || of->type == FUELBOX_BINARY) {
        from = ((const uint32_t *)offsets)[row];
        to = ((const uint32_t *)offsets)[row + 1];
    } else {
        from = (uint32_t)((const uint64_t *)offsets)[row];
        to = (uint32_t)((const uint64_t *)offsets)[row + 1];
    }
    return (fuelbox_bytes){batch->bytes + of->data + from, to - from};
}

/* How many bytes the data of `rows` rows have; 0 for types with offsets. */
static inline uint32_t fuelbox_data_len(uint32_t type, uint32_t rows) {
    static const uint8_t bytes[18] = {0, 0, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 4, 8, 8, 8, 8, 8};
    if (type == FUELBOX_BOOL) {
        return rows / 8 + (rows % 8 != 0);
    }
    return type < sizeof bytes ? rows * bytes[type] : 0;
}

static inline fuelbox_reply_column *fuelbox_reply_add(fuelbox_reply *reply, const char *name, uint32_t type) {
    if (reply->columns == FUELBOX_REPLY_COLUMNS) {
        fuelbox_panic("the reply has too many columns");
    }
    fuelbox_reply_column *column = &reply->column[reply->columns];
    reply->columns += 1;
    *column = (fuelbox_reply_column){.name = name, .type = type};
    return column;
}

/* Adds a column of numbers: room for a value for each row, all zeros. `name` is kept, not copied. */
static inline void *fuelbox_reply_values(fuelbox_reply *reply, const char *name, uint32_t type) {
    fuelbox_reply_column *column = fuelbox_reply_add(reply, name, type);
    column->data_len = fuelbox_data_len(type, reply->rows);
    column->data = fuelbox_room(column->data_len, 0);
    __builtin_memset(column->data, 0, column->data_len);
    return column->data;
}

/* Adds a column of texts (FUELBOX_UTF8) or bytes (FUELBOX_BINARY) with room for `room` bytes in all rows together. */
static inline void fuelbox_reply_bytes(fuelbox_reply *reply, const char *name, uint32_t type, uint32_t room) {
    fuelbox_reply_column *column = fuelbox_reply_add(reply, name, type);
    column->offsets = fuelbox_room((reply->rows + 1) * 4, 0);
    __builtin_memset(column->offsets, 0, (reply->rows + 1) * 4);
    column->data = fuelbox_room(room, 0);
    column->data_room = room;
}

/* Adds to the value of `row` of the column that was added last. Rows come in order; can be called many times for one. */
static inline void fuelbox_reply_append(fuelbox_reply *reply, uint32_t row, const void *bytes, uint32_t len) {
    fuelbox_reply_column *column = &reply->column[reply->columns - 1];
    if (len > column->data_room - column->data_len) {
        fuelbox_panic("a column of the reply has no room left");
    }
    __builtin_memcpy(column->data + column->data_len, bytes, len);
    column->data_len += len;
    ((uint32_t *)column->offsets)[row + 1] = column->data_len;
}

/* Makes a row of the column that was added last null. */
static inline void fuelbox_reply_null(fuelbox_reply *reply, uint32_t row) {
    fuelbox_reply_column *column = &reply->column[reply->columns - 1];
    uint32_t len = fuelbox_data_len(FUELBOX_BOOL, reply->rows);
    if (column->validity == 0) {
        column->validity = fuelbox_room(len, 0);
        __builtin_memset(column->validity, 0xff, len);
    }
    uint8_t bit = (uint8_t)(1u << (row % 8));
    column->null_count += (column->validity[row / 8] & bit) != 0;
    column->validity[row / 8] &= (uint8_t)~bit;
}

/* A value of no bytes ends where the one before it ends. */
static inline void fuelbox_reply_close(const fuelbox_reply *reply, const fuelbox_reply_column *column) {
    uint32_t *ends = (uint32_t *)column->offsets;
    for (uint32_t row = 0; row < reply->rows; row += 1) {
        if (ends[row + 1] < ends[row]) {
            ends[row + 1] = ends[row];
        }
    }
}

static inline void fuelbox_reply_part(const void *bytes, uint32_t len) {
    static const uint8_t zeros[8];
    if (len != 0) {
        fuelbox_write_output(bytes, len);
    }
    if (len % 8 != 0) {
        fuelbox_write_output(zeros, 8 - len % 8);
    }
}

/* Writes the reply to the output; FUELBOX_BATCH_ENTRY does it. */
static inline void fuelbox_reply_write(const fuelbox_reply *reply) {
    static fuelbox_column columns[FUELBOX_REPLY_COLUMNS];
    uint32_t count = reply->columns, names = 0, rows = reply->rows;
    fuelbox_batch_header header = {FUELBOX_BATCH_MAGIC, FUELBOX_BATCH_VERSION, rows, count, 0, 0};
    uint32_t at = sizeof header + count * sizeof(fuelbox_column), name_at = at;
    for (uint32_t i = 0; i < count; i += 1) {
        names += fuelbox_text_len(reply->column[i].name);
    }
    at += (names + 7) / 8 * 8;
    for (uint32_t i = 0; i < count; i += 1) {
        const fuelbox_reply_column *from = &reply->column[i];
        uint32_t name_len = fuelbox_text_len(from->name);
        fuelbox_column *to = &columns[i];
        *to = (fuelbox_column){from->type, from->null_count, name_at, name_len, 0, 0, 0, from->data_len};
        name_at += name_len;
        if (from->validity != 0) {
            to->validity = at;
            at += (fuelbox_data_len(FUELBOX_BOOL, rows) + 7) / 8 * 8;
        }
        if (from->offsets != 0) {
            fuelbox_reply_close(reply, from);
            to->offsets = at;
            at += ((rows + 1) * 4 + 7) / 8 * 8;
        }
        to->data = at;
        at += (from->data_len + 7) / 8 * 8;
    }
    header.len = at;
    fuelbox_write_output(&header, sizeof header);
    fuelbox_write_output(columns, count * sizeof(fuelbox_column));
    for (uint32_t i = 0; i < count; i += 1) {
        fuelbox_write_text(reply->column[i].name);
    }
    static const uint8_t zeros[8];
    fuelbox_write_output(zeros, (8 - names % 8) % 8);
    for (uint32_t i = 0; i < count; i += 1) {
        const fuelbox_reply_column *from = &reply->column[i];
        fuelbox_reply_part(from->validity, from->validity == 0 ? 0 : fuelbox_data_len(FUELBOX_BOOL, rows));
        fuelbox_reply_part(from->offsets, from->offsets == 0 ? 0 : (rows + 1) * 4);
        fuelbox_reply_part(from->data, from->data_len);
    }
}

/* Reads the batch that the host sent; FUELBOX_BATCH_ENTRY does it. */
static inline int32_t fuelbox_batch_read(fuelbox_batch *batch) {
    uint32_t len = host_get_input_len();
    uint8_t *bytes = fuelbox_room(len, 1);
    host_read_input(bytes, len);
    const fuelbox_batch_header *header = (const void *)bytes;
    if (len < sizeof *header || header->magic != FUELBOX_BATCH_MAGIC || header->version != FUELBOX_BATCH_VERSION) {
        return fuelbox_fail(1, "this is no batch of version 1");
    }
    *batch = (fuelbox_batch){bytes, header->rows, header->columns, (const void *)(bytes + sizeof *header)};
    return 0;
}

/* Exports what the host calls. `run` takes the batch and the reply, which has the rows of the batch unless it sets
 * `reply->rows` before it adds columns, and returns the status. Nothing is written where that is not 0. */
#define FUELBOX_BATCH_ENTRY(run)                                                                  \
    FUELBOX_EXPORT("execute") int32_t fuelbox_execute(int32_t ptr, int32_t input_len) {           \
        (void)ptr, (void)input_len;                                                               \
        static fuelbox_reply reply;                                                               \
        fuelbox_batch batch;                                                                      \
        fuelbox_at_row(UINT32_MAX);                                                               \
        int32_t status = fuelbox_batch_read(&batch);                                              \
        if (status != 0) {                                                                        \
            return status;                                                                        \
        }                                                                                         \
        reply.rows = batch.rows;                                                                  \
        reply.columns = 0;                                                                        \
        status = run(&batch, &reply);                                                             \
        if (status == 0) {                                                                        \
            fuelbox_at_row(UINT32_MAX);                                                           \
            fuelbox_reply_write(&reply);                                                          \
        }                                                                                         \
        return status;                                                                            \
    }                                                                                             \
    FUELBOX_EXPORT("fuelbox_batch_row") const volatile uint32_t *fuelbox_batch_row(void) {        \
        return &fuelbox_row;                                                                      \
    }                                                                                             \
    FUELBOX_EXPORT("fuelbox_abi_version") int32_t fuelbox_abi_version(void) {                     \
        return FUELBOX_ABI_VERSION;                                                               \
    }

#endif
