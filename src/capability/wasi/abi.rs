//! Numbers and layouts of `wasi_snapshot_preview1`, from its witx description.

/// What may be done with a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rights(pub(super) u64);

impl Rights {
    pub(super) const FD_DATASYNC: Self = Self(1);
    pub(super) const FD_READ: Self = Self(1 << 1);
    pub(super) const FD_SEEK: Self = Self(1 << 2);
    pub(super) const FD_FDSTAT_SET_FLAGS: Self = Self(1 << 3);
    pub(super) const FD_SYNC: Self = Self(1 << 4);
    pub(super) const FD_TELL: Self = Self(1 << 5);
    pub(super) const FD_WRITE: Self = Self(1 << 6);
    pub(super) const FD_ADVISE: Self = Self(1 << 7);
    pub(super) const FD_ALLOCATE: Self = Self(1 << 8);
    pub(super) const PATH_CREATE_DIRECTORY: Self = Self(1 << 9);
    pub(super) const PATH_CREATE_FILE: Self = Self(1 << 10);
    pub(super) const PATH_LINK_SOURCE: Self = Self(1 << 11);
    pub(super) const PATH_LINK_TARGET: Self = Self(1 << 12);
    pub(super) const PATH_OPEN: Self = Self(1 << 13);
    pub(super) const FD_READDIR: Self = Self(1 << 14);
    pub(super) const PATH_READLINK: Self = Self(1 << 15);
    pub(super) const PATH_RENAME_SOURCE: Self = Self(1 << 16);
    pub(super) const PATH_RENAME_TARGET: Self = Self(1 << 17);
    pub(super) const PATH_FILESTAT_GET: Self = Self(1 << 18);
    pub(super) const PATH_FILESTAT_SET_SIZE: Self = Self(1 << 19);
    pub(super) const PATH_FILESTAT_SET_TIMES: Self = Self(1 << 20);
    pub(super) const FD_FILESTAT_GET: Self = Self(1 << 21);
    pub(super) const FD_FILESTAT_SET_SIZE: Self = Self(1 << 22);
    pub(super) const FD_FILESTAT_SET_TIMES: Self = Self(1 << 23);
    pub(super) const PATH_SYMLINK: Self = Self(1 << 24);
    pub(super) const PATH_REMOVE_DIRECTORY: Self = Self(1 << 25);
    pub(super) const PATH_UNLINK_FILE: Self = Self(1 << 26);
    pub(super) const POLL_FD_READWRITE: Self = Self(1 << 27);

    pub(super) const NONE: Self = Self(0);

    /// What can be done with a regular file.
    pub(super) const FILE: Self = Self::NONE
        .and(Self::FD_DATASYNC)
        .and(Self::FD_READ)
        .and(Self::FD_SEEK)
        .and(Self::FD_FDSTAT_SET_FLAGS)
        .and(Self::FD_SYNC)
        .and(Self::FD_TELL)
        .and(Self::FD_WRITE)
        .and(Self::FD_ADVISE)
        .and(Self::FD_ALLOCATE)
        .and(Self::FD_FILESTAT_GET)
        .and(Self::FD_FILESTAT_SET_SIZE)
        .and(Self::FD_FILESTAT_SET_TIMES)
        .and(Self::POLL_FD_READWRITE);

    /// What can be done with a directory.
    pub(super) const DIRECTORY: Self = Self::NONE
        .and(Self::FD_FDSTAT_SET_FLAGS)
        .and(Self::FD_SYNC)
        .and(Self::FD_DATASYNC)
        .and(Self::FD_READDIR)
        .and(Self::FD_FILESTAT_GET)
        .and(Self::FD_FILESTAT_SET_TIMES)
        .and(Self::PATH_CREATE_DIRECTORY)
        .and(Self::PATH_CREATE_FILE)
        .and(Self::PATH_LINK_SOURCE)
        .and(Self::PATH_LINK_TARGET)
        .and(Self::PATH_OPEN)
        .and(Self::PATH_READLINK)
        .and(Self::PATH_RENAME_SOURCE)
        .and(Self::PATH_RENAME_TARGET)
        .and(Self::PATH_FILESTAT_GET)
        .and(Self::PATH_FILESTAT_SET_SIZE)
        .and(Self::PATH_FILESTAT_SET_TIMES)
        .and(Self::PATH_SYMLINK)
        .and(Self::PATH_REMOVE_DIRECTORY)
        .and(Self::PATH_UNLINK_FILE);

    /// What can be done with the input.
    pub(super) const INPUT: Self = Self::NONE
        .and(Self::FD_READ)
        .and(Self::FD_FDSTAT_SET_FLAGS)
        .and(Self::FD_FILESTAT_GET)
        .and(Self::POLL_FD_READWRITE);

    /// What can be done with the output and the error stream.
    pub(super) const OUTPUT: Self = Self::NONE
        .and(Self::FD_WRITE)
        .and(Self::FD_FDSTAT_SET_FLAGS)
        .and(Self::FD_FILESTAT_GET)
        .and(Self::POLL_FD_READWRITE);

    /// Both these and `other`.
    #[must_use]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in `other` too.
    #[must_use]
    pub(super) const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The kind of a descriptor or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum FileType {
    /// A stream of the run: neither file nor terminal.
    Unknown = 0,
    Directory = 3,
    RegularFile = 4,
    SymbolicLink = 7,
}

/// Flags of a descriptor.
pub(super) mod fdflags {
    pub(in crate::capability::wasi) const APPEND: u16 = 1;
    pub(in crate::capability::wasi) const DSYNC: u16 = 1 << 1;
    pub(in crate::capability::wasi) const NONBLOCK: u16 = 1 << 2;
    pub(in crate::capability::wasi) const RSYNC: u16 = 1 << 3;
    pub(in crate::capability::wasi) const SYNC: u16 = 1 << 4;
    pub(in crate::capability::wasi) const ALL: u16 = APPEND | DSYNC | NONBLOCK | RSYNC | SYNC;
}

/// Flags of `path_open`.
pub(super) mod oflags {
    pub(in crate::capability::wasi) const CREAT: u16 = 1;
    pub(in crate::capability::wasi) const DIRECTORY: u16 = 1 << 1;
    pub(in crate::capability::wasi) const EXCL: u16 = 1 << 2;
    pub(in crate::capability::wasi) const TRUNC: u16 = 1 << 3;
    pub(in crate::capability::wasi) const ALL: u16 = CREAT | DIRECTORY | EXCL | TRUNC;
}

/// Which times of a file to set.
pub(super) mod fstflags {
    pub(in crate::capability::wasi) const ATIM: u16 = 1;
    pub(in crate::capability::wasi) const ATIM_NOW: u16 = 1 << 1;
    pub(in crate::capability::wasi) const MTIM: u16 = 1 << 2;
    pub(in crate::capability::wasi) const MTIM_NOW: u16 = 1 << 3;
    pub(in crate::capability::wasi) const ALL: u16 = ATIM | ATIM_NOW | MTIM | MTIM_NOW;
}

/// How a path is looked up: whether a symbolic link at its end is followed.
pub(super) const SYMLINK_FOLLOW: u32 = 1;

/// Kinds of events.
pub(super) mod eventtype {
    pub(in crate::capability::wasi) const CLOCK: u8 = 0;
    pub(in crate::capability::wasi) const FD_READ: u8 = 1;
    pub(in crate::capability::wasi) const FD_WRITE: u8 = 2;
}

/// Advice on how a file will be read: 0 to 5, and none of it matters here.
pub(super) const ADVICE_MOST: u32 = 5;

/// Lays out a record, field by field, each at its offset.
pub(super) struct Record<const SIZE: usize>([u8; SIZE]);

impl<const SIZE: usize> Record<SIZE> {
    pub(super) fn new() -> Self {
        Self([0; SIZE])
    }

    #[must_use]
    pub(super) fn u8(self, offset: usize, value: u8) -> Self {
        self.bytes_at(offset, &[value])
    }

    #[must_use]
    pub(super) fn u16(self, offset: usize, value: u16) -> Self {
        self.bytes_at(offset, &value.to_le_bytes())
    }

    #[must_use]
    pub(super) fn u32(self, offset: usize, value: u32) -> Self {
        self.bytes_at(offset, &value.to_le_bytes())
    }

    #[must_use]
    pub(super) fn u64(self, offset: usize, value: u64) -> Self {
        self.bytes_at(offset, &value.to_le_bytes())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn bytes_at(mut self, offset: usize, bytes: &[u8]) -> Self {
        let field = self
            .0
            .get_mut(offset..)
            .and_then(|rest| rest.get_mut(..bytes.len()));
        field
            .expect("records are laid out as the specification says")
            .copy_from_slice(bytes);
        self
    }
}

/// The field of `N` bytes at `offset`, zeros where the record is shorter.
pub(super) fn field<const N: usize>(record: &[u8], offset: usize) -> [u8; N] {
    record
        .get(offset..)
        .and_then(|rest| rest.first_chunk().copied())
        .unwrap_or([0; N])
}
