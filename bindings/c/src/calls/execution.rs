//! Calls in progress, and schedulers of them.

use super::{Calls, Step, buffer, host, known::Kind, setting};
use crate::{
    boundary::{In, Out},
    execution::{
        fuelbox_execution_cancel_token, fuelbox_execution_finish, fuelbox_execution_is_over,
        fuelbox_execution_output, fuelbox_execution_step,
    },
    handle::Handle,
    recording::fuelbox_execution_finish_recorded,
    request::{
        fuelbox_execution_answer, fuelbox_execution_fail, fuelbox_execution_request_name,
        fuelbox_execution_request_read,
    },
    scheduler::{
        fuelbox_scheduler_add, fuelbox_scheduler_asking, fuelbox_scheduler_finished,
        fuelbox_scheduler_new, fuelbox_scheduler_remove, fuelbox_scheduler_round,
    },
    status::Status,
};

pub(super) const STEPS: &[Step] = &[
    step,
    step,
    use_execution,
    finish,
    new_scheduler,
    schedule,
    use_scheduler,
];

fn step(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Execution);
    let (fuel, mut step) = (calls.bytes.number(), 7);
    let status = fuelbox_execution_step(picked.handle, fuel, u64::MAX, Out::to(&mut step));
    host::over();
    assert_eq!(calls.did(status, &[picked.status]), (0..=4).contains(&step));
}

fn use_execution(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Execution);
    let execution = picked.handle;
    let opened = [picked.status];
    let (mut over, mut bytes) = (7, [0; 8]);
    let status = match calls.bytes.byte() % 7 {
        0 => fuelbox_execution_is_over(execution, Out::to(&mut over)),
        1 => buffer::filled(&mut calls.bytes, |buf, cap, len| {
            fuelbox_execution_output(execution, buf, cap, len)
        }),
        2 => buffer::filled(&mut calls.bytes, |buf, cap, len| {
            fuelbox_execution_request_name(execution, buf, cap, len)
        }),
        3 => {
            let at = u32::from(calls.bytes.byte()) << 9;
            fuelbox_execution_request_read(execution, at, Out::of(&mut bytes), 8)
        }
        4 => calls.with_error(|error| {
            let (reason, len) = (In::of(b"closed"), 6);
            fuelbox_execution_fail(execution, reason, len, error)
        }),
        5 => {
            let results = setting::values(calls);
            let is_readable = results.iter().all(|value| value.read().is_ok());
            let status = calls.with_error(|error| {
                fuelbox_execution_answer(execution, In::of(&results), results.len(), error)
            });
            if !is_readable {
                assert_eq!(status, Status::INVALID_ARGUMENT);
                return;
            }
            status
        }
        _ => {
            let mut made = Handle::NULL;
            let status = fuelbox_execution_cancel_token(execution, Out::to(&mut made));
            calls.made(status, &opened, Kind::Token, made);
            return;
        }
    };
    calls.did(status, &opened);
}

fn finish(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Execution);
    let (mut report, mut instance, mut recording) = (Handle::NULL, Handle::NULL, Handle::NULL);
    let is_recorded = calls.bytes.flag();
    let is_kept = calls.bytes.flag();
    let status = calls.with_error(|error| {
        let kept = if is_kept {
            Out::to(&mut instance)
        } else {
            Out::NULL
        };
        let told = Out::to(&mut report);
        if is_recorded {
            let recorded = Out::to(&mut recording);
            fuelbox_execution_finish_recorded(picked.handle, told, kept, recorded, error)
        } else {
            fuelbox_execution_finish(picked.handle, told, kept, error)
        }
    });
    host::over();
    if calls.made(status, &[picked.status], Kind::Report, report) {
        calls.known.end(picked.handle.number());
        if !instance.is_null() {
            calls.known.give(Kind::Instance, instance);
        }
        if !recording.is_null() {
            calls.known.give(Kind::Recording, recording);
        }
    }
}

fn new_scheduler(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = fuelbox_scheduler_new(Out::to(&mut made));
    calls.made(status, &[], Kind::Scheduler, made);
}

fn schedule(calls: &mut Calls<'_>) {
    let (scheduler, execution) = (calls.pick(Kind::Scheduler), calls.pick(Kind::Execution));
    let priority = i32::from(calls.bytes.byte() % 4);
    let mut id = 0;
    let status = fuelbox_scheduler_add(
        scheduler.handle,
        execution.handle,
        1,
        priority,
        Out::to(&mut id),
    );
    if priority == 3 && scheduler.status == Status::OK {
        assert_eq!(status, Status::INVALID_ARGUMENT);
        return;
    }
    if calls.did(status, &[scheduler.status, execution.status]) {
        assert_ne!(id, 0);
        calls.known.end(execution.handle.number());
    }
}

fn use_scheduler(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Scheduler);
    let scheduler = picked.handle;
    let (mut id, mut step) = (0, 0);
    let (mut report, mut instance, mut execution) = (Handle::NULL, Handle::NULL, Handle::NULL);
    let status = match calls.bytes.byte() % 4 {
        0 => fuelbox_scheduler_round(scheduler, calls.bytes.number(), Out::to(&mut step)),
        1 => fuelbox_scheduler_asking(scheduler, Out::to(&mut id)),
        2 => {
            let number = u64::from(calls.bytes.byte() % 8);
            fuelbox_scheduler_remove(scheduler, number, Out::to(&mut execution))
        }
        _ => {
            let (report, instance) = (Out::to(&mut report), Out::to(&mut instance));
            fuelbox_scheduler_finished(scheduler, Out::to(&mut id), report, instance)
        }
    };
    host::over();
    calls.did(status, &[picked.status]);
    if !report.is_null() {
        calls.known.give(Kind::Report, report);
    }
    if !instance.is_null() {
        calls.known.give(Kind::Instance, instance);
    }
    if !execution.is_null() {
        calls.known.give(Kind::Execution, execution);
    }
}
