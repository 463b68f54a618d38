//! A tree holds what was put in, and what a guest made of it: within its limits, and fit to be built
//! again from what can be seen of it.

use crate::{
    guest::{
        program::ANSWER,
        wasi::{self, Writer},
    },
    plan::Plan,
};
use arbitrary::{Result, Unstructured};
use fuelbox::{Entry, Function, Module, Report, Sandbox, Tree, TreeError, capability::Wasi};
use std::{collections::BTreeMap, time::Duration};

/// Names that meet often.
const NAMES: &[&str] = &["a", "b", "c", "a/b"];

/// Most things that the host puts in, and most calls of the guest.
const MOST_ENTRIES: usize = 12;
const MOST_CALLS: usize = 40;

/// Builds a tree as `data` says, and lets a guest change it.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let mut bytes = Unstructured::new(bytes);
    let tree = build(&mut bytes).unwrap_or_default();
    can_be_rebuilt(&tree);

    let mut draw = plan.draw();
    let (bytes_limit, nodes_limit) = (draw.below(1_000), draw.below(12));
    let limited = tree
        .clone()
        .writable()
        .bytes_limit(bytes_limit)
        .nodes_limit(nodes_limit);
    let mut writer = Writer::new();
    for _ in 0..MOST_CALLS {
        if writer.change(&mut bytes, 0, NAMES).is_err() || bytes.is_empty() {
            break;
        }
    }
    let report = run(&writer, &plan, limited.clone());
    // The host's own copy is the host's.
    assert_eq!(limited, tree);
    let [changed] = &report.trees[..] else {
        panic!("{} trees can be written to", report.trees.len());
    };
    can_be_rebuilt(changed);
    let (before, after) = (tree.paths().count() as u64, changed.paths().count() as u64);
    assert!(after <= before + nodes_limit, "{changed:?} from {tree:?}");
    let files = report.usage.peak_memory_bytes - wasi::MEMORY_BYTES;
    assert!(files <= bytes_limit, "{files} bytes of {bytes_limit}");
    let json = serde_json::to_string(&report).expect("a report can be written");
    let again: Report = serde_json::from_str(&json).expect("what was written can be read");
    assert_eq!(again, report);
}

fn run(writer: &Writer, plan: &Plan, tree: Tree) -> Report {
    let module = Module::new(writer.module()).expect("a program is valid");
    let limits = wasi::roomy(plan.timeless());
    let sandbox = Sandbox::with_clock(limits.clone(), || Duration::ZERO)
        .grant(Wasi::new().tree(tree))
        .grant(Function::new(ANSWER.0, ANSWER.1, |_: i32| ()));
    let report = sandbox.run(&module, Vec::new()).expect("all is granted");
    crate::laws::holds(&report, &limits);
    assert_eq!(report.outcome.code(), "finished");
    report
}

/// What the host puts in; what is refused changes nothing.
fn build(bytes: &mut Unstructured<'_>) -> Result<Tree> {
    let mut tree = Tree::new();
    // What is where, as a map has it.
    let mut files = BTreeMap::new();
    for _ in 0..bytes.int_in_range(0..=MOST_ENTRIES)? {
        let path = text(bytes)?;
        let target = text(bytes)?;
        let before = tree.clone();
        let put: std::result::Result<_, TreeError> = match bytes.int_in_range(0..=3_u8)? {
            0 => tree.dir(&path),
            1 => tree.symlink(&path, &target),
            2 => tree.hard_link(&path, &target),
            _ => tree.file(&path, target.clone()).inspect(|_| {
                files.insert(path.trim_start_matches('/').to_string(), target);
            }),
        };
        tree = put.unwrap_or_else(|error| {
            crate::laws::is_harmless(&error);
            before
        });
    }
    for path in files.keys() {
        assert!(tree.get(path).is_some(), "{path} is lost from {tree:?}");
    }
    Ok(tree)
}

fn text(bytes: &mut Unstructured<'_>) -> Result<String> {
    let path = wasi::path(bytes, NAMES)?;
    Ok(String::from_utf8_lossy(&path).into_owned())
}

/// The same put into an empty tree makes the same tree, and paths are as they are promised.
fn can_be_rebuilt(tree: &Tree) {
    let mut last = None;
    let rebuilt = tree
        .paths()
        .try_fold(Tree::new(), |rebuilt, (path, entry)| {
            let names: Vec<_> = path.split('/').map(str::to_string).collect();
            assert!(
                last.as_ref().is_none_or(|last| *last < names),
                "{path} is out of order"
            );
            last = Some(names);
            match entry {
                Entry::Directory => rebuilt.dir(&path),
                Entry::File(bytes) => rebuilt.file(&path, bytes),
                Entry::HardLink(first) => rebuilt.hard_link(&path, &first),
                Entry::Symlink(target) => rebuilt.symlink(&path, target),
                other => panic!("{other:?} is not listed"),
            }
        });
    assert_eq!(rebuilt.as_ref(), Ok(tree));
}
