//! Waiting for events.
//!
//! Files and streams are always ready, except for standard input that arrives during the run. On a clock that goes
//! with fuel a guest that waits moves the clock; on the machine's clock the execution waits for it.

use super::{
    abi::{self, Record, Rights, eventtype},
    call::{Call, Fail, state_of},
    clocks::{self, ClockId},
    fds::Object,
    stdin::{self, Ready, Stdin},
};
use crate::{
    host::{Answer, Halt, Host, Piece, Signal, Work},
    tree::Errno,
};
use alloc::vec::Vec;
use core::time::Duration;

/// How many events one call may wait for: as many as descriptors may be open. For each the machine may be
/// asked.
const MOST_SUBSCRIPTIONS: u32 = 1_024;

const SUBSCRIPTION_BYTES: u32 = 48;
const EVENT_BYTES: usize = 32;
const EVENT_BYTES_U32: u32 = 32;

/// What a guest waits for.
struct Subscription {
    userdata: u64,
    kind: u8,
    event: Awaited,
}

/// The clocks that can be waited for, as all subscriptions of one call see them.
#[derive(Clone, Copy)]
struct Now {
    realtime: u64,
    monotonic: u64,
}

impl Now {
    fn read(call: &mut Call<'_>) -> Result<Self, Fail> {
        Ok(Self {
            realtime: clocks::read(call, ClockId::Realtime)?,
            monotonic: clocks::read(call, ClockId::Monotonic)?,
        })
    }

    /// In nanoseconds. A guest that waits uses no processor time, so that it would wait for ever.
    fn of(self, id: ClockId) -> Result<u64, Errno> {
        match id {
            ClockId::Realtime => Ok(self.realtime),
            ClockId::Monotonic => Ok(self.monotonic),
            ClockId::Cputime => Err(Errno::Notsup),
        }
    }
}

enum Awaited {
    /// A clock, in so many nanoseconds from now.
    Clock { nanos: u64 },
    /// A descriptor, with so many bytes ready.
    Ready { bytes: u64, hangup: bool },
    /// Standard input of which nothing has arrived yet.
    Input,
    /// Something that cannot be waited for.
    Failed(Errno),
}

pub(super) fn oneoff(
    call: &mut Call<'_>,
    subscriptions: u32,
    events: u32,
    count: u32,
    stored: u32,
) -> Result<(), Fail> {
    if count == 0 || count > MOST_SUBSCRIPTIONS {
        return Err(Errno::Inval.into());
    }
    call.check(stored, 4)?;
    let records = call
        .read(subscriptions, count.saturating_mul(SUBSCRIPTION_BYTES))?
        .to_vec();
    let now = Now::read(call)?;
    let subscriptions = records
        .chunks_exact(48)
        .map(|record| parse(call, record, now))
        .collect::<Result<Vec<_>, Fail>>()?;

    let clocks = subscriptions
        .iter()
        .filter_map(|subscription| match subscription.event {
            Awaited::Clock { nanos } => Some(nanos),
            Awaited::Ready { .. } | Awaited::Input | Awaited::Failed(_) => None,
        });
    let soonest = clocks.min();
    let any = |is: fn(&Awaited) -> bool| subscriptions.iter().any(|one| is(&one.event));
    let others = any(|event| matches!(event, Awaited::Ready { .. } | Awaited::Failed(_)));
    if !others && soonest != Some(0) && any(|event| matches!(event, Awaited::Input)) {
        call.check(events, count.saturating_mul(EVENT_BYTES_U32))?;
        return call.work(Waiting {
            subscriptions,
            nanos: soonest,
            until: None,
            events,
            stored,
        });
    }
    let wait = if others { 0 } else { soonest.unwrap_or(0) };
    let waits = wait > 0 && call.state().time.is_real();

    let (happened, number) = happened(&subscriptions, wait);
    call.write(events, &happened)?;
    call.write_u32(stored, number)?;
    let wait = Duration::from_nanos(wait);
    if waits {
        // The events are written; the call returns when they have happened.
        return Err(Fail::Signal(Signal::Wait {
            time: wait,
            answer: 0,
        }));
    }
    call.state().time.sleep(wait);
    Ok(())
}

/// The records of what has happened once so many nanoseconds are over, and their number.
fn happened(subscriptions: &[Subscription], nanos: u64) -> (Vec<u8>, u32) {
    let mut records = Vec::new();
    let mut number = 0_u32;
    for subscription in subscriptions {
        let is_later = match subscription.event {
            Awaited::Clock { nanos: after } => after > nanos,
            Awaited::Input => true,
            Awaited::Ready { .. } | Awaited::Failed(_) => false,
        };
        if !is_later {
            records.extend_from_slice(event(subscription).bytes());
            number = number.saturating_add(1);
        }
    }
    (records, number)
}

/// A guest that waits for standard input, and perhaps for time.
struct Waiting {
    subscriptions: Vec<Subscription>,
    /// How long it waits at the most.
    nanos: Option<u64>,
    /// The running time at which that is over, once it waits.
    until: Option<Duration>,
    /// Where the events and their number go, which was checked.
    events: u32,
    stored: u32,
}

impl Work for Waiting {
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt> {
        let now = host.watch.time();
        let state = state_of(host);
        let ready = state.stdin.as_mut().map(Stdin::look).transpose()?;
        let mut over = 0;
        if let Some(Ready::Bytes(len)) = ready {
            for subscription in &mut self.subscriptions {
                if matches!(subscription.event, Awaited::Input) {
                    subscription.event = arrived(len);
                }
            }
        } else {
            let time = self.nanos.map(Duration::from_nanos);
            let until = time.map(|time| *self.until.get_or_insert(now.saturating_add(time)));
            if until.is_none_or(|until| now < until) {
                return Ok(Piece::WAIT);
            }
            over = self.nanos.unwrap_or_default();
            // A clock that goes with fuel is moved; the machine's has gone on by itself.
            if !state.time.is_real() {
                state.time.sleep(time.unwrap_or_default());
            }
        }
        let (happened, number) = happened(&self.subscriptions, over);
        stdin::store(memory, host, self.events, &happened);
        stdin::store(memory, host, self.stored, &number.to_le_bytes());
        Ok(Piece::done(Answer::Number(0)))
    }
}

fn arrived(len: usize) -> Awaited {
    Awaited::Ready {
        bytes: u64::try_from(len).unwrap_or(u64::MAX),
        hangup: len == 0,
    }
}

fn parse(call: &mut Call<'_>, record: &[u8], now: Now) -> Result<Subscription, Fail> {
    let kind = u8::from_le_bytes(abi::field(record, 8));
    let event = match kind {
        eventtype::CLOCK => clock(record, now).map_err(Fail::from),
        eventtype::FD_READ | eventtype::FD_WRITE => {
            let fd = u32::from_le_bytes(abi::field(record, 16));
            ready(call, fd, kind == eventtype::FD_READ)
        }
        _ => Err(Errno::Inval.into()),
    };
    let event = match event {
        Err(Fail::Errno(errno)) => Awaited::Failed(errno),
        event => event?,
    };
    Ok(Subscription {
        userdata: u64::from_le_bytes(abi::field(record, 0)),
        kind,
        event,
    })
}

fn clock(record: &[u8], now: Now) -> Result<Awaited, Errno> {
    const ABSOLUTE: u16 = 1;

    let id = ClockId::new(u32::from_le_bytes(abi::field(record, 16)))?;
    let timeout = u64::from_le_bytes(abi::field(record, 24));
    let flags = u16::from_le_bytes(abi::field(record, 40));
    let now = now.of(id)?;
    let nanos = if flags & ABSOLUTE == 0 {
        timeout
    } else {
        timeout.saturating_sub(now)
    };
    Ok(Awaited::Clock { nanos })
}

fn ready(call: &mut Call<'_>, fd: u32, to_read: bool) -> Result<Awaited, Fail> {
    let input_len = call.host().input.len();
    let state = call.state();
    let descriptor = state.fds.get(fd)?;
    let direction = if to_read {
        Rights::FD_READ
    } else {
        Rights::FD_WRITE
    };
    if !descriptor
        .rights
        .contains(direction.and(Rights::POLL_FD_READWRITE))
    {
        return Err(Errno::Notcapable.into());
    }
    if matches!(descriptor.object, Object::Stdin) && state.stdin.is_some() {
        return Ok(match stdin::look(call)? {
            Ready::Bytes(len) => arrived(len),
            Ready::Later => Awaited::Input,
        });
    }
    let (bytes, hangup) = match descriptor.object {
        Object::Stdin => {
            let left = input_len.saturating_sub(state.input_read);
            (u64::try_from(left).unwrap_or(u64::MAX), left == 0)
        }
        Object::File {
            mount,
            node,
            offset,
        } if to_read => (
            state.files(mount)?.stat(node)?.size.saturating_sub(offset),
            false,
        ),
        // How many fit is known once they are written.
        _ if !to_read => (1, false),
        _ => (0, false),
    };
    Ok(Awaited::Ready { bytes, hangup })
}

fn event(subscription: &Subscription) -> Record<EVENT_BYTES> {
    const HANGUP: u16 = 1;

    let record = Record::new()
        .u64(0, subscription.userdata)
        .u8(10, subscription.kind);
    match subscription.event {
        Awaited::Clock { .. } | Awaited::Input => record,
        Awaited::Ready { bytes, hangup } => record
            .u64(16, bytes)
            .u16(24, if hangup { HANGUP } else { 0 }),
        Awaited::Failed(errno) => record.u16(8, errno.number()),
    }
}
