//! What a worker cannot do, though its guest has taken it over.

use super::told::{self, guest, pool};
use fuelbox::{Stop, WorkerEnd, worker::Wall};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

#[test]
#[cfg(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
))]
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
#[cfg(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
))]
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

#[test]
#[cfg(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
))]
fn the_system_says_that_a_worker_is_confined() {
    let pool = pool(1, told::options().address_space_bytes(3 << 30));
    let id = *pool.process_ids().first().expect("there is one");
    let of = |file: &str| {
        let path = format!("/proc/{id}/{file}");
        std::fs::read_to_string(path).expect("everybody may read it")
    };
    let (status, limits) = (of("status"), of("limits"));
    for line in ["NoNewPrivs:\t1", "Seccomp:\t2"] {
        assert!(status.contains(line), "{line}: {status}");
    }
    for (limit, most) in [
        ("Max core file size", "0"),
        ("Max file size", "0"),
        ("Max processes", "0"),
        ("Max open files", "1"),
        ("Max address space", "3221225472"),
    ] {
        let line = limits.lines().find_map(|line| line.strip_prefix(limit));
        let found: Vec<_> = line.expect(limit).split_whitespace().take(2).collect();
        assert_eq!(found, [most, most], "{limit}");
    }
}

/// Starts workers, one of which is in the middle of a run, says their numbers and waits.
#[test]
#[ignore = "the test below starts it and kills it"]
fn workers_are_started_and_left() {
    let pool = pool(2, told::options());
    let spins = || pool.run(&guest("spin"), []);
    std::thread::scope(|scope| {
        scope.spawn(spins);
        std::thread::sleep(Duration::from_millis(100));
        println!("\nworkers {:?}", pool.process_ids());
    });
}

#[test]
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "a test that fails must end")]
fn workers_end_with_the_process_that_started_them_also_in_the_middle_of_a_run() {
    let test = "worker::confined::workers_are_started_and_left";
    let mut host = Command::new(std::env::current_exe().expect("it is running"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be started again");
    let said = BufReader::new(host.stdout.take().expect("it is a pipe"));
    let said = said.lines().map(|line| line.expect("it is text"));
    let line = said.filter_map(|line| Some(line.strip_prefix("workers ")?.to_owned()));
    let ids: Vec<u32> = serde_json::from_str(&line.take(1).collect::<String>()).expect("numbers");
    assert_eq!(ids.len(), 2);
    host.kill().expect("it runs");
    host.wait().expect("it is ours");

    // Whoever waits for the children of the dead may not have done so yet.
    let is_there = |id: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status"));
        status.is_ok_and(|status| !status.contains("State:\tZ"))
    };
    let begun = Instant::now();
    while ids.iter().any(is_there) {
        // Sooner than the run would end by itself.
        assert!(begun.elapsed() < Duration::from_secs(3), "{ids:?}");
        std::thread::yield_now();
    }
}
