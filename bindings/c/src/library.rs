//! The library as a whole.

use crate::{boundary::Out, guard::guard, handle, output, status::Status, usage::nanos};
use std::ffi::c_char;

/// FUELBOX_ABI_VERSION.
const ABI_VERSION: u32 = 1;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_status_name(status: Status) -> *const c_char {
    status.word().as_ptr()
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_status_message(status: Status) -> *const c_char {
    status.message().as_ptr()
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_abi_version() -> u32 {
    ABI_VERSION
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_abi_check(version: u32) -> Status {
    if version == ABI_VERSION {
        Status::OK
    } else {
        Status::ABI
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_version(buf: Out<u8>, cap: usize, len: Out<usize>) -> Status {
    guard(|| output::text((&buf, cap, &len), env!("CARGO_PKG_VERSION")))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_protocol_version() -> u32 {
    fuelbox::ABI_VERSION.cast_unsigned()
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_fuel_schedule() -> u32 {
    fuelbox::FUEL_SCHEDULE
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_now(now_nanos: Out<u64>) -> Status {
    guard(|| {
        now_nanos.required()?;
        now_nanos.set(nanos(fuelbox::now()));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_live_handles(count: Out<usize>) -> Status {
    guard(|| {
        count.required()?;
        count.set(handle::live());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limit_handles(most: usize) -> Status {
    guard(|| {
        handle::limit(most);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_keep_memory(bytes: u64) -> Status {
    guard(|| {
        fuelbox::keep_memory(bytes);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_kept_memory(bytes: Out<u64>) -> Status {
    guard(|| {
        bytes.required()?;
        bytes.set(fuelbox::kept_memory());
        Ok(())
    })
}
