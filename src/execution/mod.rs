//! An execution: one call in progress, and everything that runs and stops it.
//!
//! A call is begun and goes from slice to slice in `running`, the only loop there is; `slice` is the way into the
//! interpreter, `progress` where the call stands and how it ends, `waiting` a host call that has not returned,
//! `answer` what the host says to one, `finish` the way to the report. `pace` says how long slices are. `future`, with
//! a `timer` of the host, and `scheduler` step calls for a host that does not.

mod answer;
mod call_values;
mod calls;
mod classify;
mod finish;
mod future;
mod pace;
mod progress;
mod running;
mod scheduler;
mod slice;
pub(crate) mod span;
mod tape;
mod timer;
mod verbs;
mod waiting;

pub use answer::AnswerError;
pub(crate) use calls::passable;
pub use future::Run;
pub use scheduler::{ExecutionId, Priority, Scheduler, Share};
pub use slice::Slice;
pub(crate) use span::tell;
pub(crate) use tape::{Replayed, replay};
pub use timer::Timer;
pub use verbs::Refused;
pub(crate) use verbs::{instantiate, run, start};
pub use waiting::Wait;

#[cfg(all(feature = "worker", unix))]
use crate::report::{LogLine, Phase};
use crate::{
    host::{CancelToken, Extensions},
    instance::{self, Instance, OutOfBounds},
    recording::Recording,
    report::{Report, Usage},
};
use alloc::boxed::Box;
use core::{fmt, mem, time::Duration};
use finish::After;
use running::Running;

/// One call in progress: step it, cancel it, finish it.
///
/// Made by [`Instance::start`], or by [`Sandbox::start`](crate::Sandbox::start) in an instance of its own. It can
/// move between threads, and awaiting it runs it slice by slice. Dropping it ends the call and the instance, and
/// frees everything.
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox, Slice};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") (loop (br 0))))"#)?;
/// let sandbox = Sandbox::new(Limits::default());
/// let mut execution = sandbox.start(&Module::new(&wasm)?, [])?;
/// let token = execution.cancel_token();
///
/// let step = execution.step(Slice::fuel(10_000));
/// assert!(!step.is_done() && !execution.is_over());
/// println!("{} fuel, {} bytes of output", execution.usage().fuel, execution.output().len());
/// println!("{} bytes of a WASI guest's error stream", execution.stderr().len());
///
/// // For a thread that has nothing else to do: sleeps until the guest goes on, if it waits.
/// if execution.wake_at().is_some() {
///     execution.sleep();
/// }
/// token.cancel();
/// assert_eq!(execution.finish().report.outcome.code(), "cancelled");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Execution {
    /// Absent once it is finished.
    instance: Option<Instance>,
    running: Running,
}

/// The state of a call after [`Execution::step`].
///
/// ```
/// use fuelbox::Step;
///
/// assert!(Step::Done.is_done());
/// assert!(!Step::Paused.is_done());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// There is more to run.
    Paused,
    /// The guest waits, and goes on with the first step after what it waits for has come.
    Waiting(Wait),
    /// It is over; [`Execution::finish`] has the report.
    Done,
}

impl Step {
    /// Whether the call is over.
    #[must_use]
    pub fn is_done(self) -> bool {
        self == Self::Done
    }
}

/// What is left of a call that is over.
// Complete: code that finishes a call takes it apart.
#[derive(Debug)]
pub struct Finished {
    /// What happened.
    pub report: Report,
    /// The instance; `None` where the call has ended it.
    pub instance: Option<Instance>,
    /// The values that were given to host functions.
    pub extensions: Extensions,
    /// What was recorded of the instance, up to here; none where the sandbox does not record.
    pub recording: Option<Recording>,
}

impl Execution {
    fn new(instance: Instance, running: Running) -> Self {
        Self {
            instance: Some(instance),
            running,
        }
    }

    /// Runs the guest for a slice, then returns. Never sleeps.
    ///
    /// A little more where the guest is in the middle of something that cannot be interrupted; less where it ends, is
    /// stopped or waits, and, where only fuel bounds the slice, has called a function of the sandbox that takes long.
    /// With no fuel or no time nothing runs. Once the call is over, every step is [`Step::Done`].
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox, Slice, protocol};
    /// use std::time::Duration;
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    /// let mut execution = sandbox.start(&Module::new(&wasm)?, b"an event")?;
    /// while !execution.step(Slice::time(Duration::from_millis(2))).is_done() {
    ///     // Draw a frame.
    /// }
    /// assert_eq!(execution.finish().report.status(), Some(0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn step(&mut self, slice: Slice) -> Step {
        let Some(instance) = &mut self.instance else {
            return Step::Done;
        };
        self.running.step(&mut instance.guest, slice)
    }

    /// When to step a guest that waits, though nothing else has happened: its time is over, or a limit ends it.
    ///
    /// By the sandbox's clock. None for [`Wait::Input`], and where it does not wait.
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        let instance = self.instance.as_ref()?;
        self.running.wake_at(&instance.guest)
    }

    /// What the guest has written to its output so far.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.instance().guest.store.data().record.output()
    }

    /// What a WASI guest has written to its error stream so far.
    #[must_use]
    pub fn stderr(&self) -> &[u8] {
        self.instance().guest.store.data().record.stderr()
    }

    /// The `len` bytes at `ptr` of the guest's exported `memory`, between two steps or after the last one.
    ///
    /// What a guest that is stopped has left there can still be read, until [`finish`](Self::finish).
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox, Slice};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (memory (export "memory") 1) (func (export "_start")
    /// #     (i32.store8 (i32.const 8) (i32.const 7)) unreachable))"#)?;
    /// let mut execution = Sandbox::new(Limits::default()).start(&Module::new(&wasm)?, [])?;
    /// assert!(execution.step(Slice::fuel(u64::MAX)).is_done());
    /// assert_eq!(execution.memory_range(8, 1)?, [7]);
    /// assert!(execution.memory_range(65_536, 1).is_err());
    /// assert_eq!(execution.finish().report.outcome.code(), "trap-unreachable");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`OutOfBounds`].
    pub fn memory_range(&self, ptr: u64, len: u64) -> Result<&[u8], OutOfBounds> {
        instance::read(&self.instance().guest.store, ptr, len)
    }

    /// What the guest has logged so far.
    #[cfg(all(feature = "worker", unix))]
    pub(crate) fn logs(&self) -> &[LogLine] {
        self.instance().guest.store.data().record.logs()
    }

    /// The part of the call that is in progress.
    #[cfg(all(feature = "worker", unix))]
    pub(crate) fn phase(&self) -> Phase {
        self.running.phase
    }

    /// A token that cancels this call from any thread: the one that the call was given, else a new one.
    pub fn cancel_token(&mut self) -> CancelToken {
        let instance = self.instance.as_mut().expect(NOT_FINISHED);
        instance.guest.store.data_mut().watch.cancel_token()
    }

    /// Whether the call is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.running.is_over()
    }

    /// What the call has used so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.running.usage(&self.instance().guest)
    }

    /// Runs the guest to its end, or until something stops it.
    ///
    /// The instance comes back unless the call has ended it.
    #[must_use]
    pub fn finish(mut self) -> Finished {
        let mut instance = self.instance.take().expect(NOT_FINISHED);
        let report = self.running.complete(&mut instance.guest, After::Kept);
        if self.running.calls.only_make_ready() {
            instance.guest.initialization = Some(Box::new(report.clone()));
        }
        let extensions = mem::take(&mut instance.guest.store.data_mut().extensions);
        Finished {
            recording: instance.recording(),
            report,
            instance: instance.is_alive().then_some(instance),
            extensions,
        }
    }

    /// Sleeps for a millisecond at the most, if the guest waits.
    ///
    /// For a thread that has nothing else to do after [`Step::Waiting`]. This time then counts as passed for the
    /// guest, even where the sandbox's clock stands still.
    pub fn sleep(&mut self) {
        if let Some(instance) = &mut self.instance {
            self.running.sleep(&mut instance.guest, Duration::MAX);
        }
    }

    fn instance(&self) -> &Instance {
        self.instance.as_ref().expect(NOT_FINISHED)
    }
}

/// Why an execution has its instance.
const NOT_FINISHED: &str = "finishing consumes the execution";

impl Drop for Execution {
    fn drop(&mut self) {
        let Some(instance) = &self.instance else {
            return;
        };
        if self.running.span.is_disabled() {
            return;
        }
        span::close(
            &self.running.span,
            self.running.outcome(),
            &self.running.usage(&instance.guest),
        );
    }
}

impl fmt::Debug for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("phase", &self.running.phase)
            .field("is_over", &self.is_over())
            .field("usage", &self.usage())
            .finish_non_exhaustive()
    }
}
