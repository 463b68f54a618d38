//! Statistics of many numbers: minimum, median, 99th percentile, maximum.

use serde::Serialize;

/// The minimum, median, 99th percentile and maximum of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Statistics {
    pub(crate) min: u64,
    pub(crate) median: u64,
    pub(crate) p99: u64,
    pub(crate) max: u64,
}

impl Statistics {
    /// Each is one of `samples`; `None` without samples.
    pub(crate) fn of(samples: &[u64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        Some(Self {
            min: *sorted.first()?,
            median: percentile(&sorted, 50)?,
            p99: percentile(&sorted, 99)?,
            max: *sorted.last()?,
        })
    }
}

/// The least of `sorted` that `percent` in 100 do not exceed.
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = sorted.len().saturating_mul(percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_one_of_the_samples() {
        let samples: Vec<u64> = (1..=200).rev().collect();
        let expected = Statistics {
            min: 1,
            median: 100,
            p99: 198,
            max: 200,
        };
        assert_eq!(Statistics::of(&samples), Some(expected));
    }

    #[test]
    fn one_sample_is_all_of_them_and_none_is_nothing() {
        let expected = Statistics {
            min: 7,
            median: 7,
            p99: 7,
            max: 7,
        };
        assert_eq!(Statistics::of(&[7]), Some(expected));
        assert_eq!(Statistics::of(&[]), None);
    }

    #[test]
    fn few_samples_have_their_most_as_p99() {
        let few = Statistics::of(&[3, 1, 2]).expect("there are some");
        assert_eq!((few.median, few.p99), (2, 3));
    }
}
