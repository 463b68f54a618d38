//! How do guests run beside a game, or anything else that must not wait? All together get a bit of each frame.
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

use fuelbox::{Limits, Module, Priority, Sandbox, Scheduler, Share, protocol};
use std::{error::Error, time::Duration};

/// What all guests together may take of one frame.
const PER_FRAME: Duration = Duration::from_micros(500);

fn main() -> Result<(), Box<dyn Error>> {
    // Two guests work on the level that comes next, while the player is still in this one.
    let words = Module::new(std::fs::read("tests/guests/zig-words.wasm")?)?;
    let minify = Module::new(std::fs::read("tests/guests/rust-minify.wasm")?)?;
    // A third one thinks for ever, in the time that is left.
    let idle = wat::parse_str(r#"(module (func (export "_start") (loop (br 0))))"#)?;
    let idle = Module::new(&idle)?;
    let level = level();
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());

    let mut scheduler = Scheduler::new();
    let words = scheduler.add(sandbox.start(&words, &*level)?);
    let twice_as_much = Share::default().weight(2);
    let minify = scheduler.add_with(sandbox.start(&minify, &*level)?, twice_as_much);
    let in_idle_time = Share::default().priority(Priority::Low);
    let idle = scheduler.add_with(sandbox.start(&idle, [])?, in_idle_time);

    let mut frames = 0;
    while scheduler.len() > 1 {
        scheduler.turn(PER_FRAME);
        while let Some((id, finished)) = scheduler.finished() {
            let report = finished.report;
            println!(
                "frame {frames}: {}, {} fuel",
                report.outcome, report.usage.fuel
            );
            let output = report.into_output()?;
            if id == words {
                assert_eq!(output, format!("400 2000 {}", level.len()).as_bytes());
            } else {
                assert_eq!(id, minify);
                assert!(!output.contains(&b'\n'));
            }
        }
        frames += 1; // draw one; the game goes on, whatever the guests do
    }

    let idle = scheduler.remove(idle).ok_or("it never ends")?;
    println!(
        "{frames} frames; the last guest has thought for {:?}",
        idle.usage().time
    );
    Ok(())
}

/// A level of the game, as someone has written it.
fn level() -> String {
    (0..400)
        .map(|n| format!("{{\"tree\": {n}, \"x\": {}}},\n", n * 7 % 100).replace("{", "{ "))
        .collect()
}
