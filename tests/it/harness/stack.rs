//! Native stacks of a given size.

use std::thread;

/// Does `work` on a thread with so many KiB of native stack. An overflow ends the process, not the test.
pub(crate) fn on_a_stack_of(kib: usize, work: impl FnOnce() + Send) {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(kib << 10)
            .spawn_scoped(scope, work);
        if let Err(panic) = thread.expect("a thread starts").join() {
            std::panic::resume_unwind(panic);
        }
    });
}
