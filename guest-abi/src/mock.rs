//! A host to test guests with, anywhere but in WebAssembly.
//!
//! Calls go to the [`Host`] that runs on the same thread, so that tests can run beside each other. It
//! knows no limits and grants everything; only a run in fuelbox shows what a guest costs.

use crate::panics;
use alloc::{string::String, vec::Vec};
use core::{mem, time::Duration};
use std::{
    cell::RefCell,
    panic::{catch_unwind, AssertUnwindSafe},
    thread_local,
};

/// A host for one run.
///
/// ```
/// use fuelbox_guest::{mock, Clock, Failure, Input, Output, Random};
/// use std::time::Duration;
///
/// fn stamp(_: Input, output: Output) -> Result<(), Failure> {
///     output.write(format!("{} {:x}", Clock.now().as_secs(), Random.number()).as_bytes());
///     Ok(())
/// }
/// fuelbox_guest::entry!(stream stamp);
///
/// # fn main() {
/// let host = mock::Host::new().time(Duration::from_secs(5)).random(7);
/// assert_eq!(host.run(execute).output, b"5 63cbe1e459320dd7");
/// # }
/// ```
///
/// ```
/// use fuelbox_guest::mock::Host;
/// use std::time::Duration;
///
/// fn run(input: &[u8]) -> Result<Vec<u8>, core::fmt::Error> {
///     Ok(input.to_ascii_uppercase())
/// }
/// fuelbox_guest::entry!(run);
///
/// # fn main() {
/// let host = Host::new().input("text").time(Duration::from_secs(7)).random(42);
/// let report = host.run(execute);
/// assert_eq!((report.status, &*report.output), (Some(0), &b"TEXT"[..]));
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Host {
    input: Vec<u8>,
    time: Duration,
    random: u64,
    output: Vec<u8>,
    logs: Vec<String>,
}

/// What happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The guest's status, 0 where all went well; `None` where it panicked, as it would trap.
    pub status: Option<i32>,
    /// What the guest wrote.
    pub output: Vec<u8>,
    /// What the guest logged, in order.
    pub logs: Vec<String>,
}

impl Host {
    /// A host with an empty input, at the Unix epoch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the input.
    #[must_use]
    pub fn input(self, input: impl Into<Vec<u8>>) -> Self {
        Self {
            input: input.into(),
            ..self
        }
    }

    /// Sets the time since the Unix epoch. It stands still.
    #[must_use]
    pub fn time(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// Sets the seed of the random bytes: the same ones that fuelbox's own source gives for it.
    #[must_use]
    pub fn random(self, seed: u64) -> Self {
        Self {
            random: seed,
            ..self
        }
    }

    /// Runs the function `execute` that [`entry!`](crate::entry) makes.
    pub fn run(self, execute: impl FnOnce(i32, i32) -> i32) -> Report {
        let len = i32::try_from(self.input.len()).expect("the input of a test is below 2 GiB");
        let outer = CURRENT.with(|current| current.replace(self));
        let status = catch_unwind(AssertUnwindSafe(|| execute(0, len)));
        let status = status.map_err(|payload| panics::log(&message(&*payload)));
        let host = CURRENT.with(|current| current.replace(outer));
        Report {
            status: status.ok(),
            output: host.output,
            logs: host.logs,
        }
    }
}

thread_local! {
    /// The host that calls on this thread go to.
    static CURRENT: RefCell<Host> = RefCell::new(Host::default());
}

fn with<T>(call: impl FnOnce(&mut Host) -> T) -> T {
    CURRENT.with(|current| call(&mut current.borrow_mut()))
}

fn message(payload: &(dyn core::any::Any + Send)) -> String {
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref()) {
        (Some(text), _) => text,
        (None, Some(text)) => String::as_str(text),
        (None, None) => "without a message",
    };
    alloc::format!("panicked: {text}")
}

pub(crate) fn log(line: &[u8]) {
    let line = String::from_utf8_lossy(line).into_owned();
    with(|host| host.logs.push(line));
}

pub(crate) fn input_len() -> usize {
    with(|host| host.input.len())
}

pub(crate) fn read_input(buffer: &mut [u8]) -> usize {
    with(|host| {
        let pairs = buffer.iter_mut().zip(&host.input);
        pairs.map(|(to, from)| *to = *from).count()
    })
}

pub(crate) fn leak_input() -> Option<&'static mut [u8]> {
    Some(with(|host| host.input.clone()).leak())
}

pub(crate) fn write_output(bytes: &[u8]) {
    with(|host| host.output.extend_from_slice(bytes));
}

pub(crate) fn time_nanos() -> u64 {
    with(|host| u64::try_from(host.time.as_nanos()).unwrap_or(u64::MAX))
}

/// How many bytes come from one number.
const NUMBER_BYTES: usize = 8;

/// The generator of `fuelbox::capability::Random`: SplitMix64, a new number for each eight bytes.
pub(crate) fn read_random(buffer: &mut [u8]) {
    let mut state = with(|host| mem::take(&mut host.random));
    for piece in buffer.chunks_mut(NUMBER_BYTES) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bytes = (mixed ^ (mixed >> 31)).to_le_bytes();
        piece
            .iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = from);
    }
    with(|host| host.random = state);
}
