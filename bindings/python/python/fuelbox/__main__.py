"""`python -m fuelbox run FILE`: the program's `fuelbox run`, with its flags as far as they are cheap to have."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, Optional

from . import Dir, Module, Report, Sandbox, StartError, Wasi

_WASI_DEADLINE = 10.0
"""What a program of WASI has by default, as in the program."""

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_UNITS.update({"b": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30})
_TIMES = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command; the exit code is that of the program."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    # Not by argparse: before Python 3.12 it loses the "--" of a subcommand.
    place = words.index("--") if "--" in words else len(words)
    # Arguments may also follow flags, which argparse takes for unknown ones.
    parser = _parser()
    options, rest = parser.parse_known_args(words[:place])
    unknown = [word for word in rest if word.startswith("-")]
    if unknown:
        parser.error(f"there is no flag {unknown[0]}")
    options.arguments += rest + words[place + 1 :]
    try:
        report = _run(options)
    except StartError as error:
        print(f"fuelbox: {error}", file=sys.stderr)
        if options.json:
            print(json.dumps({"code": error.code, "message": error.message, "advice": error.advice}))
        return error.exit_code
    except (OSError, TypeError, ValueError, OverflowError) as error:
        print(f"fuelbox: {error}", file=sys.stderr)
        return 1
    _tell(report, options)
    return report.exit_code


class _Parser(argparse.ArgumentParser):
    """Wrong words on the command line are exit code 1, as in the program."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"fuelbox: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m fuelbox")
    run = parser.add_subparsers(required=True, metavar="run").add_parser("run", help="run a module")
    run.add_argument("module", help="the module: binary, or text if its name ends in .wat")
    run.add_argument("arguments", nargs="*", help="arguments of the export, or of a WASI guest; behind --")
    run.add_argument("--allow", action="append", default=[], metavar="WORDS", help="grants, with commas")
    run.add_argument("--invoke", metavar="NAME", help="the export to call")
    given = run.add_mutually_exclusive_group()
    given.add_argument("--input", metavar="FILE", help="the input; - for stdin")
    given.add_argument("--text", help="the input itself")
    run.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    run.add_argument("--dir", action="append", default=[], metavar="HOST::GUEST[:rw]", help="a real directory")
    run.add_argument("--fuel", type=_count)
    run.add_argument("--deadline", type=_time)
    run.add_argument("--memory", type=_count)
    run.add_argument("--output-limit", type=_count)
    run.add_argument("--proposal", action="append", default=[])
    run.add_argument("--json", action="store_true", help="print the report, not the output")
    run.add_argument("--quiet", action="store_true")
    return parser


def _run(options: argparse.Namespace) -> Report:
    words = [word.strip() for words in options.allow for word in words.split(",")]
    is_wasi = "wasi" in words
    grants: list[Any] = [word for word in words if word != "wasi"]
    if is_wasi:
        grants.append(_wasi(options, words))
    limits = {
        "fuel": options.fuel,
        "deadline": options.deadline if options.deadline is not None or not is_wasi else _WASI_DEADLINE,
        "memory_bytes": options.memory,
        "output_bytes": options.output_limit,
    }
    sandbox = Sandbox({name: value for name, value in limits.items() if value is not None}, grants)
    wasm = Path(options.module).read_bytes()
    if options.module.endswith(".wat"):
        module = Module.from_wat(wasm.decode(), allow=options.proposal)
    else:
        module = Module(wasm, allow=options.proposal)
    args = None
    if options.invoke is not None:
        args = [float(text) if re.search(r"[.en]", text) else int(text, 0) for text in options.arguments]
    return sandbox.run(module, _input(options), export=options.invoke, args=args)


def _wasi(options: argparse.Namespace, words: list[str]) -> Wasi:
    mounts = {}
    for text in options.dir:
        host, _, guest = text.partition("::")
        writable = guest.endswith(":rw")
        mounts[guest[:-3] if writable else guest] = Dir(host, writable=writable)
    return Wasi(
        [] if options.invoke else options.arguments,
        env=dict(text.split("=", 1) for text in options.env),
        mounts=mounts,
        clock=next((word for word in words if word.startswith("clock")), None),
        random=next((word for word in words if word.startswith("random")), None),
    )


def _input(options: argparse.Namespace) -> bytes:
    if options.text is not None:
        return str(options.text).encode()
    if options.input == "-":
        return sys.stdin.buffer.read()
    return Path(options.input).read_bytes() if options.input else b""


def _tell(report: Report, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(report.to_dict()))
        return
    sys.stdout.buffer.write(report.output)
    for value in report.values:
        sys.stdout.buffer.write(f"{value}\n".encode())
    sys.stdout.flush()
    sys.stderr.buffer.write(report.stderr)
    if options.quiet:
        return
    for line in report.logs:
        # Behind a prefix, so that a guest cannot pass a line off as the program's; escaped, for terminals.
        print(f"guest: {line.encode('unicode_escape').decode()}", file=sys.stderr)
    if not report.is_success:
        advice = f" ({report.advice})" if report.advice else ""
        print(f"fuelbox: {report.outcome}{advice}", file=sys.stderr)


def _count(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.lower())
    if match is None or match[2] not in _UNITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; it is written 5000, 10M, 64MiB or 64MB")
    return int(float(match[1]) * _UNITS[match[2]]) if "." in match[1] else int(match[1]) * _UNITS[match[2]]


def _time(text: str) -> float:
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|ms|s|m)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; it is written 500ms, 1.5s or 1m30s")
    return sum(float(number) * _TIMES[unit] for number, unit in parts)


if __name__ == "__main__":
    sys.exit(main())
