//! Tasks that are always ready, and give way at once.

use crate::{DEADLINE, Tasks, own};

pub(crate) fn tasks(count: usize) -> Tasks {
    (0..count)
        .map(|_| Box::pin(own::sleep(DEADLINE)) as _)
        .collect()
}
