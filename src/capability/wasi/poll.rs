//! Waiting for events.
//!
//! Files and streams are always ready, so only clocks are ever waited for. On a clock that goes with
//! fuel a guest that waits moves the clock; on the machine's clock the execution waits for it.

use super::{
    abi::{self, Record, Rights, eventtype},
    call::{Call, Fail},
    clocks::{self, ClockId},
    fds::Object,
};
use crate::{host::Signal, tree::Errno};
use alloc::vec::Vec;
use core::time::Duration;

/// How many events one call may wait for: as many as descriptors may be open. For each the machine may be
/// asked.
const MOST_SUBSCRIPTIONS: u32 = 1_024;

const SUBSCRIPTION_BYTES: u32 = 48;
const EVENT_BYTES: usize = 32;

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
    let subscriptions: Vec<_> = records
        .chunks_exact(48)
        .map(|record| parse(call, record, now))
        .collect();

    let clocks = subscriptions
        .iter()
        .filter_map(|subscription| match subscription.event {
            Awaited::Clock { nanos } => Some(nanos),
            Awaited::Ready { .. } | Awaited::Failed(_) => None,
        });
    let others = subscriptions
        .iter()
        .any(|subscription| !matches!(subscription.event, Awaited::Clock { .. }));
    let wait = if others { 0 } else { clocks.min().unwrap_or(0) };
    let waits = wait > 0 && call.state().time.is_real();
    if waits && !call.host().may_wait {
        return Err(Errno::Notsup.into());
    }

    let mut happened = Vec::new();
    let mut number = 0_u32;
    for subscription in &subscriptions {
        if !matches!(subscription.event, Awaited::Clock { nanos } if nanos > wait) {
            happened.extend_from_slice(event(subscription).bytes());
            number = number.saturating_add(1);
        }
    }
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

fn parse(call: &mut Call<'_>, record: &[u8], now: Now) -> Subscription {
    let kind = u8::from_le_bytes(abi::field(record, 8));
    let event = match kind {
        eventtype::CLOCK => clock(record, now),
        eventtype::FD_READ | eventtype::FD_WRITE => {
            let fd = u32::from_le_bytes(abi::field(record, 16));
            ready(call, fd, kind == eventtype::FD_READ)
        }
        _ => Err(Errno::Inval),
    };
    Subscription {
        userdata: u64::from_le_bytes(abi::field(record, 0)),
        kind,
        event: event.unwrap_or_else(Awaited::Failed),
    }
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

fn ready(call: &mut Call<'_>, fd: u32, to_read: bool) -> Result<Awaited, Errno> {
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
        return Err(Errno::Notcapable);
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
        Awaited::Clock { .. } => record,
        Awaited::Ready { bytes, hangup } => record
            .u64(16, bytes)
            .u16(24, if hangup { HANGUP } else { 0 }),
        Awaited::Failed(errno) => record.u16(8, errno.number()),
    }
}
