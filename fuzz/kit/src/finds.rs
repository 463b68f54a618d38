//! What was found: one input for each bucket.

use crate::guest::Seen;
use std::collections::{BTreeMap, BTreeSet};

/// An input that ends in a fault like no other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Find {
    /// The bucket that it is in.
    pub bucket: String,
    /// The code of what stopped the guest.
    pub fault: &'static str,
    /// The first input of the bucket.
    pub input: Vec<u8>,
    /// After how many runs it was found.
    pub runs: u64,
    /// How many sets of ways lead into the bucket.
    pub ways: u64,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Finds {
    buckets: BTreeMap<String, Find>,
    /// Fingerprints of the sets of ways that ended in a fault.
    known: BTreeSet<u64>,
}

impl Finds {
    /// Whether no run before ended in this fault on just these ways.
    pub(crate) fn is_new(&mut self, fault: &'static str, seen: &Seen) -> bool {
        /// What is new beyond hardly is: such a guest fails everywhere.
        const MOST: usize = 100_000;

        self.known.len() < MOST && self.known.insert(fingerprint(fault, seen))
    }

    /// Puts an input into a bucket; says whether it is the first there.
    pub(crate) fn add(&mut self, find: Find) -> bool {
        if let Some(known) = self.buckets.get_mut(&find.bucket) {
            known.ways = known.ways.saturating_add(1);
            return false;
        }
        self.buckets.insert(find.bucket.clone(), find);
        true
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Find> {
        self.buckets.values()
    }

    pub(crate) fn of(&self, bucket: &str) -> Option<&Find> {
        self.buckets.get(bucket)
    }
}

/// FNV-1a of a fault and the ways that led to it, whatever their counts.
fn fingerprint(fault: &str, seen: &Seen) -> u64 {
    let ways = seen.ways.iter().flat_map(|(way, _)| way.to_le_bytes());
    fault
        .bytes()
        .chain(ways)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
