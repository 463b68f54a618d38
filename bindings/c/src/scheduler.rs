//! Many executions on one thread.

use crate::{
    alone::Alone,
    boundary::{Context, Out, RawClock, RawDrop, UserData},
    clock::clock,
    execution::{Leavings, Stepped, number},
    guard::guard,
    handle::{self, Handle},
    instance::Living,
    status::{Failure, Status},
    usage::nanos,
};
use fuelbox::{ExecutionId, Priority, Report, Scheduler, Share};
use std::{collections::BTreeMap, time::Duration};

/// `fuelbox_scheduler`, with what C calls its executions.
pub(crate) struct Numbered {
    scheduler: Scheduler,
    /// By their numbers.
    ids: BTreeMap<u64, ExecutionId>,
    numbers: BTreeMap<ExecutionId, u64>,
    last: u64,
}

impl Numbered {
    fn new(scheduler: Scheduler) -> Self {
        Self {
            scheduler,
            ids: BTreeMap::new(),
            numbers: BTreeMap::new(),
            last: 0,
        }
    }

    fn id(&self, number: u64) -> Result<ExecutionId, Status> {
        self.ids.get(&number).copied().ok_or(Status::NOT_FOUND)
    }

    fn number(&self, id: ExecutionId) -> Result<u64, Status> {
        self.numbers.get(&id).copied().ok_or(Status::NOT_FOUND)
    }

    fn insert(&mut self, id: ExecutionId) -> u64 {
        self.last = self.last.saturating_add(1);
        self.ids.insert(self.last, id);
        self.numbers.insert(id, self.last);
        self.last
    }

    fn forget(&mut self, id: ExecutionId) {
        if let Some(number) = self.numbers.remove(&id) {
            self.ids.remove(&number);
        }
    }
}

/// Uses a scheduler.
fn using(
    scheduler: Handle<Alone<Numbered>>,
    using: impl FnOnce(&mut Numbered) -> Result<(), Failure>,
) -> Status {
    guard(|| using(handle::open_mut(scheduler)?.get()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_new(scheduler: Out<Handle<Alone<Numbered>>>) -> Status {
    guard(|| {
        scheduler.required()?;
        scheduler.set(handle::new(Alone::new(Numbered::new(Scheduler::new())))?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_new_with_clock(
    source: RawClock,
    user_data: Context,
    drop: RawDrop,
    scheduler: Out<Handle<Alone<Numbered>>>,
) -> Status {
    let data = UserData::new(user_data, drop);
    guard(|| {
        scheduler.required()?;
        let made = Scheduler::with_clock(clock(source, data)?);
        scheduler.set(handle::new(Alone::new(Numbered::new(made)))?);
        Ok(())
    })
}

/// The share that C names by a weight and the number of a priority.
fn share(weight: u16, priority: i32) -> Result<Share, Status> {
    let priority = match priority {
        0 => Priority::Low,
        1 => Priority::Normal,
        2 => Priority::High,
        _ => return Err(Status::INVALID_ARGUMENT),
    };
    if weight == 0 {
        return Err(Status::INVALID_ARGUMENT);
    }
    Ok(Share::default().weight(weight).priority(priority))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_add(
    scheduler: Handle<Alone<Numbered>>,
    execution: Handle<Alone<Stepped>>,
    weight: u16,
    priority: i32,
    id: Out<u64>,
) -> Status {
    using(scheduler, |numbered| {
        id.required()?;
        let share = share(weight, priority)?;
        let stepped = handle::open_mut(execution)?.take().into_inner();
        let added = numbered.scheduler.add_with(stepped.execution, share);
        id.set(numbered.insert(added));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_set_share(
    scheduler: Handle<Alone<Numbered>>,
    id: u64,
    weight: u16,
    priority: i32,
) -> Status {
    using(scheduler, |numbered| {
        let id = numbered.id(id)?;
        numbered.scheduler.set_share(id, share(weight, priority)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_turn(
    scheduler: Handle<Alone<Numbered>>,
    time_nanos: u64,
    step: Out<i32>,
) -> Status {
    using(scheduler, |numbered| {
        step.required()?;
        let time = Duration::from_nanos(time_nanos);
        step.set(number(numbered.scheduler.turn(time)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_round(
    scheduler: Handle<Alone<Numbered>>,
    fuel: u64,
    step: Out<i32>,
) -> Status {
    using(scheduler, |numbered| {
        step.required()?;
        step.set(number(numbered.scheduler.round(fuel)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_finished(
    scheduler: Handle<Alone<Numbered>>,
    id: Out<u64>,
    report: Out<Handle<Report>>,
    instance: Out<Handle<Living>>,
) -> Status {
    using(scheduler, |numbered| {
        id.required()?;
        let leavings = Leavings::new(&report, &instance)?;
        let (over, finished) = numbered.scheduler.finished().ok_or(Status::NOT_FOUND)?;
        let number = numbered.number(over)?;
        numbered.forget(over);
        leavings.hand_out(finished);
        id.set(number);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_asking(
    scheduler: Handle<Alone<Numbered>>,
    id: Out<u64>,
) -> Status {
    using(scheduler, |numbered| {
        id.required()?;
        let asking = numbered.scheduler.asking().ok_or(Status::NOT_FOUND)?;
        id.set(numbered.number(asking)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_remove(
    scheduler: Handle<Alone<Numbered>>,
    id: u64,
    execution: Out<Handle<Alone<Stepped>>>,
) -> Status {
    using(scheduler, |numbered| {
        execution.required()?;
        let place = handle::reserve()?;
        let id = numbered.id(id)?;
        let removed = numbered.scheduler.remove(id).ok_or(Status::NOT_FOUND)?;
        numbered.forget(id);
        execution.set(place.fill(Stepped::new(removed)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_cancel(
    scheduler: Handle<Alone<Numbered>>,
    id: u64,
) -> Status {
    using(scheduler, |numbered| {
        let id = numbered.id(id)?;
        let execution = numbered.scheduler.get_mut(id).ok_or(Status::NOT_FOUND)?;
        execution.cancel_token().cancel();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_wake(
    scheduler: Handle<Alone<Numbered>>,
    id: u64,
) -> Status {
    using(scheduler, |numbered| {
        let id = numbered.id(id)?;
        numbered.scheduler.wake(id);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_wake_at(
    scheduler: Handle<Alone<Numbered>>,
    at: Out<u64>,
) -> Status {
    using(scheduler, |numbered| {
        at.required()?;
        let wakes = numbered.scheduler.wake_at().ok_or(Status::NOT_FOUND)?;
        at.set(nanos(wakes));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_count(
    scheduler: Handle<Alone<Numbered>>,
    count: Out<usize>,
) -> Status {
    using(scheduler, |numbered| {
        count.required()?;
        count.set(numbered.scheduler.len());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_scheduler_free(scheduler: Handle<Alone<Numbered>>) -> Status {
    guard(|| Ok(handle::free(scheduler)?))
}
