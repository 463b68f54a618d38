//! One guest with its header: what it may use, what it is granted, and what must happen.

use super::{
    expect::Expect,
    grant::Grant,
    header::{self, duration, number},
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
use fuelbox::{
    Call, Error, ExternType, GrowthDenial, Limits, Module, ModuleLimits, Proposal, Proposals,
    Sandbox, Value, ValueType,
};

/// One guest, and what must happen to it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) wasm: Vec<u8>,
    pub(crate) limits: Limits,
    pub(crate) module_limits: ModuleLimits,
    pub(crate) input: Vec<u8>,
    pub(crate) expect: Expect,
    /// How far a clock of the tests goes each time it is read.
    pub(crate) tick: Duration,
    allow: Vec<Grant>,
    /// The name of an export, and words that become its arguments.
    pub(crate) call: Option<String>,
    abi_version_required: bool,
}

impl Case {
    /// A guest with the text that begins with its header. `limits` are those that the header does not name.
    ///
    /// # Errors
    /// What is wrong with the header.
    pub(crate) fn new(text: &str, wasm: Vec<u8>, limits: Limits) -> Result<Self, String> {
        let mut case = Self {
            wasm,
            limits,
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
                .map_err(|problem| alloc::format!("{key}: {problem}"))?;
        }
        if case.expect.outcome().is_empty() {
            return Err("the header expects nothing".into());
        }
        Ok(case)
    }

    /// # Errors
    /// Why it is no module.
    pub(crate) fn admit(&self) -> Result<Module, Error> {
        Module::builder()
            .limits(self.module_limits.clone())
            .build(&self.wasm)
    }

    /// Whether this build can run it at all: some run no vectors.
    pub(crate) fn is_for_this_build(&self) -> bool {
        let proposal = Proposal::Simd;
        proposal.is_supported() || self.admit().err() != Some(Error::Proposal { proposal })
    }

    /// Grants to a sandbox what the header allows.
    pub(crate) fn grant_to(&self, sandbox: Sandbox) -> Sandbox {
        let grants = self.allow.iter();
        let sandbox = grants.fold(sandbox, |sandbox, grant| grant.open(sandbox));
        if self.abi_version_required {
            sandbox.require_abi_version()
        } else {
            sandbox
        }
    }

    /// What is called. A word that is no argument is left out, so that the call is refused.
    pub(crate) fn call(&self, module: &Module) -> Call {
        let call = self.call.as_deref().unwrap_or_default();
        let mut words = call.split_whitespace();
        let Some(name) = words.next() else {
            return Call::entry().input(self.input.as_slice());
        };
        let types = match module.export(name) {
            Some(ExternType::Function(ty)) => ty.params.to_vec(),
            _ => Vec::new(),
        };
        let values: Vec<_> = types
            .iter()
            .zip(words)
            .filter_map(|(ty, word)| value(*ty, word))
            .collect();
        Call::export(name)
            .values(values)
            .input(self.input.as_slice())
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "attack" | "shows" => {}
            "allow" => {
                let names = value.split(',').map(str::trim);
                self.allow = names.map(Grant::named).collect::<Result<_, _>>()?;
            }
            "input" => self.input = value.into(),
            "call" => self.call = Some(value.into()),
            "abi_version" if value == "required" => self.abi_version_required = true,
            "tick" => self.tick = duration(value)?,
            _ if self.limit(key, value)? => {}
            _ => self.expect.set(key, value)?,
        }
        Ok(())
    }

    /// Sets a limit; tells whether `key` is one.
    pub(super) fn limit(&mut self, key: &str, value: &str) -> Result<bool, String> {
        let limits = self.limits.clone();
        let module_limits = self.module_limits.clone();
        match key {
            "fuel" => self.limits = limits.fuel(number(value)?),
            "deadline" => self.limits = limits.deadline(duration(value)?),
            "memory" => self.limits = limits.memory_bytes(number(value)?),
            "table" => self.limits = limits.table_elements(number(value)?),
            "denial" if value == "refuse" => {
                self.limits = limits.growth_denial(GrowthDenial::Refuse);
            }
            "input_limit" => self.limits = limits.input_bytes(number(value)?),
            "output_limit" => self.limits = limits.output_bytes(number(value)?),
            "log_bytes" => self.limits = limits.log_bytes(number(value)?),
            "log_lines" => self.limits = limits.log_lines(number(value)?),
            "log_line_bytes" => self.limits = limits.log_line_bytes(number(value)?),
            "call_depth" => self.module_limits = module_limits.call_depth(number(value)?),
            "stack" => self.module_limits = module_limits.stack_bytes(number(value)?),
            "module_bytes" => self.module_limits = module_limits.module_bytes(number(value)?),
            "functions" => self.module_limits = module_limits.functions(number(value)?),
            "proposal" => self.module_limits = module_limits.allow(proposal(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn proposal(name: &str) -> Result<Proposal, String> {
    Proposals::optional()
        .iter()
        .find(|proposal| proposal.name() == name)
        .ok_or_else(|| "no proposal that is off".to_string())
}

fn value(ty: ValueType, text: &str) -> Option<Value> {
    match ty {
        ValueType::I32 => text.parse().ok().map(Value::I32),
        ValueType::I64 => text.parse().ok().map(Value::I64),
        ValueType::F32 => text.parse().ok().map(Value::F32),
        ValueType::F64 => text.parse().ok().map(Value::F64),
        _ => None,
    }
}
