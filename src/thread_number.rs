//! Small numbers for threads, to spread them.

use std::{
    collections::BTreeSet,
    sync::{Mutex, OnceLock, PoisonError},
};

/// Numbers that threads had which have ended, and the first that none has had.
static FREE: Mutex<(BTreeSet<usize>, usize)> = Mutex::new((BTreeSet::new(), 0));

std::thread_local! {
    static OWN: Number = Number::take();
}

/// The number of one thread, until it ends.
struct Number(usize);

impl Number {
    /// The least that no other thread has.
    fn take() -> Self {
        let (free, next) = &mut *FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let number = free.pop_first().unwrap_or_else(|| {
            let number = *next;
            *next = next.saturating_add(1);
            number
        });
        Self(number)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        let (free, _) = &mut *FREE.lock().unwrap_or_else(PoisonError::into_inner);
        free.insert(self.0);
    }
}

/// The number of the current thread: no other one that lives has it, and all are small.
///
/// Of a thread that is ending, 0.
pub(crate) fn of_this() -> usize {
    OWN.try_with(|number| number.0).unwrap_or_default()
}

/// How many threads can run at once; 1 where nobody knows.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_live_have_other_numbers_and_later_ones_take_theirs() {
        let own = of_this();
        let other = || {
            std::thread::spawn(of_this)
                .join()
                .expect("it does not panic")
        };
        let first = other();
        assert_ne!(first, own);
        assert_eq!(of_this(), own);
        // Other tests take and give back numbers too, but no more than there are threads.
        let most = (0..1_000).map(|_| other()).max().expect("there are some");
        assert!(most < 500, "{most}");
    }
}
