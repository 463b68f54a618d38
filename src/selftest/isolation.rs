//! The attacks, each in a worker process of its own.

use super::{SelfTest, attack::Attack, case::Case, catalogue, generated, machine::Machine};
use alloc::{borrow::Cow, string::ToString};
use fuelbox::{
    Call, Error, Limits, ModuleLimits, Report, Sandbox,
    worker::{WorkerError, WorkerModule, WorkerOptions, WorkerPool, WorkerSpec},
};

/// As [`selftest`](fuelbox::selftest), with each attack in a worker process: what one does there reaches no further.
///
/// Attacks that need functions of this process are left out, and so are the checks that step a guest or look at
/// the build. Takes some seconds.
///
/// ```no_run
/// use fuelbox::worker::WorkerOptions;
///
/// fuelbox::worker::main(); // the workers are this program
/// let proof = fuelbox::selftest_in_workers(WorkerOptions::default())?;
/// assert!(proof.is_contained(), "{proof}");
/// # Ok::<(), fuelbox::worker::WorkerError>(())
/// ```
///
/// # Errors
/// Those of [`WorkerPool::with_options`], where no worker can be started or confined.
pub fn selftest_in_workers(options: WorkerOptions) -> Result<SelfTest, WorkerError> {
    let isolation = Isolation { options };
    // Once before, so that what no attack is to blame for is told as it is.
    isolation.pool(&Sandbox::new(Limits::default()), &ModuleLimits::default())?;
    let machine = Machine::new(crate::clock::SystemClock).isolated(isolation);
    let attacks = catalogue::attacks().chain(generated::attacks());
    let checks = attacks.filter(Isolation::can_run);
    Ok(SelfTest {
        version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        checks: checks.map(|attack| attack.check(&machine)).collect(),
    })
}

/// A run that can be timed.
type Run<'a> = dyn FnMut() -> Result<Report, WorkerError> + 'a;

/// What attacks run in: a worker process for each.
pub(super) struct Isolation {
    options: WorkerOptions,
}

impl Isolation {
    /// Runs a case that is granted what `sandbox` has; `timed` is handed the run itself.
    pub(super) fn report(
        &self,
        case: &Case,
        sandbox: &Sandbox,
        call: Call,
        timed: impl FnOnce(&mut Run<'_>) -> Result<Report, WorkerError>,
    ) -> Result<Report, Error> {
        let module = WorkerModule::new(case.wasm.clone());
        let mut call = Some(call);
        let report = self.pool(sandbox, &case.module_limits).and_then(|pool| {
            // Admitted before the clock is read, as in one process.
            pool.check(&module)?;
            timed(&mut || pool.run(&module, call.take().unwrap_or_else(Call::entry)))
        });
        report.map_err(|error| match error {
            WorkerError::Refused(error) => error,
            error => Error::Engine {
                message: error.to_string(),
            },
        })
    }

    fn pool(&self, sandbox: &Sandbox, limits: &ModuleLimits) -> Result<WorkerPool, WorkerError> {
        let spec = WorkerSpec::new(sandbox)?.module_limits(limits.clone());
        WorkerPool::with_options(spec, 1, self.options.clone())
    }

    /// Whether all that an attack is granted is data.
    fn can_run(attack: &Attack) -> bool {
        let sandbox = attack.case().grant_to(Sandbox::new(Limits::default()));
        WorkerSpec::new(&sandbox).is_ok()
    }
}
