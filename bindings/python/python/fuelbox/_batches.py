"""Record batches: a guest as a function of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Optional, Union, overload

from . import _native
from ._errors import FuelboxError
from ._native import Batch

if TYPE_CHECKING:
    from ._limits import Limits
    from ._native import BatchFunction, Report, Sandbox


class BatchError(FuelboxError):
    """A batch that cannot go to a guest, or a reply of a guest that is no batch.

    `column` is the number of the column that it is about, from 0. `report` is that of the call, where there was one.

    | `code` | what is wrong |
    | --- | --- |
    | `batch-unsupported` | a column of a type that guests do not take |
    | `batch-reply` | what the guest wrote is no batch, or not what it says |
    | `batch-rows` | the reply has another number of rows, although `same_rows` is set |
    """

    column: Optional[int]
    report: Optional[Report]

    def __init__(
        self, message: str, code: str, blame: str, column: Optional[int], report: Optional[Report]
    ) -> None:
        super().__init__(message, code, blame, None)
        # All of them, so that it can be pickled.
        self.args = (message, code, blame, column, report)
        self.column = column
        self.report = report


@overload
def map_batches(
    function: BatchFunction, data: Any, return_exceptions: Literal[False]
) -> Iterator[Batch]: ...
@overload
def map_batches(
    function: BatchFunction, data: Any, return_exceptions: bool
) -> Iterator[Union[Batch, FuelboxError]]: ...
def map_batches(
    function: BatchFunction, data: Any, return_exceptions: bool
) -> Iterator[Union[Batch, FuelboxError]]:
    """The replies of a guest to what `data` offers: a batch, a stream of batches, or an iterable of batches."""
    for batch in _each(data):
        try:
            reply: Union[Batch, FuelboxError] = function(batch)
        except FuelboxError as error:
            if not return_exceptions:
                raise
            reply = error
        yield reply


def _each(data: Any) -> Iterable[Any]:
    # A table offers both by some libraries; as a stream it need not be made one batch first.
    if hasattr(data, "__arrow_c_stream__"):
        return _native.Stream(data)
    if hasattr(data, "__arrow_c_array__"):
        return [data]
    batches: Iterable[Any] = data
    return batches
