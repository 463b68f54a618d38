//! fuelbox, as a host would use it: fuel, a deadline and the protocol.

use super::{Compiled, Engine, LAZY, OURS, cancel_during};
use crate::{guest::FUEL, stopwatch};
use fuelbox::{Function, GrowthDenial, Limits, Module, Sandbox, Slice, Step, Stop, protocol};
use std::time::Duration;

/// fuelbox with a deadline that is far away.
pub struct Ours {
    limits: Limits,
    lazy: bool,
}

struct Guest {
    module: Module,
    /// As a host has it: made once.
    sandbox: Sandbox,
    limits: Limits,
}

impl Default for Ours {
    fn default() -> Self {
        // So much memory that growing it takes longer than any deadline here.
        let limits = Limits::default()
            .fuel(FUEL)
            .deadline(Duration::from_secs(3_600))
            .memory_bytes(1 << 30)
            .growth_denial(GrowthDenial::Refuse)
            .output_bytes(u64::MAX);
        Self {
            limits,
            lazy: false,
        }
    }
}

impl Ours {
    /// One that compiles functions at their first call.
    #[must_use]
    pub fn lazy() -> Self {
        Self {
            lazy: true,
            ..Self::default()
        }
    }
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        if self.lazy { LAZY } else { OURS }
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        Box::new(Guest {
            module: Module::builder()
                .lazy(self.lazy)
                .build(wasm)
                .expect("the guest is valid"),
            sandbox: Sandbox::new(self.limits.clone()),
            limits: self.limits.clone(),
        })
    }
}

impl Guest {
    fn stopping(&self, deadline: Duration) -> Sandbox {
        Sandbox::new(self.limits.clone().deadline(deadline))
            .grant(protocol())
            .grant(Function::new("host", "nop", || {}))
    }
}

impl Compiled for Guest {
    fn run(&self) -> i32 {
        let report = self.sandbox.run(&self.module, "").expect("it starts");
        report.status().expect("it finishes")
    }

    fn overrun(&self, deadline: Duration) -> Option<Duration> {
        let report = self
            .stopping(deadline)
            .run(&self.module, "")
            .expect("it starts");
        assert_eq!(report.stop(), Some(&Stop::Deadline { limit: deadline }));
        Some(report.usage.overrun)
    }

    fn cancelled(&self, after: Duration) -> Option<Duration> {
        let sandbox = self.stopping(Duration::from_secs(3_600));
        let mut execution = sandbox.start(&self.module, "").expect("it starts");
        let token = execution.cancel_token();
        cancel_during(
            after,
            move || token.cancel(),
            || {
                let report = execution.finish().report;
                assert_eq!(report.stop(), Some(&Stop::Cancelled));
            },
        )
    }

    fn late_slice(&self, time: Duration) -> Option<Duration> {
        /// The first slices know least of how fast the guest is.
        const SLICES: usize = 5;

        let sandbox = self.stopping(Duration::from_secs(3_600));
        let mut execution = sandbox.start(&self.module, "").expect("it starts");
        let slices = std::iter::repeat_with(|| {
            let begin = stopwatch::now();
            assert_eq!(execution.step(Slice::time(time)), Step::Paused);
            begin.elapsed().saturating_sub(time)
        });
        slices.take(SLICES).last()
    }
}
