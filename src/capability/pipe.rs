//! A pipe from a thread of the host to a guest.

use super::{Arrival, InputSource};
use alloc::{collections::VecDeque, sync::Arc};
use core::fmt;
use std::{
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Makes a pipe: what is written at one end arrives as a guest's standard input; see
/// [`Wasi::stdin`](super::Wasi::stdin).
///
/// Standard input is over once the writer is dropped.
///
/// ```
/// use std::io::Write;
///
/// let (reader, mut writer) = fuelbox::capability::pipe();
/// writer.write_all(b"hello")?;
/// drop(reader);
/// assert!(writer.write_all(b"nobody reads").is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn pipe() -> (PipeReader, PipeWriter) {
    let shared = Arc::new(Shared {
        queue: Mutex::new(Queue {
            bytes: VecDeque::new(),
            is_read: true,
            is_written: true,
        }),
        change: Condvar::new(),
    });
    (PipeReader(shared.clone()), PipeWriter(shared))
}

/// The end of a [`pipe`] that a guest reads.
pub struct PipeReader(Arc<Shared>);

/// The end of a [`pipe`] that the host writes.
///
/// 64 KiB fit into the pipe; a write of more waits until a guest has read. With the reader gone it is an error,
/// [`io::ErrorKind::BrokenPipe`].
pub struct PipeWriter(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    /// There is room again, or nobody reads any more.
    change: Condvar,
}

struct Queue {
    bytes: VecDeque<u8>,
    is_read: bool,
    is_written: bool,
}

/// How much fits, in bytes: as much as a system's own pipes have.
const ROOM_BYTES: usize = 64 << 10;

impl Shared {
    /// No code that can panic holds the lock.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InputSource for PipeReader {
    fn read(&self, buffer: &mut [u8]) -> Arrival {
        let mut queue = self.0.queue();
        let len = buffer.len().min(queue.bytes.len());
        if len == 0 {
            return if queue.is_written {
                Arrival::Later
            } else {
                Arrival::End
            };
        }
        for (to, byte) in buffer.iter_mut().zip(queue.bytes.drain(..len)) {
            *to = byte;
        }
        self.0.change.notify_all();
        Arrival::Bytes(len)
    }
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        self.0.queue().is_read = false;
        self.0.change.notify_all();
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut queue = self.0.queue();
        loop {
            if !queue.is_read {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let len = bytes
                .len()
                .min(ROOM_BYTES.saturating_sub(queue.bytes.len()));
            if len > 0 || bytes.is_empty() {
                queue.bytes.extend(bytes.iter().take(len));
                return Ok(len);
            }
            let waited = self.0.change.wait(queue);
            queue = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        self.0.queue().is_written = false;
    }
}

impl fmt::Debug for PipeReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipeReader").finish_non_exhaustive()
    }
}

impl fmt::Debug for PipeWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipeWriter").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn what_is_written_arrives_in_order_and_then_it_is_over() {
        let (reader, mut writer) = pipe();
        let mut buffer = [0; 4];
        assert_eq!(reader.read(&mut buffer), Arrival::Later);
        writer.write_all(b"abcdef").expect("there is room");
        assert_eq!(
            (reader.read(&mut buffer), &buffer),
            (Arrival::Bytes(4), b"abcd")
        );
        drop(writer);
        assert_eq!(reader.read(&mut buffer), Arrival::Bytes(2));
        assert_eq!(reader.read(&mut buffer), Arrival::End);
    }

    #[test]
    fn a_full_pipe_waits_for_its_reader_and_ends_with_it() {
        let (reader, mut writer) = pipe();
        let all = vec![7; ROOM_BYTES * 3];
        assert_eq!(writer.write(&all).ok(), Some(ROOM_BYTES));
        let thread = std::thread::spawn(move || writer.write_all(&all));
        let mut buffer = vec![0; ROOM_BYTES];
        // The thread has room only now, and is cut off in its second piece at the latest.
        assert_eq!(reader.read(&mut buffer), Arrival::Bytes(ROOM_BYTES));
        drop(reader);
        let written = thread.join().expect("it does not panic");
        assert_eq!(
            written.map_err(|error| error.kind()),
            Err(io::ErrorKind::BrokenPipe)
        );
    }
}
