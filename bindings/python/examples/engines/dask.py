"""Dask: `map_partitions` on a local cluster. A nanny starts a worker that died again, and its task is run again."""

from __future__ import annotations

import dask.dataframe
import pandas
import pyarrow as pa
from distributed import Client, LocalCluster

from .work import RESULT, Work


def run(table: pa.Table, work: Work, workers: int, batch_rows: int) -> pa.Table:
    def of_partition(frame: pandas.DataFrame) -> pandas.DataFrame:
        batches = pa.Table.from_pandas(frame, table.schema, preserve_index=False).to_batches()
        return _frame(pa.Table.from_batches(map(work, batches), RESULT))

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        frame = dask.dataframe.from_pandas(_frame(table), chunksize=batch_rows)
        done = frame.map_partitions(of_partition, meta=_frame(RESULT.empty_table()))
        return pa.Table.from_pandas(done.compute(), RESULT, preserve_index=False)


def _frame(table: pa.Table) -> pandas.DataFrame:
    """With the types of Arrow, so that texts and nulls stay what they are."""
    return table.to_pandas(types_mapper=pandas.ArrowDtype)
