//! The model: which handles were given out, and which of them are over.

use super::bytes::Bytes;
use crate::{
    builder::fuelbox_module_builder_free, call::fuelbox_call_free,
    cancel::fuelbox_cancel_token_free, error::fuelbox_error_free,
    execution::fuelbox_execution_free, handle::Handle, instance::fuelbox_instance_free,
    limits::fuelbox_limits_free, module::fuelbox_module_free, pool::fuelbox_pool_free,
    recording::fuelbox_recording_free, report::fuelbox_report_free, sandbox::fuelbox_sandbox_free,
    scheduler::fuelbox_scheduler_free, status::Status, stdin::fuelbox_pipe_free,
    tree::fuelbox_tree_free, wasi::fuelbox_wasi_free,
};

macro_rules! kinds {
    ($($kind:ident => $free:ident,)*) => {
        /// What a handle stands for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($kind),*
        }

        impl Kind {
            pub(super) const ALL: &[Self] = &[$(Self::$kind),*];

            /// Ends a handle as one of this kind.
            pub(super) fn free(self, number: usize) -> Status {
                match self {
                    $(Self::$kind => $free(Handle::from_number(number)),)*
                }
            }
        }
    };
}

kinds! {
    Limits => fuelbox_limits_free,
    Builder => fuelbox_module_builder_free,
    Module => fuelbox_module_free,
    Sandbox => fuelbox_sandbox_free,
    Call => fuelbox_call_free,
    Token => fuelbox_cancel_token_free,
    Report => fuelbox_report_free,
    Recording => fuelbox_recording_free,
    Instance => fuelbox_instance_free,
    Execution => fuelbox_execution_free,
    Error => fuelbox_error_free,
    Tree => fuelbox_tree_free,
    Wasi => fuelbox_wasi_free,
    Pipe => fuelbox_pipe_free,
    Pool => fuelbox_pool_free,
    Scheduler => fuelbox_scheduler_free,
}

#[derive(Default)]
pub(super) struct Known(Vec<Given>);

#[derive(Clone, Copy)]
struct Given {
    number: usize,
    kind: Kind,
    is_live: bool,
}

/// A handle for a call, and what the call has to answer that opens it.
pub(super) struct Picked<T> {
    pub(super) handle: Handle<T>,
    pub(super) status: Status,
}

impl Known {
    /// Takes note of a handle that was handed out.
    pub(super) fn give<T>(&mut self, kind: Kind, handle: Handle<T>) {
        let number = handle.number();
        assert!(number != 0, "no {kind:?} was handed out");
        let is_new = self.0.iter().all(|given| given.number != number);
        assert!(is_new, "a number was given out again, for a {kind:?}");
        self.0.push(Given {
            number,
            kind,
            is_live: true,
        });
    }

    /// The handle of this kind that was given out last.
    pub(super) fn last<T>(&self, kind: Kind) -> Handle<T> {
        let mut given = self.0.iter().rev().filter(|given| given.kind == kind);
        Handle::from_number(given.next().expect("there is one").number)
    }

    /// Takes note that a handle was freed or taken away.
    pub(super) fn end(&mut self, number: usize) {
        let mut ended = self.0.iter_mut().filter(|given| given.number == number);
        ended.next().expect("it was given out").is_live = false;
    }

    pub(super) fn any_live(&self) -> Option<(Kind, usize)> {
        let live = self.0.iter().find(|given| given.is_live)?;
        Some((live.kind, live.number))
    }

    pub(super) fn pick<T>(&self, bytes: &mut Bytes<'_>, kind: Kind) -> Picked<T> {
        let number = match bytes.byte() {
            0..8 => 0,
            8..16 => bytes.number().try_into().unwrap_or(usize::MAX),
            16..32 => self.choose(bytes, |_| true),
            32..40 => self.choose(bytes, |given| given.kind == kind && !given.is_live),
            _ => self.choose(bytes, |given| given.kind == kind && given.is_live),
        };
        Picked {
            handle: Handle::from_number(number),
            status: self.opened_as(number, kind),
        }
    }

    fn choose(&self, bytes: &mut Bytes<'_>, wanted: impl Fn(&Given) -> bool) -> usize {
        let wanted: Vec<_> = self.0.iter().filter(|given| wanted(given)).collect();
        let index = usize::from(bytes.byte()) % wanted.len().max(1);
        wanted.get(index).map_or(0, |given| given.number)
    }

    fn opened_as(&self, number: usize, kind: Kind) -> Status {
        let given = self.0.iter().find(|given| given.number == number);
        match given {
            None if number == 0 => Status::NULL,
            Some(given) if given.is_live && given.kind == kind => Status::OK,
            Some(given) if given.is_live => Status::WRONG_HANDLE,
            _ => Status::STALE_HANDLE,
        }
    }
}
