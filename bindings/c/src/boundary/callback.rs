//! Functions of the host, and the data that it hands them.

use super::RawValue;
use crate::{caller::CallerState, handle::Handle, status::Status};
use std::{ffi::c_void, ptr};

/// A pointer of the host that is handed on and never followed.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(crate) struct Context(pub(crate) *mut c_void);

impl Context {
    pub(crate) const NULL: Self = Self(ptr::null_mut());
}

// SAFETY: it is never followed here; the header says that it is handed to callbacks of any thread.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

/// What ends user data.
pub(crate) type RawDrop = Option<unsafe extern "C" fn(*mut c_void)>;
/// `fuelbox_clock`.
pub(crate) type RawClock = Option<unsafe extern "C" fn(*mut c_void) -> u64>;
/// `fuelbox_random`.
pub(crate) type RawRandom = Option<unsafe extern "C" fn(*mut c_void, *mut u8, usize)>;
/// `fuelbox_input`, which is there.
pub(crate) type Input = unsafe extern "C" fn(*mut c_void, *mut u8, usize, *mut usize) -> i32;
/// `fuelbox_input`.
pub(crate) type RawInput = Option<Input>;
/// `fuelbox_function`.
pub(crate) type RawFunction = Option<
    unsafe extern "C" fn(
        *mut c_void,
        Handle<CallerState<'static, 'static>>,
        *const RawValue,
        usize,
        *mut RawValue,
        usize,
    ) -> Status,
>;

/// Data of the host for a callback; its end is told exactly once.
pub(crate) struct UserData {
    context: Context,
    drop: RawDrop,
}

impl UserData {
    pub(crate) fn new(context: Context, drop: RawDrop) -> Self {
        Self { context, drop }
    }

    /// The time of a clock of the host, in nanoseconds.
    pub(crate) fn clock(&self, clock: unsafe extern "C" fn(*mut c_void) -> u64) -> u64 {
        // SAFETY: the host promises that its function can be called from any thread with the data that it handed in,
        // until that is dropped, and that it returns.
        unsafe { clock(self.context.0) }
    }

    /// Fills `buffer` by a source of the host.
    pub(crate) fn random(
        &self,
        random: unsafe extern "C" fn(*mut c_void, *mut u8, usize),
        buffer: &mut [u8],
    ) {
        // SAFETY: as for a clock. It writes at most `buffer.len()` bytes there, and keeps no pointer.
        unsafe { random(self.context.0, buffer.as_mut_ptr(), buffer.len()) };
    }

    /// Reads what has arrived of standard input: how much that is, and whether nothing more will come.
    pub(crate) fn input(&self, input: Input, buffer: &mut [u8]) -> (usize, bool) {
        let mut len = 0;
        // SAFETY: as for random bytes; what it says of their number is not believed.
        let is_over = unsafe { input(self.context.0, buffer.as_mut_ptr(), buffer.len(), &mut len) };
        (len, is_over != 0)
    }

    /// Calls a function of the host for a guest.
    pub(crate) fn function(
        &self,
        function: unsafe extern "C" fn(
            *mut c_void,
            Handle<CallerState<'static, 'static>>,
            *const RawValue,
            usize,
            *mut RawValue,
            usize,
        ) -> Status,
        caller: Handle<CallerState<'static, 'static>>,
        args: &[RawValue],
        results: &mut [RawValue],
    ) -> Status {
        // SAFETY: as for a clock. It reads `args` and writes `results` within their lengths, and keeps no pointer.
        unsafe {
            function(
                self.context.0,
                caller,
                args.as_ptr(),
                args.len(),
                results.as_mut_ptr(),
                results.len(),
            )
        }
    }
}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(drop) = self.drop {
            // SAFETY: nothing can call a callback with the data any more, since whatever could owned this.
            unsafe { drop(self.context.0) };
        }
    }
}
