//! How does a guest run beside a game, or anything else that must not wait? A bit in each frame.
//!
//! ```sh
//! cargo run --example game_loop
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a game does not last for that many frames"
)]

use fuelbox::{Limits, Module, Sandbox, Step};
use std::error::Error;

/// What a guest may do in one frame: 30 us of plain arithmetic.
const FUEL_PER_FRAME: u64 = 100_000;

fn main() -> Result<(), Box<dyn Error>> {
    let wasm = wat::parse_str(
        r#"(module
            (func (export "_start") (local $left i32)
                (local.set $left (i32.const 300000))
                (loop $again
                    (br_if $again
                        (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#,
    )?;
    let module = Module::new(&wasm)?;
    let sandbox = Sandbox::new(Limits::default());

    let mut guest = sandbox.start(&module, b"")?;
    let mut frames = 0;
    while guest.step(FUEL_PER_FRAME) == Step::Paused {
        frames += 1; // draw one
    }
    let report = guest.finish();

    println!("outcome: {}", report.outcome);
    println!("{} fuel in {frames} frames", report.usage.fuel);
    assert!(frames > 1);
    assert_eq!(report.status(), Some(0));
    Ok(())
}
