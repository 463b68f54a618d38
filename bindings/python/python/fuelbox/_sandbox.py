"""What guests may use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, Optional, Union, overload

from . import _async, _batches, _native
from ._limits import Limits

if TYPE_CHECKING:
    from typing_extensions import Buffer, Self

    from ._errors import FuelboxError
    from ._function import Function
    from ._native import Batch, BatchFunction, CancelToken, Report, Wasi

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

    def batches(
        self,
        module: _native.Module,
        *,
        limits: Optional[Limits] = None,
        row_fuel: Optional[int] = None,
        same_rows: bool = False,
    ) -> BatchFunction:
        """The entry of a guest as a function of record batches: `function(batch)` is the guest's reply.

        A batch is anything with `__arrow_c_array__`. The guest gets it in the layout of `docs/batches.md`, and replies in
        the same; its reply can be taken by any library of Arrow without a copy. Instances are kept from batch to batch.

        `limits` are for each batch. With `row_fuel` a batch has no more than so much fuel for each of its rows, and
        2,000,000. With `same_rows` a reply of another number of rows is a `BatchError`.

        A guest that stops raises `RowError` if it says at which row it is, else `Stopped`.
        """
        return _native.BatchFunction(self, module, limits, row_fuel, same_rows)

    @overload
    def map_batches(
        self,
        module: _native.Module,
        data: Any,
        *,
        limits: Optional[Limits] = None,
        row_fuel: Optional[int] = None,
        same_rows: bool = False,
        return_exceptions: Literal[False] = False,
    ) -> Iterator[Batch]: ...
    @overload
    def map_batches(
        self,
        module: _native.Module,
        data: Any,
        *,
        limits: Optional[Limits] = None,
        row_fuel: Optional[int] = None,
        same_rows: bool = False,
        return_exceptions: bool,
    ) -> Iterator[Union[Batch, FuelboxError]]: ...
    def map_batches(
        self,
        module: _native.Module,
        data: Any,
        *,
        limits: Optional[Limits] = None,
        row_fuel: Optional[int] = None,
        same_rows: bool = False,
        return_exceptions: bool = False,
    ) -> Iterator[Union[Batch, FuelboxError]]:
        """The replies of a guest to each batch of `data`, in order, one at a time as they are asked for.

        `data` is a table, a data frame or another stream of batches, a batch, or an iterable of batches. With
        `return_exceptions` the error of a batch is yielded in place of its reply. The rest is as for `batches`.
        """
        function = self.batches(module, limits=limits, row_fuel=row_fuel, same_rows=same_rows)
        return _batches.map_batches(function, data, return_exceptions)
