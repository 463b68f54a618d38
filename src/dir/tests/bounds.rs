//! Limits, listings, numbers and lengths.

use super::{CREATE, READ, at, example, names};
use crate::{
    dir::Dir,
    tree::{At, Errno, Kind, Listed, NodeId},
};
use alloc::{string::ToString, vec, vec::Vec};

#[test]
fn all_that_is_written_and_made_counts_until_the_run_is_over() {
    let (scratch, dir) = example("limits");
    let mut dir = dir.bytes_limit(10).nodes_limit(3);
    let (id, _) = dir.open(at("new"), CREATE).expect("it is made");
    assert_eq!(dir.write_at(id, 2, b"abcd"), Ok(4));
    // Nothing is given back, and what is overwritten counts again.
    assert_eq!(dir.set_size(id, 0), Ok(()));
    assert_eq!(dir.write_at(id, 0, b"xy"), Ok(2));
    assert_eq!(dir.set_size(id, 5), Err(Errno::Nospc));
    assert_eq!(dir.allocate(id, 0, 5), Err(Errno::Nospc));
    assert_eq!(dir.write_at(id, 5, b"x"), Err(Errno::Nospc));
    assert_eq!(dir.write_at(id, 1, b"12345"), Ok(2));
    assert_eq!(dir.write_at(id, 0, b"x"), Err(Errno::Nospc));
    assert_eq!(scratch.text("in/new"), "x12");

    assert_eq!(dir.create_symlink(b"target", at("link")), Err(Errno::Nospc));
    assert_eq!(dir.create_dir(at("made")), Ok(()));
    assert_eq!(dir.remove_dir(at("made")), Ok(()));
    assert_eq!(dir.create_link(at("new"), false, at("twin")), Ok(()));
    for _ in 0..2 {
        assert_eq!(dir.create_dir(at("made")), Err(Errno::Nospc));
        assert_eq!(dir.open(at("made"), CREATE).map(drop), Err(Errno::Nospc));
        assert_eq!(
            dir.create_link(at("new"), false, at("made")),
            Err(Errno::Nospc)
        );
    }
    assert!(!scratch.host().exists("in/made"));
    // The next run begins with all of it again.
    assert_eq!(dir.clone().create_dir(at("made")), Ok(()));
}

#[test]
fn handles_of_the_process_are_bounded_and_let_go() {
    let (_scratch, dir) = example("handles");
    let mut dir = dir.handles_limit(2);
    let (first, _) = dir.open(at("file"), READ).expect("there is room");
    dir.open(at("dir"), READ).expect("there is room");
    assert_eq!(dir.open(at("new"), CREATE).map(drop), Err(Errno::Mfile));
    assert_eq!(dir.stat_at(at("new"), true).map(drop), Err(Errno::Noent));
    dir.release(first);
    dir.open(at("new"), CREATE).expect("there is room again");
    dir.close_all();
    assert_eq!(dir.stat(NodeId::ROOT).map(drop), Err(Errno::Badf));
}

#[test]
fn listings_stay_within_the_memory_that_is_left() {
    let (scratch, mut dir) = example("listing");
    (0..100).for_each(|number| scratch.file(&alloc::format!("in/dir/{number}"), ""));
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    dir.set_room(1_000);
    assert_eq!(names(&mut dir, id, 0), Err(Errno::Nomem));
    assert_eq!(dir.bytes(), 0);
    dir.set_room(2_000);
    assert_eq!(names(&mut dir, id, 0).map(|names| names.len()), Ok(102));
    assert_eq!(dir.bytes(), 100 * 16 + 190);
    // The same directory again, from another handle.
    let (again, _) = dir.open(at("dir"), READ).expect("it is there");
    dir.set_room(1_000);
    assert_eq!(names(&mut dir, again, 0), Err(Errno::Nomem));
    dir.release(id);
    assert_eq!(dir.bytes(), 0);
}

#[test]
fn a_listing_goes_on_where_it_was_while_names_come_and_go() {
    let (scratch, mut dir) = example("cookies");
    for name in ["c", "a", "b"] {
        scratch.file(&alloc::format!("in/dir/{name}"), "");
    }
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    let all = |names: &[&str]| Ok(names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(names(&mut dir, id, 0), all(&[".", "..", "a", "b", "c"]));
    dir.unlink(at("dir/a")).expect("it is there");
    scratch.file("in/dir/d", "");
    assert_eq!(names(&mut dir, id, 3), all(&["b", "c"]));
    assert_eq!(names(&mut dir, id, 1), all(&["..", "b", "c"]));
    assert_eq!(names(&mut dir, id, u64::MAX), all(&[]));
    assert_eq!(names(&mut dir, id, 0), all(&[".", "..", "b", "c", "d"]));
    // From a forged cookie, too.
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    assert_eq!(names(&mut dir, id, 4), all(&["d"]));
}

#[test]
fn a_directory_that_was_removed_has_no_listing() {
    let (_scratch, mut dir) = example("removed");
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    assert!(names(&mut dir, id, 0).is_ok());
    dir.remove_dir(at("dir")).expect("it is empty");
    assert_eq!(names(&mut dir, id, 0), Err(Errno::Noent));
    assert_eq!(names(&mut dir, id, 1), Err(Errno::Noent));
}

#[test]
fn numbers_are_not_those_of_the_machine() {
    let (_scratch, mut dir) = example("numbers");
    let number = |dir: &mut Dir, path| dir.stat_at(at(path), false).expect("it is there").inode;
    assert_eq!(
        ["file", "dir", "file"].map(|path| number(&mut dir, path)),
        [1, 2, 1]
    );
    dir.create_link(at("file"), false, at("twin"))
        .expect("it is new");
    assert_eq!(number(&mut dir, "twin"), 1);
    dir.remove_dir(at("dir")).expect("it is empty");
    dir.create_dir(at("dir")).expect("it is gone");
    assert_eq!(number(&mut dir, "dir"), 3);
}

#[test]
fn a_path_may_be_as_long_as_in_a_tree() {
    let (_scratch, mut dir) = example("deep");
    let mut base = NodeId::ROOT;
    let name = "n".repeat(255);
    // 15 names with a slash each are the 3,840 bytes that a directory's path may have.
    for _ in 0..15 {
        let below = At {
            base,
            path: name.as_bytes(),
        };
        dir.create_dir(below).expect("it fits");
        base = dir.open(below, READ).expect("it is there").0;
    }
    let below = At { base, path: b"x" };
    assert_eq!(dir.create_dir(below), Err(Errno::Nametoolong));
    dir.create_dir(at("dir/y")).expect("it fits");
    assert_eq!(dir.rename(at("dir/y"), below), Err(Errno::Nametoolong));
    assert!(dir.open(below, CREATE).is_ok());
    let long = At {
        base,
        path: &[b'x'; 256],
    };
    assert_eq!(dir.stat_at(long, true).map(drop), Err(Errno::Nametoolong));

    // There and back again, with no more handles than one way takes, and not without end.
    let deep = "dir/../".repeat(128);
    assert_eq!(
        dir.stat_at(at(&deep), true).map(|stat| stat.kind),
        Ok(Kind::Directory)
    );
    let deeper = "dir/../".repeat(129);
    let found = dir.stat_at(at(&deeper), true).map(drop);
    assert_eq!(found, Err(Errno::Nametoolong));
}

#[cfg(target_os = "linux")]
#[test]
fn a_listing_is_read_in_pieces_that_look_at_few_entries_each() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};
    const ODD: u64 = 5_000;
    let (scratch, mut dir) = example("pieces");
    let host = scratch.host();
    for number in 0..ODD {
        let mut name = number.to_string().into_bytes();
        name.push(0xff);
        let path = std::path::Path::new("in/dir").join(OsString::from_vec(name));
        host.create(path).expect("it is new");
    }
    scratch.file("in/dir/x", "");
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    dir.begin_listing(id, 0).expect("it is there");
    dir.take_work();
    let (mut found, mut next, mut pieces, mut all_work) = (vec![], 0, 0, 0);
    loop {
        let listed = dir.read_dir(id, next, &mut |line| {
            found.push(line.name.to_string());
            true
        });
        let work = dir.take_work();
        // 64 entries at most.
        assert!((1..=64 * 256).contains(&work), "{work}");
        (pieces, all_work) = (pieces + 1, all_work + work);
        match listed.expect("it is there") {
            Listed::More { from } => next = from,
            Listed::All => break,
        }
    }
    assert_eq!(found, [".", "..", "x"]);
    assert_eq!(dir.left_out(), ODD);
    assert!(
        pieces >= ODD / 64 && all_work >= ODD * 128,
        "{pieces} {all_work}"
    );
}
