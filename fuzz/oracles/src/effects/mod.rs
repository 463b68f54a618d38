//! What a guest does, as far as every engine can see it: what it asks of its host, and how it ends.
//!
//! A guest is run in a sandbox here; where no limit ended it, another engine must see the same effects.

mod asked;
mod boxed;

pub use asked::{Answer, Asked, Reach};

use crate::{guest::grow, plan::Plan};
use fuelbox::{Error, Module, ModuleLimits, Proposal, Trap};

/// The export to call: no parameters, and one `i64` that says what then is in memory, globals and tables.
pub use crate::guest::DIGEST;

/// Memory of a run in bytes, all memories together; growths beyond are refused.
pub const MOST_BYTES: u64 = 32 << 16;

/// Elements of a run, all tables together; growths beyond are refused.
pub const MOST_ELEMENTS: u64 = 2_000;

/// Fuel of a run in the interpreter; what reads all memory for the digest takes a quarter of it.
pub const FUEL: u64 = 1 << 22;

/// What a guest did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effects {
    /// How it ended.
    pub end: End,
    /// What the host was asked, in order, and what it saw.
    pub calls: Vec<String>,
}

impl Effects {
    /// These calls, then this end.
    #[must_use]
    pub fn new(calls: Vec<String>, end: End) -> Self {
        Self { end, calls }
    }
}

/// How a guest ended, where no limit ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// With this digest.
    Finished(i64),
    /// By what WebAssembly forbids.
    Trapped(Trap),
    /// Before any code ran.
    SegmentOutside,
}

/// A guest that was made of bytes, and what it may be.
#[derive(Debug)]
pub struct Guest {
    wasm: Vec<u8>,
    call_depth: u64,
    proposals: ModuleLimits,
}

impl Guest {
    /// The guest that `data` makes, `None` where none can be made of it.
    #[must_use]
    pub fn of(data: &[u8]) -> Option<Self> {
        let (plan, bytes) = Plan::split(data);
        Self::new(&plan, bytes)
    }

    /// The guest that `data` makes with these proposals beside those that are on by default, and no others.
    #[must_use]
    pub fn with_proposals(data: &[u8], proposals: &[Proposal]) -> Option<Self> {
        let (mut plan, bytes) = Plan::split(data);
        plan.grow_with(proposals);
        let wasm = grow::module(&plan, bytes)?;
        Some(Self::written(wasm, proposals))
    }

    /// A module that was made elsewhere and has [`DIGEST`], with these proposals beside those that are on by default.
    #[must_use]
    pub fn written(wasm: Vec<u8>, proposals: &[Proposal]) -> Self {
        let limits = ModuleLimits::default();
        Self {
            wasm,
            call_depth: CALL_DEPTH,
            proposals: proposals.iter().copied().fold(limits, ModuleLimits::allow),
        }
    }

    /// The same, with its control flow as it is written.
    #[must_use]
    pub fn keep_control_flow(self) -> Self {
        Self {
            proposals: self.proposals.keep_faults(),
            ..self
        }
    }

    /// The same, cut wherever more than this much fuel would be charged in one go.
    #[must_use]
    pub fn cut(self, stretch_fuel: u64) -> Self {
        Self {
            proposals: self.proposals.stretch_fuel(stretch_fuel),
            ..self
        }
    }

    /// The same without relaxed SIMD, whose results are the engine's choice.
    #[must_use]
    pub fn without_choices(data: &[u8]) -> Option<Self> {
        let (mut plan, bytes) = Plan::split(data);
        plan.features &= !grow::RELAXED_SIMD;
        let mut guest = Self::new(&plan, bytes)?;
        guest.proposals = guest.proposals.deny(Proposal::RelaxedSimd);
        Some(guest)
    }

    fn new(plan: &Plan, bytes: &[u8]) -> Option<Self> {
        Some(Self {
            wasm: grow::module(plan, bytes)?,
            call_depth: plan.call_depth(),
            proposals: plan.module_limits(),
        })
    }

    /// Its bytes, as they are before fuelbox rewrites them.
    #[must_use]
    pub fn wasm(&self) -> &[u8] {
        &self.wasm
    }

    /// How deep its calls may nest.
    #[must_use]
    pub fn call_depth(&self) -> u64 {
        self.call_depth
    }

    /// Admits it.
    ///
    /// # Errors
    /// What fuelbox has against it.
    pub fn admit(&self) -> Result<Module, Error> {
        Module::builder()
            .limits(self.proposals.clone())
            .build(&self.wasm)
    }
}

/// How deep calls nest by default.
const CALL_DEPTH: u64 = 1_000;

/// What a run in a sandbox did and used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// What was seen of it; `None` where a limit ended it.
    pub effects: Option<Effects>,
    /// Its fuel.
    pub fuel: u64,
}

/// Runs it in a sandbox in slices of these sizes, one after another; `None` where it cannot start.
#[must_use]
pub fn in_slices(module: &Module, size: impl FnMut() -> u64) -> Option<Run> {
    boxed::run(module, size)
}

/// Runs it in a sandbox; `None` where it cannot start, or where a limit ended it.
#[must_use]
pub fn in_sandbox(module: &Module) -> Option<Effects> {
    boxed::run(module, || u64::MAX)?.effects
}
