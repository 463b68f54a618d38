//! An executor of twenty lines.

use crate::{
    Executor, TICK, Tasks, the_timer_goes_on, the_timer_starves_beside_polls_that_take_long,
};
use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};

type Queue = Arc<Mutex<VecDeque<Arc<Task>>>>;

struct Task {
    future: Mutex<Pin<Box<dyn Future<Output = ()> + Send>>>,
    queue: Queue,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let mut queue = self.queue.lock().expect("nobody panics");
        queue.push_back(self.clone());
    }
}

fn spawn(queue: &Queue, future: impl Future<Output = ()> + Send + 'static) {
    let (future, queue) = (Mutex::new(Box::pin(future) as _), queue.clone());
    Arc::new(Task { future, queue }).wake();
}

/// Polls one task; whether there was one.
fn run_one(queue: &Queue) -> bool {
    let Some(task) = queue.lock().expect("nobody panics").pop_front() else {
        return false;
    };
    let waker = Waker::from(task.clone());
    let mut future = task.future.lock().expect("nobody panics");
    let _ = future.as_mut().poll(&mut Context::from_waker(&waker));
    true
}

/// Its timer: asks the clock whenever it is polled.
#[expect(clippy::disallowed_methods, reason = "it is about time as it passes")]
pub(crate) async fn sleep(time: Duration) {
    let begin = Instant::now();
    poll_fn(|context| {
        if begin.elapsed() >= time {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

struct Own;

impl Executor for Own {
    #[expect(clippy::disallowed_methods, reason = "it is about time as it passes")]
    fn ticks_beside(&self, tasks: Tasks) -> (u32, Duration) {
        let (queue, ticks) = (Queue::default(), Arc::<AtomicU32>::default());
        let left = Arc::new(AtomicUsize::new(tasks.len()));
        let counted = ticks.clone();
        spawn(&queue, async move {
            loop {
                sleep(TICK).await;
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        for task in tasks {
            let left = left.clone();
            spawn(&queue, async move {
                task.await;
                left.fetch_sub(1, Ordering::Relaxed);
            });
        }
        let begin = Instant::now();
        while left.load(Ordering::Relaxed) > 0 {
            assert!(run_one(&queue), "who is left wakes itself");
        }
        queue.lock().expect("nobody panics").clear();
        (ticks.load(Ordering::Relaxed), begin.elapsed())
    }
}

#[test]
fn timers_of_an_executor_of_twenty_lines_go_on_beside_endless_guests() {
    the_timer_goes_on(&Own);
}

#[test]
fn timers_of_an_executor_of_twenty_lines_starve_beside_polls_that_take_long() {
    the_timer_starves_beside_polls_that_take_long(&Own);
}
