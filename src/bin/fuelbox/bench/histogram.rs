//! How often the runs took which time, as bars.

use super::statistics::Statistics;
use crate::units;
use serde::Serialize;
use std::{fmt::Write, time::Duration};

/// Bins up to where 99 in 100 are; the rest shares one more, so that one slow run squeezes nothing.
const BINS: u64 = 10;

/// How long the longest bar is.
const BAR_CHARS: u64 = 40;

/// How many samples lie in each of some bins of one width.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Histogram {
    bins: Vec<Bin>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Bin {
    from_nanos: u64,
    runs: u64,
}

impl Histogram {
    /// Of `samples`, whose statistics are `of`.
    pub(crate) fn new(samples: &[u64], of: &Statistics) -> Self {
        let width = of.p99.saturating_sub(of.min).checked_div(BINS).unwrap_or(0);
        let width = width.saturating_add(1);
        let bin = |sample: u64| {
            let distance = sample.saturating_sub(of.min);
            distance.checked_div(width).unwrap_or(0).min(BINS)
        };
        let bins = (0..=bin(of.max)).map(|at| Bin {
            from_nanos: of.min.saturating_add(width.saturating_mul(at)),
            runs: 0,
        });
        let mut bins: Vec<Bin> = bins.collect();
        for &sample in samples {
            let at = usize::try_from(bin(sample)).ok();
            if let Some(bin) = at.and_then(|at| bins.get_mut(at)) {
                bin.runs = bin.runs.saturating_add(1);
            }
        }
        Self { bins }
    }

    /// A line for each bin, from where it begins, with a bar of `bar`; a plus is where the rest lies.
    pub(crate) fn lines(&self, bar: char) -> String {
        let most = self.bins.iter().map(|bin| bin.runs).max().unwrap_or(0);
        let mut lines = String::new();
        let width = self.width();
        for (at, Bin { from_nanos, runs }) in self.bins.iter().enumerate() {
            let from = from(*from_nanos, width);
            let more = if at == usize::try_from(BINS).unwrap_or(at) {
                '+'
            } else {
                ' '
            };
            let len = runs
                .saturating_mul(BAR_CHARS)
                .checked_div(most)
                .unwrap_or(0);
            // What is there shows.
            let len = len.max((*runs).min(1));
            let bar: String = (0..len).map(|_| bar).collect();
            let gap = if bar.is_empty() { "" } else { " " };
            writeln!(lines, "  {from:>10}{more} {bar}{gap}{runs}")
                .expect("a String takes everything");
        }
        lines
    }

    /// From where a bin begins to where the next one does.
    fn width(&self) -> u64 {
        match self.bins.as_slice() {
            [first, second, ..] => second.from_nanos.saturating_sub(first.from_nanos),
            _ => u64::MAX,
        }
    }
}

/// A time with as many digits as it takes to tell it from one that is `width` away.
fn from(nanos: u64, width: u64) -> String {
    let mut digits = 1_usize;
    let mut step = match nanos {
        0..1_000 => 1,
        1_000..1_000_000 => 100,
        1_000_000..1_000_000_000 => 100_000,
        _ => 100_000_000_u64,
    };
    while step > width {
        step = step.checked_div(10).unwrap_or(0);
        digits = digits.saturating_add(1);
    }
    units::measured_time(Duration::from_nanos(nanos), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(samples: &[u64]) -> Histogram {
        let statistics = Statistics::of(samples).expect("there are some");
        Histogram::new(samples, &statistics)
    }

    fn counts(histogram: &Histogram) -> Vec<u64> {
        histogram.bins.iter().map(|bin| bin.runs).collect()
    }

    #[test]
    fn every_sample_lies_in_one_bin() {
        let samples: Vec<u64> = (100..1_100).collect();
        let counts = counts(&histogram(&samples));
        assert_eq!(counts.iter().sum::<u64>(), 1_000);
        assert_eq!((counts.len(), counts[0], counts[10]), (11, 99, 10));
    }

    #[test]
    fn one_slow_run_does_not_squeeze_the_others() {
        let mut samples: Vec<u64> = (0..200).collect();
        samples.push(1_000_000);
        let counts = counts(&histogram(&samples));
        assert_eq!(counts.last(), Some(&1));
        assert!(counts[..10].iter().all(|runs| *runs >= 18), "{counts:?}");
    }

    #[test]
    fn equal_samples_make_one_bin() {
        assert_eq!(counts(&histogram(&[5, 5, 5])), [3]);
    }

    #[test]
    fn bins_that_lie_close_together_are_told_apart() {
        let samples: Vec<u64> = (2_000_000..2_000_500).collect();
        let lines = histogram(&samples).lines('#');
        let from: Vec<_> = lines
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(from[..2], ["2.00000ms", "2.00005ms"], "{lines}");
        assert!(from.is_sorted_by(|a, b| a < b), "{lines}");
        assert_eq!(super::from(260, u64::MAX), "260.0ns");
    }

    #[test]
    fn the_rest_is_marked_as_such() {
        let mut samples: Vec<u64> = (0..200).collect();
        samples.push(1_000_000);
        let lines = histogram(&samples).lines('#');
        assert_eq!(lines.matches('+').count(), 1, "{lines}");
        assert!(lines.ends_with("ns+ ## 1\n"), "{lines}");
    }

    #[test]
    fn bars_are_as_long_as_bins_are_full() {
        let mut samples = vec![1_000; 80];
        samples.push(1_005);
        let lines = histogram(&samples).lines('#');
        let lengths: Vec<_> = lines
            .lines()
            .map(|line| line.matches('#').count())
            .collect();
        assert_eq!((lengths[0], lengths.last()), (40, Some(&1)), "{lines}");
        assert!(lines.starts_with("     1.000us  ####"), "{lines}");
    }
}
