//! Answers of a future that reach the guest's memory.

use super::Returns;
use crate::{
    host::{Found, Request},
    stop::HostError,
    value::{Params, Results},
};
use alloc::boxed::Box;
use core::fmt;

/// An answer that reaches the guest's memory: the last thing that a future of
/// [`Function::from_async`](crate::Function::from_async) does before the guest goes on.
///
/// ```
/// use fuelbox::{Caller, Function, HostError, Reply, Request};
///
/// # async fn fetch(most: u32) -> Result<Vec<u8>, std::io::Error> { Ok(vec![7; most as usize]) }
/// let read = Function::from_async("env", "read", |ptr: u32, most: u32| async move {
///     let bytes = fetch(most).await?;
///     Ok::<_, HostError>(Reply::with(move |guest: &mut Request<'_>| {
///         guest.write(ptr, &bytes)?; // checked, and paid for
///         Ok::<_, HostError>(bytes.len() as u32)
///     }))
/// });
/// # let _ = read;
/// ```
pub struct Reply<R>(Last<R>);

type Last<R> = Box<dyn FnOnce(&mut Request<'_>) -> Result<R, HostError> + Send>;

impl<R> Reply<R> {
    /// The answer is what `last` returns, once it has done what it does.
    ///
    /// It is not called where the run was stopped meanwhile. An error or a panic of it stops the run, as one of the
    /// future does.
    #[must_use]
    pub fn with<A: Returns<Values = R>>(
        last: impl FnOnce(&mut Request<'_>) -> A + Send + 'static,
    ) -> Self {
        Self(Box::new(move |request| last(request).into_result()))
    }
}

impl<R> fmt::Debug for Reply<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").finish_non_exhaustive()
    }
}

/// What a future of [`Function::from_async`](crate::Function::from_async) may give: what a host function may return, or
/// a [`Reply`] of it. Sealed.
#[diagnostic::on_unimplemented(
    message = "a future cannot answer a guest with `{Self}`",
    label = "not something that a guest can take",
    note = "it gives (), one of i32, u32, i64, u64, f32 and f64, a tuple of up to 16 of them, a Reply of these, or a \
            Result of any of these with an error that is `std::error::Error + Send + Sync`",
    note = "text and bytes are written into the guest's memory in Reply::with"
)]
pub trait Replies {
    #[doc(hidden)]
    type Values: Results;

    #[doc(hidden)]
    fn into_found(self) -> Result<Found, HostError>;
}

impl<A: Returns<Values: Params>> Replies for A {
    type Values = A::Values;

    fn into_found(self) -> Result<Found, HostError> {
        Ok(Found::Values(self.into_result()?.into_values().into()))
    }
}

impl<R: Params + Results + 'static> Replies for Reply<R> {
    type Values = R;

    fn into_found(self) -> Result<Found, HostError> {
        let Self(last) = self;
        Ok(Found::Last(Box::new(move |request| {
            Ok(last(request)?.into_values().into())
        })))
    }
}

impl<R: Params + Results + 'static, E: Into<HostError>> Replies for Result<Reply<R>, E> {
    type Values = R;

    fn into_found(self) -> Result<Found, HostError> {
        self.map_err(Into::into)?.into_found()
    }
}
