//! Input, output and logs go through whole, and only as far as the limits allow.

use crate::harness::{allocations::measure, code, module, roomy, timeless};
use fuelbox::{Error, Limits, Report, Stop, protocol};

/// Copies the input to the output in pieces of the size that the first input byte tells, in KiB.
fn echo(pages: u32) -> String {
    format!(
        r#"(module
            (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (memory (export "memory") {pages})
            (func (export "_start")
                (call $write (i32.const 0)
                    (call $read (i32.const 0) (i32.mul (memory.size) (i32.const 65536))))))"#
    )
}

/// Calls `function` on the whole input, `times` over.
fn repeat(function: &str, times: u32) -> String {
    format!(
        r#"(module
            (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
            (import "env" "{function}" (func $f (param i32 i32)))
            (memory (export "memory") 2)
            (func (export "_start") (local $n i32) (local $len i32)
                (local.set $len (call $read (i32.const 0) (i32.const 131072)))
                (loop $again
                    (call $f (i32.const 0) (local.get $len))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $again (i32.lt_u (local.get $n) (i32.const {times}))))))"#
    )
}

fn run(limits: Limits, text: &str, input: &[u8]) -> Report {
    let sandbox = timeless(limits).grant(protocol());
    sandbox.run(&module(text), input).expect("it starts")
}

#[test]
fn every_byte_goes_through() {
    let input: Vec<u8> = (0..=255).cycle().take(65_536).collect();
    assert_eq!(run(roomy(), &echo(1), &input).output, input);
    // What does not fit into the guest's memory is not read.
    assert_eq!(run(roomy(), &echo(1), &input.repeat(2)).output, input);
    assert_eq!(
        run(roomy(), &echo(2), &input.repeat(2)).output,
        input.repeat(2)
    );
    assert_eq!(run(roomy(), &echo(1), b"").output, b"");
}

#[test]
fn input_at_the_limit_is_taken_and_one_byte_more_is_not() {
    let sandbox = timeless(roomy().input_bytes(4)).grant(protocol());
    let module = module(&echo(1));
    assert_eq!(
        sandbox.run(&module, b"1234").expect("it starts").output,
        b"1234"
    );
    let error = sandbox.run(&module, b"12345").expect_err("it is too much");
    assert_eq!(error, Error::InputTooLarge { limit: 4, found: 5 });
}

#[test]
fn output_is_kept_up_to_the_limit_in_pieces_of_any_size() {
    for piece in [1, 7, 4_096, 65_536] {
        let limit = piece * 5;
        let input = vec![b'x'; piece];
        let limits = || roomy().output_bytes(limit as u64);
        let report = run(limits(), &repeat("host_write_output", 5), &input);
        assert_eq!((code(&report), report.output.len()), ("finished", limit));
        let report = run(limits(), &repeat("host_write_output", 6), &input);
        assert_eq!(
            report.stop(),
            Some(&Stop::OutputTooLarge {
                limit: limit as u64
            })
        );
        assert_eq!(report.output.len(), limit);
        let report = run(
            limits().output_bytes(limit as u64 - 1),
            &repeat("host_write_output", 5),
            &input,
        );
        assert_eq!(
            (code(&report), report.output.len()),
            ("output-too-large", limit - 1)
        );
    }
}

#[test]
fn without_room_for_output_an_empty_piece_is_still_fine() {
    let report = run(
        roomy().output_bytes(0),
        &repeat("host_write_output", 3),
        b"",
    );
    assert_eq!(code(&report), "finished");
    let report = run(
        roomy().output_bytes(0),
        &repeat("host_write_output", 3),
        b"x",
    );
    assert_eq!(code(&report), "output-too-large");
}

#[test]
fn a_flood_of_output_takes_no_more_memory_than_the_limit_says() {
    let module = module(&repeat("host_write_output", 1_000));
    let sandbox = timeless(roomy().output_bytes(1 << 20)).grant(protocol());
    let execution = sandbox
        .start(&module, vec![b'x'; 65_536])
        .expect("it starts");
    let (report, spent) = measure(|| execution.finish().report);
    assert_eq!(report.output.len(), 1 << 20);
    // A vector that grows holds the old and the new room at a time.
    assert!(spent.peak < 4 << 20, "{} bytes", spent.peak);
}

#[test]
fn a_flood_of_logs_takes_no_more_memory_than_the_limits_say() {
    for (input, times) in [
        (&b""[..], 100_000),
        (b"x", 100_000),
        (&[0xff; 65_536], 1_000),
    ] {
        let module = module(&repeat("host_log", times));
        let sandbox = timeless(roomy()).grant(protocol());
        let execution = sandbox.start(&module, input).expect("it starts");
        let (report, spent) = measure(|| execution.finish().report);
        assert_eq!(code(&report), "finished");
        assert!(report.logs.len() <= 1_024);
        let kept =
            u64::try_from(report.logs.iter().filter(|line| !line.truncated).count()).expect("few");
        assert_eq!(
            kept + report.usage.log_lines_lost,
            u64::from(times),
            "each line is kept whole or counted"
        );
        assert!(spent.peak < 512 << 10, "{} bytes", spent.peak);
    }
}

#[test]
fn logs_are_cut_at_a_character_whatever_it_takes() {
    for text in ["abcdef", "äöüäöü", "日本語日本語", "🦀🦀🦀🦀"] {
        for limit in 0..text.len() {
            let report = run(
                roomy().log_line_bytes(limit as u64),
                &repeat("host_log", 1),
                text.as_bytes(),
            );
            let kept = report.logs.first().map_or("", |line| line.text.as_str());
            assert!(
                text.starts_with(kept) && kept.len() <= limit,
                "{kept} of {text}"
            );
            assert!(
                kept.len() + 4 > limit,
                "{kept} of {text} for a limit of {limit}"
            );
            assert_eq!(report.usage.log_lines_lost, 1);
        }
        let report = run(
            roomy().log_line_bytes(text.len() as u64),
            &repeat("host_log", 1),
            text.as_bytes(),
        );
        assert_eq!(report.logs[0].text, text);
        assert_eq!(
            (report.logs[0].truncated, report.usage.log_lines_lost),
            (false, 0)
        );
    }
}

#[test]
fn every_byte_is_paid_for() {
    for function in ["host_write_output", "host_log"] {
        let fuel = |len: usize| {
            run(roomy(), &repeat(function, 1), &vec![b'x'; len])
                .usage
                .fuel
        };
        // Read once, and written or logged once.
        assert_eq!(fuel(65_536) - fuel(0), 2 * 65_536 / 64, "{function}");
        assert_eq!(fuel(1) - fuel(0), 2, "a byte begins a piece of 64");
        assert_eq!(fuel(65) - fuel(64), 2);
    }
}
