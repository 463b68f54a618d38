//! Listings in pieces, while names come and go.

use crate::tree::{At, NodeId, Tree};
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use proptest::prelude::*;

/// What happens between two pieces.
#[derive(Clone, Debug)]
enum Change {
    Make(u8),
    Remove(u8),
    Rename(u8, u8),
}

fn change() -> impl Strategy<Value = Change> {
    let name = || 0_u8..12;
    prop_oneof![
        name().prop_map(Change::Make),
        name().prop_map(Change::Remove),
        (name(), name()).prop_map(|(old, new)| Change::Rename(old, new)),
    ]
}

fn apply(tree: &mut Tree, change: &Change) {
    let name = |number: &u8| format!("n{number}");
    match change {
        Change::Make(number) => tree.create_dir(At::root(&name(number)), 1).ok(),
        Change::Remove(number) => tree.remove_dir(At::root(&name(number)), 1).ok(),
        Change::Rename(old, new) => tree
            .rename(At::root(&name(old)), At::root(&name(new)), 1)
            .ok(),
    };
}

fn names(tree: &Tree) -> BTreeSet<String> {
    tree.paths()
        .map(|(path, _)| path[1..].to_string())
        .collect()
}

proptest! {
    #[test]
    fn what_stays_is_listed_once_and_the_listing_ends(
        before in prop::collection::vec(change(), 0..20),
        between in prop::collection::vec((1_usize..4, prop::collection::vec(change(), 0..3)), 1..12),
    ) {
        let mut tree = Tree::new().writable();
        before.iter().for_each(|change| apply(&mut tree, change));
        let mut stayed = names(&tree);
        let mut ever = stayed.clone();
        let mut listed = Vec::new();
        let mut cookie = 0;
        // Changes end at some time; then the listing does, too.
        let rest = core::iter::repeat_n((3, Vec::new()), 50);
        let mut ended = false;
        for (len, changes) in between.into_iter().chain(rest) {
            let lines: Vec<_> = tree.read_dir(NodeId::ROOT, cookie).unwrap().take(len).collect();
            let Some(last) = lines.last() else {
                ended = true;
                break;
            };
            prop_assert!(last.next > cookie);
            cookie = last.next;
            listed.extend(lines.iter().map(|line| String::from(line.name)));
            for change in &changes {
                apply(&mut tree, change);
                let now = names(&tree);
                stayed.retain(|name| now.contains(name));
                ever.extend(now);
            }
        }
        prop_assert!(ended);
        for name in stayed {
            let times = listed.iter().filter(|other| **other == name).count();
            prop_assert_eq!(times, 1, "{}", name);
        }
        for name in listed {
            prop_assert!(name == "." || name == ".." || ever.contains(&name));
        }
    }

    #[test]
    fn any_cookie_gives_an_end_of_the_listing(count in 0_u8..12, cookie in prop_oneof![any::<u64>(), 0..20_u64]) {
        let mut tree = Tree::new().writable();
        (0..count).for_each(|number| apply(&mut tree, &Change::Make(number)));
        let all: Vec<_> = tree.read_dir(NodeId::ROOT, 0).unwrap().collect();
        let some: Vec<_> = tree.read_dir(NodeId::ROOT, cookie).unwrap().collect();
        prop_assert!(all.ends_with(&some));
        prop_assert!(some.iter().all(|line| line.next > cookie));
    }
}
