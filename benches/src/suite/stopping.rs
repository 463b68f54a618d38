//! How late guests are stopped that go on for ever.

use super::Field;
use crate::{engine::Compiled, guest, results::Results, stopwatch};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(20);

/// When a run is cancelled.
const AFTER: Duration = Duration::from_millis(3);

/// What a game loop may give its guests in a frame.
const SLICE: Duration = Duration::from_millis(2);

/// Runs of each guest; the 99th of 100 is the one before the last.
const RUNS: usize = 101;

type Measure = fn(&dyn Compiled) -> Option<Duration>;

const MEASURES: [(&str, Measure); 3] = [
    ("overrun", |guest| guest.overrun(DEADLINE)),
    ("cancel", |guest| guest.cancelled(AFTER)),
    ("slice", |guest| guest.late_slice(SLICE)),
];

/// How late deadlines, cancellation and slices of time are, by the engines that have them.
pub(super) fn stopping(field: &Field) {
    let mut results = Results::new(field.set, "stopping");
    for (name, wasm) in guest::endless() {
        for (measure, time) in MEASURES {
            let mut guests: Vec<_> = field
                .engines
                .iter()
                .map(|engine| (engine.name(), engine.compile(&wasm), Vec::new()))
                .collect();
            for _ in 0..if stopwatch::is_test() { 1 } else { RUNS } {
                for (_, guest, samples) in &mut guests {
                    samples.extend(time(guest.as_ref()).map(|time| time.as_nanos() as f64));
                }
            }
            for (engine, _, samples) in guests {
                if !samples.is_empty() {
                    results.add(&format!("{measure}: {name}"), "ns", engine, samples);
                }
            }
        }
    }
    results.write();
}
