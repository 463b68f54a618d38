"""Limits by name: the names are those of the library, so that one configuration serves every language."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict, Union

from . import _native

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Seconds = Union[int, float, timedelta]
"""A time: seconds, or a `timedelta`."""


class LimitNames(TypedDict, total=False):
    """The limits of runs. Each is finite and has a default; unlimited is `fuelbox.Limits.UNLIMITED`."""

    fuel: int
    deadline: Seconds
    wait: Seconds
    wait_counts: bool
    input_bytes: int
    output_bytes: int
    stderr_bytes: int
    log_bytes: int
    log_lines: int
    log_line_bytes: int
    memory_bytes: int
    growth_denial: str
    table_elements: int


class Limits(_native.Limits):
    """What each run may use: `Limits(fuel=1_000_000, deadline=0.2)`. `docs/limits.md` says what each does."""

    UNLIMITED = 2**64 - 1

    if TYPE_CHECKING:

        def __init__(self, **limits: Unpack[LimitNames]) -> None: ...

    def __new__(cls, **limits: Any) -> Self:
        return cls.from_dict(limits)

    @classmethod
    def from_dict(cls, limits: Mapping[str, Any]) -> Self:
        """Limits by their names, or in the form that the library itself reads: `{"call": {"fuel": 5}}`."""
        tree = json.loads(_native.default_limits())
        for name, value in limits.items():
            group = _group_of(name, tree)
            if name in tree:
                for inner, of_inner in value.items():
                    if inner not in tree[name]:
                        raise _unknown(inner, list(tree[name]), "limit")
                    tree[name][inner] = _encoded(tree[name][inner], of_inner, inner)
            else:
                tree[group][name] = _encoded(tree[group][name], value, name)
        return super().__new__(cls, json.dumps(tree))

    def to_dict(self) -> dict[str, Any]:
        """In the form that the library reads and writes."""
        return json.loads(self._json())  # type: ignore[no-any-return]

    def __reduce__(self) -> Any:
        return (type(self).from_dict, (self.to_dict(),))

    def __repr__(self) -> str:
        return f"Limits({_differences(self.to_dict(), json.loads(_native.default_limits()))})"


class ModuleLimits:
    """What a module may be: `ModuleLimits(module_bytes=1 << 20)`. Its names are those of the library."""

    def __init__(self, **limits: int) -> None:
        known = json.loads(_native.default_module_limits())
        for name in limits:
            if name not in known:
                raise _unknown(name, list(known), "limit of modules")
        self._limits = limits

    @classmethod
    def from_dict(cls, limits: Mapping[str, Any]) -> Self:
        """Limits by their names."""
        return cls(**limits)

    def to_dict(self) -> dict[str, Any]:
        """In the form that the library reads and writes."""
        known: dict[str, Any] = json.loads(_native.default_module_limits())
        return {**known, **self._limits}

    def __repr__(self) -> str:
        return f"ModuleLimits({', '.join(f'{name}={value!r}' for name, value in self._limits.items())})"


def _group_of(name: str, tree: dict[str, Any]) -> str:
    for group, names in tree.items():
        if name == group or name in names:
            return group
    raise _unknown(name, [name for names in tree.values() for name in names], "limit")


def _unknown(name: str, known: list[str], what: str) -> TypeError:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    meant = f": did you mean {' or '.join(near)}?" if near else ""
    return TypeError(f"{name!r} is no {what}{meant} Known are {', '.join(known)}")


def _encoded(default: Any, value: Any, name: str) -> Any:
    """A value as serde reads it: a time has seconds and nanoseconds."""
    if not isinstance(default, dict) or isinstance(value, Mapping):
        return value
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError(f"{name} is a time, in seconds or as a timedelta, not {type(value).__name__}")
    if not 0 <= value:
        raise ValueError(f"{name} is a time of at least 0 seconds, not {value}")
    # Beyond this it is never reached anyway.
    nanos = min(round(value * 10**9), (2**64 - 1) * 10**9) if value != float("inf") else (2**64 - 1) * 10**9
    return {"secs": nanos // 10**9, "nanos": nanos % 10**9}


def _differences(tree: dict[str, Any], defaults: dict[str, Any]) -> str:
    shown = []
    for group, names in tree.items():
        for name, value in names.items():
            if value != defaults[group][name]:
                if isinstance(value, dict):
                    value = value["secs"] + value["nanos"] / 10**9
                shown.append(f"{name}={value!r}")
    return ", ".join(shown)
