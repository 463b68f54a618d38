//! A worker and the process that started it.

use crate::worker::confinement::Gap;
use rustix::process::{
    DumpableBehavior, Pid, Signal, getppid, set_dumpable_behavior, set_parent_process_death_signal,
};
use rustix::thread::set_no_new_privs;

/// Ends this process with the thread that started it, which belongs to `parent`.
pub(super) fn die_with(parent: u32) -> Result<(), Gap> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|_| Gap::Refused)?;
    // It may have ended before that.
    let parent = i32::try_from(parent).ok().and_then(Pid::from_raw);
    if getppid() == parent {
        Ok(())
    } else {
        Err(Gap::Refused)
    }
}

/// Gains no privilege by what is executed, and is looked into by nobody but the superuser.
pub(super) fn drop_privileges() -> Result<(), Gap> {
    set_no_new_privs(true).map_err(|_| Gap::Refused)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| Gap::Refused)
}
