//! Files that a guest has left, as a recording has them.

use super::{
    error::RecordingError,
    wire::{Reader, Wire, Writer, write_bytes, write_len},
};
use crate::tree::{Entry, Tree};
use alloc::{string::String, vec::Vec};

const DIRECTORY: u8 = 0;
const FILE: u8 = 1;
const SYMLINK: u8 = 2;
const HARD_LINK: u8 = 3;

/// What is at each path; times and limits are not recorded.
impl Wire for Tree {
    fn write(&self, to: &mut Writer) {
        write_len(to, self.paths().count());
        for (path, entry) in self.paths() {
            path.write(to);
            match entry {
                Entry::Directory => to.push(DIRECTORY),
                Entry::File(bytes) => {
                    to.push(FILE);
                    write_bytes(to, bytes);
                }
                Entry::Symlink(target) => {
                    to.push(SYMLINK);
                    write_bytes(to, target.as_bytes());
                }
                Entry::HardLink(first) => {
                    to.push(HARD_LINK);
                    write_bytes(to, first.as_bytes());
                }
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        let mut tree = Self::new().writable();
        let mut links = Vec::new();
        for _ in 0..from.count()? {
            let path = String::read(from)?;
            let made = match from.byte()? {
                DIRECTORY => tree.dir(&path),
                FILE => tree.file(&path, from.bytes()?),
                SYMLINK => tree.symlink(&path, &String::read(from)?),
                HARD_LINK => {
                    links.push((path, String::read(from)?));
                    continue;
                }
                _ => return Err(from.malformed("kind of file")),
            };
            tree = made.map_err(|_| from.malformed("path that a tree can have"))?;
        }
        // What they lead to may come after them.
        for (path, first) in links {
            let made = tree.hard_link(&path, &first);
            tree = made.map_err(|_| from.malformed("file that a link leads to"))?;
        }
        Ok(tree)
    }
}
