"""The example on data engines with one worker and with two: prints a table in Markdown.

    python scale.py [ENGINE..]

Takes what the engines need. Each is run on few rows and on many: the difference is without the start of the cluster.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FEW, MANY = 10_000, 310_000
WORKERS = [1, 2]
ENGINES = ["local", "duckdb", "polars", "ray", "dask", "spark"]


def took(engine: str, workers: int, rows: int) -> float:
    """The seconds that the example says."""
    command = [sys.executable, "-m", "engines", "--engine", engine, "--rows", str(rows), "--workers", str(workers)]
    # 10,240 rows are ten calls of a guest for each tenant.
    command += ["--batch-rows", "10240"]
    path = os.pathsep.join(filter(None, [str(EXAMPLES), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (found,) = re.findall(rf"^{rows} rows on {engine} in ([0-9.]+) s$", done.stdout, re.MULTILINE)
    return float(found)


def main() -> None:
    engines = sys.argv[1:] or ENGINES
    print(f"Load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.\n")
    print(f"| engine | {FEW:,} rows, 1 worker | {MANY - FEW:,} more rows, 1 worker | 2 workers | scaling |")
    print("| --- | --- | --- | --- | --- |")
    for engine in engines:
        few, more = {}, {}
        for workers in WORKERS:
            few[workers] = took(engine, workers, FEW)
            more[workers] = took(engine, workers, MANY) - few[workers]
        scaling = more[1] / more[2] / 2
        print(f"| {engine} | {few[1]:.1f} s | {more[1]:.1f} s | {more[2]:.1f} s | {scaling:.2f} x N |")
    print(f"\nLoad after: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
