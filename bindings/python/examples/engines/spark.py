"""Spark: `mapInArrow` on a local cluster of executors. A task whose worker dies is run again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from .work import RESULT, Work


def run(table: pa.Table, work: Work, workers: int, batch_rows: int) -> pa.Table:
    def of_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map(work, batches)

    # Nothing of a test leaves the machine.
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local-cluster[{workers},1,1024]").appName("fuelbox")
    settings = {
        "spark.executor.memory": "1g",
        "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "spark.sql.execution.arrow.maxRecordsPerBatch": batch_rows,
        "spark.ui.enabled": False,
        "spark.log.level": "ERROR",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    for name, value in settings.items():
        builder = builder.config(name, str(value))
    session = builder.getOrCreate()
    try:
        frame = session.createDataFrame(table).repartition(-(-table.num_rows // batch_rows))
        done = frame.mapInArrow(of_batches, from_arrow_schema(RESULT)).toArrow()
        return done.cast(RESULT)
    finally:
        session.stop()
