//! An instance of a script, whose state goes on from call to call.
//!
//! A run of fuelbox begins with a fresh instance. So the calls that changed the state are made again,
//! by `_initialize`, before the call that is asked for: what is asserted runs through `start_call` on
//! a state as in the script. A call that traps is not made again; what it left behind cannot be seen
//! through fuelbox, where a trap ends the run.

use super::{
    rewrite::{self, Definitions, Step},
    writes,
};
use crate::harness::{run_to_end, same_but_for_time};
use fuelbox::{
    Call, Error, ExternType, Function, HostError, Module, ModuleLimits, Report, Sandbox, Stop,
    Value,
};
use std::collections::BTreeSet;

/// How often each call is made. Once in one slice, and then:
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// in slices of these sizes,
    pub(super) slices: &'static [u64],
    /// unless it uses more fuel than this.
    pub(super) fuel_in_slices: u64,
}

pub(super) struct Instance {
    wasm: Vec<u8>,
    module: Module,
    limits: ModuleLimits,
    sandbox: Sandbox,
    definitions: Definitions,
    writers: BTreeSet<String>,
    history: Vec<Step>,
    /// The module with definitions, history and getters, once it is needed.
    rewritten: Option<Module>,
}

impl Instance {
    /// # Errors
    /// Why fuelbox does not admit the module.
    pub(super) fn new(
        wasm: Vec<u8>,
        limits: &ModuleLimits,
        sandbox: Sandbox,
        definitions: Definitions,
    ) -> Result<Self, Error> {
        let module = Module::builder().limits(limits.clone()).build(&wasm)?;
        let writers = writes::writing_exports(&wasm);
        Ok(Self {
            wasm,
            module,
            limits: limits.clone(),
            sandbox,
            definitions,
            writers,
            history: Vec::new(),
            rewritten: None,
        })
    }

    /// Makes the instance, and nothing more.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(super) fn begin(&mut self, effort: Effort) -> Result<Report, Error> {
        let module = self.rewritten()?.clone();
        self.run(&module, rewrite::NOTHING, &[], effort)
    }

    /// Calls an export, in slices of all sizes, which must not show.
    ///
    /// # Errors
    /// Why fuelbox refuses to start.
    pub(super) fn call(
        &mut self,
        function: &str,
        arguments: &[Value],
        effort: Effort,
    ) -> Result<Report, Error> {
        let module = if self.history.is_empty() && self.definitions.is_empty() {
            self.module.clone()
        } else {
            self.rewritten()?.clone()
        };
        let report = self.run(&module, function, arguments, effort)?;
        if report.stop().is_none() && self.writes(function) {
            self.history.push(Step {
                function: function.to_string(),
                arguments: arguments.to_vec(),
                results: report.values.len(),
            });
            self.rewritten = None;
        }
        Ok(report)
    }

    /// The value of an exported global.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(super) fn global(&mut self, name: &str, effort: Effort) -> Result<Report, Error> {
        let module = self.rewritten()?.clone();
        self.run(&module, &rewrite::getter(name), &[], effort)
    }

    /// What the instance exports by this name.
    pub(super) fn export(&self, name: &str) -> Option<ExternType> {
        self.module.export(name)
    }

    /// Whether a call of this export may change the state.
    pub(super) fn writes(&self, function: &str) -> bool {
        self.writers.contains(function)
    }

    /// Whether every call finds it as it was made, whatever other modules do.
    pub(super) fn is_stateless(&self) -> bool {
        let is_open = |ty: &ExternType| match ty {
            ExternType::Memory(_) | ExternType::Table(_) => true,
            ExternType::Global(ty) => ty.mutable,
            _ => false,
        };
        self.writers.is_empty()
            && self.definitions.is_empty()
            && !self.module.exports().any(|export| is_open(&export.ty))
    }

    /// An export of a stateless instance as a host function for others: each call is a run of its own.
    pub(super) fn function(&self, registered: &str, name: &str) -> Option<Function> {
        let Some(ExternType::Function(ty)) = self.export(name) else {
            return None;
        };
        let (sandbox, module) = (self.sandbox.clone(), self.module.clone());
        let export = name.to_string();
        let call = move |values: &[Value]| -> Result<Vec<Value>, HostError> {
            let call = Call::export(export.clone()).values(values);
            let report = sandbox.start(&module, call)?.finish().report;
            match report.stop() {
                Some(stop) => Err(Stop::clone(stop).into()),
                None => Ok(report.values),
            }
        };
        Some(Function::dynamic(
            registered.to_string(),
            name.to_string(),
            &ty.params,
            &ty.results,
            move |_, values| call(values),
        ))
    }

    fn rewritten(&mut self) -> Result<&Module, Error> {
        if self.rewritten.is_none() {
            let wasm = rewrite::rewrite(&self.wasm, &self.definitions, &self.history);
            self.rewritten = Some(Module::builder().limits(self.limits.clone()).build(wasm)?);
        }
        Ok(self.rewritten.as_ref().expect("it was made above"))
    }

    fn run(
        &self,
        module: &Module,
        function: &str,
        arguments: &[Value],
        effort: Effort,
    ) -> Result<Report, Error> {
        let start = || {
            let call = Call::export(function).values(arguments);
            self.sandbox.start(module, call)
        };
        let report = same_but_for_time(run_to_end(start()?, u64::MAX));
        if report.usage.fuel <= effort.fuel_in_slices {
            for &slice in effort.slices {
                let sliced = same_but_for_time(run_to_end(start()?, slice));
                assert_eq!(sliced, report, "{function} in slices of {slice}");
            }
        }
        Ok(report)
    }
}
