//! Trees in JSON: a map from paths to what is there, `"directory"`, `{"file": ".."}`,
//! `{"symlink": ".."}` or `{"hard_link": ".."}`.

use super::{Entry, Tree, TreeError};
use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap as _,
};

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Shown<'a> {
    Directory,
    File(#[serde(serialize_with = "crate::json::bytes::serialize")] &'a [u8]),
    HardLink(&'a str),
    Symlink(&'a str),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    Directory,
    File(#[serde(deserialize_with = "crate::json::bytes::deserialize")] Vec<u8>),
    HardLink(Box<str>),
    Symlink(Box<str>),
}

/// What is in the tree; its limits are not.
impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (path, entry) in self.paths() {
            let shown = match &entry {
                Entry::Directory => Shown::Directory,
                Entry::File(bytes) => Shown::File(bytes),
                Entry::HardLink(first) => Shown::HardLink(first),
                Entry::Symlink(target) => Shown::Symlink(target),
            };
            map.serialize_entry(&path, &shown)?;
        }
        map.end()
    }
}

/// Read-only and with the limits of [`Tree::new`].
impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = BTreeMap::<String, Read>::deserialize(deserializer)?;
        read(entries).map_err(D::Error::custom)
    }
}

fn read(entries: BTreeMap<String, Read>) -> Result<Tree, TreeError> {
    let mut tree = Tree::new();
    let mut hard_links = Vec::new();
    for (path, entry) in entries {
        tree = match entry {
            Read::Directory => tree.dir(&path)?,
            Read::File(bytes) => tree.file(&path, bytes)?,
            Read::Symlink(target) => tree.symlink(&path, &target)?,
            Read::HardLink(first) => {
                hard_links.push((path, first));
                tree
            }
        };
    }
    // What they lead to may come after them.
    for (path, first) in hard_links {
        tree = tree.hard_link(&path, &first)?;
    }
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::At;

    #[test]
    fn a_tree_is_read_back_as_it_was() {
        let tree = Tree::new().file("/a/text", "hello").unwrap();
        let tree = tree.file("/bytes", b"\xff").unwrap().dir("/empty").unwrap();
        let mut tree = tree.symlink("/link", "a/text").unwrap().writable();
        tree.create_link(At::root("a/text"), false, At::root("z"), 1)
            .unwrap();

        let json = serde_json::to_string(&tree).unwrap();
        assert_eq!(
            json,
            r#"{"/a":"directory","/a/text":{"file":"hello"},"/bytes":{"file":{"base64":"/w=="}},"/empty":"directory","/link":{"symlink":"a/text"},"/z":{"hard_link":"/a/text"}}"#
        );
        assert_eq!(serde_json::from_str::<Tree>(&json).unwrap(), tree);
    }

    #[test]
    fn what_no_tree_can_hold_is_refused() {
        for json in [
            r#"{"/../a":"directory"}"#,
            r#"{"/a":{"file":""},"/a/b":{"file":""}}"#,
            r#"{"/a":{"hard_link":"/none"}}"#,
            r#"{"/a":"directory","/b":{"hard_link":"/a"}}"#,
        ] {
            assert!(serde_json::from_str::<Tree>(json).is_err(), "{json}");
        }
    }
}
