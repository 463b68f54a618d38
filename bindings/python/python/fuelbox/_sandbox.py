"""What guests may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _async, _native
from ._limits import Limits

if TYPE_CHECKING:
    from typing_extensions import Buffer, Self

    from ._function import Function
    from ._native import CancelToken, Report, Wasi

    Grant = Union[str, Wasi, Function]
    Input = Union[Buffer, str, None]


class Sandbox(_native.Sandbox):
    """Limits and grants: what guests may use. Reusable and shared between threads.

    `grants` are words as of the program's `--allow`, such as `"protocol"` and `"clock"`, and objects of `Wasi` and
    `Function`. Nothing is granted by default.
    """

    def __new__(
        cls,
        limits: Union[Limits, Mapping[str, Any], None] = None,
        grants: Iterable[Grant] = (),
        *,
        stub_unknown: bool = False,
        require_abi_version: bool = False,
    ) -> Self:
        if limits is None:
            limits = Limits()
        elif not isinstance(limits, Limits):
            limits = Limits.from_dict(limits)
        if isinstance(grants, str):
            raise TypeError(f"grants is a list: write [{grants!r}]")
        return super().__new__(cls, limits, grants, stub_unknown, require_abi_version)

    async def run_async(
        self,
        module: _native.Module,
        input: Input = None,  # noqa: A002
        *,
        export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None,
        limits: Optional[Limits] = None,
        cancel: Optional[CancelToken] = None,
    ) -> Report:
        """Runs a guest of its own beside the other tasks of asyncio, which functions of `async def` need.

        If the task is cancelled, so is the run.
        """
        execution = self.start(module, input, export=export, args=args, limits=limits, cancel=cancel)
        return await _async.drive(execution)

    def map(
        self,
        module: _native.Module,
        rows: Iterable[Any],
        *,
        export: Optional[str] = None,
        limits: Optional[Limits] = None,
        fuel: Optional[int] = None,
        deadline: Optional[float] = None,
        return_exceptions: bool = False,
    ) -> list[Any]:
        """Calls an export, or the entry, for each row, in one instance; the results in order.

        With `export` a row is a tuple of its arguments, or the only one, and its result is what it returns. Without, a
        row is the input of the entry, and its result is the output. `limits` are for each row; `fuel` and `deadline`,
        in seconds, for all of them together.

        A row that stops raises `RowError`, which has its number and its report. With `return_exceptions` it is the
        result of the row, and the next row gets a new instance. Rows share an instance: what a guest keeps in its
        memory, a later row can see.
        """
        return _native.map_rows(self, module, rows, export, limits, fuel, deadline, return_exceptions)
