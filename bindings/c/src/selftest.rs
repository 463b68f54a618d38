//! What a self-test found.

use crate::{
    boundary::Out,
    guard::guard,
    handle::{self, Handle},
    json, output,
    status::Status,
};
use fuelbox::SelfTest;

#[unsafe(no_mangle)]
extern "C" fn fuelbox_selftest_new(selftest: Out<Handle<SelfTest>>) -> Status {
    guard(|| {
        selftest.required()?;
        selftest.set(handle::new(fuelbox::selftest())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_selftest_is_contained(
    selftest: Handle<SelfTest>,
    contained: Out<i32>,
) -> Status {
    guard(|| {
        contained.required()?;
        contained.set(i32::from(handle::open(selftest)?.is_contained()));
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_selftest_count(selftest: Handle<SelfTest>, count: Out<usize>) -> Status {
    guard(|| {
        count.required()?;
        count.set(handle::open(selftest)?.checks.len());
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_selftest_text(
    selftest: Handle<SelfTest>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::text((&buf, cap, &len), &handle::open(selftest)?.to_string()))
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_selftest_json(
    selftest: Handle<SelfTest>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let text = json::text(&*handle::open(selftest)?)?;
        output::text((&buf, cap, &len), &text)
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_selftest_free(selftest: Handle<SelfTest>) -> Status {
    guard(|| Ok(handle::free(selftest)?))
}
