//! The descriptors that a worker is handed before anything is said to it.

use super::{ChannelError, Malformed};
use alloc::vec::Vec;
use core::mem::MaybeUninit;
use rustix::{
    cmsg_space,
    io::{Errno, FdFlags, fcntl_setfd},
    net::{
        RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
    },
};
use std::{
    io::{self, IoSlice, IoSliceMut},
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
};

/// The most descriptors that can be handed over; a program has a handful of directories.
pub(in crate::worker) const MOST_DESCRIPTORS: usize = 16;

/// Sends a byte that says how many descriptors there are, and with it as many: copies of these.
///
/// It never waits, as long as nothing else was sent.
///
/// # Errors
/// What the system says, and `InvalidInput` where there are more than [`MOST_DESCRIPTORS`].
pub(in crate::worker) fn hand_over(
    socket: &UnixStream,
    descriptors: &[impl AsFd],
) -> io::Result<()> {
    let count = Some(descriptors.len()).filter(|len| *len <= MOST_DESCRIPTORS);
    let count = count.and_then(|len| u8::try_from(len).ok());
    let count = [count.ok_or(io::ErrorKind::InvalidInput)?];
    let descriptors: Vec<_> = descriptors.iter().map(AsFd::as_fd).collect();
    let mut space = [MaybeUninit::uninit(); SPACE];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let sent = sendmsg(
        socket,
        &[IoSlice::new(&count)],
        &mut control,
        SendFlags::DONTWAIT,
    );
    sent.map(drop).map_err(io::Error::from)
}

/// Receives them; none of them goes to a process that this one starts.
///
/// # Errors
/// [`ChannelError::Closed`]; [`Malformed::Unexpected`] where there are not as many as announced, or more than
/// [`MOST_DESCRIPTORS`].
pub(in crate::worker) fn receive(socket: &UnixStream) -> Result<Vec<OwnedFd>, ChannelError> {
    let mut count = [0];
    let mut space = [MaybeUninit::uninit(); SPACE];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        let mut byte = [IoSliceMut::new(&mut count)];
        match recvmsg(socket, &mut byte, &mut control, RecvFlags::empty()) {
            Err(Errno::INTR) => {}
            Err(_) => return Err(ChannelError::Closed),
            Ok(received) => break received,
        }
    };
    // What is not taken out is closed with the buffer.
    let mut descriptors = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            descriptors.extend(rights);
        }
    }
    if received.bytes == 0 {
        return Err(ChannelError::Closed);
    }
    // Those that had no room are missing here.
    if descriptors.len() > MOST_DESCRIPTORS || descriptors.len() != usize::from(count[0]) {
        return Err(Malformed::Unexpected.into());
    }
    for descriptor in &descriptors {
        // Not as it comes, which not every Unix can do; nothing is started in between.
        fcntl_setfd(descriptor, FdFlags::CLOEXEC).map_err(|_| ChannelError::Closed)?;
    }
    Ok(descriptors)
}

const SPACE: usize = cmsg_space!(ScmRights(MOST_DESCRIPTORS));

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::fcntl_getfd;
    use std::{io::Write, net::Shutdown};

    fn pair() -> (UnixStream, UnixStream) {
        UnixStream::pair().expect("there are sockets")
    }

    /// Sends these bytes with these descriptors, and goes; what is made of it.
    fn received(bytes: &[u8], descriptors: &[UnixStream]) -> Result<usize, ChannelError> {
        let (from, to) = pair();
        let descriptors: Vec<_> = descriptors.iter().map(AsFd::as_fd).collect();
        let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST_DESCRIPTORS + 8))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            assert!(control.push(SendAncillaryMessage::ScmRights(&descriptors)));
        }
        let bytes = [IoSlice::new(bytes)];
        let sent = sendmsg(&from, &bytes, &mut control, SendFlags::empty());
        sent.expect("it can be sent");
        from.shutdown(Shutdown::Write).expect("it is open");
        receive(&to).map(|descriptors| descriptors.len())
    }

    fn sockets(count: usize) -> Vec<UnixStream> {
        (0..count).map(|_| pair().0).collect()
    }

    #[test]
    fn descriptors_arrive_in_order_and_go_no_further() {
        let (from, to) = pair();
        let (first, mut behind_first) = pair();
        let (second, mut behind_second) = pair();
        hand_over(&from, &[first, second]).expect("it can be sent");
        (&from).write_all(b"next").expect("it can be sent");
        let arrived = receive(&to).expect("as it should be");
        assert_eq!(arrived.len(), 2);
        for descriptor in &arrived {
            let flags = fcntl_getfd(descriptor).expect("it is open");
            assert!(flags.contains(FdFlags::CLOEXEC));
        }
        behind_first.write_all(b"1").expect("it is open");
        behind_second.write_all(b"2").expect("it is open");
        for (socket, byte) in arrived.into_iter().map(UnixStream::from).zip(*b"12") {
            let mut read = [0];
            io::Read::read_exact(&mut &socket, &mut read).expect("it was written");
            assert_eq!(read, [byte]);
        }
        // Nothing that comes after is taken with it.
        let mut next = [0; 4];
        io::Read::read_exact(&mut &to, &mut next).expect("it was written");
        assert_eq!(&next, b"next");
    }

    #[test]
    fn as_many_as_can_be_are_handed_over_and_no_more() {
        for count in [0, 1, MOST_DESCRIPTORS] {
            let (from, to) = pair();
            hand_over(&from, &sockets(count)).expect("it can be sent");
            assert_eq!(receive(&to).map(|arrived| arrived.len()), Ok(count));
        }
        let (from, _to) = pair();
        let refused = hand_over(&from, &sockets(MOST_DESCRIPTORS + 1));
        assert!(refused.is_err_and(|error| error.kind() == io::ErrorKind::InvalidInput));
    }

    #[test]
    fn other_descriptors_than_were_announced_are_malformed() {
        let unexpected = Err(ChannelError::Malformed(Malformed::Unexpected));
        assert_eq!(received(&[1], &[]), unexpected);
        assert_eq!(received(&[0], &sockets(1)), unexpected);
        assert_eq!(received(&[2], &sockets(1)), unexpected);
        assert_eq!(received(&[1], &sockets(2)), unexpected);
        assert_eq!(received(&[200], &[]), unexpected);
        assert_eq!(received(&[1], &sockets(1)), Ok(1));
        assert_eq!(received(&[0], &[]), Ok(0));
    }

    #[test]
    fn more_than_there_is_room_for_are_malformed_whatever_was_announced() {
        let many = sockets(MOST_DESCRIPTORS + 8);
        for announced in MOST_DESCRIPTORS..=many.len() {
            let announced = u8::try_from(announced).expect("it is small");
            assert_eq!(
                received(&[announced], &many),
                Err(ChannelError::Malformed(Malformed::Unexpected))
            );
        }
    }

    #[test]
    fn a_pool_that_is_gone_is_gone() {
        let (from, to) = pair();
        drop(from);
        assert_eq!(receive(&to).map(|_| ()), Err(ChannelError::Closed));
    }
}
