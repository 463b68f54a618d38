//! What a hostile guest, or a restless machine, tries with a directory.

mod bounds;
mod outside;

use super::{Dir, scratch::Scratch};
use crate::tree::{At, Errno, Listed, NodeId, Open};
use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};

const READ: Open = Open {
    follow: true,
    create: false,
    exclusive: false,
    directory: false,
    truncate: false,
    write: false,
};
const WRITE: Open = Open {
    write: true,
    ..READ
};
const CREATE: Open = Open {
    create: true,
    ..WRITE
};

fn at(path: &str) -> At<'_> {
    At {
        base: NodeId::ROOT,
        path: path.as_bytes(),
    }
}

/// A directory `in` with a secret beside it.
fn example(test: &str) -> (Scratch, Dir) {
    let scratch = Scratch::new(test);
    scratch.directory("in/dir");
    scratch.file("in/file", "hello");
    scratch.file("secret", "treasure");
    let dir = Dir::read_write(scratch.path().join("in")).expect("it is there");
    (scratch, dir)
}

fn names(dir: &mut Dir, id: NodeId, cookie: u64) -> Result<Vec<String>, Errno> {
    let mut names = vec![];
    let mut next = cookie;
    dir.begin_listing(id, cookie)?;
    while let Listed::More { from } = dir.read_dir(id, next, &mut |line| {
        names.push(line.name.to_string());
        true
    })? {
        next = from;
    }
    Ok(names)
}
