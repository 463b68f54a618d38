//! Trees, settings of WASI, and pipes.

use super::{Calls, Step, buffer, known::Kind};
use crate::{
    boundary::{In, Out},
    grants::fuelbox_sandbox_grant_wasi,
    handle::Handle,
    stdin::{fuelbox_pipe_write, fuelbox_wasi_stdin_pipe},
    tree::{
        fuelbox_tree_dir, fuelbox_tree_file, fuelbox_tree_get, fuelbox_tree_hard_link,
        fuelbox_tree_json, fuelbox_tree_new, fuelbox_tree_symlink, fuelbox_tree_writable,
    },
    wasi::{fuelbox_wasi_arg, fuelbox_wasi_env, fuelbox_wasi_mount, fuelbox_wasi_new},
};

pub(super) const STEPS: &[Step] = &[
    new_tree, put, put, look, new_wasi, set_wasi, mount, grant, new_pipe, write,
];

const PATHS: &[&[u8]] = &[b"/a", b"/a/b", b"c", b"/../d", b"", b"/\xff"];

fn new_tree(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = fuelbox_tree_new(Out::to(&mut made));
    calls.made(status, &[], Kind::Tree, made);
}

fn put(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Tree);
    let tree = picked.handle;
    let (path, other) = (calls.bytes.choose(PATHS), calls.bytes.choose(PATHS));
    let which = calls.bytes.byte() % 5;
    let status = calls.with_error(|error| {
        let (path, len) = (In::of(path), path.len());
        let (other, other_len) = (In::of(other), other.len());
        match which {
            0 => fuelbox_tree_file(tree, path, len, other, other_len, error),
            1 => fuelbox_tree_dir(tree, path, len, error),
            2 => fuelbox_tree_symlink(tree, path, len, other, other_len, error),
            _ => fuelbox_tree_hard_link(tree, path, len, other, other_len, error),
        }
    });
    calls.did(status, &[picked.status]);
}

fn look(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Tree);
    let tree = picked.handle;
    let path = calls.bytes.choose(PATHS);
    let status = match calls.bytes.byte() % 3 {
        0 => fuelbox_tree_writable(tree, 1_000, 10),
        which => buffer::filled(&mut calls.bytes, |buf, cap, len| match which {
            1 => fuelbox_tree_json(tree, buf, cap, len),
            _ => fuelbox_tree_get(tree, In::of(path), path.len(), buf, cap, len),
        }),
    };
    calls.did(status, &[picked.status]);
}

fn new_wasi(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = fuelbox_wasi_new(Out::to(&mut made));
    calls.made(status, &[], Kind::Wasi, made);
}

fn set_wasi(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Wasi);
    let text = calls.bytes.choose(PATHS);
    let (text, len) = (|| In::of(text), text.len());
    let status = if calls.bytes.flag() {
        fuelbox_wasi_arg(picked.handle, text(), len)
    } else {
        fuelbox_wasi_env(picked.handle, text(), len, text(), len)
    };
    calls.did(status, &[picked.status]);
}

fn mount(calls: &mut Calls<'_>) {
    let (wasi, tree) = (calls.pick(Kind::Wasi), calls.pick(Kind::Tree));
    let status = fuelbox_wasi_mount(wasi.handle, In::of(b"/m"), 2, tree.handle);
    calls.did(status, &[wasi.status, tree.status]);
}

fn grant(calls: &mut Calls<'_>) {
    let (sandbox, wasi) = (calls.pick(Kind::Sandbox), calls.pick(Kind::Wasi));
    let status = fuelbox_sandbox_grant_wasi(sandbox.handle, wasi.handle);
    calls.did(status, &[sandbox.status, wasi.status]);
}

fn new_pipe(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Wasi);
    let mut made = Handle::NULL;
    let status = fuelbox_wasi_stdin_pipe(picked.handle, Out::to(&mut made));
    calls.made(status, &[picked.status], Kind::Pipe, made);
}

/// So little that it always fits: nobody reads on.
fn write(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Pipe);
    let bytes = calls.bytes.take(8);
    let status = calls
        .with_error(|error| fuelbox_pipe_write(picked.handle, In::of(bytes), bytes.len(), error));
    calls.did(status, &[picked.status]);
}
