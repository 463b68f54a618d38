"""Run untrusted WebAssembly with an interpreter, under strict limits.

    >>> import fuelbox
    >>> module = fuelbox.Module.from_wat('(module (func (export "_start") (loop (br 0))))')
    >>> report = fuelbox.Sandbox(fuelbox.Limits(fuel=1_000)).run(module)
    >>> report.code
    'out-of-fuel'

A guest that fails is a normal result: `Sandbox.run` returns a report, and `Report.check` raises. Nothing is granted by
default. The interpreter lock is released while a guest runs.
"""

import atexit as _atexit
import os as _os

from . import _native
from ._batches import BatchError
from ._errors import FuelboxError, Halted, ModuleError, RowError, StartError, Stopped
from ._function import F32, F64, I32, I64, Function
from ._limits import Limits, ModuleLimits
from ._module import Module
from ._native import (
    Batch,
    BatchFunction,
    Caller,
    CancelToken,
    Dir,
    Execution,
    Instance,
    Profile,
    Recording,
    Report,
    Request,
    Tree,
    Usage,
    Wasi,
)
from ._sandbox import Sandbox

_atexit.register(_native.close)
if hasattr(_os, "register_at_fork"):
    _os.register_at_fork(after_in_child=_native.forked)

__all__ = [
    "F32",
    "F64",
    "I32",
    "I64",
    "Batch",
    "BatchError",
    "BatchFunction",
    "CancelToken",
    "Caller",
    "Dir",
    "Execution",
    "FuelboxError",
    "Function",
    "Halted",
    "Instance",
    "Limits",
    "Module",
    "ModuleError",
    "ModuleLimits",
    "Profile",
    "Recording",
    "Report",
    "Request",
    "RowError",
    "Sandbox",
    "StartError",
    "Stopped",
    "Tree",
    "Usage",
    "Wasi",
]
