//! Functions of the host, as a worker links them: each asks the host.

use super::{
    protocol::{ChannelError, Malformed, ToHost, ToWorker},
    serve::Talk,
    spec::{Signature, SpecData},
};
use crate::{
    capability::Function,
    host::{Caller, Halt},
    stop::HostError,
    value::Value,
};
use alloc::vec::Vec;

/// The functions of `spec`, each of which asks the host.
pub(super) fn functions(spec: &SpecData, talk: &Talk) -> Vec<Function> {
    let functions = (0_u32..).zip(&spec.functions);
    functions
        .map(|(number, signature): (u32, &Signature)| {
            let talk = talk.clone();
            signature.function(move |caller, args| ask(&talk, number, caller, args))
        })
        .collect()
}

/// Asks the host, and does what the host wants to know before it answers.
fn ask(
    talk: &Talk,
    function: u32,
    caller: &mut Caller<'_>,
    args: &[Value],
) -> Result<Vec<Value>, HostError> {
    let mut speaker = talk.open();
    let args = args.to_vec();
    speaker
        .say(&ToHost::Ask { function, args }, &[])
        .map_err(gone)?;
    let mut denied = None;
    loop {
        let (message, body) = speaker.hear().map_err(gone)?;
        let done = match message {
            ToWorker::Read { ptr, len } => match caller.read(ptr, len) {
                Ok(bytes) => {
                    speaker.say(&ToHost::Bytes, &[bytes]).map_err(gone)?;
                    continue;
                }
                Err(halt) => Err(halt),
            },
            ToWorker::Write { ptr } => caller.write(ptr, &body),
            ToWorker::Charge { fuel } => caller.charge(fuel),
            ToWorker::Answer { values } => return Ok(values),
            ToWorker::Fail { message } => return Err(HostError::message(message)),
            ToWorker::Halt => {
                let halt: Option<Halt> = denied;
                return Err(halt.map_or_else(|| gone(Malformed::Unexpected.into()), Into::into));
            }
            ToWorker::Cancel => {
                speaker.cancel.cancel();
                continue;
            }
            _ => return Err(gone(Malformed::Unexpected.into())),
        };
        let answer = match done {
            Ok(()) => ToHost::Done,
            Err(halt) => {
                let stop = halt.stop().clone();
                denied = Some(halt);
                ToHost::Denied { stop }
            }
        };
        speaker.say(&answer, &[]).map_err(gone)?;
    }
}

/// The pool is gone: nobody will read why.
fn gone(error: ChannelError) -> HostError {
    HostError::message(alloc::format!("the pool does not answer: {error:?}"))
}
