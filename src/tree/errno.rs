//! The error numbers of WASI preview 1.

/// What a WASI function answers, by the name and number the specification gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
#[expect(dead_code, reason = "the specification's whole list")]
pub(crate) enum Errno {
    /// No error.
    Success = 0,
    /// The arguments are too long.
    TooBig = 1,
    /// Permission denied.
    Acces = 2,
    /// The address is in use.
    Addrinuse = 3,
    /// The address is not available.
    Addrnotavail = 4,
    /// The address family is not supported.
    Afnosupport = 5,
    /// The resource is not ready, or the operation would block.
    Again = 6,
    /// A connection is already being made.
    Already = 7,
    /// The descriptor is not one, or not one for this.
    Badf = 8,
    /// The message is bad.
    Badmsg = 9,
    /// The device or resource is busy.
    Busy = 10,
    /// The operation was cancelled.
    Canceled = 11,
    /// There are no child processes.
    Child = 12,
    /// The connection was aborted.
    Connaborted = 13,
    /// The connection was refused.
    Connrefused = 14,
    /// The connection was reset.
    Connreset = 15,
    /// The resource would deadlock.
    Deadlk = 16,
    /// A destination address is required.
    Destaddrreq = 17,
    /// The argument is outside the function's domain.
    Dom = 18,
    /// Reserved.
    Dquot = 19,
    /// The file exists.
    Exist = 20,
    /// The address is bad.
    Fault = 21,
    /// The file would be too large.
    Fbig = 22,
    /// The host is unreachable.
    Hostunreach = 23,
    /// The identifier was removed.
    Idrm = 24,
    /// The byte sequence is not UTF-8.
    Ilseq = 25,
    /// The operation is in progress.
    Inprogress = 26,
    /// The function was interrupted.
    Intr = 27,
    /// An argument is invalid.
    Inval = 28,
    /// Reading or writing failed.
    Io = 29,
    /// The socket is connected.
    Isconn = 30,
    /// It is a directory.
    Isdir = 31,
    /// Too many symbolic links.
    Loop = 32,
    /// Too many descriptors are open.
    Mfile = 33,
    /// Too many links.
    Mlink = 34,
    /// The message is too large.
    Msgsize = 35,
    /// Reserved.
    Multihop = 36,
    /// The name is too long.
    Nametoolong = 37,
    /// The network is down.
    Netdown = 38,
    /// The connection was ended by the network.
    Netreset = 39,
    /// The network is unreachable.
    Netunreach = 40,
    /// Too many files are open in the system.
    Nfile = 41,
    /// There is no buffer space.
    Nobufs = 42,
    /// There is no such device.
    Nodev = 43,
    /// There is no such file or directory.
    Noent = 44,
    /// The file is not in a format that can be run.
    Noexec = 45,
    /// There are no locks left.
    Nolck = 46,
    /// Reserved.
    Nolink = 47,
    /// There is not enough memory.
    Nomem = 48,
    /// There is no message of that type.
    Nomsg = 49,
    /// The protocol is not available.
    Noprotoopt = 50,
    /// There is no space left.
    Nospc = 51,
    /// The function is not supported.
    Nosys = 52,
    /// The socket is not connected.
    Notconn = 53,
    /// It is not a directory, or a symbolic link to one.
    Notdir = 54,
    /// The directory is not empty.
    Notempty = 55,
    /// The state cannot be recovered.
    Notrecoverable = 56,
    /// It is not a socket.
    Notsock = 57,
    /// The operation is not supported.
    Notsup = 58,
    /// The control operation does not fit the device.
    Notty = 59,
    /// There is no such device or address.
    Nxio = 60,
    /// The value is too large for its type.
    Overflow = 61,
    /// The previous owner died.
    Ownerdead = 62,
    /// The operation is not permitted.
    Perm = 63,
    /// The pipe is broken.
    Pipe = 64,
    /// The protocol failed.
    Proto = 65,
    /// The protocol is not supported.
    Protonosupport = 66,
    /// The protocol is of the wrong type for the socket.
    Prototype = 67,
    /// The result is too large.
    Range = 68,
    /// The file system is read-only.
    Rofs = 69,
    /// The descriptor cannot be positioned.
    Spipe = 70,
    /// There is no such process.
    Srch = 71,
    /// Reserved.
    Stale = 72,
    /// The connection timed out.
    Timedout = 73,
    /// The text file is busy.
    Txtbsy = 74,
    /// The link leads across devices.
    Xdev = 75,
    /// The descriptor lacks the right for it, or the path leads out of its directory.
    Notcapable = 76,
}

impl Errno {
    /// The number that the guest is given.
    pub(crate) const fn number(self) -> u16 {
        self as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_specification() {
        let known = [
            (Errno::Success, 0),
            (Errno::Badf, 8),
            (Errno::Exist, 20),
            (Errno::Inval, 28),
            (Errno::Isdir, 31),
            (Errno::Loop, 32),
            (Errno::Noent, 44),
            (Errno::Notdir, 54),
            (Errno::Notempty, 55),
            (Errno::Rofs, 69),
            (Errno::Notcapable, 76),
        ];
        for (errno, number) in known {
            assert_eq!(errno.number(), number, "{errno:?}");
        }
    }
}
