//! Log lines: bounded, into the report.

use super::{Declared, Grants, Opening, Signature};
use crate::{
    host::{Caller, Halt, Host},
    value::ValueType::I32,
};
use fuelbox_guest::protocol;

/// Lets a guest log: `host_log`.
///
/// Lines go into [`Report::logs`](crate::Report::logs) and, as `debug` events with the target
/// `fuelbox::guest`, to `tracing`.
#[derive(Clone, Copy, Debug)]
pub struct Log;

impl Opening for Log {
    fn open(self, grants: &mut Grants) {
        grants.grant(FUNCTIONS);
    }
}

const CAPABILITY: &str = "Log";

pub(super) const FUNCTIONS: &[Declared] = &[Declared {
    signature: Signature {
        capability: CAPABILITY,
        module: protocol::MODULE,
        name: protocol::HOST_LOG,
        params: &[I32, I32],
        results: &[],
        reaches_memory: true,
    },
    link: |store| wasmi::Func::wrap(store, host_log),
}];

fn host_log(caller: wasmi::Caller<'_, Host>, ptr: u32, len: u32) -> Result<(), wasmi::Error> {
    fn log(caller: wasmi::Caller<'_, Host>, ptr: u32, len: u32) -> Result<(), Halt> {
        let mut caller = Caller::enter(caller, protocol::HOST_LOG)?;
        let (line, host) = caller.range(ptr, len)?;
        host.record.log(line);
        caller.look_after(len)
    }
    log(caller, ptr, len).map_err(Halt::raise)
}
