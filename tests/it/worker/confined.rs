//! What a worker cannot do, though its guest has taken it over.

use super::told::{self, guest, pool};
use fuelbox::{Stop, WorkerEnd, worker::Wall};
use std::time::Duration;

#[test]
#[cfg(target_os = "linux")]
fn every_wall_is_there_but_for_old_kernels() {
    let pool = pool(1, told::options());
    let missing: Vec<_> = pool.confinement().missing().collect();
    assert!(
        missing.iter().all(|(wall, _)| *wall == Wall::Files),
        "{missing:?}"
    );
    assert!(pool.confinement().has(Wall::SystemCalls));
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_reaches_for_anything_outside_is_ended_by_its_filter() {
    const SIGSYS: i32 = 31;

    let pool = pool(1, told::options().quarantine(u32::MAX, Duration::ZERO));
    for does in [
        "open_a_file",
        "make_a_file",
        "list_a_directory",
        "open_a_socket",
        "start_a_process",
        "start_a_thread",
        "ask_who_started_it",
    ] {
        let report = pool.run(&guest(does), []).expect("it runs");
        let how = WorkerEnd::Signal { number: SIGSYS };
        assert_eq!(report.stop(), Some(&Stop::Worker { how }), "{does}");
        assert!(
            pool.run(&guest("nothing"), [])
                .is_ok_and(|report| report.is_success())
        );
    }
    assert!(!std::path::Path::new("/tmp/fuelbox-worker").exists());
}
