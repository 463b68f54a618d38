//! What runs guests. Each engine is a file; the others are in `benches/peers/src`.

mod ours;
pub mod plain;

use crate::stopwatch;
pub use ours::Ours;
use plain::Plain;
use std::{thread, time::Duration};

/// What tables call fuelbox.
pub const OURS: &str = "fuelbox";

/// What tables call fuelbox where functions are compiled at their first call.
pub const LAZY: &str = "fuelbox, lazy";

/// What tables call a module of fuelbox that may have no lane beside the first.
pub const ONE_LANE: &str = "fuelbox, 1 lane";

/// What tables call fuelbox with lent memories of which nothing is kept.
pub const NOT_KEPT: &str = "fuelbox, nothing kept";

/// What tables call fuelbox with memories of the interpreter's own.
pub const MOVING: &str = "fuelbox, memories that move";

/// What tables call plain wasmi under fuel, the floor of what fuelbox can do.
pub const FLOOR: &str = "wasmi, fuel";

/// An engine, set up in one way.
pub trait Engine {
    /// What tables call it.
    fn name(&self) -> &'static str;

    /// Compiles a module. It exports `execute`, `(i32, i32) -> i32`, and `plugin`, `() -> i32`.
    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled>;
}

/// A module that an engine has compiled.
pub trait Compiled {
    /// Runs the guest in a fresh instance; its status.
    fn run(&self) -> i32;

    /// Runs a guest that never ends under a deadline: how late the call came back.
    fn overrun(&self, _deadline: Duration) -> Option<Duration> {
        None
    }

    /// Runs a guest that never ends and cancels it `after` some time: how long it went on.
    fn cancelled(&self, _after: Duration) -> Option<Duration> {
        None
    }

    /// Runs a guest that never ends in slices of `time`: how late the last of some came back.
    fn late_slice(&self, _time: Duration) -> Option<Duration> {
        None
    }
}

/// The engines that need nothing beyond what fuelbox is built of. The first is what others are compared
/// against.
#[must_use]
pub fn fast() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(Ours::default()),
        Box::new(Plain { metered: true }),
        Box::new(Plain { metered: false }),
    ]
}

/// Calls `run`, and `cancel` from another thread `after` some time: how long `run` went on from then.
pub fn cancel_during(
    after: Duration,
    cancel: impl FnOnce() + Send,
    run: impl FnOnce(),
) -> Option<Duration> {
    thread::scope(|scope| {
        let canceller = scope.spawn(move || {
            thread::sleep(after);
            let at = stopwatch::now();
            cancel();
            at
        });
        run();
        let end = stopwatch::now();
        let at = canceller.join().ok()?;
        Some(end.saturating_duration_since(at))
    })
}
