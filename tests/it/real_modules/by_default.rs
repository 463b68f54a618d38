//! Which real modules load and run under the default limits: makes the table of docs/real-modules.md.

use super::bytes;
use fuelbox::{
    Call, Error, ExternType, Limits, Module, ModuleLimits, Outcome, Sandbox, Stop, Trap, Value,
    ValueType,
    capability::{Abort, Wasi},
    protocol,
};
use std::fmt;

/// One a line; the head of the file says what is in it.
pub(super) const LIST: &str = include_str!("../../real-modules.list");

/// Those that are larger than a host should take unasked.
const LARGEST: usize = 2;

/// How a module ends that nothing was adjusted for.
#[derive(Debug, PartialEq)]
enum Fate {
    /// It needs a proposal that is off, or never runs here.
    NeedsProposal(String),
    /// It does not load, for another reason.
    Refused(String),
    /// It loads, and cannot be started, or is stopped by a limit.
    Loads(String),
    /// It loads, and runs as far as it can without its own host.
    Runs(String),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsProposal(name) => write!(f, "needs {name} | "),
            Self::Refused(why) => write!(f, "no: {why} | "),
            Self::Loads(why) => write!(f, "yes | no: {why}"),
            Self::Runs(how) => write!(f, "yes | {how}"),
        }
    }
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn all_but_the_largest_load_by_default_and_most_run() {
    let mut fates = Vec::new();
    println!("| toolchain | package | bytes | loads | runs |\n| --- | --- | --- | --- | --- |");
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('|').map(str::trim).collect();
        let [toolchain, folder, _, package, file] = fields[..] else {
            panic!("{line}");
        };
        let Some(wasm) = bytes(&format!("{folder}/{file}")) else {
            continue;
        };
        let fate = fate(&wasm);
        println!("| {toolchain} | {package} | {} | {fate} |", wasm.len());
        fates.push(fate);
    }
    let count = |is: fn(&Fate) -> bool| fates.iter().filter(|fate| is(fate)).count();
    let within = count(|fate| !matches!(fate, Fate::NeedsProposal(_)));
    let load = count(|fate| matches!(fate, Fate::Loads(_) | Fate::Runs(_)));
    let run = count(|fate| matches!(fate, Fate::Runs(_)));
    let all = fates.len();
    println!("{all} modules, {within} within the default proposals: {load} load, {run} run");
    assert!(load + LARGEST >= within, "{load} of {within} load");
    assert!(run * 10 >= within * 8, "{run} of {within} run");
}

fn fate(wasm: &[u8]) -> Fate {
    match Module::new(wasm) {
        Ok(module) => run(&module),
        Err(Error::Proposal { proposal }) => Fate::NeedsProposal(proposal.to_string()),
        Err(error) => match Module::proposals_used(wasm, &anything()) {
            Err(Error::Proposal { proposal }) => Fate::NeedsProposal(proposal.to_string()),
            _ => Fate::Refused(error.to_string()),
        },
    }
}

/// Limits that refuse nothing but proposals.
fn anything() -> ModuleLimits {
    ModuleLimits::default()
        .module_bytes(u64::MAX)
        .function_bytes(u64::MAX)
        .imports(u64::MAX)
        .carried_values(u64::MAX)
        .locals(u64::MAX)
}

/// Starts a module with what everybody is granted, and stubs for all that only its own host offers.
fn run(module: &Module) -> Fate {
    let sandbox = granting(Sandbox::new(Limits::default()));
    let Some((name, values)) = first_call(module) else {
        return Fate::Loads("exports no function".to_owned());
    };
    let call = Call::export(&name).values(values);
    let report = match sandbox.start(module, call) {
        Ok(execution) => execution.finish().report,
        Err(Error::ImportUnknown { found, .. }) => {
            return Fate::Loads(format!("imports a {}", kind(&found)));
        }
        Err(error) => return Fate::Loads(error.code().to_owned()),
    };
    match &report.outcome {
        Outcome::Finished { .. } => Fate::Runs(format!("`{name}`")),
        Outcome::Stopped {
            stop: Stop::HostFunction { name: asked, .. },
            ..
        } => Fate::Runs(format!("`{name}`, until it calls its host: `{asked}`")),
        Outcome::Stopped {
            stop: Stop::Trapped(trap),
            ..
        } if *trap != Trap::StackOverflow => {
            Fate::Runs(format!("`{name}`, `{}`", report.outcome.code()))
        }
        _ => Fate::Loads(format!("`{}`", report.outcome.code())),
    }
}

/// With what everybody is granted, and stubs for all else.
pub(super) fn granting(sandbox: Sandbox) -> Sandbox {
    sandbox
        .grant(protocol())
        .grant(Wasi::new())
        .grant(Abort)
        .stub_unknown()
}

/// What starts a module of each toolchain, else the first function, with zeros.
pub(super) fn first_call(module: &Module) -> Option<(String, Vec<Value>)> {
    const STARTS: [&str; 4] = ["_start", "_initialize", "__wasm_call_ctors", "_init"];

    let functions: Vec<_> = module
        .exports()
        .filter_map(|export| match export.ty {
            ExternType::Function(ty) => Some((export.name.to_string(), ty)),
            _ => None,
        })
        .collect();
    let named = |start: &&str| functions.iter().find(|(name, _)| name == start);
    let without = || functions.iter().find(|(_, ty)| ty.params.is_empty());
    let (name, ty) = STARTS
        .iter()
        .find_map(named)
        .or_else(without)
        .or(functions.first())?;
    let zeros = ty.params.iter().map(zero).collect();
    Some((name.clone(), zeros))
}

fn zero(ty: &ValueType) -> Value {
    match ty {
        ValueType::I64 => Value::I64(0),
        ValueType::F32 => Value::F32(0.0),
        ValueType::F64 => Value::F64(0.0),
        ValueType::ExternRef => Value::ExternRef(fuelbox::Reference::Null),
        ValueType::FuncRef => Value::FuncRef(fuelbox::Reference::Null),
        _ => Value::I32(0),
    }
}

fn kind(ty: &ExternType) -> &'static str {
    match ty {
        ExternType::Memory(_) => "memory",
        ExternType::Table(_) => "table",
        ExternType::Global(_) => "global",
        _ => "function",
    }
}
