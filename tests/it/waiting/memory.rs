//! While the guest waits its host reads and writes its memory, checked and paid for.

use super::{ALL, ASKS};
use crate::harness::{code, module, roomy, same_but_for_time, timeless};
use fuelbox::{Call, Caller, Execution, Function, Limits, Stop, Value, ValueType};

/// Turns the letters of a text at `ptr` into capitals.
const SHOUT: &str = r#"(module
    (import "env" "shout" (func $shout (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 65530) "ahoy")
    (func (export "shout") (param i32 i32) (result i32)
        (call $shout (local.get 0) (local.get 1)) (i32.load (i32.const 65530))))"#;

fn shouting(limits: Limits, text: &str, (ptr, len): (i32, i32)) -> Execution {
    let shout = Function::waiting("env", "shout", &[ValueType::I32; 2], &[]);
    let call = Call::export("shout").args((ptr, len));
    let mut execution = timeless(limits)
        .grant(shout)
        .start(&module(text), call)
        .expect("it starts");
    assert_eq!(execution.step(ALL), ASKS);
    execution
}

#[test]
fn the_host_reads_and_writes_memory_at_the_price_of_any_host_function() {
    let at_once = Function::new(
        "env",
        "shout",
        |caller: &mut Caller<'_>, ptr: u32, len: u32| {
            let text = caller.read(ptr, len)?.to_ascii_uppercase();
            caller.charge(1_000)?;
            caller.write(ptr, &text)
        },
    );
    let call = Call::export("shout").args((65_530, 4));
    let expected = timeless(roomy()).grant(at_once).run(&module(SHOUT), call);

    let mut execution = shouting(roomy(), SHOUT, (65_530, 4));
    let mut request = execution.request().expect("it asks");
    let text = request
        .read(65_530, 4)
        .expect("it is there")
        .to_ascii_uppercase();
    assert_eq!(text, b"AHOY");
    request.charge(1_000).expect("there is enough");
    request.write(65_530, &text).expect("it is there");
    execution.answer(()).expect("it asks");
    let report = execution.finish().report;
    assert_eq!(report.values, [Value::I32(i32::from_le_bytes(*b"AHOY"))]);
    assert_eq!(
        same_but_for_time(report),
        same_but_for_time(expected.expect("it starts"))
    );
}

#[test]
fn a_range_outside_the_memory_is_refused_and_stops_the_run_if_the_host_passes_it_on() {
    let nowhere = SHOUT.replace(r#"(memory (export "memory") 1)"#, "(memory 1)");
    for (text, memory_bytes) in [(SHOUT, Some(65_536)), (&nowhere, None)] {
        let mut execution = shouting(roomy(), text, (65_530, 7));
        let before = execution.usage().fuel;
        let mut request = execution.request().expect("it asks");
        let halt = request.read(65_530, 7).expect_err("it is outside");
        assert_eq!(request.write(65_530, &[0; 7]), Err(halt.clone()));
        assert!(request.read(u32::MAX, u32::MAX).is_err());
        let expected = Stop::Fault {
            function: "shout".into(),
            ptr: 65_530,
            len: 7,
            memory_bytes,
        };
        assert_eq!(*halt.stop(), expected);
        assert_eq!(execution.fail(halt), Ok(()));
        assert_eq!(execution.usage().fuel, before, "nothing was paid");
        assert_eq!(execution.finish().report.stop(), Some(&expected));
    }
}

#[test]
fn what_the_guest_cannot_pay_for_is_not_done() {
    let limit = 1_000;
    let mut execution = shouting(roomy().fuel(limit), SHOUT, (0, 65_536));
    let used = execution.usage().fuel;
    let mut request = execution.request().expect("it asks");
    assert_eq!(
        (request.fuel_used(), request.fuel_left()),
        (used, limit - used)
    );
    let halt = request
        .charge(limit - used + 1)
        .expect_err("it is too much");
    assert_eq!(request.read(0, 65_536), Err(halt.clone()));
    assert_eq!(*halt.stop(), Stop::OutOfFuel { limit });
    assert_eq!(request.read(65_530, 4), Ok(&b"ahoy"[..]));
    assert_eq!(execution.usage().fuel, used + 1);
    execution.fail(halt).expect("it asks");
    assert_eq!(code(&execution.finish().report), "out-of-fuel");
}
