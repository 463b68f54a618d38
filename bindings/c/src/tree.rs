//! Files in memory for guests of WASI.

use crate::{
    boundary::{In, Out},
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    json, output,
    status::Status,
};
use fuelbox::{Tree, TreeError};

/// Puts something into a tree; where that fails it is as it was.
fn put(
    tree: Handle<Tree>,
    error: &Out<Handle<Problem>>,
    put: impl FnOnce(Tree) -> Result<Result<Tree, TreeError>, Status>,
) -> Status {
    guard_error(error, || {
        let mut tree = handle::open_mut(tree)?;
        *tree = put(tree.clone())??;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_new(tree: Out<Handle<Tree>>) -> Status {
    guard(|| {
        tree.required()?;
        tree.set(handle::new(Tree::new())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_file(
    tree: Handle<Tree>,
    path: In<u8>,
    path_len: usize,
    bytes: In<u8>,
    bytes_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    put(tree, &error, |tree| {
        Ok(tree.file(path.text(path_len)?, bytes.slice(bytes_len)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_dir(
    tree: Handle<Tree>,
    path: In<u8>,
    path_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    put(tree, &error, |tree| Ok(tree.dir(path.text(path_len)?)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_symlink(
    tree: Handle<Tree>,
    path: In<u8>,
    path_len: usize,
    target: In<u8>,
    target_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    put(tree, &error, |tree| {
        Ok(tree.symlink(path.text(path_len)?, target.text(target_len)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_hard_link(
    tree: Handle<Tree>,
    path: In<u8>,
    path_len: usize,
    to: In<u8>,
    to_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    put(tree, &error, |tree| {
        Ok(tree.hard_link(path.text(path_len)?, to.text(to_len)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_writable(
    tree: Handle<Tree>,
    bytes_limit: u64,
    nodes_limit: u64,
) -> Status {
    guard(|| {
        let mut tree = handle::open_mut(tree)?;
        let writable = tree.clone().writable();
        *tree = writable.bytes_limit(bytes_limit).nodes_limit(nodes_limit);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_leave_out(tree: Handle<Tree>, names: u64) -> Status {
    guard(|| {
        let mut tree = handle::open_mut(tree)?;
        *tree = tree.clone().leave_out(names);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_is_writable(
    tree: Handle<Tree>,
    writable: Out<i32>,
) -> Status {
    guard(|| {
        writable.required()?;
        writable.set(i32::from(handle::open(tree)?.is_writable()));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_get(
    tree: Handle<Tree>,
    path: In<u8>,
    path_len: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let tree = handle::open(tree)?;
        let file = tree.get(path.text(path_len)?).ok_or(Status::NOT_FOUND)?;
        output::fill((&buf, cap, &len), file)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_json(
    tree: Handle<Tree>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let text = json::text(&*handle::open(tree)?)?;
        output::text((&buf, cap, &len), &text)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_tree_free(tree: Handle<Tree>) -> Status {
    guard(|| Ok(handle::free(tree)?))
}
