"""The work of `data` on the engine that is asked for, and what the tenants used.

    PYTHONPATH=bindings/python/examples python -m engines --engine local
    PYTHONPATH=bindings/python/examples python -m engines --engine ray --workers 2 --kill
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
import time

from . import data, report

ENGINES = ["local", "ray", "dask", "spark", "duckdb", "polars"]
CLUSTERS = ["ray", "dask", "spark"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="engines", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", choices=ENGINES, default="local")
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch-rows", type=int, default=1_024)
    parser.add_argument("--kill", action="store_true", help="kill a worker during the work; clusters only")
    parser.add_argument("--output", help="write the result to this file, in Arrow's format of streams")
    options = parser.parse_args()
    if options.kill and options.engine not in CLUSTERS:
        parser.error(f"{options.engine} has no workers")
    engine = importlib.import_module(f".{options.engine}", __package__)
    table = data.orders(options.rows)
    with tempfile.TemporaryDirectory() as folder:
        work = data.work(folder, crash_at=options.rows // 2 if options.kill else None)
        begun = time.monotonic()
        result = engine.run(table, work, options.workers, options.batch_rows)
        took = time.monotonic() - begun
        if options.kill:
            # That a worker was killed, not only that nothing was lost.
            open(work.crash_file).close()
    if options.output:
        import pyarrow as pa

        with pa.ipc.new_stream(options.output, result.schema) as stream:
            stream.write_table(result)
    print(report.usage(result).to_pandas().to_string(index=False, float_format="{:.0f}".format))
    print(f"{result.num_rows} rows on {options.engine} in {took:.2f} s")


if __name__ == "__main__":
    main()
