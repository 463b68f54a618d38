//! How does a guest wait for something that takes the host a while, on a thread that must not? It asks, and is answered
//! frames later.
//!
//! ```sh
//! cargo run --example waiting
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "nobody types for that many frames"
)]

use fuelbox::{
    Call, Execution, Finished, Function, Instance, Limits, Module, Sandbox, Slice, Step, Value,
    ValueType, Wait,
};
use std::{error::Error, time::Duration};

/// What the plugin may do in one frame.
const PER_FRAME: Slice = Slice::fuel(100_000);

/// How many frames the dictionary takes to answer. It could be a server.
const FRAMES_TO_ANSWER: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let plugin = Module::from_wat(&std::fs::read_to_string("examples/guests/spelling.wat")?)?;
    let look_up = Function::waiting(
        "editor",
        "look_up",
        &[ValueType::I32, ValueType::I32],
        &[ValueType::I32],
    );
    // Waiting does not count as running, and has a limit of its own.
    let limits = Limits::default()
        .deadline(Duration::from_millis(50))
        .wait(Duration::from_secs(10));
    let sandbox = Sandbox::new(limits).grant(look_up);

    // One instance for all events: the plugin keeps what it knows.
    let mut instance = sandbox.instantiate(&plugin)?;
    let (mut frames, mut wrong) = (0, 0);
    for word in ["a", "guest", "wiats", "for", "its", "hsot"] {
        let (after, answer, took) = on_word(instance, word)?;
        (instance, wrong) = (after, answer);
        frames += took;
    }
    let words: i32 = instance.call("words", ())?;
    println!("{words} words, {wrong} of them not known, {frames} frames drawn meanwhile");
    assert_eq!((words, wrong), (6, 2));
    assert!(frames >= 6 * FRAMES_TO_ANSWER);
    Ok(())
}

/// Tells the plugin of a word, and draws until it is done with it.
fn on_word(mut instance: Instance, word: &str) -> Result<(Instance, i32, u32), Box<dyn Error>> {
    let buffer: u32 = instance.call("buffer", ())?;
    let mut memory = instance.memory();
    memory.write(u64::from(buffer), word.as_bytes())?;

    let call = Call::export("on_word").args(u32::try_from(word.len())?);
    let mut execution = instance.start(call)?;
    let mut frames = 0;
    let mut asked: Option<(String, u32)> = None;
    loop {
        match execution.step(PER_FRAME) {
            Step::Done => break,
            Step::Waiting(Wait::Host) => match &asked {
                None => asked = Some((asked_word(&mut execution)?, frames)),
                Some((word, since)) if frames >= since + FRAMES_TO_ANSWER => {
                    execution.answer(u32::from(is_known(word)))?;
                    asked = None;
                }
                Some(_) => {} // the dictionary still turns its pages
            },
            _ => {}
        }
        frames += 1; // draw one; the editor goes on, whatever the plugin does
    }
    let Finished {
        report, instance, ..
    } = execution.finish();
    let [Value::I32(wrong)] = report.values[..] else {
        return Err(report.outcome.to_string().into());
    };
    Ok((
        instance.ok_or("it has finished, so it lives")?,
        wrong,
        frames,
    ))
}

/// The word that the plugin asks for, read from its memory: checked, and paid for by the plugin.
fn asked_word(execution: &mut Execution) -> Result<String, Box<dyn Error>> {
    let mut request = execution.request().ok_or("the plugin asks")?;
    let [Value::I32(ptr), Value::I32(len)] = *request.args() else {
        return Err("it asks with what it was declared with".into());
    };
    let word = request.read(ptr.cast_unsigned(), len.cast_unsigned())?;
    Ok(String::from_utf8_lossy(word).into_owned())
}

/// What the dictionary knows.
fn is_known(word: &str) -> bool {
    ["a", "for", "guest", "host", "its", "waits"].contains(&word)
}
