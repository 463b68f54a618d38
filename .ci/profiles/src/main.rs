//! Runs a guest that loops for long: to its end where dispatch is flat, not at all where it is not.
//!
//! Never with an overflow of the native stack, so it has only as much as the argument says, in KiB.

use fuelbox::{Error, Function, Limits, Module, Sandbox};
use std::{
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

/// Loops for some 50 million fuel through calls, indirect calls, memory, `br_table` and host calls.
/// Made from `guest.wat`: the parser of text would be built in every profile.
const GUEST: &[u8] = include_bytes!("guest.wasm");

/// Exit code of a build that fuelbox refuses; a panic is 101, an overflow of the stack a signal.
const REFUSED: u8 = 10;

fn main() -> ExitCode {
    let stack_kib = std::env::args().nth(1).expect("an argument");
    let stack_kib: usize = stack_kib.parse().expect("the size of the stack in KiB");
    thread::Builder::new()
        .stack_size(stack_kib << 10)
        .spawn(run)
        .expect("there is room for a thread")
        .join()
        .expect("a guest does not make the host panic")
}

fn run() -> ExitCode {
    let module = Module::new(GUEST).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default().deadline(Duration::from_secs(600)))
        .grant(Function::new("env", "host", |n: i32| n));
    // The first start is the one that checks the build.
    let begin = Instant::now();
    let first = sandbox.start(&module, "").map(drop);
    println!("first start: {:?}", begin.elapsed());
    if let Err(error @ Error::UnsafeBuild { .. }) = first {
        println!("{error}");
        return ExitCode::from(REFUSED);
    }
    let begin = Instant::now();
    let second = sandbox.start(&module, "").expect("the guest may start");
    println!("second start: {:?}", begin.elapsed());
    let report = second.finish().report;
    println!(
        "{} after {} fuel, {:?}",
        report.outcome, report.usage.fuel, report.usage.time
    );
    match report.status() {
        Some(0) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
