//! The worker's side: does what its pool asks for, one thing at a time.

use super::{
    confine::Confine,
    forward,
    protocol::{
        Bounds, CallData, Channel, ChannelError, Ending, Malformed, Patience, ToHost, ToWorker,
        VERSION, descriptors,
    },
    stream::Stream,
};
use crate::{
    call::{Call, CallError},
    error::Error,
    execution::Execution,
    host::CancelToken,
    instance::{Instance, check_dispatch},
    module::{Module, ModuleBuilder},
    sandbox::Sandbox,
};
use alloc::{boxed::Box, collections::BTreeMap, sync::Arc, vec::Vec};
use std::{
    os::unix::net::UnixStream,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What the worker says to its pool by, and what a cancel ends; shared with the functions that ask the host.
#[derive(Clone)]
pub(super) struct Talk(Arc<Mutex<Speaker>>);

pub(super) struct Speaker {
    pub(super) channel: Channel,
    /// Of the run in progress.
    pub(super) cancel: CancelToken,
}

impl Talk {
    pub(super) fn open(&self) -> MutexGuard<'_, Speaker> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Speaker {
    pub(super) fn say(&mut self, message: &ToHost, bodies: &[&[u8]]) -> Result<(), ChannelError> {
        self.channel.send(message, bodies, Patience::Endless)
    }

    pub(super) fn hear(&mut self) -> Result<(ToWorker, Vec<u8>), ChannelError> {
        self.channel.receive(&BOUNDS, Patience::Endless)
    }
}

/// What a worker keeps between two things that are asked of it.
struct Worker {
    talk: Talk,
    builder: ModuleBuilder,
    sandbox: Sandbox,
    modules: BTreeMap<u64, Module>,
    live: Option<Instance>,
}

/// Serves a pool until it is gone. Before any byte of a guest is read, the process is confined.
///
/// # Errors
/// A pool that does not keep to the protocol.
pub(super) fn serve(
    socket: UnixStream,
    confine: Confine,
    grant: impl FnOnce(Sandbox) -> Sandbox,
) -> Result<(), ChannelError> {
    let descriptors = descriptors::receive(&socket)?;
    let mut channel = Channel::new(socket);
    let (
        ToWorker::Begin {
            version: VERSION,
            spec,
            address_space_bytes,
        },
        _,
    ) = channel.receive(&BOUNDS, Patience::Endless)?
    else {
        return Err(Malformed::Unexpected.into());
    };
    let builder = spec.builder();
    let talk = Talk(Arc::new(Mutex::new(Speaker {
        channel,
        cancel: CancelToken::new(),
    })));
    let functions = forward::functions(&spec, &talk);
    let sandbox = spec.into_sandbox(functions.into_iter(), descriptors);
    let sandbox = sandbox.ok_or(Malformed::Unexpected)?;
    // Those of the pool alone: it has not heard of what the program grants here.
    let directories = sandbox.grants().directories();
    let sandbox = grant(sandbox);
    // So that the first run need not. Where it fails, each run says so.
    let _ = check_dispatch();
    let confinement = confine.apply(address_space_bytes, &directories);
    let ready = ToHost::Ready {
        version: VERSION,
        confinement,
    };
    talk.open().say(&ready, &[])?;
    let mut worker = Worker {
        talk,
        builder,
        sandbox,
        modules: BTreeMap::new(),
        live: None,
    };
    loop {
        let (message, body) = match worker.talk.open().hear() {
            Err(ChannelError::Closed) => return Ok(()),
            heard => heard?,
        };
        worker.answer(message, body)?;
    }
}

impl Worker {
    fn answer(&mut self, message: ToWorker, body: Vec<u8>) -> Result<(), ChannelError> {
        match message {
            ToWorker::Load { module } => {
                let answer = match self.builder.build(&body) {
                    Ok(built) => {
                        self.modules.insert(module, built);
                        ToHost::Done
                    }
                    Err(error) => ToHost::Refused { error },
                };
                self.talk.open().say(&answer, &[])
            }
            ToWorker::Forget { module } => {
                self.modules.remove(&module);
                Ok(())
            }
            ToWorker::Check { module } => {
                let checked = self.sandbox.check(&self.module(module)?);
                self.talk.open().say(&ToHost::Checked(checked), &[])
            }
            ToWorker::Export { module, name } => {
                let ty = self.module(module)?.export(&name);
                self.talk.open().say(&ToHost::Exported(ty), &[])
            }
            ToWorker::Run { module, call } => {
                let module = self.module(module)?;
                let begun = self.call(call, body, &module).and_then(|call| {
                    let execution = self.sandbox.start(&module, call);
                    execution.map_err(Box::new)
                });
                self.finish(begun)
            }
            ToWorker::Instantiate { module } => self.instantiate(module),
            ToWorker::Call { call } => {
                let instance = self.live.take().ok_or(Malformed::Unexpected)?;
                let module = instance.module().clone();
                let begun = match self.call(call, body, &module) {
                    Ok(call) => instance.start(call).map_err(|refused| {
                        self.live = Some(refused.instance);
                        Box::new(refused.error)
                    }),
                    Err(error) => {
                        self.live = Some(instance);
                        Err(error)
                    }
                };
                self.finish(begun)
            }
            ToWorker::Drop => {
                self.live = None;
                Ok(())
            }
            // It came when what it was for had ended.
            ToWorker::Cancel => Ok(()),
            _ => Err(Malformed::Unexpected.into()),
        }
    }

    fn module(&self, module: u64) -> Result<Module, ChannelError> {
        let module = self.modules.get(&module);
        Ok(module.ok_or(Malformed::Unexpected)?.clone())
    }

    /// The call again, with a token that a cancel of the pool finds.
    fn call(&self, data: CallData, input: Vec<u8>, module: &Module) -> Result<Call, Box<Error>> {
        let call = match &data.name {
            Some(name) => Call::export(name.as_str()),
            None => Call::entry(),
        };
        if let (Some(name), Some(results)) = (&data.name, &data.results) {
            let params: Vec<_> = data.arguments.iter().map(|value| value.ty()).collect();
            module
                .function_of(name, &params, results)
                .map_err(Box::new)?;
        }
        let token = CancelToken::new();
        if data.cancelled {
            token.cancel();
        }
        self.talk.open().cancel = token.clone();
        let call = call.values(data.arguments).input(input).cancel(token);
        Ok(match data.limits {
            Some(limits) => call.limits(limits),
            None => call,
        })
    }

    /// Runs what has begun to its end, and tells the pool.
    fn finish(&mut self, begun: Result<Execution, Box<Error>>) -> Result<(), ChannelError> {
        let execution = match begun {
            Ok(execution) => execution,
            Err(error) => {
                let refused = ToHost::Refused { error: *error };
                return self.talk.open().say(&refused, &[]);
            }
        };
        self.live = Stream::new(&self.talk).finish(execution)?;
        Ok(())
    }

    fn instantiate(&mut self, module: u64) -> Result<(), ChannelError> {
        let module = self.module(module)?;
        let (answer, body) = match self.sandbox.instantiate(&module) {
            Ok(instance) => {
                let report = instance.initialization().cloned();
                self.live = Some(instance);
                let report = report.ok_or(Malformed::Unexpected)?;
                let (ending, body) = Ending::of(report, true);
                (ToHost::Live(ending), body)
            }
            Err(CallError::Stopped(report)) => {
                let (ending, body) = Ending::of(*report, false);
                (ToHost::Ended(ending), body)
            }
            Err(CallError::Refused(error)) => (ToHost::Refused { error }, Vec::new()),
        };
        self.talk.open().say(&answer, &[&body])
    }
}

/// The pool sends what its host wants to; beyond this it is no pool.
const BOUNDS: Bounds = Bounds {
    head: u32::MAX as u64,
    body: 4 << 30,
};
