//! Tasks that are always ready, and give way at once.

use crate::{DEADLINE, Tasks};
use std::{future::poll_fn, task::Poll, time::Instant};

pub(crate) fn tasks(count: usize) -> Tasks {
    (0..count).map(|_| Box::pin(spin()) as _).collect()
}

#[expect(clippy::disallowed_methods, reason = "it is about time as it passes")]
async fn spin() {
    let begin = Instant::now();
    poll_fn(|context| {
        if begin.elapsed() >= DEADLINE {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
