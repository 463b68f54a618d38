//! What fuelbox costs beside plain wasmi and beside other engines.
//!
//! `cargo bench -p fuelbox-bench` measures the fast set; `-- --test` goes through each suite once, without
//! measuring. `benches/measure` measures everything, with the engines of `benches/peers`, and writes
//! docs/performance.md again.

pub mod engine;
pub mod generate;
pub mod guest;
pub mod results;
pub mod rounds;
pub mod stopwatch;
pub mod suite;
pub mod worst;
