//! One file of the test suite: its directives, carried out through fuelbox.

use super::{
    imports,
    instance::{Effort, Instance},
    suite,
    tally::{Miss, Reason, Tally},
    value,
};
use crate::harness::digest::Digest;
use fuelbox::{Error, Module, ModuleLimits, Outcome, Report, Stop, Trap, Value};
use std::collections::BTreeMap;
use wast::{
    QuoteWat, QuoteWatTest, WastDirective, WastExecute, WastInvoke, Wat,
    token::{Id, Span},
};

/// The state of a script.
pub(super) struct Script<'a> {
    text: &'a str,
    limits: ModuleLimits,
    effort: Effort,
    instances: Vec<Result<Instance, Reason>>,
    /// The instance that was made last, and those with names of their own.
    current: usize,
    named: BTreeMap<String, usize>,
    registered: BTreeMap<String, usize>,
    definitions: BTreeMap<String, Vec<u8>>,
    definition: Vec<u8>,
    reports: Digest,
}

type Verdict = Result<(), Miss>;

impl<'a> Script<'a> {
    pub(super) fn new(text: &'a str, limits: ModuleLimits, effort: Effort) -> Self {
        Self {
            text,
            limits,
            effort,
            instances: Vec::new(),
            current: 0,
            named: BTreeMap::new(),
            registered: BTreeMap::new(),
            definitions: BTreeMap::new(),
            definition: Vec::new(),
            reports: Digest::default(),
        }
    }

    /// Carries out the directives of the file at `place`.
    pub(super) fn run(mut self, place: &str, directives: Vec<WastDirective<'_>>) -> Tally {
        let mut tally = Tally {
            files: 1,
            ..Tally::default()
        };
        for directive in directives {
            let line = self.line(directive.span());
            let place = format!("{place}:{line}");
            let Some((what, verdict)) = self.directive(directive) else {
                continue;
            };
            let verdict = match suite::superseded(&place) {
                Some(reason) => Err(Reason::Superseded(reason).into()),
                None => verdict,
            };
            tally.count(what, &place, verdict);
        }
        tally.reports = self.reports;
        tally
    }

    /// Carries out one directive; tells what it was and how it ended, if it checks anything.
    fn directive(&mut self, directive: WastDirective<'_>) -> Option<(&'static str, Verdict)> {
        Some(match directive {
            WastDirective::Module(mut module) => {
                let name = module.name().map(owned);
                ("module", self.module(name, encode(&mut module)))
            }
            WastDirective::ModuleDefinition(mut module) => {
                let name = module.name().map(owned);
                let wasm = encode(&mut module).expect("definitions are valid");
                let verdict = self.admit(&wasm);
                self.definition.clone_from(&wasm);
                self.definitions.extend(name.map(|name| (name, wasm)));
                ("module definition", verdict.map(drop))
            }
            WastDirective::ModuleInstance {
                instance, module, ..
            } => {
                let wasm = match module {
                    Some(id) => self.definitions[id.name()].clone(),
                    None => self.definition.clone(),
                };
                let verdict = self.module(instance.map(owned), Ok(wasm));
                ("module instance", verdict)
            }
            WastDirective::Register { name, module, .. } => {
                let index = self.index(module);
                self.registered.insert(name.to_string(), index);
                return None;
            }
            WastDirective::Invoke(invoke) => (
                "invoke",
                self.invoke(&invoke).and_then(|report| finished(&report)),
            ),
            WastDirective::AssertReturn { exec, results, .. } => {
                let verdict = self.execute(exec).and_then(|report| {
                    finished(&report)?;
                    if value::fit(&results, &report.values) {
                        return Ok(());
                    }
                    failed(format!("returned {:?}, not {results:?}", report.values))
                });
                ("assert_return", verdict)
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                ("assert_trap", self.trap(exec, message))
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                let verdict = self
                    .invoke(&call)
                    .and_then(|report| trapped(&report, message));
                ("assert_exhaustion", verdict)
            }
            WastDirective::AssertMalformed { module, .. } => self.wrong("assert_malformed", module),
            WastDirective::AssertInvalid { module, .. } => self.wrong("assert_invalid", module),
            WastDirective::AssertUnlinkable { module, .. } => {
                ("assert_unlinkable", self.unlinkable(module))
            }
            WastDirective::AssertException { .. } => (
                "assert_exception",
                Err(Reason::Never(fuelbox::Proposal::Exceptions).into()),
            ),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => (
                "thread",
                Err(Reason::Never(fuelbox::Proposal::Threads).into()),
            ),
            _ => ("unknown", failed("no such directive is known".to_string())),
        })
    }

    /// Makes an instance, the current one from here on.
    fn module(&mut self, name: Option<String>, wasm: Result<Vec<u8>, Miss>) -> Verdict {
        let made = wasm.and_then(|wasm| self.instantiate(wasm));
        self.current = self.instances.len();
        self.named.extend(name.map(|name| (name, self.current)));
        let (instance, verdict) = match made {
            Ok((instance, report)) => match finished(&report) {
                Ok(()) => (Ok(instance), Ok(())),
                Err(miss) => (Err(Reason::Failed), Err(miss)),
            },
            Err(Miss::LeftOut(reason)) => (Err(reason), Err(reason.into())),
            Err(miss) => (Err(Reason::Failed), Err(miss)),
        };
        self.instances.push(instance);
        verdict
    }

    fn instantiate(&mut self, wasm: Vec<u8>) -> Result<(Instance, Report), Miss> {
        if let Err(miss) = self.admit(&wasm) {
            if let Miss::LeftOut(reason) = miss {
                self.lose_what_is_imported(&wasm, reason);
            }
            return Err(miss);
        }
        let linked = self.link(&wasm);
        if let Some(reason) = linked.left_out {
            self.lose_what_is_imported(&wasm, reason);
            return Err(reason.into());
        }
        let instance = Instance::new(wasm, &self.limits, linked.sandbox, linked.definitions);
        let mut instance = instance?;
        let report = instance.begin(self.effort)?;
        self.reports.add(&report);
        Ok((instance, report))
    }

    /// Whether fuelbox takes a module that is valid.
    fn admit(&self, wasm: &[u8]) -> Result<Module, Miss> {
        Module::builder()
            .limits(self.limits.clone())
            .build(wasm)
            .map_err(|error| match error {
                Error::Proposal { proposal } if !proposal.is_supported() => {
                    Reason::Never(proposal).into()
                }
                error => error.into(),
            })
    }

    fn link(&mut self, wasm: &[u8]) -> imports::Linked {
        imports::link(wasm, &mut self.instances, &self.registered)
    }

    /// A module that is left out would have changed what it imports.
    fn lose_what_is_imported(&mut self, wasm: &[u8], reason: Reason) {
        for import in imports::imports(wasm) {
            let Some(&index) = self.registered.get(&import.module) else {
                continue;
            };
            let instance = &mut self.instances[index];
            if instance
                .as_ref()
                .is_ok_and(|instance| !instance.is_stateless())
            {
                *instance = Err(reason);
            }
        }
    }

    fn execute(&mut self, execute: WastExecute<'_>) -> Result<Report, Miss> {
        match execute {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Get { module, global, .. } => {
                let (index, effort) = (self.index(module), self.effort);
                let instance = self.instances[index].as_mut().map_err(|reason| *reason)?;
                let report = instance.global(global, effort)?;
                self.reports.add(&report);
                Ok(report)
            }
            WastExecute::Wat(module) => {
                let wasm = encode(&mut QuoteWat::Wat(module))?;
                self.instantiate(wasm).map(|(_, report)| report)
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Report, Miss> {
        let (index, effort) = (self.index(invoke.module), self.effort);
        let instance = &mut self.instances[index];
        let arguments: Option<Vec<Value>> = invoke.args.iter().map(value::argument).collect();
        match (instance.as_mut(), arguments) {
            (Err(reason), _) => Err((*reason).into()),
            (Ok(live), Some(arguments)) => {
                let report = live.call(invoke.name, &arguments, effort)?;
                self.reports.add(&report);
                Ok(report)
            }
            (Ok(live), None) => {
                if live.writes(invoke.name) {
                    *instance = Err(Reason::HostReference);
                }
                Err(Reason::HostReference.into())
            }
        }
    }

    fn trap(&mut self, execute: WastExecute<'_>, message: &str) -> Verdict {
        let is_module = matches!(execute, WastExecute::Wat(_));
        match self.execute(execute) {
            Ok(report) => trapped(&report, message),
            // A segment that does not fit is found before any guest code runs.
            Err(Miss::Refused(Error::Segment))
                if is_module && message.starts_with("out of bounds") =>
            {
                Ok(())
            }
            Err(miss) => Err(miss),
        }
    }

    /// A module that is malformed or invalid must be an error that says so. One that would be valid
    /// under a proposal that is off is told which, and counted apart.
    fn wrong(&self, what: &'static str, module: QuoteWat<'_>) -> (&'static str, Verdict) {
        match self.admit_wrong(module) {
            Ok(Err(
                Error::InvalidModule { .. }
                | Error::InvalidText { .. }
                | Error::Unsupported { .. }
                | Error::ModuleLimit { .. },
            )) => (what, Ok(())),
            Ok(Err(Error::Proposal { proposal })) if !self.limits.proposals.contains(proposal) => {
                ("told which proposal is off", Ok(()))
            }
            Ok(Err(error)) => (what, Err(error.into())),
            Ok(Ok(_)) => (what, failed("admitted".to_string())),
            Err(reason) => (what, Err(reason.into())),
        }
    }

    fn admit_wrong(&self, mut module: QuoteWat<'_>) -> Result<Result<Module, Error>, Reason> {
        match module.to_test() {
            Ok(QuoteWatTest::Binary(wasm)) => {
                Ok(Module::builder().limits(self.limits.clone()).build(wasm))
            }
            Ok(QuoteWatTest::Text(text)) => {
                let text = String::from_utf8(text).map_err(|_| Reason::NotUtf8)?;
                self.admit_text(&text)
            }
            Err(_) => Err(Reason::Text),
        }
    }

    #[cfg(feature = "wat")]
    fn admit_text(&self, text: &str) -> Result<Result<Module, Error>, Reason> {
        Ok(Module::builder()
            .limits(self.limits.clone())
            .build_wat(text))
    }

    #[cfg(not(feature = "wat"))]
    fn admit_text(&self, _: &str) -> Result<Result<Module, Error>, Reason> {
        Err(Reason::Text)
    }

    /// A module whose imports do not fit must be refused for one that is a function.
    fn unlinkable(&mut self, module: Wat<'_>) -> Verdict {
        let wasm = encode(&mut QuoteWat::Wat(module))?;
        let module = self.admit(&wasm)?;
        let linked = self.link(&wasm);
        let refusals = linked.sandbox.check(&module).refusals;
        let is_function = |error: &Error| match error {
            Error::ImportUnknown { found, .. } | Error::ImportType { found, .. } => {
                matches!(found, fuelbox::ExternType::Function(_))
            }
            _ => false,
        };
        if refusals.iter().any(is_function) {
            return Ok(());
        }
        if refusals
            .iter()
            .any(|error| error.code().starts_with("import-"))
        {
            return Err(Reason::Shared.into());
        }
        match self.instantiate(wasm) {
            Err(Miss::Refused(Error::Segment)) => Ok(()),
            Err(miss) => Err(miss),
            Ok(_) => failed("linked".to_string()),
        }
    }

    fn index(&self, module: Option<Id<'_>>) -> usize {
        module.map_or(self.current, |id| self.named[id.name()])
    }

    fn line(&self, span: Span) -> usize {
        span.linecol_in(self.text).0 + 1
    }
}

fn owned(id: Id<'_>) -> String {
    id.name().to_string()
}

fn encode(module: &mut QuoteWat<'_>) -> Result<Vec<u8>, Miss> {
    module
        .encode()
        .map_err(|error| Miss::Failed(format!("cannot be encoded: {error}")))
}

fn failed<T>(problem: String) -> Result<T, Miss> {
    Err(Miss::Failed(problem))
}

fn finished(report: &Report) -> Verdict {
    match &report.outcome {
        Outcome::Finished { .. } => Ok(()),
        outcome => failed(format!("{}: {outcome}", outcome.code())),
    }
}

/// The run must have been stopped by the trap that `message` describes.
fn trapped(report: &Report, message: &str) -> Verdict {
    let stop = match report.stop() {
        // A function of another module, which ran as a host function.
        Some(Stop::HostFunction { error, .. }) => error.downcast_ref::<Stop>(),
        stop => stop,
    };
    let Some(Stop::Trapped(trap)) = stop else {
        return failed(format!("{}, not a trap: {message}", report.outcome.code()));
    };
    let words = match trap {
        Trap::Unreachable => ["unreachable"].as_slice(),
        Trap::MemoryOutOfBounds => &["out of bounds memory access"],
        Trap::TableOutOfBounds => &["out of bounds table access", "undefined element"],
        Trap::IndirectCallToNull => &["uninitialized element"],
        Trap::BadSignature => &["indirect call type mismatch"],
        Trap::IntegerDivisionByZero => &["integer divide by zero"],
        Trap::IntegerOverflow => &["integer overflow"],
        Trap::BadConversionToInteger => &["invalid conversion to integer"],
        Trap::StackOverflow => &["call stack exhausted"],
        _ => &[],
    };
    // Scripts give the beginning of a message, or add a number to it.
    let fits = words
        .iter()
        .any(|words| words.starts_with(message) || message.starts_with(words));
    if fits {
        Ok(())
    } else {
        failed(format!("{}, not: {message}", trap.code()))
    }
}
