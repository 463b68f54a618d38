//! A timer of the host, for guests that are awaited.

use alloc::boxed::Box;
use core::{future::Future, pin::Pin, time::Duration};

/// A timer of the executor, which wakes guests that wait: see [`Run::timer`](super::Run::timer).
///
/// Any closure that returns a future is one, such as `tokio::time::sleep` or `smol::Timer::after`.
///
/// ```
/// use fuelbox::Timer;
/// use std::{future::Future, pin::Pin, time::Duration};
///
/// struct Wheel;
///
/// impl Timer for Wheel {
///     fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
///         # async fn after(_: Duration) {}
///         Box::pin(after(time))
///     }
/// }
/// # drop(Wheel.sleep(Duration::ZERO));
/// ```
pub trait Timer: Send + Sync {
    /// A future that is ready after this time. It may be late.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

impl<F, S> Timer for F
where
    F: Fn(Duration) -> S + Send + Sync,
    S: Future + Send + 'static,
{
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let sleep = self(time);
        Box::pin(async move {
            sleep.await;
        })
    }
}
