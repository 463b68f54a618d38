//! One guest in a file: how to run it, and what must happen.

use super::{clock, expect::Expect, header};
use fuelbox::{
    Call, Caller, Error, Execution, ExternType, Function, Halt, HostError, Limits, MemoryDenial,
    Module, ModuleLimits, Proposal, Sandbox, Tree, Value, ValueType,
    capability::{Abort, Clock, Input, Log, Output, Random, Wasi},
    protocol,
};
use std::time::Duration;

/// The budget of a guest that names none: a second of arithmetic in slices of 1, so that one that does
/// not end as it should still ends.
const FUEL: u64 = 50_000_000;

/// One guest, and what must happen to it.
pub(crate) struct Case {
    pub(crate) wasm: Vec<u8>,
    pub(crate) limits: Limits,
    pub(crate) module_limits: ModuleLimits,
    pub(crate) input: Vec<u8>,
    pub(crate) expect: Expect,
    /// How far the clock goes each time it is read.
    pub(crate) tick: Duration,
    allow: Vec<String>,
    call: Option<String>,
    abi_version_required: bool,
}

impl Case {
    /// Reads a guest with its header.
    ///
    /// # Errors
    /// What is wrong with the header or the text.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut case = Self {
            wasm: wat::parse_str(text).map_err(|error| error.to_string())?,
            limits: super::roomy().fuel(FUEL),
            module_limits: ModuleLimits::default(),
            input: Vec::new(),
            expect: Expect::default(),
            tick: Duration::ZERO,
            allow: Vec::new(),
            call: None,
            abi_version_required: false,
        };
        let header = header::read(text)?;
        if !header
            .iter()
            .any(|(key, _)| key == "attack" || key == "shows")
        {
            return Err("the header does not say what the guest attacks or shows".into());
        }
        for (key, value) in header {
            case.set(&key, &value)
                .map_err(|problem| format!("{key}: {problem}"))?;
        }
        case.expect.is_complete()?;
        Ok(case)
    }

    /// Whether the clock decides how the run ends, so that it may end elsewhere in other slices.
    pub(crate) fn is_timed(&self) -> bool {
        self.tick > Duration::ZERO
    }

    pub(crate) fn admit(&self) -> Result<Module, Error> {
        Module::builder()
            .limits(self.module_limits.clone())
            .build(&self.wasm)
    }

    pub(crate) fn sandbox(&self) -> Sandbox {
        self.grant_to(Sandbox::with_clock(
            self.limits.clone(),
            clock::ticking(self.tick),
        ))
    }

    /// A sandbox with all the fuel there is, and the deadline held by the machine's own clock.
    pub(crate) fn hurried(&self, deadline: Duration) -> Sandbox {
        let limits = self.limits.clone().fuel(u64::MAX).deadline(deadline);
        self.grant_to(Sandbox::new(limits))
    }

    fn grant_to(&self, sandbox: Sandbox) -> Sandbox {
        let sandbox = self
            .allow
            .iter()
            .fold(sandbox, |sandbox, what| allow(sandbox, what));
        if self.abi_version_required {
            sandbox.require_abi_version()
        } else {
            sandbox
        }
    }

    pub(crate) fn start(&self, sandbox: &Sandbox, module: &Module) -> Result<Execution, Error> {
        sandbox.start(module, self.call(module))
    }

    /// What is called.
    pub(crate) fn call(&self, module: &Module) -> Call {
        let Some(call) = &self.call else {
            return Call::entry().input(self.input.as_slice());
        };
        let mut words = call.split_whitespace();
        let name = words.next().expect("a call has a name");
        let types = match module.export(name) {
            Some(ExternType::Function(ty)) => ty.params.to_vec(),
            _ => Vec::new(),
        };
        let values: Vec<_> = types
            .iter()
            .zip(words)
            .map(|(ty, word)| value(*ty, word))
            .collect();
        Call::export(name)
            .values(values)
            .input(self.input.as_slice())
    }

    /// Whether the export called `name` is called.
    pub(crate) fn calls(&self, name: &str) -> bool {
        let call = self.call.as_deref();
        call.is_some_and(|call| call.split_whitespace().next() == Some(name))
    }

    /// Whether the entry is called, which is what [`Sandbox::check`] judges.
    pub(crate) fn calls_the_entry(&self) -> bool {
        self.call.is_none()
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let limits = self.limits.clone();
        let module_limits = self.module_limits.clone();
        match key {
            "attack" | "shows" => {}
            "allow" => self.allow = value.split(',').map(|what| what.trim().into()).collect(),
            "input" => self.input = value.into(),
            "call" => self.call = Some(value.into()),
            "abi_version" if value == "required" => self.abi_version_required = true,
            "tick" => self.tick = duration(value)?,
            "fuel" => self.limits = limits.fuel(header::number(value)?),
            "deadline" => self.limits = limits.deadline(duration(value)?),
            "memory" => self.limits = limits.memory_bytes(header::number(value)?),
            "table" => self.limits = limits.table_elements(header::number(value)?),
            "denial" if value == "refuse" => {
                self.limits = limits.memory_denial(MemoryDenial::Refuse);
            }
            "input_limit" => self.limits = limits.input_bytes(header::number(value)?),
            "output_limit" => self.limits = limits.output_bytes(header::number(value)?),
            "log_bytes" => self.limits = limits.log_bytes(header::number(value)?),
            "log_lines" => self.limits = limits.log_lines(header::number(value)?),
            "log_line_bytes" => self.limits = limits.log_line_bytes(header::number(value)?),
            "call_depth" => self.module_limits = module_limits.call_depth(header::number(value)?),
            "stack" => self.module_limits = module_limits.stack_bytes(header::number(value)?),
            "proposal" => self.module_limits = module_limits.allow(proposal(value)?),
            _ => self.expect.set(key, value)?,
        }
        Ok(())
    }
}

fn allow(sandbox: Sandbox, what: &str) -> Sandbox {
    match what {
        "protocol" => sandbox.grant(protocol()),
        "log" => sandbox.grant(Log),
        "input" => sandbox.grant(Input),
        "output" => sandbox.grant(Output),
        "clock" => sandbox.grant(Clock::by_fuel(Duration::from_secs(1))),
        "random" => sandbox.grant(Random::seeded(7)),
        "abort" => sandbox.grant(Abort),
        "wasi" => sandbox.grant(wasi()),
        "host" => sandbox
            .grant(Function::new("host", "nop", || ()))
            .grant(Function::new("host", "twice", |n: i32| n.wrapping_mul(2)))
            .grant(Function::new(
                "host",
                "spend",
                |caller: &mut Caller<'_>, fuel: u64| caller.charge(fuel),
            ))
            // Returns normally although the run has no fuel left.
            .grant(Function::new(
                "host",
                "spend_all",
                |caller: &mut Caller<'_>| -> Result<(), Halt> { caller.charge(caller.fuel_left()) },
            ))
            .grant(Function::new(
                "host",
                "fuel_used",
                |caller: &mut Caller<'_>| caller.fuel_used(),
            ))
            .grant(Function::new(
                "host",
                "fail",
                || -> Result<(), HostError> {
                    Err(HostError::message("out of fuel, says the host"))
                },
            )),
        other => panic!("no capability of tests: {other}"),
    }
}

/// A small writable tree at `/`, a read-only one at `/kept`.
fn wasi() -> Wasi {
    let tree = Tree::new()
        .file("/file", "hello")
        .and_then(|tree| tree.dir("/dir"))
        .and_then(|tree| tree.symlink("/round", "round"))
        .and_then(|tree| tree.symlink("/ping", "pong/x"))
        .and_then(|tree| tree.symlink("/pong", "ping/x"))
        .and_then(|tree| tree.symlink("/up", "dir/../.."))
        .and_then(|tree| tree.symlink("/root", "/file"))
        .expect("it fits")
        .writable()
        .bytes_limit(256 << 10)
        .nodes_limit(2_000);
    let kept = Tree::new().file("/file", "kept").expect("it fits");
    Wasi::new()
        .env("KEY", "value")
        .mount("/", tree)
        .mount("/kept", kept)
}

fn duration(text: &str) -> Result<Duration, String> {
    let millis = text.strip_suffix("ms").ok_or("not in ms")?;
    header::number(millis).map(Duration::from_millis)
}

/// The proposals that are off unless allowed.
pub(crate) const OFF: [Proposal; 6] = [
    Proposal::TailCall,
    Proposal::MultiMemory,
    Proposal::Memory64,
    Proposal::RelaxedSimd,
    Proposal::CustomPageSizes,
    Proposal::WideArithmetic,
];

fn proposal(name: &str) -> Result<Proposal, String> {
    OFF.into_iter()
        .find(|proposal| proposal.name() == name)
        .ok_or_else(|| "no proposal that is off".into())
}

fn value(ty: ValueType, text: &str) -> Value {
    match ty {
        ValueType::I32 => Value::I32(text.parse().expect("an i32")),
        ValueType::I64 => Value::I64(text.parse().expect("an i64")),
        ValueType::F32 => Value::F32(text.parse().expect("an f32")),
        ValueType::F64 => Value::F64(text.parse().expect("an f64")),
        other => panic!("no argument of type {other} in a header"),
    }
}
