//! Properties: a real directory answers as a tree does, whatever a guest does.

use super::Files;
use crate::{
    dir::{Dir, scratch::Scratch},
    tree::{
        At, Errno, Kind, Listed, NodeId, Tree,
        properties::act::{Act, Answer, DATA, NOW, acts},
    },
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use proptest::prelude::*;

/// Files, and what a guest has open in them.
struct Guest {
    files: Files,
    open_directories: Vec<NodeId>,
    open_files: Vec<NodeId>,
}

impl Guest {
    fn new(files: impl Into<Files>) -> Self {
        let mut files = files.into();
        files.retain_root();
        Self {
            files,
            open_directories: vec![NodeId::ROOT],
            open_files: vec![],
        }
    }

    fn at<'a>(&self, (base, path): &'a (usize, String)) -> At<'a> {
        At {
            base: self.open_directories[*base],
            path: path.as_bytes(),
        }
    }

    fn does(&mut self, act: &Act) -> Result<Answer, Errno> {
        match act {
            Act::CreateDir(path) => self.files.create_dir(self.at(path), NOW)?,
            Act::CreateSymlink(target, path) => {
                let at = self.at(path);
                self.files.create_symlink(target.as_bytes(), at, NOW)?;
            }
            Act::CreateLink(from, follow, to) => {
                let (from, to) = (self.at(from), self.at(to));
                self.files.create_link(from, *follow, to, NOW)?;
            }
            Act::RemoveDir(path) => self.files.remove_dir(self.at(path), NOW)?,
            Act::Unlink(path) => self.files.unlink(self.at(path), NOW)?,
            Act::Rename(from, to) => {
                let (from, to) = (self.at(from), self.at(to));
                self.files.rename(from, to, NOW)?;
            }
            Act::Open(path, how) => match self.files.open(self.at(path), *how, NOW)? {
                (id, Kind::Directory) => self.open_directories.push(id),
                (id, _) => self.open_files.push(id),
            },
            Act::CloseFile(file) => self.files.release(self.open_files.remove(*file)),
            Act::CloseDir(base) => self.files.release(self.open_directories.remove(*base)),
            Act::Write(file, offset, len) => {
                let id = self.open_files[*file];
                let bytes = &DATA[..*len];
                let written = self.files.write_at(id, *offset as u64, bytes, NOW)?;
                return Ok(Answer::Len(written));
            }
            Act::Resize(file, size) => {
                let id = self.open_files[*file];
                self.files.set_size(id, *size as u64, NOW)?;
            }
            Act::Allocate(file, offset, len) => {
                let id = self.open_files[*file];
                self.files.allocate(id, *offset as u64, *len as u64, NOW)?;
            }
            Act::ReadLink(path) => return self.files.read_link(self.at(path)).map(Answer::Text),
            Act::Resolve(path, follow) => {
                let stat = self.files.stat_at(self.at(path), *follow)?;
                // How many names lead to a directory is not for every file system to say.
                let links = if stat.kind == Kind::Directory {
                    0
                } else {
                    stat.links
                };
                return Ok(Answer::Stat(stat.kind, links, stat.size));
            }
            // What a real directory takes of the memory is another matter.
            Act::SetRoom(_) => {}
        }
        Ok(Answer::Done)
    }

    /// All that can be seen, by path.
    fn sees(&mut self) -> BTreeMap<String, String> {
        let mut seen = BTreeMap::new();
        let mut open = vec![String::from(".")];
        while let Some(path) = open.pop() {
            for name in self.lists(&path).expect("it is there") {
                let path = format!("{path}/{name}");
                let what = self.looks_at(&path).expect("it was listed");
                if what == "directory" {
                    open.push(path.clone());
                }
                seen.insert(path, what);
            }
        }
        for (index, id) in self.open_files.clone().into_iter().enumerate() {
            seen.insert(format!("open {index}"), self.reads(id));
        }
        seen
    }

    fn lists(&mut self, path: &str) -> Result<Vec<String>, Errno> {
        let (id, _) = self.opens(path)?;
        let mut names = vec![];
        self.files.begin_listing(id, 0)?;
        let mut next = 0;
        while let Listed::More { from } = self.files.read_dir(id, next, &mut |line| {
            names.push(line.name.to_string());
            true
        })? {
            next = from;
        }
        self.files.release(id);
        assert_eq!(names[..2], [".", ".."]);
        let mut names = names.split_off(2);
        names.sort_unstable();
        Ok(names)
    }

    fn looks_at(&mut self, path: &str) -> Result<String, Errno> {
        let at = At {
            base: NodeId::ROOT,
            path: path.as_bytes(),
        };
        let stat = self.files.stat_at(at, false)?;
        let what = match stat.kind {
            Kind::Directory => return Ok(String::from("directory")),
            Kind::Symlink => self.files.read_link(at)?,
            Kind::File => {
                let (id, _) = self.opens(path)?;
                let bytes = self.reads(id);
                self.files.release(id);
                bytes
            }
            Kind::Other => String::new(),
        };
        Ok(format!(
            "{:?} {} {} {what}",
            stat.kind, stat.links, stat.size
        ))
    }

    fn opens(&mut self, path: &str) -> Result<(NodeId, Kind), Errno> {
        let at = At {
            base: NodeId::ROOT,
            path: path.as_bytes(),
        };
        self.files.open(at, crate::tree::Open::default(), NOW)
    }

    fn reads(&mut self, id: NodeId) -> String {
        let mut bytes = [0; 64];
        let len = self.files.read_at(id, 0, &mut bytes).expect("it is a file");
        assert_eq!(self.files.stat(id).expect("it is open").size, len as u64);
        bytes[..len].escape_ascii().to_string()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_directory_answers_like_a_tree(acts in acts(1..50)) {
        let scratch = Scratch::new("properties");
        scratch.file("a", "host");
        scratch.directory("b");
        scratch.file("b/c", "of the host");
        scratch.link("c", "b");
        let tree = Tree::new().file("/a", "host").and_then(|tree| tree.file("/b/c", "of the host"));
        let tree = tree.and_then(|tree| tree.symlink("/c", "b")).expect("it fits");
        let mut model = Guest::new(tree.writable());
        let dir = Dir::read_write(scratch.path()).expect("it is there").handles_limit(usize::MAX);
        let mut guest = Guest::new(dir);
        for act in acts {
            let (bases, files) = (model.open_directories.len(), model.open_files.len());
            let Some(act) = act.aimed(bases, files) else {
                continue;
            };
            let expected = model.does(&act);
            prop_assert_eq!(guest.does(&act), expected, "{:?}", act);
        }
        prop_assert_eq!(guest.sees(), model.sees());
        for (real, of_tree) in guest.open_directories.clone().into_iter().zip(model.open_directories) {
            let found = guest.files.begin_listing(real, 0);
            prop_assert_eq!(found, model.files.begin_listing(of_tree, 0));
        }
    }
}
