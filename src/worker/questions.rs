//! What a pool can be asked about a module, without running it.

use super::{
    error::WorkerError,
    exchange::Lost,
    gathered::Gathered,
    link::Link,
    pool::WorkerPool,
    protocol::{Bounds, ChannelError, Malformed, Patience, ToHost, ToWorker, trees::Most},
    worker_module::WorkerModule,
};
use crate::{error::Error, extern_type::ExternType, preflight::Preflight};
use alloc::boxed::Box;

impl WorkerPool {
    /// What would keep `module` from running, as [`Sandbox::check`](crate::Sandbox::check) says it.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] for a module that is not admitted, [`WorkerError::Stopped`] where the worker does not
    /// survive it. Else as [`run`](Self::run).
    pub fn check(&self, module: &WorkerModule) -> Result<Preflight, WorkerError> {
        let question = |module| ToWorker::Check { module };
        self.ask(module, question, |told| match told {
            ToHost::Checked(preflight) => Some(preflight),
            _ => None,
        })
    }

    /// The type of an export of `module`, as [`Module::export`](crate::Module::export) says it.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn export(
        &self,
        module: &WorkerModule,
        name: &str,
    ) -> Result<Option<ExternType>, WorkerError> {
        let question = |module| ToWorker::Export {
            module,
            name: name.into(),
        };
        self.ask(module, question, |told| match told {
            ToHost::Exported(ty) => Some(ty),
            _ => None,
        })
    }

    fn ask<T>(
        &self,
        module: &WorkerModule,
        question: impl Fn(u64) -> ToWorker,
        answer: impl Fn(ToHost) -> Option<T>,
    ) -> Result<T, WorkerError> {
        let mut worker = self.shared.take(module)?;
        let time = self.shared.options.admission_time;
        let asked = |link: &mut Link| -> Result<Result<T, Error>, ChannelError> {
            let number = match link.load(module, time)? {
                Ok(number) => number,
                Err(error) => return Ok(Err(error)),
            };
            let patience = Patience::of(time);
            link.channel.send(&question(number), &[], patience)?;
            let (told, _) = link.channel.receive(&bounds(module), patience)?;
            let answer = answer(told).ok_or(Malformed::Unexpected)?;
            Ok(Ok(answer))
        };
        match asked(&mut worker.link) {
            Ok(answer) => {
                self.shared.give_back(worker);
                Ok(answer?)
            }
            Err(error) => {
                let lost = Lost {
                    error,
                    time,
                    has_begun: true,
                    gathered: Gathered::new(
                        self.shared.spec.data.limits.call.clone(),
                        Most::default(),
                    ),
                };
                let report = self.shared.lose(worker, module, lost);
                Err(WorkerError::Stopped(Box::new(report)))
            }
        }
    }
}

/// What a module can be told about: an import of a few bytes takes so many times as much in JSON.
fn bounds(module: &WorkerModule) -> Bounds {
    const TIMES: u64 = 64;
    let bytes = u64::try_from(module.wasm().len()).unwrap_or(u64::MAX);
    Bounds {
        head: Bounds::SMALL
            .head
            .saturating_add(bytes.saturating_mul(TIMES)),
        body: 0,
    }
}
