//! Laws of the tree, for whatever a guest does.

pub(crate) mod act;
mod listing;
mod model;

use super::{Entry, NodeId, Tree, directory::step, node::Body};
use act::{Act, acts};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString},
    vec,
    vec::Vec,
};
use model::{Model, What};
use proptest::prelude::*;

/// A tree and its model, which must give the same answers.
struct Pair {
    tree: Tree,
    model: Model,
    /// Open directories, as in the model.
    bases: Vec<NodeId>,
    /// Open files, as in the model.
    files: Vec<NodeId>,
}

impl Pair {
    fn new(bytes_limit: u64, nodes_limit: u64) -> Self {
        let tree = Tree::new().file("/a", "host").unwrap().dir("/b").unwrap();
        let tree = tree
            .file("/b/c", "of the host")
            .unwrap()
            .symlink("/c", "b")
            .unwrap();
        let mut model = Model::new(bytes_limit, nodes_limit);
        let file = |text: &str| What::File {
            bytes: text.into(),
            counted: false,
        };
        model.put("/a", file("host"), false);
        model.put("/b", What::Directory, false);
        model.put("/b/c", file("of the host"), false);
        model.put("/c", What::Symlink("b".into()), false);
        Self {
            tree: tree
                .writable()
                .bytes_limit(bytes_limit)
                .nodes_limit(nodes_limit),
            model,
            bases: vec![NodeId::ROOT],
            files: vec![],
        }
    }

    /// Compares all that can be seen.
    fn compare(&self) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.tree.bytes(), self.model.usage()[0]);
        let expected = shown(&self.model);
        let found: Vec<_> = self.tree.paths().collect();
        prop_assert_eq!(&found, &expected);
        for (path, _) in &found {
            let id = self.tree.at(path).unwrap();
            let stat = self.tree.stat(id).unwrap();
            prop_assert_eq!(
                (stat.kind, stat.links, stat.size),
                self.model.stat(path),
                "{}",
                path
            );
        }
        for (index, id) in self.files.iter().enumerate() {
            prop_assert_eq!(
                self.tree.read_at(*id, 0, usize::MAX),
                Ok(self.model.bytes(index))
            );
        }
        for (id, (path, _)) in self.bases.iter().zip(&self.model.bases) {
            let expected = (!self.model.is_removed(path)).then(|| {
                let dots = [".", ".."].into_iter();
                dots.chain(self.model.children(path).map(|(name, _)| name))
                    .collect::<BTreeSet<_>>()
            });
            let listed = self.tree.read_dir(*id, 0).ok();
            prop_assert_eq!(
                listed.map(|lines| lines.map(|line| line.name).collect()),
                expected
            );
        }
        Ok(())
    }
}

/// What the host is to see of a tree like the model.
fn shown(model: &Model) -> Vec<(String, Entry<'_>)> {
    let mut first: BTreeMap<usize, &str> = BTreeMap::new();
    let entries = model.paths().into_iter().map(|(path, node, what)| {
        let entry = match (first.get(&node), what) {
            (Some(first), _) => Entry::HardLink((*first).into()),
            (None, What::Directory) => Entry::Directory,
            (None, What::File { bytes, .. }) => Entry::File(bytes),
            (None, What::Symlink(target)) => Entry::Symlink(target),
        };
        first.entry(node).or_insert(path);
        (path.to_string(), entry)
    });
    entries.collect()
}

/// Checks what the tree keeps about itself against what a new count finds.
fn check(tree: &Tree) -> Result<(), TestCaseError> {
    let mut names = 0;
    for (id, node) in tree.nodes.iter() {
        prop_assert!(
            node.links > 0 || tree.open.contains_key(id),
            "{:?} is lost",
            id
        );
        let Body::Directory(directory) = &node.body else {
            continue;
        };
        names += directory.names().count();
        let mut reach = 0;
        for (name, found) in directory.names() {
            let Body::Directory(inner) = &tree.node(found.node).unwrap().body else {
                continue;
            };
            prop_assert_eq!((inner.parent, inner.name_len), (*id, name.len()));
            reach = reach.max(step(name.len()) + inner.reach());
        }
        prop_assert_eq!(directory.reach(), reach);
        prop_assert_eq!(directory.names_from(0).count(), directory.names().count());
    }
    prop_assert_eq!(tree.paths().count(), names);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_tree_answers_like_its_model(
        acts in acts(1..50),
        bytes_limit in prop_oneof![Just(1_000_u64), 0..80_u64],
        nodes_limit in prop_oneof![Just(1_000_u64), 0..8_u64],
    ) {
        let mut pair = Pair::new(bytes_limit, nodes_limit);
        for act in acts {
            let Some(act) = pair.aimed(act) else {
                continue;
            };
            let expected = pair.act_on_model(&act);
            prop_assert_eq!(pair.act_on_tree(&act), expected, "{:?}", act);
            pair.compare()?;
            check(&pair.tree)?;
            prop_assert!(pair.tree.bytes() <= bytes_limit);
        }
        // With all closed and removed nothing is counted.
        pair.tree.settle();
        check(&pair.tree)?;
        prop_assert_eq!(pair.tree.bytes(), 0);
    }

    #[test]
    fn no_path_leads_above_its_base(acts in acts(1..40)) {
        let mut pair = Pair::new(u64::MAX, u64::MAX);
        for act in acts {
            let Some(act) = pair.aimed(act) else {
                continue;
            };
            if let Act::Resolve(path, follow) | Act::Open(path, super::Open { follow, .. }) = &act {
                let base = pair.bases[path.0];
                let at = super::At { base, path: path.1.as_bytes() };
                if let Ok(found) = pair.tree.resolve(at, *follow) {
                    prop_assert!(within(&pair.tree, base).contains(&found), "{:?}", path);
                }
            }
            pair.act_on_tree(&act).ok();
        }
    }
}

/// A directory and all that is in it.
fn within(tree: &Tree, base: NodeId) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::from([base]);
    let mut open = vec![base];
    while let Some(id) = open.pop() {
        let names = tree
            .directory(id)
            .into_iter()
            .flat_map(|directory| directory.names());
        for (_, name) in names {
            if found.insert(name.node) {
                open.push(name.node);
            }
        }
    }
    found
}
