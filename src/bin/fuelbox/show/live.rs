//! The live line: what a person sees while a guest runs long or often. It is removed at the end.

use crate::{show::style, stopwatch::Stopwatch, units};
use fuelbox::{Limits, Usage};
use std::{
    io::{self, IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Time after which it is shown; a shorter run would only flicker.
const SHOWN_AFTER: Duration = Duration::from_millis(500);

/// Time between two looks of it.
const SHOWN_EVERY: Duration = Duration::from_millis(100);

/// Whether the line is on the terminal: code that ends the program during a run has to wipe it.
static IS_SHOWN: AtomicBool = AtomicBool::new(false);

/// The live line, on a terminal.
struct Line {
    wanted: bool,
    since: Stopwatch,
    shown: Option<Duration>,
}

impl Line {
    /// Shows nothing yet; nothing at all where standard error is no terminal.
    fn new(quiet: bool) -> Self {
        Self {
            wanted: !quiet && io::stderr().is_terminal() && style::can_move(),
            since: Stopwatch::start(),
            shown: None,
        }
    }

    fn show(&mut self, text: impl FnOnce() -> String) {
        if !self.wanted {
            return;
        }
        let now = self.since.elapsed();
        let next = self
            .shown
            .map_or(SHOWN_AFTER, |shown| shown.saturating_add(SHOWN_EVERY));
        if now < next {
            return;
        }
        self.shown = Some(now);
        IS_SHOWN.store(true, Ordering::Relaxed);
        // Where standard error is closed, nobody can see it.
        let _ = io::stderr().write_all(drawn(&text()).as_bytes());
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        wipe();
    }
}

/// Takes the line off the terminal, if it is there.
pub(crate) fn wipe() {
    if IS_SHOWN.swap(false, Ordering::Relaxed) {
        let _ = io::stderr().write_all(WIPED.as_bytes());
    }
}

/// To the start of the line, and clear it.
const WIPED: &str = "\r\x1b[2K";

/// The line as the terminal gets it: cut at the edge by the terminal itself, whatever its width is then, and with the
/// cursor at the start, where the `^C` of a terminal does not reach the next line.
fn drawn(text: &str) -> String {
    format!("{WIPED}\x1b[?7l{text}\x1b[?7h\r")
}

/// Fuel and time, and how much of their limits that is.
pub(crate) struct Live {
    limits: Limits,
    line: Line,
}

impl Live {
    /// Shows nothing yet.
    pub(crate) fn new(limits: &Limits, quiet: bool) -> Self {
        Self {
            limits: limits.clone(),
            line: Line::new(quiet),
        }
    }

    /// Shows nothing any longer, as the guest writes where it would be.
    pub(crate) fn end(&mut self) {
        self.line.wanted = false;
        wipe();
    }

    /// Shows what the run has used so far.
    pub(crate) fn show(&mut self, usage: &Usage) {
        let limits = &self.limits;
        self.line.show(|| progress(usage, limits));
    }
}

/// As short as it can be: what is cut at the edge is the fuel, which matters less.
fn progress(usage: &Usage, limits: &Limits) -> String {
    let percent =
        |part: u128, whole: u128| part.saturating_mul(100).checked_div(whole).unwrap_or(100);
    let time = percent(usage.time.as_nanos(), limits.call.deadline.as_nanos());
    let fuel = percent(usage.fuel.into(), limits.call.fuel.into());
    format!(
        "time {time}% of {}, fuel {fuel}% of {}",
        units::show_duration(limits.call.deadline),
        units::show_count(limits.call.fuel)
    )
}

/// How many runs are done.
pub(crate) struct LiveRuns {
    runs: Option<u64>,
    line: Line,
}

impl LiveRuns {
    /// Of a known number or of an unknown one. Shows nothing yet, as [`Live`].
    pub(crate) fn new(runs: Option<u64>, quiet: bool) -> Self {
        Self {
            runs,
            line: Line::new(quiet),
        }
    }

    /// Shows how many are done.
    pub(crate) fn show(&mut self, done: u64) {
        let runs = self.runs;
        self.line.show(|| match runs {
            Some(runs) => format!("runs {} of {}", units::grouped(done), units::grouped(runs)),
            None => format!("runs {}", units::grouped(done)),
        });
    }
}

/// Whatever a command has to say while it lasts.
pub(crate) struct LiveText(Line);

impl LiveText {
    /// Shows nothing yet, as [`Live`].
    pub(crate) fn new(quiet: bool) -> Self {
        Self(Line::new(quiet))
    }

    /// Shows what `text` says, if it is time to.
    pub(crate) fn show(&mut self, text: impl FnOnce() -> String) {
        self.0.show(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_stays_on_one_line_and_leaves_the_cursor_at_its_start() {
        let drawn = drawn("time 12% of 1s");
        assert!(
            drawn.starts_with(WIPED) && drawn.ends_with('\r'),
            "{drawn:?}"
        );
        assert!(!drawn.contains('\n'));
        // No wrapping while it is drawn, so that nothing of it stays in a narrow terminal.
        let off = drawn.find("\x1b[?7l").expect("wrapping is off");
        let on = drawn.find("\x1b[?7h").expect("and on again");
        assert!(off < drawn.find("time").expect("it is there") && on > off);
    }

    #[test]
    fn progress_is_told_in_parts_of_the_limits() {
        let mut usage = Usage::default();
        usage.time = Duration::from_millis(250);
        usage.fuel = 5_000_000;
        let limits = Limits::default()
            .deadline(Duration::from_secs(1))
            .fuel(10_000_000);
        assert_eq!(progress(&usage, &limits), "time 25% of 1s, fuel 50% of 10M");
        let nothing = Limits::default().deadline(Duration::ZERO).fuel(0);
        assert_eq!(
            progress(&usage, &nothing),
            "time 100% of 0ns, fuel 100% of 0"
        );
    }
}
