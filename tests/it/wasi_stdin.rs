//! Standard input of a WASI guest may arrive while it runs.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use crate::harness::{code, module, roomy, timeless};
use fuelbox::{
    Execution, Module, Sandbox, Slice, Step, Wait,
    capability::{Arrival, InputSource, Wasi, pipe},
};
use std::{io::Write, time::Duration};

/// Copies standard input to standard output, in pieces of four bytes. `tail` makes it a module with tail calls.
fn cat(tail: &str) -> Module {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\40\00\00\00\04\00\00\00")
            {tail}
            (func (export "_start")
                (loop $more
                    (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)) (then unreachable))
                    (if (i32.load (i32.const 4)) (then
                        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                        (i32.store (i32.const 4) (i32.const 4))
                        (br $more))))))"#
    );
    if tail.is_empty() {
        return module(&text);
    }
    let limits = fuelbox::ModuleLimits::default().allow(fuelbox::Proposal::TailCall);
    crate::harness::admit(&text, &limits).expect("it is admitted")
}

fn sandbox(source: impl InputSource + 'static) -> Sandbox {
    timeless(roomy()).grant(Wasi::new().stdin(source))
}

/// Steps until the guest has written so much.
fn output(execution: &mut Execution, expected: &[u8]) {
    while execution.output().len() < expected.len() {
        assert_eq!(
            execution.step(Slice::fuel(1_000_000)),
            Step::Waiting(Wait::Input)
        );
    }
    assert_eq!(execution.output(), expected);
}

#[test]
fn a_guest_that_reads_waits_for_what_comes_later_and_step_returns_meanwhile() {
    let (reader, mut writer) = pipe();
    let mut execution = sandbox(reader).start(&cat(""), []).expect("it starts");
    for _ in 0..3 {
        assert_eq!(
            execution.step(Slice::fuel(u64::MAX)),
            Step::Waiting(Wait::Input)
        );
        assert_eq!(execution.output(), b"");
    }
    writer.write_all(b"hello").expect("it is read");
    output(&mut execution, b"hello");
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Input)
    );
    writer.write_all(b", you").expect("it is read");
    output(&mut execution, b"hello, you");
    drop(writer);
    let report = execution.finish().report;
    assert_eq!(
        (report.status(), &report.output[..]),
        (Some(0), &b"hello, you"[..])
    );
}

#[test]
fn a_guest_with_tail_calls_waits_too() {
    let (reader, mut writer) = pipe();
    let tail = "(func $f (return_call $f))";
    let mut execution = sandbox(reader).start(&cat(tail), []).expect("it starts");
    for (written, expected) in [("one", "one"), ("two", "onetwo")] {
        let step = execution.step(Slice::fuel(u64::MAX));
        assert_eq!(step, Step::Waiting(Wait::Input));
        writer.write_all(written.as_bytes()).expect("it is read");
        output(&mut execution, expected.as_bytes());
    }
    drop(writer);
    assert_eq!(execution.finish().report.output, b"onetwo");
}

#[test]
fn the_deadline_and_a_cancel_end_the_wait() {
    let (reader, _writer) = pipe();
    let limits = roomy().deadline(Duration::from_millis(20));
    let waiting = timeless(limits).grant(Wasi::new().stdin(reader));
    let report = waiting.run(&cat(""), []).expect("it starts");
    assert_eq!(code(&report), "deadline");
    let tail = waiting.run(&cat("(func $f (return_call $f))"), []);
    assert_eq!(code(&tail.expect("it starts")), "deadline");

    let (reader, _writer) = pipe();
    let mut execution = sandbox(reader).start(&cat(""), []).expect("it starts");
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Input)
    );
    execution.cancel_token().cancel();
    assert_eq!(code(&execution.finish().report), "cancelled");
}

#[test]
fn no_limit_of_the_input_holds_for_what_arrives() {
    /// Gives the same byte for ever, but for the last of so many.
    struct Much(std::sync::atomic::AtomicUsize);

    impl InputSource for Much {
        fn read(&self, buffer: &mut [u8]) -> Arrival {
            use std::sync::atomic::Ordering::Relaxed;
            let left = self.0.load(Relaxed).min(buffer.len());
            self.0.fetch_sub(left, Relaxed);
            buffer[..left].fill(b'x');
            if left == 0 {
                Arrival::End
            } else {
                Arrival::Bytes(left)
            }
        }
    }

    let limits = roomy().input_bytes(0);
    let source = Much(100_000.into());
    let sandbox = timeless(limits).grant(Wasi::new().stdin(source));
    let report = sandbox.run(&cat(""), []).expect("it starts");
    assert_eq!(report.output, vec![b'x'; 100_000]);
}

#[test]
fn a_source_that_panics_or_lies_harms_nobody() {
    struct Bad(Option<usize>);

    impl InputSource for Bad {
        fn read(&self, _: &mut [u8]) -> Arrival {
            Arrival::Bytes(self.0.expect("it is bad"))
        }
    }

    let report = sandbox(Bad(None)).run(&cat(""), []).expect("it starts");
    assert_eq!(code(&report), "host-function");
    let limits = roomy().fuel(1_000_000);
    let lying = timeless(limits).grant(Wasi::new().stdin(Bad(Some(usize::MAX))));
    let report = lying.run(&cat(""), []).expect("it starts");
    assert_eq!(code(&report), "out-of-fuel");
    assert!(report.output.iter().all(|byte| *byte == 0));
}

/// Waits for standard input, and for so many nanoseconds of the monotonic clock; its output is what
/// happened: number, then userdata, errno, kind and bytes of the first event. Before, it makes reads not wait.
fn poll(nanos: u64, count: u32) -> Module {
    let nanos: String = nanos
        .to_le_bytes()
        .iter()
        .map(|byte| format!("\\{byte:02x}"))
        .collect();
    let zeros = |count: usize| "\\00".repeat(count);
    let input = format!("\\07{}\\01{}", zeros(7), zeros(39));
    let clock = format!(
        "\\09{}{}\\01{}{nanos}{}",
        zeros(7),
        zeros(8),
        zeros(7),
        zeros(16)
    );
    module(&format!(
        r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_fdstat_set_flags" (func $flags (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "{input}{clock}")
            (data (i32.const 512) "\00\01\00\00\24\00\00\00")
            (func (export "_start")
                (if (call $poll (i32.const 0) (i32.const 260) (i32.const {count}) (i32.const 256)) (then unreachable))
                (drop (call $write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 600))))
            (func (export "reads") (result i32)
                (drop (call $flags (i32.const 0) (i32.const 4)))
                (call $read (i32.const 0) (i32.const 512) (i32.const 1) (i32.const 600))))"#
    ))
}

/// Number of events, userdata and bytes of the first, and whether it is over.
fn events(output: &[u8]) -> (u32, u64, u64, bool) {
    let number = u32::from_le_bytes(output[..4].try_into().expect("it is there"));
    let long = |at: usize| u64::from_le_bytes(output[at..at + 8].try_into().expect("it is there"));
    (number, long(4), long(20), output[28] == 1)
}

#[test]
fn a_guest_that_polls_waits_for_input_or_for_its_time() {
    const INPUT: u64 = 7;
    const CLOCK: u64 = 9;

    let (reader, mut writer) = pipe();
    let sandbox = sandbox(reader);
    let mut execution = sandbox.start(&poll(0, 1), []).expect("it starts");
    for _ in 0..3 {
        assert_eq!(
            execution.step(Slice::fuel(u64::MAX)),
            Step::Waiting(Wait::Input)
        );
    }
    writer.write_all(b"hello").expect("it is read");
    assert_eq!(
        events(&execution.finish().report.output),
        (1, INPUT, 5, false)
    );

    // What a run of before left in its buffer is lost with it; what is in the pipe is not.
    writer.write_all(b"you").expect("it is read");
    let report = sandbox.run(&poll(5_000_000, 2), []).expect("it starts");
    assert_eq!(events(&report.output), (1, INPUT, 3, false));

    let report = sandbox.run(&poll(5_000_000, 2), []).expect("it starts");
    assert_eq!(events(&report.output), (1, CLOCK, 0, false));
    assert_eq!(report.usage.time, Duration::from_millis(5), "{report:?}");

    let again: i32 = sandbox.call(&poll(0, 1), "reads", ()).expect("it returns");
    assert_eq!(again, 6);

    drop(writer);
    let report = sandbox.run(&poll(0, 1), []).expect("it starts");
    assert_eq!(events(&report.output), (1, INPUT, 0, true));
}
