//! The system calls that a worker may make.

use crate::worker::confinement::Gap;
use alloc::{collections::BTreeMap, vec, vec::Vec};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};
use std::{os::fd::RawFd, process};

/// Lets this process make the calls of a list alone, and those that read files where there are descriptors to read
/// beside; any other ends it, by the signal `SIGSYS`.
pub(super) fn filter(socket: RawFd, reads_beside: Option<&[RawFd]>) -> Result<(), Gap> {
    let mut rules = rules(socket).ok_or(Gap::Refused)?;
    if let Some(inherited) = reads_beside {
        rules.extend(reading(inherited).ok_or(Gap::Refused)?);
        // Before the list, which cannot look at how `openat2` opens: its flags are in memory. Of two answers the
        // stricter one counts, and whoever has this one opens by `openat`.
        let absent = Rules::from([(libc::SYS_openat2, Vec::new())]);
        apply(absent, SeccompAction::Allow, SeccompAction::Errno(ENOSYS))?;
    }
    apply(rules, SeccompAction::KillProcess, SeccompAction::Allow)
}

/// Answers calls that `rules` name with `matched`, and others with `others`.
fn apply(rules: Rules, others: SeccompAction, matched: SeccompAction) -> Result<(), Gap> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|_| Gap::Unsupported)?;
    let filter = SeccompFilter::new(rules, others, matched, arch);
    let filter = filter.map_err(|_| Gap::Refused)?;
    let program = BpfProgram::try_from(filter).map_err(|_| Gap::Refused)?;
    apply_filter_all_threads(&program).map_err(|_| Gap::Refused)
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// What may be called, and with which arguments.
fn rules(socket: RawFd) -> Option<Rules> {
    const PLAIN: &[i64] = &[
        // Memory that is had already.
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        // Waiting, for the socket too.
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll,
        libc::SYS_ppoll,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_nanosleep,
        libc::SYS_clock_nanosleep,
        libc::SYS_restart_syscall,
        // Clocks, where the kernel does not answer in the process itself, and seeds of hash tables.
        libc::SYS_clock_gettime,
        libc::SYS_gettimeofday,
        libc::SYS_getrandom,
        // Its own end, by a signal too.
        libc::SYS_close,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
    ];
    let socket = u64::try_from(socket).ok()?;
    let process = u64::from(process::id());
    let no_code = |place| masked(place, PROT_EXEC, 0);
    let mut rules: Rules = PLAIN.iter().map(|call| (*call, Vec::new())).collect();
    let bound = [
        (libc::SYS_recvfrom, vec![equal(0, socket)?]),
        (libc::SYS_sendto, vec![equal(0, socket)?]),
        // The last words of an abort.
        (libc::SYS_write, vec![equal(0, STANDARD_ERROR)?]),
        (libc::SYS_tgkill, vec![equal(0, process)?]),
        // The standard library looks at a descriptor that it closes, where it is built to.
        (libc::SYS_fcntl, vec![equal(1, F_GETFD)?]),
        (libc::SYS_mprotect, vec![no_code(2)?]),
        (
            libc::SYS_mmap,
            vec![no_code(2)?, masked(3, MAP_ANONYMOUS, MAP_ANONYMOUS)?],
        ),
    ];
    for (call, conditions) in bound {
        rules.insert(call, vec![SeccompRule::new(conditions).ok()?]);
    }
    Some(rules)
}

/// What is called beside that to read directories that were handed over, but for descriptors that were `inherited`.
/// Which files can be opened is up to Landlock.
fn reading(inherited: &[RawFd]) -> Option<Rules> {
    const CALLS: &[i64] = &[
        libc::SYS_newfstatat,
        libc::SYS_fstat,
        libc::SYS_statx,
        libc::SYS_getdents64,
        libc::SYS_readlinkat,
        libc::SYS_read,
        libc::SYS_lseek,
    ];
    if inherited.len() > MOST_INHERITED {
        return None;
    }
    let others = || -> Option<Vec<_>> { inherited.iter().map(|number| not(0, *number)).collect() };
    let mut rules = Rules::from([(libc::SYS_openat2, Vec::new())]);
    for call in CALLS {
        let others = others()?;
        // A rule has a condition at least.
        let rule = match others.is_empty() {
            true => Vec::new(),
            false => vec![SeccompRule::new(others).ok()?],
        };
        rules.insert(*call, rule);
    }
    let looks_at = [F_GETFD, F_GETFL].map(|what| SeccompRule::new(vec![equal(1, what)?]).ok());
    rules.insert(
        libc::SYS_fcntl,
        looks_at.into_iter().collect::<Option<_>>()?,
    );
    let mut opening = others()?;
    opening.push(masked(2, CHANGES, 0)?);
    rules.insert(libc::SYS_openat, vec![SeccompRule::new(opening).ok()?]);
    Some(rules)
}

/// Where the argument at `place` is `value`, of which the kernel takes 32 bits.
fn equal(place: u8, value: u64) -> Option<SeccompCondition> {
    SeccompCondition::new(place, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value).ok()
}

/// Where the argument at `place` is not this descriptor.
fn not(place: u8, number: RawFd) -> Option<SeccompCondition> {
    let number = u64::try_from(number).ok()?;
    SeccompCondition::new(place, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, number).ok()
}

/// Where the bits of `mask` in the argument at `place` are `value`.
fn masked(place: u8, mask: u64, value: u64) -> Option<SeccompCondition> {
    let is_masked = SeccompCmpOp::MaskedEq(mask);
    SeccompCondition::new(place, SeccompCmpArgLen::Dword, is_masked, value).ok()
}

const ENOSYS: u32 = libc::ENOSYS as u32;
/// The flags by which a file is made, changed, or opened to be changed. `O_TMPFILE` has that of a directory in it.
const CHANGES: u64 = (libc::O_ACCMODE
    | libc::O_CREAT
    | libc::O_TRUNC
    | libc::O_APPEND
    | (libc::O_TMPFILE & !libc::O_DIRECTORY)) as u64;
/// Each is looked at in each call that reads, and a filter has 4,096 instructions at most.
const MOST_INHERITED: usize = 32;
const STANDARD_ERROR: u64 = 2;
const F_GETFD: u64 = libc::F_GETFD as u64;
/// Looked at before a directory is listed.
const F_GETFL: u64 = libc::F_GETFL as u64;
const PROT_EXEC: u64 = libc::PROT_EXEC as u64;
const MAP_ANONYMOUS: u64 = libc::MAP_ANONYMOUS as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_room_for_as_many_inherited_descriptors_as_there_may_be() {
        let arch = TargetArch::try_from(std::env::consts::ARCH).expect("it is known");
        let inherited: Vec<RawFd> = (10..).take(MOST_INHERITED).collect();
        let mut all = rules(3).expect("they are made");
        all.extend(reading(&inherited).expect("they are made"));
        let (others, matched) = (SeccompAction::KillProcess, SeccompAction::Allow);
        let filter = SeccompFilter::new(all, others, matched, arch).expect("it is made");
        assert!(BpfProgram::try_from(filter).is_ok());
        let more: Vec<RawFd> = (10..).take(MOST_INHERITED + 1).collect();
        assert!(reading(&more).is_none());
    }

    #[test]
    fn flags_that_change_files_are_not_those_that_open_directories() {
        let reads = libc::O_DIRECTORY | libc::O_PATH | libc::O_NOFOLLOW | libc::O_CLOEXEC;
        let reads = reads | libc::O_NONBLOCK | libc::O_RDONLY;
        assert_eq!(u64::try_from(reads).map(|reads| CHANGES & reads), Ok(0));
    }
}
