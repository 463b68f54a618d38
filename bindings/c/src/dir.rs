//! Real directories for guests of WASI.

use crate::{
    boundary::{In, Out},
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    status::{Failure, Status},
};

#[cfg(feature = "dir")]
pub(crate) use fuelbox::Dir;

/// What no handle stands for, since nothing makes one without the feature.
#[cfg(not(feature = "dir"))]
#[derive(Clone)]
pub(crate) struct Dir;

#[cfg(feature = "dir")]
fn open(path: &str, writable: bool) -> Result<Dir, Failure> {
    let opened = if writable {
        Dir::read_write(path)
    } else {
        Dir::read_only(path)
    };
    opened.map_err(|error| Failure::text(Status::DIR_OPEN, error.to_string()))
}

#[cfg(not(feature = "dir"))]
fn open(_: &str, _: bool) -> Result<Dir, Failure> {
    Err(Status::NOT_BUILT.into())
}

#[cfg(not(feature = "dir"))]
impl Dir {
    fn bytes_limit(self, _: u64) -> Self {
        self
    }

    fn nodes_limit(self, _: u64) -> Self {
        self
    }

    fn handles_limit(self, _: usize) -> Self {
        self
    }
}

#[cfg(not(feature = "dir"))]
impl From<Dir> for fuelbox::Files {
    fn from(Dir: Dir) -> Self {
        fuelbox::Tree::new().into()
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_dir_new(
    path: In<u8>,
    path_len: usize,
    writable: i32,
    dir: Out<Handle<Dir>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        dir.required()?;
        dir.set(handle::new(open(path.text(path_len)?, writable != 0)?)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_dir_limits(
    dir: Handle<Dir>,
    bytes_limit: u64,
    nodes_limit: u64,
    handles_limit: usize,
) -> Status {
    guard(|| {
        let mut dir = handle::open_mut(dir)?;
        let limited = dir.clone().bytes_limit(bytes_limit);
        *dir = limited
            .nodes_limit(nodes_limit)
            .handles_limit(handles_limit);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_dir_free(dir: Handle<Dir>) -> Status {
    guard(|| Ok(handle::free(dir)?))
}
