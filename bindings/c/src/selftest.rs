//! What a self-test found.

use crate::{
    boundary::Out,
    guard::guard,
    handle::{self, Handle},
    json, output,
    status::Status,
};

#[cfg(feature = "selftest")]
use fuelbox::SelfTest;

/// What no handle stands for, since nothing makes one without the feature.
#[cfg(not(feature = "selftest"))]
#[derive(serde::Serialize)]
pub(crate) struct SelfTest {
    checks: [(); 0],
}

#[cfg(not(feature = "selftest"))]
impl SelfTest {
    fn is_contained(&self) -> bool {
        false
    }
}

#[cfg(not(feature = "selftest"))]
impl std::fmt::Display for SelfTest {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

#[cfg(feature = "selftest")]
fn run() -> Result<SelfTest, Status> {
    Ok(fuelbox::selftest())
}

#[cfg(not(feature = "selftest"))]
fn run() -> Result<SelfTest, Status> {
    Err(Status::NOT_BUILT)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_selftest_new(selftest: Out<Handle<SelfTest>>) -> Status {
    guard(|| {
        selftest.required()?;
        selftest.set(handle::new(run()?)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_selftest_is_contained(
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
pub(crate) extern "C" fn fuelbox_selftest_count(
    selftest: Handle<SelfTest>,
    count: Out<usize>,
) -> Status {
    guard(|| {
        count.required()?;
        count.set(handle::open(selftest)?.checks.len());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_selftest_text(
    selftest: Handle<SelfTest>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::text((&buf, cap, &len), &handle::open(selftest)?.to_string()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_selftest_json(
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
pub(crate) extern "C" fn fuelbox_selftest_free(selftest: Handle<SelfTest>) -> Status {
    guard(|| Ok(handle::free(selftest)?))
}
