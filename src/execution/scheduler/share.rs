//! The share of the time that an execution gets: its weight and its priority.

/// How much of the time an execution gets beside others: see [`Scheduler::add_with`](super::Scheduler::add_with).
///
/// ```
/// use fuelbox::{Priority, Share};
///
/// let twice_as_much = Share::default().weight(2);
/// let only_in_idle_time = Share::default().priority(Priority::Low);
/// # let _ = (twice_as_much, only_in_idle_time);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub(super) weight: u16,
    pub(super) priority: Priority,
}

/// Which executions run first: while one of a higher priority has something to run, none of a lower one gets time.
// Complete: each is a list of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Runs while all others wait.
    Low,
    /// The default.
    #[default]
    Normal,
    /// Runs before all others.
    High,
}

impl Priority {
    /// All, the highest first.
    pub(super) const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];
}

impl Share {
    /// Sets the weight: how many times the time of weight 1, which is the default; 0 counts as 1.
    #[must_use]
    pub fn weight(self, weight: u16) -> Self {
        let weight = weight.max(1);
        Self { weight, ..self }
    }

    /// Sets the priority.
    #[must_use]
    pub fn priority(self, priority: Priority) -> Self {
        Self { priority, ..self }
    }
}

impl Default for Share {
    fn default() -> Self {
        Self {
            weight: 1,
            priority: Priority::default(),
        }
    }
}
