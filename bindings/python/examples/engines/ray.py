"""Ray Data: `map_batches` on a local cluster. A task whose worker dies is run again."""

from __future__ import annotations

import logging
import os

import pyarrow as pa
import ray

from .work import Work


def run(table: pa.Table, work: Work, workers: int, batch_rows: int) -> pa.Table:
    # Nothing of a test leaves the machine.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    path = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    ray.init(
        num_cpus=workers,
        include_dashboard=False,
        logging_level=logging.ERROR,
        runtime_env={"env_vars": path},
        _node_ip_address="127.0.0.1",
    )
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False

        def of_block(block: pa.Table) -> pa.Table:
            return pa.Table.from_batches(map(work, block.to_batches()))

        blocks = -(-table.num_rows // batch_rows)
        data = ray.data.from_arrow(table).repartition(blocks)
        done = data.map_batches(of_block, batch_format="pyarrow", batch_size=batch_rows)
        return pa.concat_tables(ray.get(done.to_arrow_refs()))
    finally:
        ray.shutdown()
