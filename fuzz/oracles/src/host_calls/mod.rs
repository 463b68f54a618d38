//! The four functions of the protocol, with any pointers and lengths: a fault, or exactly the effect
//! that a model of them has.

mod model;

use crate::{
    guest::program::{ANSWER, Callee, Program},
    laws,
    plan::Plan,
    run::same_but_for_time,
};
use arbitrary::{Arbitrary, Unstructured};
use fuelbox::{
    Call, Caller, Error, Extensions, Finished, Function, HostError, Module, Sandbox, protocol,
};
use model::{Model, Seen};
use std::time::Duration;

/// One call of the guest.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Act {
    Log(Range),
    InputLen,
    ReadInput(Range),
    WriteOutput(Range),
}

/// A range of memory as a guest gives it.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Range {
    /// Within the first page, mostly.
    Near(u16, u16),
    /// At this distance from the end of memory, before it or beyond.
    AtEnd(i8, u8),
    /// Anywhere.
    Any(u32, u32),
}

/// Pages of the guest's memory; with none it exports no memory.
const MOST_PAGES: u64 = 3;

/// Most calls of one guest.
const MOST_ACTS: usize = 40;

/// Runs the calls that `data` stands for, in a sandbox and in the model.
///
/// # Panics
/// Where they differ.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let mut bytes = Unstructured::new(bytes);
    let pages = u64::from(bytes.arbitrary::<u8>().unwrap_or(1)) % (MOST_PAGES + 1);
    let acts: Vec<Act> = bytes
        .arbitrary_iter()
        .into_iter()
        .flatten()
        .map_while(Result::ok)
        .take(MOST_ACTS)
        .collect();
    let text = plan.draw().bytes(300);

    // What this is about are ranges, so fuel and memory are there.
    let limits = plan.timeless().fuel(1 << 30).memory_bytes(MOST_PAGES << 16);
    let mut program = Program::default();
    if pages > 0 {
        program.data(100, &text);
    }
    for act in &acts {
        let (callee, arguments) = act.call(pages << 16);
        program.call(callee, &arguments);
    }
    let module =
        Module::new(program.module((pages > 0).then_some(pages))).expect("a program is valid");

    let mut model = Model::new(&limits, plan.input(), pages << 16);
    model.put(100, &text);
    acts.iter().take_while(|act| model.act(act)).count();

    let sandbox = Sandbox::with_clock(limits.clone(), || Duration::ZERO)
        .grant(protocol())
        .grant(Function::new(ANSWER.0, ANSWER.1, answer));
    let extensions = Extensions::new().with(Answers::default());
    let call = Call::entry().input(plan.input()).extensions(extensions);
    let started = sandbox.start(&module, call);
    // All others take an address.
    let is_refused = pages == 0 && acts.iter().any(|act| !matches!(act, Act::InputLen));
    let execution = match started {
        Err(Error::MemoryNotExported { .. }) if is_refused => return,
        started => started.expect("all is granted"),
    };
    assert!(!is_refused, "there is no memory to reach");
    let Finished {
        report,
        mut extensions,
        ..
    } = execution.finish();
    laws::holds(&report, &limits);
    let answers = extensions
        .get_mut::<Answers>()
        .map(std::mem::take)
        .unwrap_or_default();
    let seen = Seen {
        report: same_but_for_time(report),
        answers: answers.values,
        memory: answers.memory,
    };
    model.compare(&seen);
}

/// What the guest was answered, and its memory after that.
#[derive(Default)]
struct Answers {
    values: Vec<i32>,
    memory: Vec<u8>,
}

fn answer(caller: &mut Caller<'_>, value: i32) -> Result<(), HostError> {
    // Without a memory there is nothing to see.
    let sizes = (1..=MOST_PAGES as u32).rev().map(|pages| pages << 16);
    let mut memory = Vec::new();
    for size in sizes {
        if let Ok(bytes) = caller.read(0, size) {
            memory = bytes.to_vec();
            break;
        }
    }
    let answers = caller.get_mut::<Answers>().expect("every run has them");
    answers.values.push(value);
    answers.memory = memory;
    Ok(())
}

impl Act {
    /// The call in a guest with so much memory.
    fn call(&self, memory_bytes: u64) -> (Callee, Vec<u64>) {
        let callee = |name, wide, has_result| Callee {
            module: "env",
            name,
            wide,
            has_result,
        };
        let range = |range: &Range| {
            let (ptr, len) = range.of(memory_bytes);
            vec![ptr.into(), len.into()]
        };
        match self {
            Self::Log(at) => (callee("host_log", &[false, false], false), range(at)),
            Self::InputLen => (callee("host_get_input_len", &[], true), Vec::new()),
            Self::ReadInput(at) => (callee("host_read_input", &[false, false], true), range(at)),
            Self::WriteOutput(at) => (
                callee("host_write_output", &[false, false], false),
                range(at),
            ),
        }
    }
}

impl Range {
    /// Pointer and length in a guest with so much memory.
    fn of(self, memory_bytes: u64) -> (u32, u32) {
        match self {
            Self::Near(ptr, len) => (ptr.into(), (len % 1_000).into()),
            Self::AtEnd(distance, len) => {
                let end = memory_bytes as u32;
                (end.wrapping_add_signed(distance.into()), len.into())
            }
            Self::Any(ptr, len) => (ptr, len),
        }
    }
}
