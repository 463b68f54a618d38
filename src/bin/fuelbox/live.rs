//! What a person sees while a guest runs long, or often.

use crate::{stopwatch::Stopwatch, units};
use fuelbox::{Limits, Usage};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::{
    io::{self, IsTerminal},
    time::Duration,
};

/// Time after which it is shown; a shorter run would only flicker.
const SHOWN_AFTER: Duration = Duration::from_millis(500);

/// Fuel and time as bars towards their limits, on a terminal.
pub(crate) struct Live {
    limits: Limits,
    wanted: bool,
    bars: Option<Bars>,
}

struct Bars {
    fuel: ProgressBar,
    time: ProgressBar,
}

impl Live {
    /// Shows nothing yet; nothing at all where standard error is no terminal.
    pub(crate) fn new(limits: &Limits, quiet: bool) -> Self {
        Self {
            limits: limits.clone(),
            wanted: !quiet && io::stderr().is_terminal(),
            bars: None,
        }
    }

    /// Shows nothing any longer, as the guest writes where it would be.
    pub(crate) fn end(&mut self) {
        self.wanted = false;
        self.clear();
    }

    /// Shows what the run has used so far.
    pub(crate) fn show(&mut self, usage: &Usage) {
        if !self.wanted || usage.time < SHOWN_AFTER {
            return;
        }
        let limits = &self.limits;
        let bars = self.bars.get_or_insert_with(|| Bars::new(limits));
        bars.fuel.set_position(usage.fuel);
        bars.time.set_position(millis(usage.time));
    }

    fn clear(&mut self) {
        if let Some(Bars { fuel, time }) = self.bars.take() {
            fuel.finish_and_clear();
            time.finish_and_clear();
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Bars {
    fn new(limits: &Limits) -> Self {
        let all = MultiProgress::new();
        let bar = |limit, template| all.add(bar(limit, template));
        let fuel = bar(limits.fuel, "fuel [{bar:24}] {human_pos} of {human_len}");
        let time = bar(
            millis(limits.deadline),
            "time [{bar:24}] {percent}% of {msg}",
        );
        time.set_message(units::show_duration(limits.deadline));
        Self { fuel, time }
    }
}

/// How many runs are done, on a terminal.
pub(crate) struct LiveRuns {
    runs: Option<u64>,
    wanted: bool,
    since: Stopwatch,
    bar: Option<ProgressBar>,
}

impl LiveRuns {
    /// Of so many, or of nobody knows how many. Shows nothing yet, as [`Live`].
    pub(crate) fn new(runs: Option<u64>, quiet: bool) -> Self {
        Self {
            runs,
            wanted: !quiet && io::stderr().is_terminal(),
            since: Stopwatch::start(),
            bar: None,
        }
    }

    /// Shows how many are done.
    pub(crate) fn show(&mut self, done: u64) {
        if !self.wanted || self.since.elapsed() < SHOWN_AFTER {
            return;
        }
        let runs = self.runs;
        let bar = self.bar.get_or_insert_with(|| match runs {
            Some(runs) => bar(runs, "runs [{bar:24}] {human_pos} of {human_len}"),
            None => bar(0, "runs {human_pos}"),
        });
        bar.set_position(done);
    }
}

impl Drop for LiveRuns {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(len: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).expect("the template is a constant");
    ProgressBar::new(len).with_style(style.progress_chars("=> "))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
