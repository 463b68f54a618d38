//! How does a plugin keep state? Its instance lives, and gets one event after the other.
//!
//! ```sh
//! cargo run --example stateful_plugin
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use fuelbox::{Call, CallLimits, Limits, Module, Sandbox, protocol};
use std::{error::Error, time::Duration};

/// A shop's till: it adds up what it is given, and prints the total on request.
const TILL: &str = r#"(module
    (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (memory (export "memory") 1)
    (global $total (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $total (i32.const 1000)))
    ;; Each byte of an event is a price in cents.
    (func (export "execute") (param $ptr i32) (param $len i32) (result i32)
        (drop (call $read (local.get $ptr) (local.get $len)))
        (loop $next
            (if (local.get $len) (then
                (local.set $len (i32.sub (local.get $len) (i32.const 1)))
                (global.set $total (i32.add (global.get $total) (i32.load8_u (local.get $len))))
                (br $next))))
        (i32.const 0))
    (func (export "total") (result i32) (global.get $total))
    (func (export "overflow") unreachable))"#;

fn main() -> Result<(), Box<dyn Error>> {
    let module = Module::from_wat(TILL)?;
    let limits = Limits::default().memory_bytes(1 << 20);
    let mut till = Sandbox::new(limits)
        .grant(protocol())
        .instantiate(&module)?;

    // Every event has fuel and time of its own; what the guest keeps is bounded once, for all of them.
    let quick = CallLimits::default()
        .fuel(100_000)
        .deadline(Duration::from_millis(5));
    for event in ["apple", "bread", ""] {
        let call = Call::entry().input(event).limits(quick.clone());
        let report = till.run(call)?;
        println!("{event:?}: {}, {} fuel", report.outcome, report.usage.fuel);
    }
    let total: i32 = till.call("total", ())?;
    println!("total: {total}");
    assert_eq!(total, 1_000 + 530 + 510);

    // A call that stops in the middle of guest code ends the instance: nobody knows what it left.
    assert!(till.call::<_, ()>("overflow", ()).is_err());
    let refused = till.run("").expect_err("it has stopped");
    println!("refused: {refused}");
    assert_eq!(refused.code(), "instance-stopped");
    Ok(())
}
