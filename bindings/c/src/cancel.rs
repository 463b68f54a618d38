//! Tokens that cancel calls.

use crate::{
    boundary::Out,
    guard::guard,
    handle::{self, Handle},
    status::Status,
};
use fuelbox::CancelToken;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_cancel_token_new(token: Out<Handle<CancelToken>>) -> Status {
    guard(|| {
        token.required()?;
        token.set(handle::new(CancelToken::new())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_cancel_token_cancel(token: Handle<CancelToken>) -> Status {
    guard(|| {
        handle::open(token)?.cancel();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_cancel_token_is_cancelled(
    token: Handle<CancelToken>,
    cancelled: Out<i32>,
) -> Status {
    guard(|| {
        cancelled.required()?;
        cancelled.set(i32::from(handle::open(token)?.is_cancelled()));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_cancel_token_clone(
    token: Handle<CancelToken>,
    clone: Out<Handle<CancelToken>>,
) -> Status {
    guard(|| {
        clone.required()?;
        let token = handle::open(token)?.clone();
        clone.set(handle::new(token)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_cancel_token_free(token: Handle<CancelToken>) -> Status {
    guard(|| Ok(handle::free(token)?))
}
