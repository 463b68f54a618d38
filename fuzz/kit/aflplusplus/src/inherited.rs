//! What AFL++ hands to the programs that it starts: two pipes, and pieces of shared memory.
#![expect(unsafe_code, reason = "pipes come by number, shared memory by address")]

use fuelbox::fuzz::{Edges, Target};
use std::{
    env,
    ffi::CStr,
    fs::File,
    io,
    os::fd::FromRawFd as _,
    ptr, slice,
    sync::atomic::{AtomicU8, Ordering},
};

/// A piece of memory that AFL++ shares with this process, which has it until it ends.
#[derive(Clone, Copy, Debug)]
struct Shared(&'static [AtomicU8]);

/// AFL++'s map: a counter for each way of the guest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Map(Shared);

/// Where AFL++ puts its input: the length in four bytes, and then the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input(Shared);

impl Map {
    /// The map, if there is one.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn inherited() -> io::Result<Option<Self>> {
        Ok(Shared::named(MAP)?.map(Self))
    }

    /// How many counters a guest needs that has so many ways.
    pub(crate) fn len_for(ways: usize) -> usize {
        ways.saturating_add(FIRST)
    }

    /// Writes how often each way was taken. AFL++ has cleared the map.
    pub(crate) fn note(self, edges: Edges<'_>) {
        // As in every target of AFL++. So no guest's map is empty, and none reads as the word that says there is no
        // such program.
        self.0.set(0, 1);
        for (way, count) in edges.taken() {
            self.0.set(
                way.saturating_add(FIRST),
                u8::try_from(count).unwrap_or(u8::MAX),
            );
        }
    }
}

/// The variable that names the map. `afl-fuzz` refuses a program that has it nowhere in its file, a zero behind it.
const MAP: &CStr = c"__AFL_SHM_ID";

/// The counter of the first way.
const FIRST: usize = 1;

impl Input {
    /// Where AFL++ puts its input, if it offers that.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn inherited() -> io::Result<Option<Self>> {
        Ok(Shared::named(c"__AFL_SHM_FUZZ_ID")?.map(Self))
    }

    /// Reads the input that is there, as far as a target takes it, in the place of what is in `input`.
    pub(crate) fn read(self, input: &mut Vec<u8>) {
        const LEN: usize = size_of::<u32>();

        input.clear();
        let mut bytes = self.0.0.iter().map(|byte| byte.load(Ordering::Relaxed));
        let len: [u8; LEN] = std::array::from_fn(|_| bytes.next().unwrap_or(0));
        let len = usize::try_from(u32::from_ne_bytes(len)).unwrap_or(usize::MAX);
        input.extend(bytes.take(len.min(Target::MOST_INPUT_BYTES)));
    }
}

impl Shared {
    /// The memory whose number is in a variable of the environment, if there is one.
    fn named(variable: &CStr) -> io::Result<Option<Self>> {
        let variable = variable.to_string_lossy();
        let Some(number) = env::var_os(&*variable) else {
            return Ok(None);
        };
        let number = number.to_str().and_then(|number| number.parse().ok());
        let attached = number
            .ok_or(io::ErrorKind::InvalidInput.into())
            .and_then(Self::attach);
        let attached =
            attached.map_err(|error| io::Error::other(format!("{variable}: {error}")))?;
        Ok(Some(attached))
    }

    fn attach(number: i32) -> io::Result<Self> {
        // SAFETY: any number may be asked for. The structure is plain numbers, for which zeros are values, and it is
        // as large as the system takes it to be.
        let len = unsafe {
            let mut told: libc::shmid_ds = std::mem::zeroed();
            if libc::shmctl(number, libc::IPC_STAT, &raw mut told) != 0 {
                return Err(io::Error::last_os_error());
            }
            told.shm_segsz
        };
        // SAFETY: any number may be asked for, and the system chooses where nothing else is.
        let start = unsafe { libc::shmat(number, ptr::null(), 0) };
        if start.addr() == usize::MAX {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the system has put `len` bytes there, which can be read and written. They are never detached, so they
        // are there as long as the process. Whatever AFL++ does to them meanwhile is allowed of atomic bytes.
        Ok(Self(unsafe {
            slice::from_raw_parts(start.cast::<AtomicU8>(), len)
        }))
    }

    fn set(self, at: usize, value: u8) {
        if let Some(byte) = self.0.get(at) {
            byte.store(value, Ordering::Relaxed);
        }
    }
}

/// The pipes by which AFL++ asks and is answered, if it has started this program. It is called once.
pub(crate) fn pipes() -> Option<(File, File)> {
    const ASKED: i32 = 198;
    const ANSWERED: i32 = 199;

    let is_open = |number| {
        // SAFETY: any number may be asked about.
        unsafe { libc::fcntl(number, libc::F_GETFD) != -1 }
    };
    if !is_open(ASKED) || !is_open(ANSWERED) {
        return None;
    }
    // SAFETY: both are open, AFL++ has opened them for this program alone, and nothing else in it knows of them.
    Some(unsafe { (File::from_raw_fd(ASKED), File::from_raw_fd(ANSWERED)) })
}

/// Ends the process by a signal, as a program would end that is not contained.
pub(crate) fn end_by(signal: i32) {
    // SAFETY: nothing here catches signals, so that it ends the process or does nothing.
    unsafe { libc::raise(signal) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuelbox::{Limits, Module, Sandbox};

    /// Memory as AFL++ shares it.
    fn shared(bytes: &[u8]) -> Shared {
        Shared(Vec::leak(
            bytes.iter().copied().map(AtomicU8::new).collect(),
        ))
    }

    #[test]
    fn an_input_ends_with_its_memory_or_with_what_a_target_takes() {
        let mut input = b"the one before".to_vec();
        let mut read = |len: u32, bytes: &[u8]| {
            Input(shared(&[&len.to_ne_bytes(), bytes].concat())).read(&mut input);
            input.clone()
        };
        assert_eq!(read(3, b"abcdef"), b"abc");
        assert_eq!(read(0, b"abcdef"), b"");
        assert_eq!(read(u32::MAX, b"abcdef"), b"abcdef");
        let large = vec![b'a'; Target::MOST_INPUT_BYTES + 9];
        assert_eq!(read(u32::MAX, &large).len(), Target::MOST_INPUT_BYTES);
        Input(shared(b"no")).read(&mut input);
        assert_eq!(input, b"");
    }

    #[test]
    fn a_map_has_a_byte_for_each_way_behind_its_first_and_no_more_than_fits() {
        let wasm = include_bytes!("../../guests/work-c.wasm");
        let sandbox = Sandbox::new(Limits::default().fuel(1_000_000));
        let mut target = Target::new(&sandbox, &Module::builder(), wasm).expect("it can be fuzzed");
        let len = Map::len_for(target.ways());
        assert_eq!(len, target.ways() + 1);
        // So many rounds that counters of a byte are at their end.
        let edges = target.run(b"\x00\x02abc").expect("it runs").edges;
        let (whole, part) = (shared(&vec![0; len]), shared(&[0; 3]));
        Map(whole).note(edges);
        Map(part).note(edges);
        let bytes = |shared: Shared| -> Vec<u8> {
            let bytes = shared.0.iter();
            bytes.map(|byte| byte.load(Ordering::Relaxed)).collect()
        };
        let counts = (0..edges.len()).map(|way| u8::try_from(edges.count(way)).unwrap_or(u8::MAX));
        let expected: Vec<u8> = [1].into_iter().chain(counts).collect();
        assert_eq!(bytes(whole), expected);
        assert_eq!(bytes(part), expected[..3]);
        assert!(expected.contains(&u8::MAX), "{expected:?}");
    }
}
