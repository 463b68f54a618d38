//! The compiled part of the Python package `fuelbox`, directly over the Rust library.
//!
//! What is Python's own is in `fuelbox/*.py`: names of limits, signatures of callables, exceptions, asyncio. Here is
//! what touches a guest. Two rules: the interpreter lock is released while a guest runs, and no Rust lock is kept
//! while Python code may run.
//!
//! The files in the order data flows: [`interpreter`] is the one of the process; [`module`] and [`cache`] are compiled
//! code; [`limits`], [`function`], [`wasi`] and [`grant`] are what a [`sandbox`] offers, [`asked`] what is asked of a
//! guest; [`serving`] and [`caller`] are a guest's calls of Python; [`drive`] runs a call and looks for Ctrl-C;
//! [`instance`] and [`execution`] are guests that live; [`map`] is a function over many rows, [`arrow`] one over record
//! batches; [`report`], [`recording`], [`failure`] and its [`advice`] are what comes of it.

mod advice;
mod arrow;
mod asked;
mod cache;
mod caller;
mod cancel;
mod drive;
mod execution;
mod failure;
mod function;
mod grant;
mod instance;
mod interpreter;
mod limits;
mod map;
mod module;
mod recording;
mod report;
mod request;
mod sandbox;
mod serving;
mod values;
mod wasi;

use pyo3::prelude::*;

/// The classes that the package is made of.
#[pymodule(gil_used = false)]
mod _native {
    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        interpreter::must_be_the_first(module.py())
    }

    #[pymodule_export]
    use crate::{
        arrow::{Batch, BatchFunction, Source, Stream},
        caller::{Caller, Reason},
        cancel::CancelToken,
        execution::Execution,
        function::Function,
        instance::Instance,
        interpreter::{close, forked},
        limits::{Limits, default_limits, default_module_limits},
        map::map_rows,
        module::{Module, assemble},
        recording::{Profile, Recording},
        report::{Report, Usage, load_report},
        request::Request,
        sandbox::Sandbox,
        wasi::{Dir, Tree, Wasi},
    };
}
