//! Takes down what crosses the boundary.

use crate::{
    limits::CallLimits,
    recording::{
        Called, End, RecordedCall, Recording, write_count, write_end, write_range, write_start,
    },
    value::Value,
};
use alloc::{sync::Arc, vec::Vec};
use core::mem;

/// Takes down what crosses the boundary, up to so many bytes.
///
/// A guest can make host calls as long as it has fuel, so what is taken down has to be bounded. Once it is full nothing
/// more is, and the run goes on: the recording says that it was cut.
pub(crate) struct Recorder {
    recording: Recording,
    /// The call in progress.
    now: Option<RecordedCall>,
    /// What the host wrote since the last call.
    written_before: Vec<(u64, Vec<u8>)>,
    room_bytes: usize,
    /// Fuel that the call had used when its last host call returned.
    used: u64,
    /// How many bytes the guest's files had then.
    files: u64,
    /// The host call in progress, if there is one.
    open: Option<Open>,
    touched: Touched,
}

/// A host call in progress.
#[derive(Clone, Copy)]
struct Open {
    /// Where it begins among the bytes of the call.
    start: usize,
    /// What the guest had left when it began.
    left: u64,
}

/// Ranges of guest memory that the host call in progress was given, and what was in them before. Kept from one to the
/// next, so that a host call allocates nothing.
#[derive(Default)]
struct Touched {
    ranges: Vec<Range>,
    before: Vec<u8>,
}

/// A range of guest memory.
#[derive(Clone, Copy)]
struct Range {
    ptr: u32,
    len: usize,
    /// Whether it is known what was in it.
    has_before: bool,
}

impl Recorder {
    pub(crate) fn new(recording: Recording, most_bytes: u64) -> Self {
        Self {
            recording,
            now: None,
            written_before: Vec::new(),
            room_bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX),
            used: 0,
            files: 0,
            open: None,
            touched: Touched::default(),
        }
    }

    /// What was taken down so far; a call in progress is not in it.
    pub(crate) fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Takes down that a call begins.
    pub(crate) fn begin_call(&mut self, called: Called, input: &[u8], limits: &CallLimits) {
        self.used = 0;
        self.open = None;
        let written_before = mem::take(&mut self.written_before);
        if self.recording.is_cut || !self.takes(input.len()) {
            return;
        }
        self.now = Some(RecordedCall {
            called,
            input: input.to_vec(),
            limits: limits.clone(),
            written_before,
            host_calls: Vec::new(),
            end: None,
        });
    }

    /// Takes down that the call is over. A host call that has not returned never does.
    pub(crate) fn end_call(&mut self, end: End) {
        let Some(mut call) = self.now.take() else {
            return;
        };
        let texts = end.logs.iter().map(|line| line.text.len());
        let lens = texts.chain([end.output.len(), end.stderr.len()]);
        let is_cut = self.recording.is_cut || !self.takes(lens.fold(0, usize::saturating_add));
        call.end = (!is_cut).then_some(end);
        self.recording.calls.push(Arc::new(call));
    }

    /// Takes down what the host wrote while no call was in progress.
    pub(crate) fn write_before_call(&mut self, ptr: u64, bytes: &[u8]) {
        if !self.recording.is_cut && self.takes(bytes.len()) {
            self.written_before.push((ptr, bytes.to_vec()));
        }
    }

    /// Takes down that a host call begins, when the guest has used and has left so much fuel.
    pub(super) fn begin_host_call(
        &mut self,
        import: u32,
        (used, left): (u64, u64),
        args: &[Value],
    ) {
        self.touched.clear();
        let Some(call) = &mut self.now else { return };
        if self.recording.is_cut {
            return;
        }
        let start = call.host_calls.len();
        let fuel_before = used.saturating_sub(self.used);
        write_start(&mut call.host_calls, import, fuel_before, args);
        self.used = used;
        self.open = Some(Open { start, left });
    }

    /// Takes note of a range that the host call in progress may write to.
    pub(crate) fn touch(&mut self, ptr: u32, bytes: &[u8]) {
        if self.open.is_none() {
            return;
        }
        let before = &mut self.touched.before;
        let has_before = bytes.len() <= self.room_bytes.saturating_sub(before.len());
        if has_before {
            before.extend_from_slice(bytes);
        }
        self.touched.ranges.push(Range {
            ptr,
            len: bytes.len(),
            has_before,
        });
    }

    /// Takes note of a range that the host call in progress has written to.
    pub(crate) fn wrote(&mut self, ptr: u32, len: usize) {
        if self.open.is_some() && len > 0 {
            let has_before = false;
            self.touched.ranges.push(Range {
                ptr,
                len,
                has_before,
            });
        }
    }

    /// Takes down that the host call is over.
    pub(super) fn end_host_call(
        &mut self,
        memory: &[u8],
        (left, files): (u64, u64),
        results: Option<&[Value]>,
    ) {
        let Some(open) = self.open.take() else { return };
        let Some(call) = &mut self.now else { return };
        let log = &mut call.host_calls;
        let written = self.touched.written(memory);
        let bytes = written.clone().map(|(_, bytes)| bytes.len());
        let bytes = bytes.fold(MOST_END_BYTES, usize::saturating_add);
        if bytes > self.room_bytes {
            log.truncate(open.start);
            self.recording.is_cut = true;
            return;
        }
        write_count(log, written.clone().count());
        written.for_each(|(ptr, bytes)| write_range(log, ptr, bytes));
        let fuel = open.left.saturating_sub(left);
        let changed = (files != self.files).then_some(files);
        write_end(log, fuel, changed, results);
        self.files = files;
        self.used = self.used.saturating_add(fuel);
        let len = log.len().saturating_sub(open.start);
        let _ = self.takes(len);
    }

    /// Whether there is room for so many bytes more. Where there is not, nothing is taken down any more.
    fn takes(&mut self, bytes: usize) -> bool {
        match self.room_bytes.checked_sub(bytes) {
            Some(room) => self.room_bytes = room,
            None => self.recording.is_cut = true,
        }
        !self.recording.is_cut
    }
}

/// What the end of a host call takes at the most beside what it wrote and returned.
const MOST_END_BYTES: usize = 64;

impl Touched {
    fn clear(&mut self) {
        self.ranges.clear();
        self.before.clear();
    }

    /// The ranges in which something else is now.
    fn written<'a>(&'a self, memory: &'a [u8]) -> impl Iterator<Item = (u32, &'a [u8])> + Clone {
        let mut at = 0_usize;
        self.ranges.iter().filter_map(move |range| {
            let mut before = None;
            if range.has_before {
                let end = at.saturating_add(range.len);
                before = self.before.get(at..end);
                at = end;
            }
            let start = usize::try_from(range.ptr).ok()?;
            let now = memory.get(start..start.checked_add(range.len)?)?;
            (before != Some(now)).then_some((range.ptr, now))
        })
    }
}
