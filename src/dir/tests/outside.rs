//! What lies outside, what is no file, and what may not be changed.

use super::{CREATE, READ, WRITE, at, example, names};
use crate::{
    dir::Dir,
    tree::{Errno, NodeId, Open},
};
use alloc::vec;

#[test]
fn no_path_leads_out() {
    let (scratch, mut dir) = example("out");
    let secret = scratch.path().join("secret");
    let secret = secret.to_str().expect("it is UTF-8");
    scratch.link("in/above", "../secret");
    scratch.link("in/parent", "..");
    scratch.link("in/round_about", "dir/../../secret");
    scratch.link("in/by_another", "parent/secret");
    for path in [
        "..",
        "../secret",
        secret,
        "/secret",
        "above",
        "parent/",
        "parent/secret",
        "parent/in/file",
        "dir/../../secret",
        "dir/./../../in/file",
        "round_about",
        "by_another",
    ] {
        let out = Err(Errno::Notcapable);
        assert_eq!(dir.stat_at(at(path), true).map(drop), out, "{path}");
        for how in [READ, WRITE, CREATE] {
            assert_eq!(dir.open(at(path), how).map(drop), out, "{path} {how:?}");
        }
        let linked = dir.create_link(at(path), true, at("new"));
        assert_eq!(linked, out, "{path}");
    }
    for path in ["../new", "parent/new", "dir/../../new"] {
        let out = Err(Errno::Notcapable);
        assert_eq!(dir.create_dir(at(path)), out);
        assert_eq!(dir.create_symlink(b"x", at(path)), out);
        assert_eq!(dir.create_link(at("file"), false, at(path)), out);
        assert_eq!(dir.rename(at("file"), at(path)), out);
        assert_eq!(dir.unlink(at(path)), out);
        assert_eq!(dir.remove_dir(at(path)), out);
        assert_eq!(dir.set_times_at(at(path), true, None, Some(1)), out);
    }
    assert_eq!(
        dir.create_symlink(b"/etc", at("new")),
        Err(Errno::Notcapable)
    );
    assert_eq!(scratch.text("secret"), "treasure");
    assert!(!scratch.host().exists("new"));
}

#[cfg(unix)]
#[test]
fn what_a_guest_could_not_use_is_left_out_and_its_name_is_taken() {
    let (scratch, mut dir) = example("hidden");
    scratch.socket("in/dir/socket");
    scratch.link("in/dir/absolute", "/etc/passwd");
    scratch.link("in/dir/followed", "absolute");
    for name in ["dir/socket", "dir/absolute"] {
        for follow in [true, false] {
            let nothing = Err(Errno::Noent);
            assert_eq!(dir.stat_at(at(name), follow).map(drop), nothing, "{name}");
        }
        for how in [READ, WRITE] {
            assert_eq!(
                dir.open(at(name), how).map(drop),
                Err(Errno::Noent),
                "{name}"
            );
        }
        assert_eq!(dir.read_link(at(name)), Err(Errno::Noent));
        assert_eq!(dir.unlink(at(name)), Err(Errno::Noent));
        assert_eq!(dir.rename(at(name), at("new")), Err(Errno::Noent));
        let taken = Err(Errno::Exist);
        assert_eq!(dir.open(at(name), CREATE).map(drop), taken, "{name}");
        assert_eq!(dir.create_dir(at(name)), taken);
        assert_eq!(dir.create_symlink(b"x", at(name)), taken);
        assert_eq!(dir.create_link(at("file"), false, at(name)), taken);
        assert_eq!(dir.rename(at("file"), at(name)), taken);
    }
    let followed = dir.stat_at(at("dir/followed"), true).map(drop);
    assert_eq!(followed, Err(Errno::Noent));
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    assert_eq!(
        names(&mut dir, id, 0),
        Ok(vec![".".into(), "..".into(), "followed".into()])
    );
    assert_eq!(dir.left_out(), 2);
    assert_eq!(dir.remove_dir(at("dir")), Err(Errno::Notempty));
    assert_eq!(scratch.text("in/file"), "hello");
}

#[cfg(unix)]
#[test]
fn a_program_that_runs_as_somebody_else_is_not_changed() {
    use cap_std::fs::{Permissions, PermissionsExt};
    let (scratch, mut dir) = example("privileged");
    let host = scratch.host();
    for mode in [0o4755, 0o2755] {
        let mode = Permissions::from_mode(mode);
        host.set_permissions("in/file", mode).expect("it is ours");
        for how in [
            WRITE,
            CREATE,
            Open {
                truncate: true,
                ..READ
            },
        ] {
            assert_eq!(dir.open(at("file"), how).map(drop), Err(Errno::Acces));
        }
        let (id, _) = dir.open(at("file"), READ).expect("it can be read");
        assert!(dir.set_size(id, 0).is_err());
        assert!(dir.write_at(id, 0, b"x").is_err());
    }
    assert_eq!(scratch.text("in/file"), "hello");
    // What a guest makes has neither these rights nor that of being run.
    dir.open(at("new"), CREATE).expect("it is made");
    let made = host.metadata("in/new").expect("it is there");
    assert_eq!(made.permissions().mode() & 0o7111, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn names_and_targets_that_are_not_utf8_are_left_out() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let (scratch, mut dir) = example("bytes");
    let odd = OsStr::from_bytes(b"odd\xff");
    scratch
        .host()
        .symlink_contents(odd, "in/link")
        .expect("it is new");
    scratch
        .host()
        .create(std::path::Path::new("in/dir").join(odd))
        .expect("it is new");
    let (id, _) = dir.open(at("dir"), READ).expect("it is there");
    assert_eq!(names(&mut dir, id, 0), Ok(vec![".".into(), "..".into()]));
    assert_eq!(dir.left_out(), 1);
    assert_eq!(dir.read_link(at("link")), Err(Errno::Noent));
    assert_eq!(dir.stat_at(at("link"), true).map(drop), Err(Errno::Noent));
}

#[test]
fn a_read_only_directory_refuses_every_change() {
    let (scratch, _) = example("read-only");
    scratch.link("in/link", "file");
    let mut dir = Dir::read_only(scratch.path().join("in")).expect("it is there");
    let (id, _) = dir
        .open(
            at("file"),
            Open {
                create: true,
                ..READ
            },
        )
        .expect("it is there");
    let refused = Err(Errno::Rofs);
    assert_eq!(dir.open(at("file"), WRITE).map(drop), refused);
    assert_eq!(dir.open(at("new"), CREATE).map(drop), refused);
    let truncate = Open {
        truncate: true,
        ..READ
    };
    assert_eq!(dir.open(at("file"), truncate).map(drop), refused);
    assert_eq!(dir.write_at(id, 0, b"x").map(drop), refused);
    assert_eq!(dir.set_size(id, 0), refused);
    assert_eq!(dir.allocate(id, 0, 9), refused);
    assert_eq!(dir.set_times(id, None, Some(1)), refused);
    assert_eq!(dir.set_times_at(at("file"), true, None, Some(1)), refused);
    assert_eq!(dir.create_dir(at("new")), refused);
    assert_eq!(dir.create_symlink(b"x", at("new")), refused);
    assert_eq!(dir.create_link(at("file"), false, at("new")), refused);
    assert_eq!(dir.rename(at("file"), at("new")), refused);
    assert_eq!(dir.unlink(at("file")), refused);
    assert_eq!(dir.remove_dir(at("dir")), refused);
    assert_eq!(scratch.text("in/file"), "hello");
    assert_eq!(
        names(&mut dir, NodeId::ROOT, 2),
        Ok(vec!["dir".into(), "file".into(), "link".into()])
    );
}
