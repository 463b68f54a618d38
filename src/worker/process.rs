//! One worker process, from its start to its end.

use super::{
    confinement::Confinement,
    error::WorkerError,
    link::Link,
    main::MARK,
    options::WorkerOptions,
    protocol::{
        Bounds, ChannelError, Malformed, Patience, ToHost, ToWorker, VERSION,
        descriptors::hand_over,
    },
    spec::WorkerSpec,
};
use crate::worker_end::WorkerEnd;
use alloc::{format, string::ToString};
use core::time::Duration;
use std::{
    env, io,
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::ExitStatusExt},
    },
    path::PathBuf,
    process::{self, Child, Command, ExitStatus, Stdio},
};

/// One worker process. Dropped, it is killed and waited for: none is left behind.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    pub(super) link: Link,
    pub(super) confinement: Confinement,
}

impl Worker {
    /// Starts one, and waits until it is confined.
    ///
    /// # Errors
    /// [`WorkerError::Start`], [`WorkerError::Unconfined`].
    pub(super) fn start(spec: &WorkerSpec, options: &WorkerOptions) -> Result<Self, WorkerError> {
        let failed = |error: io::Error| WorkerError::Start {
            message: error.to_string(),
        };
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        // They wait in the socket until it is there.
        hand_over(&ours, &spec.directories).map_err(failed)?;
        let child = Command::new(program(options).map_err(failed)?)
            .args(&options.arguments)
            .arg(MARK)
            .arg(process::id().to_string())
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut worker = Self {
            child,
            link: Link::new(ours),
            confinement: Confinement::default(),
        };
        match worker.begin(spec, options) {
            Ok(confinement) => worker.confinement = confinement,
            Err(error) => return Err(worker.unstarted(error, options.admission_time)),
        }
        let missing = worker
            .confinement
            .refused(&options.unconfined, !spec.directories.is_empty());
        if !missing.is_empty() {
            return Err(WorkerError::Unconfined { missing });
        }
        Ok(worker)
    }

    /// The number that the system has for it.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    pub(super) fn is_alive(&mut self) -> bool {
        // A host that lets the system wait for its children is told nothing: the socket says it then.
        !matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Ends it, if it has not ended, and says how it did; `limit` is the time that it had.
    pub(super) fn end(mut self, error: ChannelError, limit: Duration) -> WorkerEnd {
        let status = self.kill();
        match (error, status) {
            (ChannelError::Late, _) => WorkerEnd::Hang { limit },
            (ChannelError::Malformed(_), _) => WorkerEnd::Protocol,
            (ChannelError::Closed, None) => WorkerEnd::Unknown,
            (ChannelError::Closed, Some(status)) => match (status.signal(), status.code()) {
                (Some(number), _) => WorkerEnd::Signal { number },
                (None, Some(status)) => WorkerEnd::Exit { status },
                (None, None) => WorkerEnd::Unknown,
            },
        }
    }

    fn begin(
        &mut self,
        spec: &WorkerSpec,
        options: &WorkerOptions,
    ) -> Result<Confinement, ChannelError> {
        let patience = Patience::of(options.admission_time);
        let begin = ToWorker::Begin {
            version: VERSION,
            spec: spec.data.clone(),
            address_space_bytes: options.address_space_bytes,
        };
        self.link.channel.send(&begin, &[], patience)?;
        match self.link.channel.receive(&Bounds::SMALL, patience)? {
            (
                ToHost::Ready {
                    version: VERSION,
                    confinement,
                },
                _,
            ) => Ok(confinement),
            _ => Err(Malformed::Unexpected.into()),
        }
    }

    #[cold]
    fn unstarted(self, error: ChannelError, limit: Duration) -> WorkerError {
        let message = match self.end(error, limit) {
            WorkerEnd::Protocol => {
                "the process is no worker of this version: does it call fuelbox::worker::main?"
                    .into()
            }
            how => format!("the process {how}"),
        };
        WorkerError::Start { message }
    }

    /// Kills it, and waits until it is gone.
    fn kill(&mut self) -> Option<ExitStatus> {
        // It may have ended by itself; that is what its status says then.
        let _ = self.child.kill();
        self.child.wait().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program that workers are.
fn program(options: &WorkerOptions) -> io::Result<PathBuf> {
    match &options.program {
        Some(program) => Ok(program.clone()),
        None => env::current_exe(),
    }
}
