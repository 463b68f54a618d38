"""The example on data engines: the same rows come out of each, also where a worker is killed during the work.

Clusters take a minute each and a gigabyte of packages: `FUELBOX_ENGINES="ray dask spark"` runs those that it names. What
runs in this process is always tested where it is installed.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pandas")

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
WANTED = os.environ.get("FUELBOX_ENGINES", "").split()
CLUSTERS = ["ray", "dask", "spark"]
PACKAGES = {"spark": "pyspark"}
ROWS = 12_000


def run(engine: str, folder: Path, *options: str) -> tuple[Any, str]:
    """What the engine made of the rows, by their number, and what it printed."""
    file = folder / engine
    command = [sys.executable, "-m", "engines", "--engine", engine, "--rows", str(ROWS), "--output", str(file)]
    environment = os.environ | {"PYTHONPATH": str(EXAMPLES)}
    done = subprocess.run(
        [*command, *options], env=environment, cwd=folder, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    with pa.ipc.open_stream(str(file)) as stream:
        return stream.read_all().sort_by("id"), done.stdout


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Of one process, with what is known of the rows."""
    table, printed = run("local", tmp_path_factory.mktemp("local"))
    assert table["id"].to_pylist() == list(range(ROWS))
    codes = {(row["tenant"], row["code"]): row["count"] for row in _counted(table)}
    assert codes == {
        ("fine", "finished"): 4_000,
        ("endless", "finished"): 3_996,
        ("endless", "out-of-fuel"): 4,
        ("fails", "finished"): 3_992,
        ("fails", "failed"): 8,
    }
    assert "endless out-of-fuel" in printed and "fuel_p99" in printed
    return table


def _counted(table: Any) -> Any:
    return table.group_by(["tenant", "code"]).aggregate([([], "count_all")]).rename_columns(
        ["tenant", "code", "count"]
    ).to_pylist()


@pytest.mark.parametrize("engine", ["duckdb", "polars", *CLUSTERS])
def test_an_engine_makes_the_same_rows(engine: str, expected: Any, tmp_path: Path) -> None:
    if engine in CLUSTERS and engine not in WANTED:
        pytest.skip(f"FUELBOX_ENGINES does not name {engine}")
    if importlib.util.find_spec(PACKAGES.get(engine, engine)) is None:
        # What was asked for must be there.
        assert engine not in WANTED, f"{engine} is not installed"
        pytest.skip(f"{engine} is not installed")
    # The script itself fails if no worker was killed.
    table, _ = run(engine, tmp_path, *(["--kill"] if engine in CLUSTERS else []))
    # Fuel depends on the rows that are called together.
    columns = ["id", "tenant", "total", "label", "code"]
    assert table.select(columns).equals(expected.select(columns))


def test_a_store_that_answers_something_else_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    store = importlib.import_module("engines.store")
    sha256 = store.put(str(tmp_path), b"\0asm\1\0\0\0")
    (tmp_path / sha256).write_bytes(b"something else")
    with pytest.raises(ValueError, match="something else"):
        store.get(str(tmp_path), sha256)


def test_a_tenant_cannot_make_the_work_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    data = importlib.import_module("engines.data")
    work = data.work(str(tmp_path))
    table = data.orders(300)
    endless = table.set_column(3, "count", pa.array([data.ENDLESS] * 300, pa.int64()))
    result = pa.table(work(endless.to_batches()[0]))
    codes = {(row["tenant"], row["code"]): row["count"] for row in _counted(result)}
    assert codes == {
        (tenant, code): count
        for tenant in ["fine", "endless", "fails"]
        for code, count in [("out-of-fuel", 5), ("skipped", 95)]
    }
