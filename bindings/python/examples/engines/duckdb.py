"""DuckDB: a function of SQL over vectors of Arrow, in this process.

There are no workers to lose: what a guest does, its limits contain, and the process goes on.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from .work import RESULT, Work

ARGUMENTS = ["id", "tenant", "price", "count", "name"]


def run(table: pa.Table, work: Work, workers: int, batch_rows: int) -> pa.Table:
    # DuckDB counts the parameters.
    def total(
        id: pa.ChunkedArray,  # noqa: A002
        tenant: pa.ChunkedArray,
        price: pa.ChunkedArray,
        count: pa.ChunkedArray,
        name: pa.ChunkedArray,
    ) -> pa.Array:
        # DuckDB chooses the rows of a vector, 2,048 at the most.
        rows = pa.table([id, tenant, price, count, name], ARGUMENTS).combine_chunks().to_batches()
        done = pa.Table.from_batches(map(work, rows), RESULT)
        # The work gives rows back by tenant; a function of SQL in their order.
        ids = pa.concat_arrays([batch["id"] for batch in rows])
        order = pc.index_in(ids, done["id"].combine_chunks())
        return done.take(order).to_struct_array().combine_chunks()

    # Its stubs know the words of the last two arguments by other names.
    connection: Any = duckdb.connect(config={"threads": workers})
    fields = {field.name: _sql(field.type) for field in RESULT}
    types = [_sql(table.schema.field(name).type) for name in ARGUMENTS]
    connection.create_function(
        "total", total, types, duckdb.struct_type(fields), type="arrow", null_handling="special"
    )
    connection.register("orders", table)
    query = f"SELECT unnest(total({', '.join(ARGUMENTS)})) FROM orders"
    result: pa.Table = connection.sql(query).to_arrow_table()
    return result.cast(RESULT)


def _sql(type_: pa.DataType) -> str:
    return {pa.int64(): "BIGINT", pa.string(): "VARCHAR", pa.float64(): "DOUBLE"}[type_]
