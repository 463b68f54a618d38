"""The example that runs code which a model wrote, in interpreters that `tests/real-modules --fetch python qjs` fetches."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Any

import pytest
from conftest import ROOT

import fuelbox

EXAMPLE = ROOT / "bindings" / "python" / "examples" / "agent.py"


@pytest.fixture(scope="module")
def agent() -> Any:
    spec = importlib.util.spec_from_file_location("agent", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["agent"] = module
    spec.loader.exec_module(module)
    return module


def interpreter(agent: Any, name: str) -> Any:
    try:
        return getattr(agent, name)()
    except FileNotFoundError as error:
        pytest.skip(f"{error.filename} is not here: tests/real-modules --fetch python qjs")


@pytest.fixture(scope="module")
def python(agent: Any) -> Any:
    return interpreter(agent, "CPython")


@pytest.fixture(scope="module")
def javascript(agent: Any) -> Any:
    return interpreter(agent, "QuickJS")


def test_javascript_prints_reads_and_writes(javascript: Any) -> None:
    code = """const f = std.open("/files/in.txt", "r"); const text = f.readAsString();
        const o = std.open("/files/out.txt", "w"); o.puts(text.toUpperCase()); o.close(); print(text.length)"""
    found = javascript.run(code, {"/in.txt": b"hello"})
    assert (found.stdout, found.report.status) == ("5\n", 0)
    assert found.files == {"/in.txt": b"hello", "/out.txt": b"HELLO"}


def test_javascript_that_fails_or_does_not_end_is_told(javascript: Any) -> None:
    assert "no such price" in javascript.run("throw new Error('no such price')").for_model()
    endless = javascript.run("print('begun'); for (;;) {}")
    assert endless.report.code in ("deadline", "out-of-fuel")
    assert endless.for_model().startswith("begun\n") and "[" in endless.for_model()


def test_no_run_sees_the_one_before(javascript: Any) -> None:
    javascript.run("globalThis.secret = 7; std.open('/files/left', 'w').close()")
    found = javascript.run("print(typeof globalThis.secret, std.open('/files/left', 'r'))")
    assert found.stdout == "undefined null\n"


def test_an_engine_of_a_snapshot_begins_where_the_first_was_ready(agent: Any, javascript: Any) -> None:
    file = agent.MODULES / "qjs" / "package" / "qjs-wasi-reactor" / "qjs-wasi-reactor.wasm"
    modules = [fuelbox.Module(file.read_bytes(), name="quickjs"), javascript.module]
    cold, warm = (agent.sandbox({}, []).run(module, export="malloc", args=[8]).usage.fuel for module in modules)
    assert warm < cold


def test_python_prints_reads_and_writes(python: Any) -> None:
    code = """import json; text = open("/files/in.txt").read()
open("/files/out.txt", "w").write(text.upper()); print(json.dumps({"n": len(text)}))"""
    found = python.run(code, {"/in.txt": b"hello"})
    assert (found.stdout, found.report.status) == ('{"n": 5}\n', 0), found.for_model()
    assert found.files["/out.txt"] == b"HELLO"


def test_python_that_fails_or_takes_too_much_is_told(python: Any) -> None:
    assert "ZeroDivisionError" in python.run("1 / 0").for_model()
    assert "MemoryError" in python.run("x = [0] * 10**9").for_model()
    flood = python.run("while True: print('x' * 10_000)")
    assert flood.report.code == "output-too-large" and len(flood.stdout) <= 1 << 20


def test_the_example_runs_as_its_head_says(javascript: Any) -> None:
    ran = subprocess.run(
        [sys.executable, str(EXAMPLE), "javascript", "print(6 * 7)"], capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.returncode) == ("42\n", 0), ran
    assert "ready again in" in ran.stderr
