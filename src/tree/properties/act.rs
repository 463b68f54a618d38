//! What a guest may do, on a tree and on its model.

use super::Pair;
use crate::tree::{At, Errno, Kind, NodeId, Open};
use alloc::{string::String, vec, vec::Vec};
use core::ops::Range;
use proptest::{prelude::*, sample::select};

/// A path, and which open directory it starts at.
pub(crate) type Path = (usize, String);

/// What a guest may do; files and directories are named by which of the open ones they are.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    CreateDir(Path),
    CreateSymlink(String, Path),
    CreateLink(Path, bool, Path),
    RemoveDir(Path),
    Unlink(Path),
    Rename(Path, Path),
    Open(Path, Open),
    CloseFile(usize),
    CloseDir(usize),
    Write(usize, usize, usize),
    Resize(usize, usize),
    Allocate(usize, usize, usize),
    ReadLink(Path),
    Resolve(Path, bool),
    SetRoom(u64),
}

/// What an operation answers.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    Done,
    Len(usize),
    Text(String),
    Stat(Kind, u64, u64),
}

/// Short paths of few names, so that they meet often, and all that can stand between slashes.
fn text() -> impl Strategy<Value = String> {
    let part = select(vec![
        "a", "a", "a", "b", "b", "b", "b", "c", "c", "dd", ".", "..", "",
    ]);
    let len = prop_oneof![4 => 1_usize..2, 4 => 2_usize..3, 1 => 3_usize..6];
    let parts = len.prop_flat_map(move |len| prop::collection::vec(part.clone(), len));
    (parts, prop::bool::weighted(0.15)).prop_map(|(parts, slash)| {
        let mut text = parts.join("/");
        text.extend(slash.then_some('/'));
        text
    })
}

fn path() -> impl Strategy<Value = Path> {
    (0_usize..4, text())
}

fn how() -> impl Strategy<Value = Open> {
    let (rarely, often) = (prop::bool::weighted(0.2), prop::bool::weighted(0.6));
    (often, any::<[bool; 3]>(), rarely, rarely, rarely).prop_map(
        |(create, [follow, directory, write], exclusive, truncate, both)| Open {
            follow,
            create: create && (!directory || both),
            exclusive,
            directory,
            truncate,
            write: write && (!directory || both),
        },
    )
}

fn act() -> impl Strategy<Value = Act> {
    let file = any::<usize>;
    let small = || 0_usize..20;
    prop_oneof![
        4 => path().prop_map(Act::CreateDir),
        2 => (text(), path()).prop_map(|(target, path)| Act::CreateSymlink(target, path)),
        2 => (path(), any::<bool>(), path()).prop_map(|(from, follow, to)| Act::CreateLink(from, follow, to)),
        2 => path().prop_map(Act::RemoveDir),
        2 => path().prop_map(Act::Unlink),
        4 => (path(), path()).prop_map(|(from, to)| Act::Rename(from, to)),
        6 => (path(), how()).prop_map(|(path, how)| Act::Open(path, how)),
        1 => file().prop_map(Act::CloseFile),
        1 => file().prop_map(Act::CloseDir),
        3 => (file(), small(), small()).prop_map(|(file, offset, len)| Act::Write(file, offset, len)),
        1 => (file(), 0_usize..30).prop_map(|(file, size)| Act::Resize(file, size)),
        1 => (file(), small(), small()).prop_map(|(file, offset, len)| Act::Allocate(file, offset, len)),
        1 => path().prop_map(Act::ReadLink),
        3 => (path(), any::<bool>()).prop_map(|(path, follow)| Act::Resolve(path, follow)),
        1 => (0_u64..60).prop_map(Act::SetRoom),
    ]
}

pub(crate) fn acts(len: Range<usize>) -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), len)
}

impl Act {
    /// The same act on what is open now, so many directories and files; `None` if nothing is.
    pub(crate) fn aimed(mut self, bases: usize, files: usize) -> Option<Self> {
        match &mut self {
            Self::CreateLink(from, _, to) | Self::Rename(from, to) => {
                from.0 %= bases;
                to.0 %= bases;
            }
            Self::CreateDir(path)
            | Self::CreateSymlink(_, path)
            | Self::RemoveDir(path)
            | Self::Unlink(path)
            | Self::Open(path, _)
            | Self::ReadLink(path)
            | Self::Resolve(path, _) => path.0 %= bases,
            Self::CloseFile(file)
            | Self::Write(file, ..)
            | Self::Resize(file, _)
            | Self::Allocate(file, ..) => {
                *file = file.checked_rem(files)?;
            }
            // The root stays open.
            Self::CloseDir(base) => *base = base.checked_rem(bases - 1)? + 1,
            Self::SetRoom(_) => {}
        }
        Some(self)
    }
}

impl Pair {
    /// The same act on what is open now; `None` if nothing is.
    pub(super) fn aimed(&self, act: Act) -> Option<Act> {
        act.aimed(self.bases.len(), self.files.len())
    }

    fn at<'a>(&self, path: &'a Path) -> At<'a> {
        At {
            base: self.bases[path.0],
            path: path.1.as_bytes(),
        }
    }

    pub(super) fn act_on_tree(&mut self, act: &Act) -> Result<Answer, Errno> {
        match act {
            Act::CreateDir(path) => self.tree.create_dir(self.at(path), NOW)?,
            Act::CreateSymlink(target, path) => {
                let at = self.at(path);
                self.tree.create_symlink(target.as_bytes(), at, NOW)?;
            }
            Act::CreateLink(from, follow, to) => {
                let (from, to) = (self.at(from), self.at(to));
                self.tree.create_link(from, *follow, to, NOW)?;
            }
            Act::RemoveDir(path) => self.tree.remove_dir(self.at(path), NOW)?,
            Act::Unlink(path) => self.tree.unlink(self.at(path), NOW)?,
            Act::Rename(from, to) => self.tree.rename(self.at(from), self.at(to), NOW)?,
            Act::Open(path, how) => {
                let id = self.tree.open(self.at(path), *how, NOW)?;
                self.tree.retain(id);
                match self.tree.stat(id)?.kind {
                    Kind::Directory => self.bases.push(id),
                    _ => self.files.push(id),
                }
            }
            Act::CloseFile(file) => self.tree.release(self.files.remove(*file)),
            Act::CloseDir(base) => self.tree.release(self.bases.remove(*base)),
            Act::Write(file, offset, len) => {
                let written =
                    self.tree
                        .write_at(self.files[*file], *offset as u64, &DATA[..*len], NOW)?;
                return Ok(Answer::Len(written));
            }
            Act::Resize(file, size) => self.tree.set_size(self.files[*file], *size as u64, NOW)?,
            Act::Allocate(file, offset, len) => {
                self.tree
                    .allocate(self.files[*file], *offset as u64, *len as u64, NOW)?;
            }
            Act::ReadLink(path) => {
                let target = self.tree.read_link(self.at(path))?;
                return Ok(Answer::Text(target.into()));
            }
            Act::Resolve(path, follow) => {
                let id: NodeId = self.tree.resolve(self.at(path), *follow)?;
                let stat = self.tree.stat(id)?;
                return Ok(Answer::Stat(stat.kind, stat.links, stat.size));
            }
            Act::SetRoom(room) => self.tree.set_room(*room),
        }
        Ok(Answer::Done)
    }

    pub(super) fn act_on_model(&mut self, act: &Act) -> Result<Answer, Errno> {
        let model = &mut self.model;
        match act {
            Act::CreateDir((base, path)) => model.create_dir(*base, path)?,
            Act::CreateSymlink(target, (base, path)) => {
                model.create_symlink(target, *base, path)?;
            }
            Act::CreateLink(from, follow, to) => {
                model.create_link((from.0, &from.1), *follow, (to.0, &to.1))?;
            }
            Act::RemoveDir((base, path)) => model.remove_dir(*base, path)?,
            Act::Unlink((base, path)) => model.unlink(*base, path)?,
            Act::Rename(from, to) => model.rename((from.0, &from.1), (to.0, &to.1))?,
            Act::Open((base, path), how) => model.open(*base, path, *how)?,
            Act::CloseFile(file) => drop(model.files.remove(*file)),
            Act::CloseDir(base) => drop(model.bases.remove(*base)),
            Act::Write(file, offset, len) => {
                return model.write(*file, *offset, &DATA[..*len]).map(Answer::Len);
            }
            Act::Resize(file, size) => model.resize(*file, *size)?,
            Act::Allocate(_, _, 0) => return Err(Errno::Inval),
            Act::Allocate(file, offset, len) => {
                if offset + len > model.bytes(*file).len() {
                    model.resize(*file, offset + len)?;
                }
            }
            Act::ReadLink((base, path)) => return model.read_link(*base, path).map(Answer::Text),
            Act::Resolve((base, path), follow) => {
                let path = model.resolve(*base, path, *follow)?;
                let (kind, links, size) = model.stat(&path);
                return Ok(Answer::Stat(kind, links, size));
            }
            Act::SetRoom(room) => model.set_room(*room),
        }
        Ok(Answer::Done)
    }
}

pub(crate) const NOW: u64 = 1;
pub(crate) const DATA: &[u8; 20] = b"abcdefghijklmnopqrst";
