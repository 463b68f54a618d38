"""Polars: `map_batches` of a lazy frame, in this process.

There are no workers to lose: what a guest does, its limits contain, and the process goes on.
"""

from __future__ import annotations

import polars
import pyarrow as pa

from .work import RESULT, Work


def run(table: pa.Table, work: Work, workers: int, batch_rows: int) -> pa.Table:
    def of_frame(frame: polars.DataFrame) -> polars.DataFrame:
        # As texts with offsets, not views: one of several forms that Polars has for other libraries.
        whole = frame.to_arrow(compat_level=polars.CompatLevel.oldest()).cast(table.schema)
        batches = whole.to_batches(max_chunksize=batch_rows)
        return polars.DataFrame(pa.Table.from_batches(map(work, batches), RESULT))

    schema = polars.DataFrame(RESULT.empty_table()).schema
    done = polars.DataFrame(table).lazy().map_batches(of_frame, schema=schema).collect()
    return done.to_arrow(compat_level=polars.CompatLevel.oldest()).cast(RESULT)
