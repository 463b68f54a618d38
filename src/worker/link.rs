//! The way to a worker, and what is known of it.

use super::{
    modules::Modules,
    protocol::{Bounds, Channel, ChannelError, Malformed, Patience, ToHost, ToWorker},
    worker_module::WorkerModule,
};
use crate::error::Error;
use core::time::Duration;
use std::os::unix::net::UnixStream;

/// The way to a worker, and the modules that it has.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) channel: Channel,
    pub(super) modules: Modules,
}

impl Link {
    pub(super) fn new(socket: UnixStream) -> Self {
        Self {
            channel: Channel::new(socket),
            modules: Modules::default(),
        }
    }

    /// Gives it a module, unless it has it; the second result is the module's number.
    ///
    /// # Errors
    /// Where it does not answer as it should. A module that it refuses is the inner error.
    pub(super) fn load(
        &mut self,
        module: &WorkerModule,
        time: Duration,
    ) -> Result<Result<u64, Error>, ChannelError> {
        if let Some(number) = self.modules.find(module.digest()) {
            return Ok(Ok(number));
        }
        let patience = Patience::of(time);
        let (number, gone) = self.modules.next();
        if let Some(module) = gone {
            let forget = ToWorker::Forget { module };
            self.channel.send(&forget, &[], patience)?;
        }
        let load = ToWorker::Load { module: number };
        self.channel.send(&load, &[module.wasm()], patience)?;
        match self.channel.receive(&Bounds::SMALL, patience)? {
            (ToHost::Done, _) => {
                self.modules.insert(*module.digest(), number);
                Ok(Ok(number))
            }
            (ToHost::Refused { error }, _) => Ok(Err(error)),
            _ => Err(Malformed::Unexpected.into()),
        }
    }
}
