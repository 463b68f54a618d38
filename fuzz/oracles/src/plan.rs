//! How a guest is run, drawn from the first bytes of an input; the rest is the guest.

use crate::{draw::Draw, guest::grow};
use arbitrary::{Arbitrary, Unstructured};
use fuelbox::{GrowthDenial, Limits, ModuleLimits, Proposal, Proposals};
use std::time::Duration;

/// How a guest is run. All fields have a fixed size, so that a module can be put after them as it is.
#[derive(Arbitrary, Clone, Debug)]
pub(crate) struct Plan {
    /// What modules are grown with; see [`grow`](crate::grow).
    pub(crate) features: u8,
    /// Fuel, as an exponent of two and what is added to it.
    fuel: (u8, u16),
    /// Pages of memory.
    memory_pages: u8,
    /// Whether a denied growth is refused.
    refuse: bool,
    table_elements: u8,
    output_bytes: u16,
    log_bytes: u16,
    log_lines: u8,
    log_line_bytes: u8,
    stderr_bytes: u8,
    /// Bits for what is not granted; see [`grants`](crate::grants).
    pub(crate) withheld: u8,
    /// Nanoseconds by which the clock goes on at each reading, and of the deadline.
    tick: u8,
    deadline: u16,
    call_depth: u8,
    input_len: u8,
    seed: u64,
}

impl Plan {
    /// Splits an input into plan and guest. Where the input is short, the plan ends in zeros.
    pub(crate) fn split(data: &[u8]) -> (Self, &[u8]) {
        let mut bytes = Unstructured::new(data);
        let plan = Self::arbitrary(&mut bytes).expect("missing bytes are taken as zeros");
        let rest = bytes.take_rest();
        assert_eq!(data.len() - rest.len(), BYTES.min(data.len()));
        (plan, rest)
    }

    /// Limits of the run, small enough for any guest to be over within milliseconds.
    pub(crate) fn limits(&self) -> Limits {
        let (exponent, more) = self.fuel;
        let denial = if self.refuse {
            GrowthDenial::Refuse
        } else {
            GrowthDenial::Stop
        };
        Limits::default()
            .fuel((1 << (exponent % 21)) + u64::from(more))
            .deadline(self.deadline())
            .memory_bytes(u64::from(self.memory_pages % 32) * 65_536)
            .growth_denial(denial)
            .table_elements(u64::from(self.table_elements) * 4)
            .output_bytes(self.output_bytes.into())
            .log_bytes(self.log_bytes.into())
            .log_lines(self.log_lines.into())
            .log_line_bytes(self.log_line_bytes.into())
            .stderr_bytes(self.stderr_bytes.into())
    }

    /// A deadline that is never hit, for laws that hold only then.
    pub(crate) fn timeless(&self) -> Limits {
        self.limits().deadline(Duration::MAX)
    }

    /// Limits of the module, with every proposal that is supported.
    pub(crate) fn module_limits(&self) -> ModuleLimits {
        everything(ModuleLimits::default().call_depth(self.call_depth()))
    }

    /// How deep calls of the guest may nest.
    pub(crate) fn call_depth(&self) -> u64 {
        match self.call_depth {
            0 => 1_000,
            depth => depth.into(),
        }
    }

    /// How far the clock goes on at each reading; mostly it stands still.
    pub(crate) fn tick(&self) -> Duration {
        Duration::from_nanos(self.tick.saturating_sub(127).into())
    }

    /// The input of the run.
    pub(crate) fn input(&self) -> Vec<u8> {
        (0..self.input_len)
            .map(|byte| byte.wrapping_mul(37))
            .collect()
    }

    /// Grows with these proposals and no others.
    pub(crate) fn grow_with(&mut self, proposals: &[Proposal]) {
        let bits = proposals.iter().map(|proposal| grow::feature(*proposal));
        self.features = bits.fold(self.features & !grow::PROPOSALS, |bits, bit| bits | bit);
    }

    /// Numbers for whatever else has to be chosen.
    pub(crate) fn draw(&self) -> Draw {
        Draw::new(self.seed)
    }

    fn deadline(&self) -> Duration {
        match self.deadline {
            0 => Duration::MAX,
            nanos => Duration::from_nanos(u64::from(nanos) - 1),
        }
    }
}

/// Bytes of an input that are the plan.
pub(crate) const BYTES: usize = 28;

/// Which of them says what is withheld.
pub(crate) const WITHHELD: usize = 14;

/// With every proposal that is supported.
pub(crate) fn everything(limits: ModuleLimits) -> ModuleLimits {
    Proposals::optional()
        .iter()
        .fold(limits, ModuleLimits::allow)
}
