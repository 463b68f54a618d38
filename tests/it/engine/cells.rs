//! A guest never reads what it has not written: not what other runs left on the stack, nor what the host freed.

use crate::harness::{SLICES, admit, roomy, run_to_end, timeless};
use fuelbox::{Call, Module, ModuleLimits, Value};

/// What a run leaves behind, as 64 bits.
const SECRET: i64 = 0x5ec2_e7aa_bbcc_ddee;

/// `keep` leaves a number in many cells of the stack. In `look` a local is not where the interpreter looks for
/// it, so that it finds what is in an unwritten cell; it must return its first argument.
const TEXT: &str = r#"(module
    (func (export "keep") (param i64 i32) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
        (local.set 2 (local.get 0)) (local.set 3 (local.get 0))
        (local.set 4 (local.get 0)) (local.set 5 (local.get 0)) (local.set 6 (local.get 0))
        (local.set 7 (local.get 0)) (local.set 8 (local.get 0)) (local.set 9 (local.get 0))
        (local.set 10 (local.get 0)) (local.set 11 (local.get 0)) (local.set 12 (local.get 0)))
    (func (export "look") (param i64 i32) (result i64)
        (local.get 0)
        (i32.const 7)
        (block (param i32)
            drop
            (br_if 0 (local.get 1))
            (local.set 0 (i64.const 99)))))"#;

#[test]
fn what_a_run_leaves_on_the_stack_the_next_one_does_not_see() {
    let module = admit(TEXT, &ModuleLimits::default()).expect("it is valid");
    for slice in SLICES {
        call(&module, "keep", SECRET, slice);
        assert_eq!(call(&module, "look", 5, slice), [Value::I64(5)]);
    }
}

#[test]
fn what_the_host_has_freed_a_guest_does_not_see() {
    // Of all sizes that the first stack of an engine may have.
    let mut freed: Vec<_> = (0..64).map(|n| vec![0xa5_u8; 960 + n]).collect();
    freed.clear();
    let module = admit(TEXT, &ModuleLimits::default()).expect("it is valid");
    assert_eq!(call(&module, "look", 5, u64::MAX), [Value::I64(5)]);
}

/// The fault that the rewriting keeps away: what one run wrote, another reads.
#[test]
fn as_written_a_run_reads_what_another_left_on_the_stack() {
    let limits = ModuleLimits::default().keep_faults();
    let module = admit(TEXT, &limits).expect("it is valid");
    call(&module, "keep", SECRET, u64::MAX);
    let seen = call(&module, "look", 5, u64::MAX);
    assert_eq!(seen, [Value::I64(SECRET)]);
}

fn call(module: &Module, name: &str, argument: i64, slice: u64) -> Vec<Value> {
    let call = Call::export(name).values([Value::I64(argument), Value::I32(1)]);
    let execution = timeless(roomy()).start(module, call);
    run_to_end(execution.expect("it starts"), slice).values
}
