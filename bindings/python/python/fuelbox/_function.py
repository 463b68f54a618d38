"""Functions of the host: their types come from annotations."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, Optional, Union

from . import _native

if TYPE_CHECKING:
    from typing_extensions import Self


I32 = Annotated[int, "i32"]
"""An `int` that is 32 bits wide in the guest."""
I64 = Annotated[int, "i64"]
"""An `int` that is 64 bits wide in the guest."""
F32 = Annotated[float, "f32"]
"""A `float` that is 32 bits wide in the guest."""
F64 = Annotated[float, "f64"]
"""A `float` that is 64 bits wide in the guest."""


class Function(_native.Function):
    """A callable that guests import as `module`.`name`.

    Its types are those of its annotations: `I32`, `I64`, `F32` and `F64`, and a tuple of them for several results. Or
    they are given by `params` and `results`, as words such as `"i32"`. If its first parameter is annotated as
    `Caller`, or `wants_caller` is true, it can read and write the guest's memory. One of `async def` is answered by
    `run_async`; the guest waits meanwhile.

    What it raises ends the run; the exception is `Report.cause`, and the cause of `Stopped`.
    """

    def __new__(
        cls,
        module: str,
        name: str,
        callable: Callable[..., Any],  # noqa: A002
        *,
        params: Optional[Iterable[str]] = None,
        results: Union[str, Iterable[str], None] = None,
        wants_caller: Optional[bool] = None,
    ) -> Self:
        if params is None or results is None:
            of_annotations = _annotated(callable, params is None, results is None)
        else:
            of_annotations = (False, [], [])
        wants, annotated_params, annotated_results = of_annotations
        if isinstance(results, str):
            results = [results]
        return super().__new__(
            cls,
            module,
            name,
            callable,
            annotated_params if params is None else list(params),
            annotated_results if results is None else list(results),
            wants if wants_caller is None else wants_caller,
            _is_async(callable),
        )


def _is_async(function: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))


def _annotated(
    function: Callable[..., Any], wants_params: bool, wants_results: bool
) -> tuple[bool, list[str], list[str]]:
    """Whether it wants the caller, its parameters and its results."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
        target = function if inspect.isroutine(function) else getattr(function, "__call__", function)
        hints = typing.get_type_hints(target, include_extras=True)
    except (TypeError, ValueError, NameError) as error:
        raise TypeError(f"the annotations of {_name(function)} cannot be read, so give params and results") from error
    wants_caller = bool(parameters) and hints.get(parameters[0].name) is _native.Caller
    params = []
    if wants_params:
        params = [
            _word(hints.get(parameter.name), f"parameter {parameter.name} of {_name(function)}")
            for parameter in parameters[1 if wants_caller else 0 :]
        ]
    results = []
    if wants_results:
        returned = hints.get("return", inspect.Signature.empty)
        if typing.get_origin(returned) is tuple:
            results = [_word(one, f"a result of {_name(function)}") for one in typing.get_args(returned)]
        elif returned is not type(None):
            results = [_word(returned, f"the result of {_name(function)}")]
    return wants_caller, params, results


def _word(annotation: Any, what: str) -> str:
    if typing.get_origin(annotation) is Annotated:
        word = typing.get_args(annotation)[1]
        if isinstance(word, str):
            return word
    if annotation is int:
        raise TypeError(f"{what} is int, which may be I32 or I64: annotate it with one of these")
    if annotation is float:
        raise TypeError(f"{what} is float, which may be F32 or F64: annotate it with one of these")
    raise TypeError(f"{what} has to be annotated with I32, I64, F32 or F64, or given by params and results")


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__qualname__", repr(function))
