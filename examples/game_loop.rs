//! How does a guest run beside a game, or anything else that must not wait? A bit in each frame.
//!
//! ```sh
//! cargo run --example game_loop
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "an example reads its guest")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a game does not last for that many frames"
)]

use fuelbox::{Limits, Module, Sandbox, Slice, protocol};
use std::error::Error;

/// What each guest may do in one frame: 30 us of plain arithmetic.
const FUEL_PER_FRAME: u64 = 100_000;

fn main() -> Result<(), Box<dyn Error>> {
    // Two guests work on the level that comes next, while the player is still in this one.
    let words = Module::new(std::fs::read("tests/guests/zig-words.wasm")?)?;
    let minify = Module::new(std::fs::read("tests/guests/rust-minify.wasm")?)?;
    let level = level();
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let mut guests = [
        sandbox.start(&words, &*level)?,
        sandbox.start(&minify, &*level)?,
    ];

    let mut frames = 0;
    loop {
        let steps = guests
            .each_mut()
            .map(|guest| guest.step(Slice::fuel(FUEL_PER_FRAME)));
        if steps.iter().all(|step| step.is_done()) {
            break;
        }
        frames += 1; // draw one; the game goes on, whatever the guests do
    }

    let [words, minified] = guests.map(|guest| guest.finish().report);
    println!("{frames} frames of at most {FUEL_PER_FRAME} fuel for each guest");
    println!("words: {}, {} fuel", words.outcome, words.usage.fuel);
    println!("minify: {}, {} fuel", minified.outcome, minified.usage.fuel);
    assert!(frames > 1);
    assert_eq!(
        words.into_output()?,
        format!("400 2000 {}", level.len()).as_bytes()
    );
    assert!(!minified.into_output()?.contains(&b'\n'));
    Ok(())
}

/// A level of the game, as someone has written it.
fn level() -> String {
    (0..400)
        .map(|n| format!("{{\"tree\": {n}, \"x\": {}}},\n", n * 7 % 100).replace("{", "{ "))
        .collect()
}
