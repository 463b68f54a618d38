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
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} ({self.advice})" if self.advice else self.message


class StartError(FuelboxError):
    """A run was refused before any code of the guest ran. `details` has the error as the library's JSON.

    `exit_code` is what the program `fuelbox run` ends with for it.
    """

    details: Any
    exit_code: int

    def __init__(
        self, message: str, code: str, blame: str, advice: Optional[str], details: str, exit_code: int
    ) -> None:
        super().__init__(message, code, blame, advice, details, exit_code)
        self.details = json.loads(details)
        self.exit_code = exit_code


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

    @property
    def exit_code(self) -> int:
        """What the program `fuelbox run` ends with for it."""
        return self.report.exit_code


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
