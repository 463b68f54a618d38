"""Exceptions: each has a stable code, says who has to act, and what to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from ._native import Report


class FuelboxError(Exception):
    """What all exceptions of this package are.

    `code` is a stable word; `docs/codes.md` lists them. `blame` is who has to act: `guest`, `limit`, `host` or
    `engine`. `advice` says what to change, or is `None` where that depends on the guest or the host.
    """

    code: str
    blame: str
    advice: Optional[str]

    def __init__(self, message: str, code: str, blame: str, advice: Optional[str], *more: object) -> None:
        # All of them, so that it can be pickled.
        super().__init__(message, code, blame, advice, *more)
        self.message = message
        self.code = code
        self.blame = blame
        self.advice = advise(advice)

    def __str__(self) -> str:
        return f"{self.message} ({self.advice})" if self.advice else self.message


class StartError(FuelboxError):
    """A run was refused before any code of the guest ran. `details` has the error as the library's JSON."""

    details: Any

    def __init__(self, message: str, code: str, blame: str, advice: Optional[str], details: str) -> None:
        super().__init__(message, code, blame, advice, details)
        self.details = json.loads(details)


class ModuleError(StartError):
    """The module itself was refused."""


class Stopped(FuelboxError):
    """The guest was stopped, or finished with a status other than 0. `report` has output, logs and usage.

    If a function of yours raised, its exception is `__cause__`.
    """

    report: Report

    def __init__(
        self, message: str, code: str, blame: str, advice: Optional[str], report: Report, *more: object
    ) -> None:
        super().__init__(message, code, blame, advice, report, *more)
        self.report = report


class RowError(Stopped):
    """A row of a batch was stopped, or its status is not 0. `row` is its number, from 0."""

    row: int

    def __init__(
        self, message: str, code: str, blame: str, advice: Optional[str], report: Report, row: int
    ) -> None:
        super().__init__(message, code, blame, advice, report, row)
        self.row = row

    def __str__(self) -> str:
        return f"row {self.row}: {super().__str__()}"


class Halted(Exception):
    """Why a function cannot go on: a range outside the guest's memory, or no fuel left.

    Raised by `Caller`. If a function passes it on, the guest stops for just that reason.
    """

    def __init__(self, message: str, reason: object = None) -> None:
        super().__init__(message)
        self._reason = reason


_ADVICE = {
    "raise_limit": "raise it: Limits({limit}=..)",
    "raise_module_limit": "raise it: ModuleLimits({limit}=..)",
    "raise_stack": "raise ModuleLimits(call_depth=.., stack_bytes=..), unless the guest calls itself for ever",
    "allow_proposal": 'allow it: Module(.., allow=["{proposal}"])',
    "build_without": "build the guest without {proposal}",
    "enable_feature": "build fuelbox with the feature {feature}",
    "build_core_module": "build a core module, not a component",
    "compile_text": "read it by Module.from_wat",
    "grant": 'grant it: Sandbox(.., grants=["{word}"])',
    "grant_function": 'grant it: Sandbox(.., grants=[Function("{module}", "{name}", ..)])',
    "define_memory": "link the guest with a memory of its own: without --import-memory, with --export-memory",
    "define_table": "link the guest with a table of its own: without --import-table",
    "link_whole_program": "link the guest as a whole program: without -shared, --pie and PIC",
    "export_memory": 'export the guest\'s memory as "memory": linkers have --export-memory',
    "new_instance": "make a new instance",
    "answer": "call it by run_async, which answers functions of async def",
    "build_interpreter": "build fuelbox with its own build profiles",
    "report": "report it to the authors of fuelbox, with the module",
}

_WORDS = {"Random": "random=SEED"}


def advise(advice: Optional[str]) -> Optional[str]:
    """The library's advice, which is JSON, in the words of this package."""
    if advice is None:
        return None
    parsed = json.loads(advice)
    if isinstance(parsed, str):
        kind, fields = parsed, {}
    else:
        ((kind, fields),) = parsed.items()
    capability = fields.get("capability", "")
    if kind == "grant" and capability == "Wasi":
        return "grant it: Sandbox(.., grants=[Wasi()])"
    return _ADVICE[kind].format(**fields, word=_WORDS.get(capability, capability.lower()))
