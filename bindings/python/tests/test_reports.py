"""Reports and grants."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from conftest import GUESTS, guest

import fuelbox

SPEAKS = """(module
    (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 1) (data (i32.const 0) "<b>hi</b>")
    (func (export "execute") (param i32 i32) (result i32) (call $log (i32.const 0) (i32.const 9)) (i32.const 7)))"""


def test_a_report_has_everything(echo: fuelbox.Module) -> None:
    report = fuelbox.Sandbox(grants=["protocol"]).run(echo, b"hello")
    assert report.check() is report
    assert (report.output, report.code, report.status, report.outcome) == (b"hello", "finished", 0, "finished")
    assert report.output is report.output
    assert report.output_view.tobytes() == b"hello" and report.output_view.obj is report.output
    assert (report.phase, report.blame, report.advice, report.cause, report.stderr) == (None, None, None, None, b"")
    assert report.usage.fuel > 0 and report.usage.host_calls > 0
    assert pickle.loads(pickle.dumps(report)) == report
    assert report.to_dict()["output"] == "hello"


@pytest.mark.parametrize("given", [b"text", bytearray(b"text"), memoryview(b"text"), "text"])
def test_input_is_anything_with_bytes(echo: fuelbox.Module, given: str) -> None:
    assert fuelbox.Sandbox(grants=["protocol"]).run(echo, given).output == b"text"


def test_wrong_input_is_a_type_error(echo: fuelbox.Module) -> None:
    for wrong in (5, 1.5, object()):
        with pytest.raises(TypeError):
            fuelbox.Sandbox(grants=["protocol"]).run(echo, wrong)  # type: ignore[arg-type]


def test_huge_input_goes_through_or_is_refused(echo: fuelbox.Module) -> None:
    data = bytes(range(256)) * (16 << 12)
    sandbox = fuelbox.Sandbox(fuelbox.Limits(memory_bytes=256 << 20), ["protocol"])
    assert sandbox.run(echo, data).output == data
    with pytest.raises(fuelbox.StartError) as refused:
        sandbox.run(echo, data + b"1")
    assert (refused.value.code, refused.value.advice) == ("input-too-large", "raise it: Limits(input_bytes=..)")


def test_a_status_is_no_exception_until_it_is_checked() -> None:
    report = fuelbox.Sandbox(grants=["log"]).run(fuelbox.Module.from_wat(SPEAKS))
    assert (report.status, report.logs, report.is_success) == (7, ["<b>hi</b>"], False)
    with pytest.raises(fuelbox.Stopped, match="finished with status 7"):
        report.check()


def test_a_report_is_short_and_safe_to_look_at() -> None:
    report = fuelbox.Sandbox(grants=["log"]).run(fuelbox.Module.from_wat(SPEAKS))
    assert repr(report).startswith("<Report: finished with status 7, ") and len(repr(report)) < 200
    page = report._repr_html_()
    assert "&lt;b&gt;hi" in page and "<b>" not in page


def test_nothing_is_granted_by_default(echo: fuelbox.Module) -> None:
    with pytest.raises(fuelbox.StartError, match="is not granted") as refused:
        fuelbox.Sandbox().run(echo)
    assert refused.value.code == "import-not-granted"
    refusals = fuelbox.Sandbox().check(echo)
    assert refusals and refusals[0].code == "import-not-granted"
    assert fuelbox.Sandbox(grants=["protocol"]).check(echo) == []


@pytest.mark.parametrize("grant", ["logs", "clock=", "random", "random=x", "clock=fixed:x"])
def test_an_unknown_grant_lists_those_that_there_are(grant: str) -> None:
    with pytest.raises(ValueError, match="known are protocol"):
        fuelbox.Sandbox(grants=[grant])


def test_what_is_no_grant_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="known are protocol"):
        fuelbox.Sandbox(grants=[5])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="is a list"):
        fuelbox.Sandbox(grants="protocol")


def test_a_wasi_program_has_arguments_files_and_stdin(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"on the disk")
    tree = fuelbox.Tree({"a/b.txt": b"in memory", "empty": None}, writable=True)
    assert tree.files() == {"/a": None, "/a/b.txt": b"in memory", "/empty": None}
    wasi = fuelbox.Wasi(
        ["--to", "wörld"], env={"HOME": "/"}, mounts={"/data": tree, "/disk": fuelbox.Dir(tmp_path)}, clock="clock=fixed:5"
    )
    report = fuelbox.Sandbox(grants=[wasi]).run(fuelbox.Module(guest("wasi/c-files")), b"from stdin")
    assert report.code == "finished", report
    assert "/data" in report.trees
    printed = fuelbox.Sandbox(grants=[wasi]).run(fuelbox.Module(guest("wasi/c-args_env")))
    assert "wörld".encode() in printed.output and b"HOME" in printed.output
    with pytest.raises(OSError):
        fuelbox.Dir(tmp_path / "none")
    with pytest.raises(ValueError):
        fuelbox.Tree({"../a": b""})
    assert (GUESTS / "wasi").is_dir()
