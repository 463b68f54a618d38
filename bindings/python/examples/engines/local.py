"""On one process, as it is written and tried."""

from __future__ import annotations

import pyarrow as pa

from .work import Work


def run(table: pa.Table, work: Work, workers: int, batch_rows: int) -> pa.Table:
    return pa.Table.from_batches(map(work, table.to_batches(max_chunksize=batch_rows)))
