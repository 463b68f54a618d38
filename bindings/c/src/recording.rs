//! What can be kept of a run, to run it again.

use crate::{
    alone::Alone,
    boundary::Out,
    error::Problem,
    execution::{Leavings, Stepped},
    guard::{guard, guard_error},
    handle::{self, Handle},
    instance::{Living, using},
    output,
    status::Status,
};
use fuelbox::{Recording, Report};

/// `fuelbox_recording`: the file, written once.
pub(crate) struct Recorded(Vec<u8>);

impl Recorded {
    fn new(recording: &Recording) -> Self {
        Self(recording.to_bytes())
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_recording(
    instance: Handle<Living>,
    recording: Out<Handle<Recorded>>,
) -> Status {
    guard(|| {
        recording.required()?;
        let found = using(instance, |instance| {
            Ok(instance.recording().ok_or(Status::NOT_FOUND)?)
        })?;
        recording.set(handle::new(Recorded::new(&found))?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_finish_recorded(
    execution: Handle<Alone<Stepped>>,
    report: Out<Handle<Report>>,
    instance: Out<Handle<Living>>,
    recording: Out<Handle<Recorded>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        recording.required()?;
        let leavings = Leavings::new(&report, &instance)?;
        let place = handle::reserve()?;
        let stepped = handle::open_mut(execution)?.take().into_inner();
        let mut finished = stepped.execution.finish();
        let found = finished.recording.take();
        leavings.hand_out(finished);
        let found = found.as_ref().map(Recorded::new);
        recording.set(found.map_or(Handle::NULL, |found| place.fill(found)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_recording_bytes(
    recording: Handle<Recorded>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::fill((&buf, cap, &len), &handle::open(recording)?.0))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_recording_free(recording: Handle<Recorded>) -> Status {
    guard(|| Ok(handle::free(recording)?))
}
