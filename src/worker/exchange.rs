//! One run in a worker, as its pool sees it.

use super::{
    asking::Asking,
    gathered::Gathered,
    keeper::Shared,
    link::Link,
    protocol::{
        Bounds, CallData, ChannelError, Ending, Malformed, Patience, ToHost, ToWorker, trees::Most,
    },
    spec::{Answerer, Signature, WorkerSpec},
    worker_module::WorkerModule,
};
use crate::{
    call::{Call, Setting},
    capability::panicked,
    clock::{MonotonicClock, SystemClock},
    error::Error,
    guard::guard,
    host::{CancelToken, Extensions, Halt},
    limits::CallLimits,
    report::{Outcome, Report},
    stop::{HostError, Stop},
    value::{Value, ValueType},
};
use alloc::{boxed::Box, string::ToString, vec::Vec};
use core::time::Duration;

/// A call that can be handed to a worker, and what stays with the pool meanwhile.
pub(super) struct Errand {
    data: CallData,
    input: Vec<u8>,
    extensions: Extensions,
    cancel: Option<CancelToken>,
    limits: CallLimits,
}

/// What a worker answers to an errand.
#[derive(Debug)]
pub(super) enum Answer {
    Report {
        report: Box<Report>,
        /// Whether an instance can be called again.
        alive: bool,
    },
    Refused(Error),
}

/// What a worker is to do.
#[derive(Clone, Copy)]
pub(super) enum Task<'a> {
    Run(&'a WorkerModule),
    Instantiate(&'a WorkerModule),
    /// Call the instance that it has.
    Call,
}

/// A worker that has not answered as it should.
pub(super) struct Lost {
    pub(super) error: ChannelError,
    /// The time that it had.
    pub(super) time: Duration,
    /// Whether it can have run anything of the guest.
    pub(super) has_begun: bool,
    pub(super) gathered: Gathered,
}

impl Errand {
    /// # Errors
    /// [`Error::InputTooLarge`].
    pub(super) fn new(
        call: Call,
        results: Option<&[ValueType]>,
        spec: &WorkerSpec,
    ) -> Result<Self, Error> {
        let Call { callee, setting } = call;
        setting.must_fit(&spec.data.limits.call)?;
        let Setting {
            input,
            extensions,
            cancel,
            limits,
        } = setting;
        let (name, arguments) = callee.into_parts();
        Ok(Self {
            data: CallData {
                name,
                arguments,
                results: results.map(Into::into),
                limits: limits.clone(),
                cancelled: cancel.as_ref().is_some_and(CancelToken::is_cancelled),
            },
            input,
            extensions,
            cancel,
            limits: limits.unwrap_or_else(|| spec.data.limits.call.clone()),
        })
    }

    /// Has the worker at the other end of `link` do it, within the limits and times of `shared`.
    ///
    /// # Errors
    /// [`Lost`]; the worker is good for nothing more.
    pub(super) fn run(
        &mut self,
        link: &mut Link,
        task: Task<'_>,
        shared: &Shared,
    ) -> Result<Answer, Box<Lost>> {
        let request = match self.request(link, task, shared) {
            Ok(Ok(request)) => request,
            Ok(Err(error)) => return Ok(Answer::Refused(error)),
            Err(error) => {
                return Err(self.lost(error, shared.options.admission_time));
            }
        };
        let time = self.limits.deadline.saturating_add(shared.options.grace);
        let gathered = Gathered::new(self.limits.clone(), shared.spec.most);
        let mut talk = Talk {
            bounds: gathered.bounds(),
            patience: Patience::of(time),
            gathered,
            cancel: self.cancel.clone().filter(|_| !self.data.cancelled),
            failed: None,
            extensions: &mut self.extensions,
            spec: &shared.spec,
            link,
        };
        let sent = talk.say(&request, &self.input);
        let has_begun = sent != Err(ChannelError::Closed);
        let ended = sent.and_then(|()| talk.listen());
        let (gathered, failed) = (talk.gathered, talk.failed);
        match ended {
            Ok(Ended::Refused(error)) => Ok(Answer::Refused(error)),
            Ok(Ended::With(ending, body)) => {
                let alive = ending.alive;
                match gathered.end(*ending, body) {
                    Ok(report) => Ok(Answer::Report {
                        report: Box::new(with_own_error(report, failed)),
                        alive,
                    }),
                    Err(malformed) => Err(self.lost(malformed.into(), time)),
                }
            }
            Err(error) => Err(Box::new(Lost {
                error,
                time,
                has_begun,
                gathered,
            })),
        }
    }

    /// What to ask the worker for, once it has the module. A module that it refuses is the inner error.
    fn request(
        &self,
        link: &mut Link,
        task: Task<'_>,
        shared: &Shared,
    ) -> Result<Result<ToWorker, Error>, ChannelError> {
        let call = self.data.clone();
        let time = shared.options.admission_time;
        Ok(match task {
            Task::Run(module) => {
                let loaded = link.load(module, time)?;
                loaded.map(|module| ToWorker::Run { module, call })
            }
            Task::Instantiate(module) => {
                let loaded = link.load(module, time)?;
                loaded.map(|module| ToWorker::Instantiate { module })
            }
            Task::Call => Ok(ToWorker::Call { call }),
        })
    }

    /// A worker of which nothing is known but that it is no good.
    #[cold]
    fn lost(&self, error: ChannelError, time: Duration) -> Box<Lost> {
        Box::new(Lost {
            error,
            time,
            has_begun: true,
            gathered: Gathered::new(self.limits.clone(), Most::default()),
        })
    }
}

/// One run in a worker.
struct Talk<'a> {
    link: &'a mut Link,
    spec: &'a WorkerSpec,
    bounds: Bounds,
    patience: Patience,
    gathered: Gathered,
    extensions: &'a mut Extensions,
    /// Absent once the worker knows of a cancel.
    cancel: Option<CancelToken>,
    /// What a function of the host returned last in place of a result.
    failed: Option<HostError>,
}

enum Ended {
    Refused(Error),
    With(Box<Ending>, Vec<u8>),
}

impl Talk<'_> {
    fn say(&mut self, message: &ToWorker, body: &[u8]) -> Result<(), ChannelError> {
        self.link.channel.send(message, &[body], self.patience)
    }

    /// Listens to the worker until the run has ended.
    fn listen(&mut self) -> Result<Ended, ChannelError> {
        loop {
            self.wait()?;
            let (message, body) = self.link.channel.receive(&self.bounds, self.patience)?;
            match message {
                ToHost::Progress(progress) => self.gathered.progress(progress, body)?,
                ToHost::Ask { function, args } => self.answer(function, &args)?,
                ToHost::Ended(ending) | ToHost::Live(ending) => {
                    return Ok(Ended::With(Box::new(ending), body));
                }
                ToHost::Refused { error } => return Ok(Ended::Refused(error)),
                _ => return Err(Malformed::Unexpected.into()),
            }
        }
    }

    /// Waits until something comes; passes on a cancel meanwhile.
    fn wait(&mut self) -> Result<(), ChannelError> {
        while let Some(token) = &self.cancel {
            if token.is_cancelled() {
                self.say(&ToWorker::Cancel, &[])?;
                self.cancel = None;
                return Ok(());
            }
            if self.link.channel.wait(CANCEL_LATENCY) {
                return Ok(());
            }
            if self.patience.left() == Some(Duration::ZERO) {
                return Err(ChannelError::Late);
            }
        }
        Ok(())
    }

    /// Calls a function of the host for the guest. The time that it takes is not the worker's.
    fn answer(&mut self, function: u32, args: &[Value]) -> Result<(), ChannelError> {
        let (signature, answerer) = function_of(self.spec, function)?;
        if !args
            .iter()
            .map(Value::ty)
            .eq(signature.params.iter().copied())
        {
            return Err(Malformed::Unexpected.into());
        }
        let began = SystemClock.now();
        // Within the function, the worker has as long for each answer.
        let patience = self.patience.longer(CALL_TIME);
        let mut asking = Asking::new(&mut self.link.channel, self.extensions, patience);
        let returned =
            guard(|| answerer(&mut asking, args)).unwrap_or_else(|message| Err(panicked(&message)));
        if let Some(broken) = asking.broken() {
            return Err(broken);
        }
        let answer = match returned {
            Ok(values) => ToWorker::Answer { values },
            Err(error) if Halt::passed_up(&error).is_some() => ToWorker::Halt,
            Err(error) => {
                let message = error.to_string();
                self.failed = Some(error);
                ToWorker::Fail { message }
            }
        };
        let took = SystemClock.now().saturating_sub(began);
        self.patience = self.patience.longer(took);
        self.say(&answer, &[])
    }
}

/// The report with the error of the host's own function as it was: only its text has crossed.
fn with_own_error(mut report: Report, failed: Option<HostError>) -> Report {
    if let Outcome::Stopped {
        stop: Stop::HostFunction { error, .. },
        ..
    } = &mut report.outcome
        && let Some(failed) = failed
        && failed == *error
    {
        *error = failed;
    }
    report
}

fn function_of(spec: &WorkerSpec, function: u32) -> Result<(&Signature, &Answerer), Malformed> {
    let place = usize::try_from(function).map_err(|_| Malformed::Unexpected)?;
    let signature = spec.data.functions.get(place);
    let answerer = spec.functions.get(place);
    signature.zip(answerer).ok_or(Malformed::Unexpected)
}

/// How often a token is looked at while its run goes on.
const CANCEL_LATENCY: Duration = Duration::from_millis(1);

/// How long the worker may take for what a function of the host wants to know, beyond the time of the run.
const CALL_TIME: Duration = Duration::from_secs(60);
