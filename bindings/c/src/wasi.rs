//! What a program of WASI is given.

use crate::{
    boundary::{Context, In, Out, RawDrop, RawRandom, UserData},
    dir::Dir,
    guard::guard,
    handle::{self, Handle},
    random::random,
    status::{Failure, Status},
};
use fuelbox::{
    Tree,
    capability::{Clock, Random, Wasi},
};
use std::time::Duration;

/// Changes the settings; where that fails they are as they were.
pub(crate) fn change(
    wasi: Handle<Wasi>,
    change: impl FnOnce(Wasi) -> Result<Wasi, Failure>,
) -> Status {
    guard(|| {
        let mut wasi = handle::open_mut(wasi)?;
        *wasi = change(wasi.clone())?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_new(wasi: Out<Handle<Wasi>>) -> Status {
    guard(|| {
        wasi.required()?;
        wasi.set(handle::new(Wasi::new())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_program(
    wasi: Handle<Wasi>,
    name: In<u8>,
    name_len: usize,
) -> Status {
    change(wasi, |wasi| Ok(wasi.program(name.text(name_len)?)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_arg(
    wasi: Handle<Wasi>,
    arg: In<u8>,
    arg_len: usize,
) -> Status {
    change(wasi, |wasi| Ok(wasi.arg(arg.text(arg_len)?)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_env(
    wasi: Handle<Wasi>,
    name: In<u8>,
    name_len: usize,
    value: In<u8>,
    value_len: usize,
) -> Status {
    change(wasi, |wasi| {
        Ok(wasi.env(name.text(name_len)?, value.text(value_len)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_mount(
    wasi: Handle<Wasi>,
    name: In<u8>,
    name_len: usize,
    tree: Handle<Tree>,
) -> Status {
    change(wasi, |wasi| {
        Ok(wasi.mount(name.text(name_len)?, handle::open(tree)?.clone()))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_mount_dir(
    wasi: Handle<Wasi>,
    name: In<u8>,
    name_len: usize,
    dir: Handle<Dir>,
) -> Status {
    change(wasi, |wasi| {
        Ok(wasi.mount(name.text(name_len)?, handle::open(dir)?.clone()))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_clock_fixed(wasi: Handle<Wasi>, unix_nanos: u64) -> Status {
    let clock = Clock::fixed(Duration::from_nanos(unix_nanos));
    change(wasi, |wasi| Ok(wasi.clock(clock)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_clock_by_fuel(wasi: Handle<Wasi>, unix_nanos: u64) -> Status {
    let clock = Clock::by_fuel(Duration::from_nanos(unix_nanos));
    change(wasi, |wasi| Ok(wasi.clock(clock)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_clock_system(wasi: Handle<Wasi>) -> Status {
    change(wasi, |wasi| Ok(wasi.clock(Clock::system())))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_random_seeded(wasi: Handle<Wasi>, seed: u64) -> Status {
    change(wasi, |wasi| Ok(wasi.random(Random::seeded(seed))))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_random(
    wasi: Handle<Wasi>,
    source: RawRandom,
    user_data: Context,
    drop: RawDrop,
) -> Status {
    let data = UserData::new(user_data, drop);
    change(wasi, |wasi| Ok(wasi.random(random(source, data)?)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_free(wasi: Handle<Wasi>) -> Status {
    guard(|| Ok(handle::free(wasi)?))
}
