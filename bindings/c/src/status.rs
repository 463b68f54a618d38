//! What came of a call, as a number.

use crate::error::{Cause, Problem};
use fuelbox::{AnswerError, CallError, Error, Outcome, Report, SnapshotError, Stop, TreeError};
use std::ffi::CStr;

/// `fuelbox_status`. The numbers never change.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status(pub(crate) i32);

macro_rules! statuses {
    ($($name:ident = $number:literal, $word:literal, $message:literal;)*) => {
        impl Status {
            $(pub(crate) const $name: Self = Self($number);)*
        }

        /// Those that are neither refusals nor stops: word, and what happened and what to change.
        const OWN: &[(Status, &CStr, &CStr)] = &[$((Status::$name, $word, $message)),*];
    };
}

statuses! {
    OK = 0, c"ok",
        c"the call did what it says";
    NULL = 1, c"null",
        c"a pointer or handle that the call needs is NULL: pass one";
    STALE_HANDLE = 2, c"stale-handle",
        c"the handle was freed or taken away, or never was one: use what the call that took it has handed out";
    WRONG_HANDLE = 3, c"wrong-handle",
        c"the handle is of another kind than the parameter: look for a cast, or for arguments in another order";
    BUSY = 4, c"busy",
        c"another call with the handle is in progress: use it from one thread at a time, and not from its own callbacks";
    BUFFER_TOO_SMALL = 5, c"buffer-too-small",
        c"the buffer has too little room: call again with room for as many elements as `*len` says";
    INVALID_UTF8 = 6, c"invalid-utf8",
        c"a text is not UTF-8: convert it, and pass its length in bytes";
    INVALID_ARGUMENT = 7, c"invalid-argument",
        c"a number or value that the parameter cannot have: the function's paragraph in fuelbox.h says which it can";
    UNKNOWN_NAME = 8, c"unknown-name",
        c"no limit, proposal or usage has this name: compare it with the list in fuelbox.h";
    NOT_FOUND = 9, c"not-found",
        c"there is none, or none at this index or of this name: the function's paragraph in fuelbox.h says when";
    TOO_MANY_HANDLES = 10, c"too-many-handles",
        c"no more handles can be given out: free those that you no longer use, or raise fuelbox_limit_handles";
    PANIC = 11, c"panic",
        c"the library panicked: please report it, and free the handles that the call was changing";
    ABI = 12, c"abi",
        c"the library has another FUELBOX_ABI_VERSION than the header: take both from the same version";
    HASH = 13, c"hash",
        c"the bytes have another SHA-256 than was asked for: do not use them, and fetch the module again";
    NOTHING_ASKED = 14, c"nothing-asked",
        c"the guest asks its host nothing: answer after a step that says FUELBOX_STEP_WAITS_HOST";
    ANSWER_TYPES = 15, c"answer-types",
        c"the answer is of other types than declared: the guest still waits, so answer it with those";
    ANSWER_REFERENCE = 16, c"answer-reference",
        c"a reference other than null cannot be passed: the guest still waits, so answer it with another value";
    OUT_OF_BOUNDS = 17, c"out-of-bounds",
        c"the range does not lie in the guest's memory: compare it with fuelbox_instance_memory_size";
    EXITED = 18, c"exited",
        c"the guest exited, so the export returned nothing: make a new instance for the next call";
    NOT_BUILT = 19, c"not-built",
        c"this build of the library leaves the function out: build it with the feature that fuelbox.h names";
    SNAPSHOT_NOT_BUILT = 20, c"snapshot-not-built",
        c"the module was not built for snapshots: ask for that by fuelbox_module_builder_snapshots";
    SNAPSHOT_OPEN_FILE = 21, c"snapshot-open-file",
        c"the guest has a file open, which no snapshot can contain: make it when the guest has closed its files";
    SNAPSHOT_REFERENCE = 22, c"snapshot-reference",
        c"the guest has a reference, which no snapshot can contain: make it when the guest has set it to null";
    TREE_MALFORMED = 30, c"tree-malformed",
        c"no tree can contain this path or link target: leave out `.`, `..` and NUL, and shorten what is too long";
    TREE_NO_FILE = 31, c"tree-no-file",
        c"there is no file to link to: put it in first";
    TREE_TAKEN = 32, c"tree-taken",
        c"something else is there already: take another path";
    DIR_OPEN = 33, c"dir-open",
        c"the directory cannot be opened: see that it is there, and that this process may use it";
    PIPE_CLOSED = 40, c"pipe-closed",
        c"nobody is left who could read what is written: free the pipe";
    OTHER = 99, c"other",
        c"a code that this version of the interface has no number for: the error has its text";
}

/// The first number of the refusals, and their words in the order of their numbers: only ever added to.
const FIRST_REFUSED: i32 = 100;
const REFUSED: &[&CStr] = &[
    c"invalid-module",
    c"text-module",
    c"invalid-text",
    c"proposal",
    c"module-limit",
    c"unsupported",
    c"import-unknown",
    c"import-not-granted",
    c"import-type",
    c"memory-not-exported",
    c"export-missing",
    c"export-type",
    c"argument",
    c"abi-version",
    c"input-too-large",
    c"initial-memory",
    c"initial-table",
    c"segment",
    c"instance-stopped",
    c"instance-exited",
    c"system-out-of-memory",
    c"unsafe-build",
    c"engine",
];

/// The same for the stops.
const FIRST_STOPPED: i32 = 200;
const STOPPED: &[&CStr] = &[
    c"out-of-fuel",
    c"deadline",
    c"wait",
    c"unanswered",
    c"cancelled",
    c"out-of-memory",
    c"out-of-table",
    c"output-too-large",
    c"fault",
    c"host-function",
    c"system-out-of-memory",
    c"engine",
    c"trap-unreachable",
    c"trap-memory-out-of-bounds",
    c"trap-table-out-of-bounds",
    c"trap-indirect-call-to-null",
    c"trap-bad-signature",
    c"trap-integer-division-by-zero",
    c"trap-integer-overflow",
    c"trap-bad-conversion-to-integer",
    c"trap-stack-overflow",
    c"worker",
];

impl Status {
    /// What a host function answers with that says by itself why it fails.
    pub(crate) const HOST_FUNCTION: Self = Self(209);

    pub(crate) fn of_error(error: &Error) -> Self {
        numbered(FIRST_REFUSED, REFUSED, error.code())
    }

    pub(crate) fn of_stop(stop: &Stop) -> Self {
        numbered(FIRST_STOPPED, STOPPED, stop.code())
    }

    pub(crate) fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Finished { .. } => Self::OK,
            Outcome::Stopped { stop, .. } => Self::of_stop(stop),
            _ => Self::OTHER,
        }
    }

    /// Its word.
    pub(crate) fn word(self) -> &'static CStr {
        let own = OWN.iter().find(|(status, ..)| *status == self);
        let listed = |first: i32, words: &[&'static CStr]| {
            let place = usize::try_from(self.0.checked_sub(first)?).ok()?;
            words.get(place).copied()
        };
        own.map(|(_, word, _)| *word)
            .or_else(|| listed(FIRST_REFUSED, REFUSED))
            .or_else(|| listed(FIRST_STOPPED, STOPPED))
            .unwrap_or(c"other")
    }

    /// What happened and what to change, in a sentence: of refusals and stops an error or a report says more.
    pub(crate) fn message(self) -> &'static CStr {
        let own = OWN.iter().find(|(status, ..)| *status == self);
        match (own, self.0) {
            (Some((_, _, message)), _) => message,
            (None, FIRST_REFUSED..FIRST_STOPPED) => {
                c"the call was refused before guest code ran: fuelbox_error_message says why"
            }
            (None, FIRST_STOPPED..300) => {
                c"guest code ran and was stopped: the report or fuelbox_error_message says why"
            }
            _ => c"a number that is no status",
        }
    }

    /// Its word, as text.
    pub(crate) fn code(self) -> &'static str {
        self.word().to_str().unwrap_or("other")
    }
}

fn numbered(first: i32, words: &[&CStr], code: &str) -> Status {
    let place = words
        .iter()
        .position(|word| word.to_bytes() == code.as_bytes());
    let number = place.and_then(|place| first.checked_add(i32::try_from(place).ok()?));
    number.map_or(Status::OTHER, Status)
}

/// Why a function of this interface does not do what it says.
pub(crate) enum Failure {
    /// The number says it all.
    Status(Status),
    /// What the library has to say about it.
    Because(Box<Problem>),
}

impl Failure {
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::Status(status) => *status,
            Self::Because(problem) => problem.status,
        }
    }

    pub(crate) fn text(status: Status, text: impl Into<String>) -> Self {
        let cause = Cause::Text(text.into());
        Self::Because(Box::new(Problem { status, cause }))
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = Status::of_error(&error);
        let cause = Cause::Refused(error);
        Self::Because(Box::new(Problem { status, cause }))
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        let status = Status::of_stop(&stop);
        let cause = Cause::Stopped { stop, report: None };
        Self::Because(Box::new(Problem { status, cause }))
    }
}

/// Of a guest that did not return what it was called for.
impl From<Box<Report>> for Failure {
    fn from(report: Box<Report>) -> Self {
        let Some(stop) = report.stop().cloned() else {
            let status = Status::EXITED;
            let cause = Cause::Exited(report);
            return Self::Because(Box::new(Problem { status, cause }));
        };
        let status = Status::of_stop(&stop);
        let report = Some(report);
        let cause = Cause::Stopped { stop, report };
        Self::Because(Box::new(Problem { status, cause }))
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(error) => error.into(),
            CallError::Stopped(report) => report.into(),
            other => Self::text(Status::OTHER, other.to_string()),
        }
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        let status = match &error {
            SnapshotError::NotBuilt => Status::SNAPSHOT_NOT_BUILT,
            SnapshotError::OpenFile { .. } => Status::SNAPSHOT_OPEN_FILE,
            SnapshotError::GlobalReference { .. } | SnapshotError::TableReference { .. } => {
                Status::SNAPSHOT_REFERENCE
            }
            SnapshotError::Over(error)
            | SnapshotError::Refused(error)
            | SnapshotError::Engine(error) => return error.clone().into(),
            _ => Status::OTHER,
        };
        Self::text(status, error.to_string())
    }
}

impl From<TreeError> for Failure {
    fn from(error: TreeError) -> Self {
        let status = match error {
            TreeError::Malformed { .. } => Status::TREE_MALFORMED,
            TreeError::NoFile { .. } => Status::TREE_NO_FILE,
            TreeError::Taken { .. } => Status::TREE_TAKEN,
            _ => Status::OTHER,
        };
        Self::text(status, error.to_string())
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let status = match error {
            AnswerError::NothingAsked => Status::NOTHING_ASKED,
            AnswerError::Types { .. } => Status::ANSWER_TYPES,
            AnswerError::Reference => Status::ANSWER_REFERENCE,
            AnswerError::Stopped { stop } => return stop.into(),
            _ => Status::OTHER,
        };
        Self::text(status, error.to_string())
    }
}
