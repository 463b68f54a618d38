//! Each side of the protocol against another that says anything.

#[cfg(feature = "dir")]
use super::protocol::descriptors::hand_over;
use super::{
    WorkerModule, WorkerOptions, WorkerSpec,
    confine::Confine,
    exchange::{Answer, Errand, Task},
    keeper::Shared,
    link::Link,
    protocol::{
        Bounds, CallData, Channel, ChannelError, Ending, Malformed, Patience, Progress, ToHost,
        ToWorker, VERSION,
    },
    serve::serve,
};
use crate::{
    call::Call,
    capability::protocol,
    limits::Limits,
    report::{Outcome, Phase, Usage},
    sandbox::Sandbox,
    stop::HostError,
    value::{Value, ValueType},
};
use alloc::{vec, vec::Vec};
use core::time::Duration;
use proptest::prelude::*;
use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    thread,
};

/// A pool without workers, and a function that may be asked for.
fn shared() -> Shared {
    let limits = Limits::default()
        .deadline(Duration::from_millis(500))
        .output_bytes(1_000);
    let sandbox = Sandbox::new(limits).grant(protocol());
    let types = [ValueType::I32];
    let spec = WorkerSpec::new(&sandbox).expect("it is data").function(
        "env",
        "ask",
        &types,
        &types,
        |asking, args| {
            let read = asking.read(0, 4)?;
            asking.write(0, &read)?;
            asking.charge(1)?;
            Ok::<_, HostError>(args.to_vec())
        },
    );
    let second = Duration::from_secs(1);
    let options = WorkerOptions::default()
        .grace(second)
        .admission_time(second);
    Shared::new(spec, options, 1)
}

/// Guests import what they are offered, so that a run goes through it.
fn wasm() -> Vec<u8> {
    let text = r#"(module
        (import "env" "ask" (func $ask (param i32) (result i32)))
        (import "env" "host_write_output" (func $write (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "_start")
            (drop (call $ask (i32.const 7)))
            (call $write (i32.const 0) (i32.const 4))))"#;
    wat::parse_str(text).expect("it is valid")
}

/// What one end would send, as bytes.
fn said(messages: impl FnOnce(&mut Channel)) -> Vec<u8> {
    let (from, mut to) = UnixStream::pair().expect("there are sockets");
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        to.read_to_end(&mut bytes).map(|_| bytes)
    });
    messages(&mut Channel::new(from));
    let read = reader.join().expect("no panic");
    read.expect("it can be read")
}

fn say<M: serde::Serialize>(channel: &mut Channel, message: &M, body: &[u8]) {
    let sent = channel.send(message, &[body], Patience::Endless);
    sent.expect("it is read");
}

/// All that a worker may say in a run.
fn worker_says() -> Vec<u8> {
    let usage = Usage::default;
    said(|channel| {
        say(channel, &ToHost::Done, b"");
        let progress = Progress {
            output_bytes: 3,
            logs: Vec::new(),
            phase: Phase::Entry,
            usage: usage(),
        };
        say(channel, &ToHost::Progress(progress), b"outerr");
        let args = vec![Value::I32(7)];
        say(channel, &ToHost::Ask { function: 0, args }, b"");
        say(channel, &ToHost::Bytes, b"read");
        say(channel, &ToHost::Done, b"");
        say(channel, &ToHost::Done, b"");
        let ending = Ending {
            outcome: Outcome::Finished { status: 3 },
            output_bytes: 4,
            stderr_bytes: 0,
            logs: Vec::new(),
            values: Vec::new(),
            trees: Vec::new(),
            usage: usage(),
            alive: true,
        };
        say(channel, &ToHost::Ended(ending), b"more");
    })
}

/// That of a pool which comes first.
fn begin(spec: &WorkerSpec) -> ToWorker {
    ToWorker::Begin {
        version: VERSION,
        spec: spec.data.clone(),
        address_space_bytes: 0,
    }
}

/// All that a pool may say in a run.
fn pool_says() -> Vec<u8> {
    said(|channel| {
        say(channel, &begin(&shared().spec), b"");
        say(channel, &ToWorker::Load { module: 0 }, &wasm());
        let call = CallData::default;
        let run = ToWorker::Run {
            module: 0,
            call: call(),
        };
        say(channel, &run, b"input");
        say(channel, &ToWorker::Read { ptr: 0, len: 4 }, b"");
        say(channel, &ToWorker::Cancel, b"");
        let values = vec![Value::I32(1)];
        say(channel, &ToWorker::Answer { values }, b"");
        say(channel, &ToWorker::Instantiate { module: 0 }, b"");
        say(channel, &ToWorker::Call { call: call() }, b"");
        say(channel, &ToWorker::Halt, b"");
        say(channel, &ToWorker::Drop, b"");
        say(channel, &ToWorker::Forget { module: 0 }, b"");
    })
}

/// Has a pool listen to a worker that says `bytes` and goes.
fn listen(bytes: Vec<u8>) -> Result<Answer, ChannelError> {
    let (ours, mut theirs) = UnixStream::pair().expect("there are sockets");
    let worker = thread::spawn(move || {
        // The pool may have gone before.
        let _ = theirs.write_all(&bytes);
        let _ = theirs.shutdown(Shutdown::Write);
        let mut rest = Vec::new();
        let _ = theirs.read_to_end(&mut rest);
    });
    let shared = shared();
    let mut link = Link::new(ours);
    let mut errand = Errand::new(Call::entry(), None, &shared.spec).expect("it fits");
    let module = WorkerModule::new(wasm());
    let answer = errand.run(&mut link, Task::Run(&module), &shared);
    drop(link);
    worker.join().expect("no panic");
    answer.map_err(|lost| lost.error)
}

/// Has a worker serve a pool that hands nothing over, says `bytes` and goes; what it answers.
fn served(mut bytes: Vec<u8>) -> (Result<(), ChannelError>, Vec<u8>) {
    bytes.splice(0..0, [0]);
    served_after(|_| (), bytes)
}

/// Has a worker serve a pool that does `first`, says `bytes` and goes; what it answers.
fn served_after(
    first: impl FnOnce(&UnixStream),
    bytes: Vec<u8>,
) -> (Result<(), ChannelError>, Vec<u8>) {
    let (ours, mut theirs) = UnixStream::pair().expect("there are sockets");
    first(&theirs);
    let mut answers = theirs.try_clone().expect("it can be");
    let pool = thread::spawn(move || {
        let _ = theirs.write_all(&bytes);
        let _ = theirs.shutdown(Shutdown::Write);
    });
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = answers.read_to_end(&mut bytes);
        bytes
    });
    let served = serve(ours, Confine::nothing(), |sandbox| sandbox);
    pool.join().expect("no panic");
    (served, reader.join().expect("no panic"))
}

#[test]
fn what_is_said_as_it_should_be_is_understood() {
    let Ok(Answer::Report { report, alive }) = listen(worker_says()) else {
        panic!("it is said as it should be");
    };
    assert_eq!(report.output, b"outmore");
    assert_eq!(report.stderr, b"err");
    assert!(alive && report.status() == Some(3));

    let (served, answers) = served(pool_says());
    // In the second run nobody answers as should be: a halt that nothing was denied for ends that run alone.
    assert_eq!(served, Ok(()));
    let answers = alloc::string::String::from_utf8_lossy(&answers);
    for word in ["Ready", "Done", "Ask", "Bytes", "Ended", "Live"] {
        assert!(answers.contains(word), "{word}: {answers}");
    }
}

#[test]
fn a_worker_that_asks_for_what_there_is_not_is_no_worker() {
    let asked = |function, args: Vec<Value>| {
        listen(said(|channel| {
            say(channel, &ToHost::Done, b"");
            say(channel, &ToHost::Ask { function, args }, b"");
        }))
    };
    let unexpected = ChannelError::Malformed(Malformed::Unexpected);
    for (function, args) in [
        (1, vec![Value::I32(7)]),
        (0, vec![Value::I64(7)]),
        (0, Vec::new()),
    ] {
        assert_eq!(asked(function, args).unwrap_err(), unexpected);
    }
    // This one may ask, and goes away.
    let may = asked(0, vec![Value::I32(7)]);
    assert_eq!(may.unwrap_err(), ChannelError::Closed);
}

#[cfg(feature = "dir")]
#[test]
fn a_pool_that_hands_other_descriptors_over_than_its_directories_is_no_pool() {
    use crate::{
        capability::Wasi,
        dir::{Dir, scratch::Scratch},
    };
    use std::os::fd::{AsFd, BorrowedFd};

    let scratch = Scratch::new("handed");
    let dir = || Dir::read_only(scratch.path()).expect("it is there");
    let spec = |wasi| WorkerSpec::new(&Sandbox::new(Limits::default()).grant(wasi));
    let none = spec(Wasi::new()).expect("it is data");
    let two = spec(Wasi::new().mount("/a", dir()).mount("/b", dir())).expect("they can go");
    let handed = |spec: &WorkerSpec, descriptors: &[BorrowedFd<'_>]| {
        let first = |socket: &UnixStream| {
            hand_over(socket, descriptors).expect("it can be sent");
        };
        served_after(first, said(|channel| say(channel, &begin(spec), b""))).0
    };
    let directory = two.directories[0].as_fd();
    let (socket, _) = UnixStream::pair().expect("there are sockets");
    let unexpected = Err(ChannelError::Malformed(Malformed::Unexpected));
    assert_eq!(handed(&none, &[]), Ok(()));
    assert_eq!(handed(&two, &[directory, directory]), Ok(()));
    assert_eq!(handed(&none, &[directory]), unexpected);
    assert_eq!(handed(&two, &[]), unexpected);
    assert_eq!(handed(&two, &[directory]), unexpected);
    assert_eq!(handed(&two, &[directory; 3]), unexpected);
    // No directory.
    assert_eq!(handed(&two, &[directory, socket.as_fd()]), unexpected);
}

#[test]
fn a_worker_that_is_gone_before_it_is_asked_has_begun_nothing() {
    let (ours, theirs) = UnixStream::pair().expect("there are sockets");
    drop(theirs);
    let (shared, module) = (shared(), WorkerModule::new(wasm()));
    let mut link = Link::new(ours);
    link.modules.insert(*module.digest(), 0);
    let mut errand = Errand::new(Call::entry(), None, &shared.spec).expect("it fits");
    let lost = errand.run(&mut link, Task::Run(&module), &shared);
    assert!(lost.is_err_and(|lost| !lost.has_begun));
}

#[test]
fn a_body_that_is_only_announced_takes_no_room() {
    let (ours, mut theirs) = UnixStream::pair().expect("there are sockets");
    let header = *b"fbw1\x06\0\0\0\0\0\0\0\0\0\x04\0";
    theirs.write_all(&header).expect("it is taken");
    theirs.write_all(b"\"Done\"").expect("it is taken");
    drop(theirs);
    let bounds = Bounds {
        head: 100,
        body: u64::MAX,
    };
    // A petabyte.
    let mut channel = Channel::new(ours);
    let heard = channel.receive::<ToHost>(&bounds, Patience::Endless);
    // Which no memory of 32 bits has anyway.
    let expected = match usize::BITS {
        32 => ChannelError::Malformed(Malformed::Length),
        _ => ChannelError::Closed,
    };
    assert_eq!(heard.map(|_| ()), Err(expected));
}

/// Changes to what is said: bytes exchanged, a part left out, a part said twice.
fn mutated(mut bytes: Vec<u8>, changes: &[(u16, u8)], cut: (u16, u16), again: bool) -> Vec<u8> {
    let place = |at: u16| usize::from(at).checked_rem(bytes.len()).unwrap_or(0);
    let changes: Vec<_> = changes
        .iter()
        .map(|(at, byte)| (place(*at), *byte))
        .collect();
    let (from, to) = (place(cut.0.min(cut.1)), place(cut.0.max(cut.1)));
    for (at, byte) in changes {
        bytes[at] = byte;
    }
    let part = bytes.get(from..to).unwrap_or_default().to_vec();
    if again {
        bytes.splice(to..to, part);
    } else if part.len() < 40 {
        bytes.drain(from..to.max(from));
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_pool_survives_any_worker(bytes: Vec<u8>, changes: Vec<(u16, u8)>, cut: (u16, u16), again: bool) {
        let _ = listen(bytes);
        let _ = listen(mutated(worker_says(), &changes[..changes.len().min(3)], cut, again));
    }

    #[test]
    fn a_worker_survives_any_pool(bytes: Vec<u8>, changes: Vec<(u16, u8)>, cut: (u16, u16), again: bool) {
        let _ = served_after(|_| (), bytes.clone());
        let _ = served(bytes);
        let _ = served(mutated(pool_says(), &changes[..changes.len().min(3)], cut, again));
    }
}
