//! A replay says at which host call a guest does something else.

use super::{SUM, recording, run, summing};
use crate::harness::module;
use fuelbox::{Call, Divergence, Replay};

/// Replays a recorded `SUM` with another module.
fn replay_with(text: &str) -> Replay {
    let finished = run(&summing(), &module(SUM), Call::export("sum").args(4));
    let other = module(text);
    recording(&finished).replay(&other).expect("it starts")
}

fn divergence(text: &str) -> Divergence {
    replay_with(text)
        .divergence
        .expect("it does something else")
}

#[test]
fn another_build_that_does_the_same_is_the_same() {
    let slower = SUM.replace(
        "(loop $again",
        "(loop $again (drop (i32.const 1)) (drop (i32.popcnt (i32.const 1)))",
    );
    let replay = replay_with(&slower);
    assert_eq!(replay.divergence, None);
    assert_eq!(replay.reports[0].values, [fuelbox::Value::I64(10_000)]);
}

#[test]
fn other_arguments_are_shown_beside_those_that_were_recorded() {
    let found = divergence(&SUM.replace(
        "(call $next (local.get $n))",
        "(call $next (i32.clz (local.get $n)))",
    ));
    assert_eq!((found.call, found.host_call), (0, 0));
    assert_eq!(
        (found.expected.as_str(), found.found.as_str()),
        ("env.next(4)", "env.next(29)")
    );
    assert_eq!(
        found.to_string(),
        "in call 0, at host call 0: env.next(4) was recorded, and this is env.next(29)"
    );
}

#[test]
fn another_function_is_shown_beside_the_one_that_was_recorded() {
    let found = divergence(&SUM.replace(r#""env" "next""#, r#""env" "pre\u{1b}vious""#));
    assert_eq!(found.found, "env.pre\\u{1b}vious(4)");
}

#[test]
fn a_host_call_too_many_and_one_too_few() {
    let once_more = SUM.replace(
        "(local.get $sum)))",
        "(i64.add (local.get $sum) (call $next (i32.const 0)))))",
    );
    let found = divergence(&once_more);
    assert_eq!(
        (found.host_call, found.expected.as_str()),
        (4, "no further host call")
    );
    let never = SUM.replace("(br_if $again", "(drop");
    let found = divergence(&never);
    assert_eq!(found.host_call, 1);
    assert_eq!(
        (found.expected.as_str(), found.found.as_str()),
        ("env.next(3)", "no further host call")
    );
}

#[test]
fn a_guest_that_cannot_take_what_was_given_parts_there() {
    let other = SUM.replace("(result i64)))\n", "(result i32)))\n");
    let other = other
        .replace("(call $next", "(i64.extend_i32_u (call $next")
        .replace("(local.get $n))))", "(local.get $n)))))");
    assert_eq!(divergence(&other).host_call, 1);
}
