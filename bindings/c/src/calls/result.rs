//! Reports, recordings and errors.

use super::{Calls, Step, buffer, known::Kind};
use crate::{
    boundary::{In, Out, RawValue},
    error::{
        fuelbox_error_advice, fuelbox_error_blame, fuelbox_error_code, fuelbox_error_json,
        fuelbox_error_message, fuelbox_error_report, fuelbox_error_status,
    },
    handle::Handle,
    recording::fuelbox_recording_bytes,
    report::{
        fuelbox_report_exit_status, fuelbox_report_json, fuelbox_report_log_line,
        fuelbox_report_mount, fuelbox_report_outcome, fuelbox_report_output, fuelbox_report_phase,
        fuelbox_report_stop, fuelbox_report_usage, fuelbox_report_values,
    },
    status::Status,
};
use fuelbox::Value;

pub(super) const STEPS: &[Step] = &[
    report_bytes,
    report_numbers,
    report_values,
    report_stop,
    recording,
    error_text,
    error_report,
];

fn report_bytes(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Report);
    let report = picked.handle;
    let which = calls.bytes.byte() % 4;
    let status = buffer::filled(&mut calls.bytes, |buf, cap, len| match which {
        0 => fuelbox_report_output(report, buf, cap, len),
        1 => fuelbox_report_json(report, buf, cap, len),
        2 => fuelbox_report_mount(report, 0, buf, cap, len),
        _ => fuelbox_report_log_line(report, 0, buf, cap, len, Out::NULL),
    });
    calls.did(status, &[picked.status]);
}

fn report_numbers(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Report);
    let report = picked.handle;
    let (mut outcome, mut phase, mut exit_status, mut fuel) = (Status::OTHER, 7, 7, u64::MAX);
    let opened = [picked.status];
    let status = fuelbox_report_outcome(report, Out::to(&mut outcome));
    if calls.did(status, &opened) {
        let finished = outcome == Status::OK;
        let told = fuelbox_report_exit_status(report, Out::to(&mut exit_status));
        assert_eq!(calls.did(told, &opened), finished);
        let told = fuelbox_report_phase(report, Out::to(&mut phase));
        assert_eq!(calls.did(told, &opened), !finished);
        let told = fuelbox_report_usage(report, In::of(b"fuel"), 4, Out::to(&mut fuel));
        assert!(calls.did(told, &opened) && fuel != u64::MAX);
    }
    // Where nothing can be written to there is nothing to be said.
    assert_eq!(fuelbox_report_outcome(report, Out::NULL), Status::NULL);
}

fn report_values(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Report);
    let (mut values, mut len) = ([RawValue::new(&Value::I32(7)); 8], 0);
    let cap = usize::from(calls.bytes.byte() % 8);
    let out = Out::of(&mut values);
    let status = fuelbox_report_values(picked.handle, out, cap, Out::to(&mut len));
    if calls.did(status, &[picked.status]) {
        assert!(len <= cap);
    }
}

fn report_stop(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Report);
    let mut stop = Handle::NULL;
    let status = fuelbox_report_stop(picked.handle, Out::to(&mut stop));
    calls.made(status, &[picked.status], Kind::Error, stop);
}

fn recording(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Recording);
    let status = buffer::filled(&mut calls.bytes, |buf, cap, len| {
        fuelbox_recording_bytes(picked.handle, buf, cap, len)
    });
    calls.did(status, &[picked.status]);
}

fn error_text(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Error);
    let error = picked.handle;
    let (mut told, mut blame) = (Status::OTHER, 7);
    let status = match calls.bytes.byte() % 6 {
        0 => fuelbox_error_status(error, Out::to(&mut told)),
        1 => fuelbox_error_blame(error, Out::to(&mut blame)),
        which => buffer::filled(&mut calls.bytes, |buf, cap, len| match which {
            2 => fuelbox_error_code(error, buf, cap, len),
            3 => fuelbox_error_message(error, buf, cap, len),
            4 => fuelbox_error_advice(error, buf, cap, len),
            _ => fuelbox_error_json(error, buf, cap, len),
        }),
    };
    calls.did(status, &[picked.status]);
}

fn error_report(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Error);
    let mut report = Handle::NULL;
    let status = fuelbox_error_report(picked.handle, Out::to(&mut report));
    calls.made(status, &[picked.status], Kind::Report, report);
}
