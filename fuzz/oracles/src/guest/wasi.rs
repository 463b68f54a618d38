//! Calls of WASI functions that work on paths, drawn from bytes.

use super::program::{Callee, Program};
use arbitrary::{Result, Unstructured};
use fuelbox::Limits;

/// Where a call stores a descriptor, a count or a status.
const STORED: u32 = 16;

/// Where a list of one buffer lies.
const LIST: u32 = 96;

/// Where what is read goes.
pub(crate) const BUFFER: u32 = 512;
pub(crate) const BUFFER_LEN: u32 = 256;

/// Where paths lie, one after the other.
const PATHS: u32 = 1_024;

/// Rights to do anything that can be done, to read and to write.
const EVERYTHING: u64 = (1 << 29) - 1;
const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;

const FOLLOW: u64 = 1;

/// Flags of `path_open`.
const CREATE: u64 = 1;
const DIRECTORY: u64 = 2;

/// The guest's memory.
pub(crate) const MEMORY_BYTES: u64 = PAGES << 16;
const PAGES: u64 = 2;

/// Limits that no list of calls hits.
pub(crate) fn roomy(limits: Limits) -> Limits {
    limits
        .fuel(1 << 30)
        .memory_bytes(1 << 20)
        .output_bytes(1 << 20)
}

/// A path as a guest writes it: mostly of names that are there, and of all that stands between them.
pub(crate) fn path(bytes: &mut Unstructured<'_>, names: &[&str]) -> Result<Vec<u8>> {
    let mut path = Vec::new();
    for _ in 0..bytes.int_in_range(0..=5)? {
        match bytes.int_in_range(0..=15_u8)? {
            0..=6 => path.extend(bytes.choose(names)?.as_bytes()),
            7..=9 => path.extend(b".."),
            10 => path.extend(b"."),
            11 => {}
            12 => path.push(bytes.arbitrary()?),
            13 => path.extend("ä".repeat(bytes.int_in_range(100..=140)?).as_bytes()),
            _ => path.extend(b"new"),
        }
        path.push(b'/');
    }
    if bytes.ratio(3, 4)? {
        path.pop();
    }
    if bytes.ratio(1, 16)? {
        path.insert(0, b'/');
    }
    Ok(path)
}

/// Writes a program that calls WASI.
pub(crate) struct Writer {
    program: Program,
    /// Where the next path goes.
    free: u32,
}

impl Writer {
    pub(crate) fn new() -> Self {
        let mut program = Program::default();
        let buffer = [BUFFER.to_le_bytes(), BUFFER_LEN.to_le_bytes()].concat();
        program.data(LIST, &buffer);
        Self {
            program,
            free: PATHS,
        }
    }

    /// The module.
    pub(crate) fn module(&self) -> Vec<u8> {
        self.program.module(Some(PAGES))
    }

    /// Opens a directory; it gets the lowest number that is free.
    pub(crate) fn open_dir(&mut self, base: u64, path: &[u8]) {
        let rights = EVERYTHING & !(READ | WRITE);
        self.open(base, path, DIRECTORY, (rights, EVERYTHING));
    }

    /// Opens what is at a path, reads from it and closes it, if it gets the number `opened`; says
    /// which call it is that reads.
    pub(crate) fn peek(&mut self, base: u64, path: &[u8], opened: u64, follow: bool) -> usize {
        let (at, len) = self.path(path);
        let follow = u64::from(follow);
        let rights = (READ, 0);
        let arguments = [
            base,
            follow,
            at,
            len,
            0,
            rights.0,
            rights.1,
            0,
            STORED.into(),
        ];
        self.call("path_open", &OPEN, &arguments);
        self.call(
            "fd_read",
            &[false; 4],
            &[opened, LIST.into(), 1, STORED.into()],
        );
        let reads = self.program.len() - 1;
        self.call("fd_close", &[false], &[opened]);
        reads
    }

    /// Any one call that changes what is there.
    pub(crate) fn change(
        &mut self,
        bytes: &mut Unstructured<'_>,
        bases: u64,
        names: &[&str],
    ) -> Result<()> {
        let base = 3 + bytes.int_in_range(0..=bases)?;
        let other = 3 + bytes.int_in_range(0..=bases)?;
        let (first, second) = (path(bytes, names)?, path(bytes, names)?);
        match bytes.int_in_range(0..=9_u8)? {
            0 => self.of_path("path_create_directory", base, &first),
            1 => self.of_path("path_remove_directory", base, &first),
            2 => self.of_path("path_unlink_file", base, &first),
            3 => {
                let ((old, old_len), (new, new_len)) = (self.path(&first), self.path(&second));
                self.call(
                    "path_rename",
                    &[false; 6],
                    &[base, old, old_len, other, new, new_len],
                );
            }
            4 => {
                let ((old, old_len), (new, new_len)) = (self.path(&first), self.path(&second));
                let arguments = [
                    base,
                    bytes.arbitrary::<bool>()?.into(),
                    old,
                    old_len,
                    other,
                    new,
                    new_len,
                ];
                self.call("path_link", &[false; 7], &arguments);
            }
            5 => {
                let ((target, target_len), (at, len)) = (self.path(&first), self.path(&second));
                self.call(
                    "path_symlink",
                    &[false; 5],
                    &[target, target_len, base, at, len],
                );
            }
            // What it opens stays open, so not in the mount that is only compared with.
            6 => self.open(
                base.max(5),
                &first,
                CREATE,
                (EVERYTHING & ((1 << 9) - 1), 0),
            ),
            7 => {
                let fd = bytes.int_in_range(0..=12)?;
                self.call(
                    "fd_write",
                    &[false; 4],
                    &[fd, LIST.into(), 1, STORED.into()],
                );
            }
            8 => {
                let (fd, size) = (bytes.int_in_range(0..=12)?, bytes.int_in_range(0..=1_000)?);
                self.call("fd_filestat_set_size", &[false, true], &[fd, size]);
            }
            _ => {
                let fd = bytes.int_in_range(4 + bases..=12 + bases)?;
                self.call("fd_close", &[false], &[fd]);
            }
        }
        Ok(())
    }

    /// Any one call that only looks.
    pub(crate) fn look(
        &mut self,
        bytes: &mut Unstructured<'_>,
        bases: u64,
        names: &[&str],
    ) -> Result<()> {
        let base = 3 + bytes.int_in_range(0..=bases)?;
        let path = path(bytes, names)?;
        let (at, len) = self.path(&path);
        let buffer = BUFFER.into();
        match bytes.int_in_range(0..=2_u8)? {
            0 => {
                let len_of_buffer = bytes.int_in_range(0..=BUFFER_LEN)?.into();
                let arguments = [base, at, len, buffer, len_of_buffer, STORED.into()];
                self.call("path_readlink", &[false; 6], &arguments);
            }
            1 => self.call(
                "path_filestat_get",
                &[false; 5],
                &[base, FOLLOW, at, len, buffer],
            ),
            _ => {
                let (len, cookie) = (
                    bytes.int_in_range(0..=BUFFER_LEN)?,
                    bytes.int_in_range(0..=9)?,
                );
                let arguments = [base, buffer, len.into(), cookie, STORED.into()];
                self.call(
                    "fd_readdir",
                    &[false, false, false, true, false],
                    &arguments,
                );
            }
        }
        Ok(())
    }

    fn open(&mut self, base: u64, path: &[u8], flags: u64, (rights, inherited): (u64, u64)) {
        let (at, len) = self.path(path);
        let arguments = [
            base,
            FOLLOW,
            at,
            len,
            flags,
            rights,
            inherited,
            0,
            STORED.into(),
        ];
        self.call("path_open", &OPEN, &arguments);
    }

    fn of_path(&mut self, name: &'static str, base: u64, path: &[u8]) {
        let (at, len) = self.path(path);
        self.call(name, &[false; 3], &[base, at, len]);
    }

    fn call(&mut self, name: &'static str, wide: &'static [bool], arguments: &[u64]) {
        let callee = Callee {
            module: "wasi_snapshot_preview1",
            name,
            wide,
            has_result: true,
        };
        self.program.call(callee, arguments);
    }

    /// Puts a path into memory.
    fn path(&mut self, path: &[u8]) -> (u64, u64) {
        let at = self.free;
        self.program.data(at, path);
        self.free += path.len() as u32;
        (at.into(), path.len() as u64)
    }
}

/// Parameters of `path_open`: the rights are wide.
const OPEN: [bool; 9] = [false, false, false, false, false, true, true, false, false];
