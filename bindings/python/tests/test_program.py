"""`python -m fuelbox run`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COUNTER, ENDLESS, GUESTS

from fuelbox.__main__ import main


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fuelbox", "run", str(GUESTS / "rust-echo.wasm"), "--allow", "protocol", "--input", "-"]
    ran = subprocess.run(command, input=b"hello", capture_output=True, check=True)
    assert ran.stdout == b"hello"


@pytest.fixture
def endless_file(tmp_path: Path) -> str:
    path = tmp_path / "endless.wat"
    path.write_text(ENDLESS)
    return str(path)


def test_exit_codes_are_those_of_the_program(
    endless_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counter = tmp_path / "counter.wat"
    counter.write_text(COUNTER)
    echo = str(GUESTS / "rust-echo.wasm")
    for arguments, code in [
        (["run", endless_file, "--fuel", "10M"], 2),
        (["run", endless_file, "--deadline", "20ms"], 3),
        (["run", echo], 5),
        (["run", str(tmp_path / "none.wasm")], 1),
        (["run", str(counter)], 7),
        (["run", str(counter), "--invoke", "add", "--", "-3"], 0),
        (["run", str(counter), "--invoke", "divide", "1", "0"], 8),
        (["run", echo, "--allow", "protocol", "--text", "long", "--output-limit", "3"], 10),
    ]:
        assert main(arguments) == code, arguments
    printed = capsys.readouterr()
    assert "-3\n" in printed.out
    assert "raise it: Limits(fuel=..)" in printed.err


def test_the_report_is_printed_as_json(endless_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", endless_file, "--fuel", "1000", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert (document["code"], document["usage"]["fuel"]) == ("out-of-fuel", 999)


def test_unknown_flags_are_refused(endless_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        main(["run", endless_file, "--oops"])
    assert "there is no flag --oops" in capsys.readouterr().err


def test_wasi_programs_have_arguments(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    arguments = ["run", str(GUESTS / "wasi" / "c-args_env.wasm"), "--allow", "wasi", "--env", "A=b", "--", "first"]
    assert main(arguments) == 0
    printed = capfdbinary.readouterr().out
    assert b"first" in printed and b"A=b" in printed


@pytest.mark.parametrize("flag", [["--fuel", "many"], ["--deadline", "soon"], ["--nothing"]])
def test_wrong_flags_are_refused(endless_file: str, flag: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", endless_file, *flag])
