//! The judge: whether an attack was contained.

use super::expect::{self, Expect};
use alloc::{
    boxed::Box,
    string::{String, ToString},
};
use core::{fmt, time::Duration};
use fuelbox::{Error, Limits, Report};

/// How an attack ended.
#[derive(Clone, Debug)]
pub(super) enum End {
    Refused(Error),
    Report(Box<Report>),
    /// A panic of ours, with its message.
    Panicked(String),
}

impl End {
    /// In the words of [`Check::expected`](super::Check::expected).
    pub(super) fn words(&self) -> String {
        match self {
            Self::Refused(error) => error.code().to_string(),
            Self::Report(report) => expect::ended(report),
            Self::Panicked(_) => "panic".to_string(),
        }
    }
}

/// Why an attack was not contained.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Problem {
    /// It ended otherwise.
    Outcome { expected: String },
    /// Something else about it is otherwise.
    Fact { what: String },
    /// We panicked.
    Panic { message: String },
    /// It used more than its limit.
    Beyond {
        what: &'static str,
        used: u64,
        limit: u64,
    },
    /// It ended too late.
    Late { by: Duration, allowed: Duration },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outcome { expected } => write!(f, "must be {expected}"),
            Self::Fact { what } => f.write_str(what),
            Self::Panic { message } => write!(f, "the host panicked: {message}"),
            Self::Beyond { what, used, limit } => {
                write!(f, "{what} is {used}, the limit was {limit}")
            }
            Self::Late { by, allowed } => {
                write!(f, "late by {by:.1?}, at most {allowed:?} are allowed")
            }
        }
    }
}

/// Judges a run that took `took`, by a clock read around it, and may be late by `allowed`.
///
/// # Errors
/// The first thing that is not as it must be.
pub(super) fn judge(
    limits: &Limits,
    expect: &Expect,
    end: &End,
    took: Duration,
    allowed: Duration,
) -> Result<(), Problem> {
    if let End::Report(report) = end {
        within(limits, report)?;
    }
    if let End::Panicked(message) = end {
        return Err(Problem::Panic {
            message: message.clone(),
        });
    }
    if end.words() != expect.outcome() {
        return Err(Problem::Outcome {
            expected: expect.outcome().to_string(),
        });
    }
    let facts = match end {
        End::Report(report) => expect.report(report),
        End::Refused(error) => expect.refusal(error),
        End::Panicked(_) => Ok(()),
    };
    facts.map_err(|what| Problem::Fact { what })?;
    in_time(took.saturating_sub(limits.call.deadline), allowed)
}

/// # Errors
/// [`Problem::Late`].
pub(super) fn in_time(by: Duration, allowed: Duration) -> Result<(), Problem> {
    if by > allowed {
        return Err(Problem::Late { by, allowed });
    }
    Ok(())
}

/// By how much a guest may be late whose first slice takes `slice` on this machine: twice that.
///
/// Slices are measured out for guests of 16 ns a fuel and shrink from there, so on a machine where the
/// guest is more expensive it is the first one that is late. One that does not shrink takes many times as long,
/// on any machine.
pub(super) fn allowance(slice: Duration) -> Duration {
    slice.saturating_mul(2).clamp(LEAST_ALLOWED, MOST_ALLOWED)
}

/// What is allowed on any machine: below this it is the system's scheduler that is measured.
pub(super) const LEAST_ALLOWED: Duration = Duration::from_millis(50);

/// A machine where 20 ms become more than a second holds no deadlines.
const MOST_ALLOWED: Duration = Duration::from_secs(1);

/// No usage and no length beyond its limit.
fn within(limits: &Limits, report: &Report) -> Result<(), Problem> {
    let usage = &report.usage;
    let lines = || report.logs.iter().map(|line| len(line.text.len()));
    let bounded = [
        ("fuel", usage.fuel, limits.call.fuel),
        (
            "memory",
            usage.peak_memory_bytes,
            limits.instance.memory_bytes,
        ),
        (
            "table",
            usage.peak_table_elements,
            limits.instance.table_elements,
        ),
        ("output", len(report.output.len()), limits.call.output_bytes),
        (
            "error stream",
            len(report.stderr.len()),
            limits.call.stderr_bytes,
        ),
        ("log lines", len(report.logs.len()), limits.call.log_lines),
        (
            "log",
            lines().fold(0, u64::saturating_add),
            limits.call.log_bytes,
        ),
        (
            "a log line",
            lines().max().unwrap_or(0),
            limits.call.log_line_bytes,
        ),
    ];
    match bounded.into_iter().find(|(_, used, limit)| used > limit) {
        Some((what, used, limit)) => Err(Problem::Beyond { what, used, limit }),
        None => Ok(()),
    }
}

fn len(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};
    use fuelbox::{LogLine, Outcome, Phase, Stop, Usage};

    const LIMIT: u64 = 1_000;

    /// Limits of 1,000 of everything.
    fn limits() -> Limits {
        Limits::default()
            .fuel(LIMIT)
            .deadline(Duration::from_millis(10))
            .memory_bytes(LIMIT)
            .table_elements(LIMIT)
            .output_bytes(LIMIT)
            .stderr_bytes(LIMIT)
            .log_bytes(LIMIT)
            .log_lines(LIMIT)
            .log_line_bytes(LIMIT)
    }

    fn out_of_fuel() -> Report {
        Report {
            outcome: Outcome::Stopped {
                stop: Stop::OutOfFuel { limit: LIMIT },
                phase: Phase::Entry,
            },
            output: Vec::new(),
            stderr: Vec::new(),
            logs: Vec::new(),
            values: Vec::new(),
            trees: Vec::new(),
            mounts: Vec::new(),
            usage: Usage {
                fuel: LIMIT,
                ..Usage::default()
            },
        }
    }

    fn line(bytes: usize) -> LogLine {
        LogLine::new("x".repeat(bytes), false)
    }

    fn expecting(outcome: &str) -> Expect {
        let mut expect = Expect::default();
        expect.set("expect", outcome).expect("it is a key");
        expect
    }

    fn verdict(expected: &str, report: Report, took: Duration) -> Result<(), Problem> {
        let end = End::Report(Box::new(report));
        judge(&limits(), &expecting(expected), &end, took, LEAST_ALLOWED)
    }

    #[test]
    fn what_ends_as_it_must_within_its_limits_is_contained() {
        assert_eq!(
            verdict("out-of-fuel", out_of_fuel(), Duration::ZERO),
            Ok(())
        );
    }

    #[test]
    fn another_end_is_not_contained() {
        let expected = || {
            Err(Problem::Outcome {
                expected: "deadline".into(),
            })
        };
        assert_eq!(
            verdict("deadline", out_of_fuel(), Duration::ZERO),
            expected()
        );
        let finished = Report {
            outcome: Outcome::Finished { status: 1 },
            ..out_of_fuel()
        };
        assert_eq!(
            verdict("deadline", finished.clone(), Duration::ZERO),
            expected()
        );
        assert!(verdict("finished 0", finished.clone(), Duration::ZERO).is_err());
        assert_eq!(verdict("finished 1", finished, Duration::ZERO), Ok(()));
        let refused = End::Refused(Error::UnsafeBuild { bytes: 1, steps: 1 });
        assert_eq!(
            judge(
                &limits(),
                &expecting("deadline"),
                &refused,
                Duration::ZERO,
                LEAST_ALLOWED
            ),
            expected()
        );
    }

    #[test]
    fn what_else_the_header_says_must_be_so() {
        let end = End::Report(Box::new(out_of_fuel()));
        let verdict = |key, value| {
            let mut expect = expecting("out-of-fuel");
            expect.set(key, value).expect("it is a key");
            judge(&limits(), &expect, &end, Duration::ZERO, LEAST_ALLOWED)
        };
        assert_eq!(verdict("usage.fuel", "1,000"), Ok(()));
        let what = "fuel is 1000, expected 999".to_string();
        assert_eq!(verdict("usage.fuel", "999"), Err(Problem::Fact { what }));
    }

    #[test]
    fn a_panic_is_not_contained_whatever_was_expected() {
        let end = End::Panicked("index out of bounds".into());
        let problem = judge(
            &limits(),
            &expecting("panic"),
            &end,
            Duration::ZERO,
            LEAST_ALLOWED,
        )
        .expect_err("it panicked");
        assert_eq!(
            problem.to_string(),
            "the host panicked: index out of bounds"
        );
    }

    #[test]
    fn one_more_than_a_limit_is_not_contained() {
        const OVER: usize = 1_001;
        type Change = fn(&mut Report);
        let beyond: [(&str, Change); 8] = [
            ("fuel", |report| report.usage.fuel = LIMIT + 1),
            ("memory", |report| {
                report.usage.peak_memory_bytes = LIMIT + 1;
            }),
            ("table", |report| {
                report.usage.peak_table_elements = LIMIT + 1;
            }),
            ("output", |report| report.output = vec![0; OVER]),
            ("error stream", |report| report.stderr = vec![0; OVER]),
            ("log lines", |report| report.logs = vec![line(0); OVER]),
            ("log", |report| {
                report.logs = vec![line(OVER / 2), line(OVER)];
            }),
            ("log", |report| report.logs = vec![line(OVER)]),
        ];
        for (expected, change) in beyond {
            let mut report = out_of_fuel();
            change(&mut report);
            match verdict("out-of-fuel", report, Duration::ZERO) {
                Err(Problem::Beyond { what, limit, .. }) => {
                    assert_eq!((what, limit), (expected, LIMIT));
                }
                other => panic!("{expected}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_line_beyond_its_own_limit_is_not_contained() {
        let logs = vec![line(4)];
        let end = End::Report(Box::new(Report {
            logs,
            ..out_of_fuel()
        }));
        let limits = limits().log_line_bytes(3);
        let problem = judge(
            &limits,
            &expecting("out-of-fuel"),
            &end,
            Duration::ZERO,
            LEAST_ALLOWED,
        )
        .expect_err("too long");
        assert_eq!(problem.to_string(), "a log line is 4, the limit was 3");
    }

    #[test]
    fn what_comes_too_late_is_not_contained() {
        let after = |millis| verdict("out-of-fuel", out_of_fuel(), Duration::from_millis(millis));
        assert_eq!(after(60), Ok(()));
        let problem = after(61).expect_err("it is late");
        assert_eq!(
            problem.to_string(),
            "late by 51.0ms, at most 50ms are allowed"
        );
    }

    #[test]
    fn a_slow_machine_may_be_late_in_proportion_but_not_for_ever() {
        let allowed = |millis| allowance(Duration::from_millis(millis));
        assert_eq!(allowed(0), LEAST_ALLOWED);
        assert_eq!(allowed(100), Duration::from_millis(200));
        assert_eq!(allowed(10_000), MOST_ALLOWED);
    }
}
