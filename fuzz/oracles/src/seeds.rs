//! Inputs to begin with: the project's own guests, and bytes that only look random.

use crate::{draw::Draw, plan};
use std::{fs, path::Path};

/// How many bytes of a planned module are the plan.
pub const PLAN_BYTES: usize = plan::BYTES;

/// What an oracle reads its bytes as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// Numbers to draw from.
    Numbers,
    /// A module.
    Module,
    /// A plan, with a module after it or with what one is grown from.
    PlannedModule,
    /// JSON.
    Json,
}

impl Shape {
    /// Inputs of this shape that reach far.
    ///
    /// # Panics
    /// Where the guests in `tests` cannot be read.
    #[must_use]
    pub fn seeds(self) -> Vec<Vec<u8>> {
        match self {
            Self::Numbers => (0..8).map(random).collect(),
            Self::Module => guests(),
            Self::PlannedModule => (0..PLANS)
                .flat_map(|seed| guests().into_iter().map(move |guest| planned(&guest, seed)))
                .collect(),
            Self::Json => REPORTS
                .iter()
                .map(|report| report.as_bytes().to_vec())
                .collect(),
        }
    }
}

/// How many plans each guest is put after.
const PLANS: u64 = 3;

/// Bytes that look random, of any length up to some thousand.
#[must_use]
pub fn random(seed: u64) -> Vec<u8> {
    let mut draw = Draw::new(seed);
    let len = draw.below(4_096) as usize;
    draw.bytes(len)
}

/// The guests of `tests`, as modules.
#[expect(clippy::disallowed_methods, reason = "the guests are files")]
fn guests() -> Vec<Vec<u8>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut paths: Vec<_> = ["guests", "guests/wasi", "hostile"]
        .iter()
        .flat_map(|folder| fs::read_dir(tests.join(folder)).expect("the folder is there"))
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "wat" || end == "wasm")
        })
        .map(|path| {
            let bytes = fs::read(path).expect("the guest can be read");
            wat::parse_bytes(&bytes)
                .expect("the guest is valid")
                .into_owned()
        })
        .collect()
}

/// A guest after a plan that withholds nothing.
fn planned(guest: &[u8], seed: u64) -> Vec<u8> {
    let mut input = Draw::new(seed).bytes(plan::BYTES);
    input[plan::WITHHELD] = 0;
    input.extend_from_slice(guest);
    input
}

/// One of each kind of outcome, value and text.
const REPORTS: [&str; 3] = [
    include_str!("seeds/finished.json"),
    include_str!("seeds/stopped.json"),
    include_str!("seeds/files.json"),
];
