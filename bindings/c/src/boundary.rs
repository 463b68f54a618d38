//! What comes from C and goes there: the only file with `unsafe` code.
//!
//! A value of these types exists because C has called an exported function, or because a callback was handed in; the
//! header says what whoever does that promises. Five patterns rest on it:
//!
//! 1. [`In::slice`] reads an array from its pointer and length.
//! 2. [`Out::set`] and [`Out::copy`] write to memory of the caller.
//! 3. [`RawValue::read`] reads the member of a union that its type names.
//! 4. [`UserData`], with the callbacks, calls functions of the host, from any thread.
//! 5. [`lend_caller`] and [`with_caller`] hand a reference out for the time of a callback.

use crate::{
    caller::CallerState,
    handle::Handle,
    status::{Failure, Status},
};
use fuelbox::{Reference, Value};
use std::{
    cell::RefCell,
    ffi::c_void,
    mem,
    ptr::{self, NonNull},
    slice,
    sync::atomic::{AtomicUsize, Ordering},
};

/// What C may put into an array: any bits are a value.
///
/// # Safety
/// Every pattern of bits must be one, and it must be laid out as in the header.
pub(crate) unsafe trait Plain: Copy {}

// SAFETY: numbers.
unsafe impl Plain for u8 {}
// SAFETY: numbers.
unsafe impl Plain for u32 {}
// SAFETY: its union is only read through `read`, and has the layout of `fuelbox_value`.
unsafe impl Plain for RawValue {}

/// An array of the caller that is read. Its length comes beside it.
#[repr(transparent)]
pub(crate) struct In<T>(*const T);

impl<T: Plain> In<T> {
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// The `len` elements, for the time of the call that brought them.
    pub(crate) fn slice(&self, len: usize) -> Result<&[T], Status> {
        if len == 0 {
            return Ok(&[]);
        }
        if self.0.is_null() {
            return Err(Status::NULL);
        }
        let bytes = len.checked_mul(size_of::<T>());
        let fits = bytes.is_some_and(|bytes| isize::try_from(bytes).is_ok());
        if !fits || !self.0.is_aligned() {
            return Err(Status::INVALID_ARGUMENT);
        }
        // SAFETY: the caller promises `len` elements at the pointer that nobody changes during the call. It is
        // aligned and no array is longer, see above; any bits are a `T`. The borrow of `self` ends with the call.
        Ok(unsafe { slice::from_raw_parts(self.0, len) })
    }
}

impl In<u8> {
    /// The `len` bytes as text.
    pub(crate) fn text(&self, len: usize) -> Result<&str, Status> {
        str::from_utf8(self.slice(len)?).map_err(|_| Status::INVALID_UTF8)
    }
}

/// Memory of the caller that is written.
#[repr(transparent)]
pub(crate) struct Out<T>(*mut T);

impl<T: Copy> Out<T> {
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// Before anything is done: there has to be room for what it gives.
    pub(crate) fn required(&self) -> Result<(), Status> {
        if self.0.is_null() {
            return Err(Status::NULL);
        }
        if self.0.is_aligned() {
            Ok(())
        } else {
            Err(Status::INVALID_ARGUMENT)
        }
    }

    /// Writes one element, where the caller wants it.
    pub(crate) fn set(&self, value: T) {
        if !self.0.is_null() {
            // SAFETY: the caller promises room for one element at a pointer that is not null. What was there is plain
            // memory and is not dropped.
            unsafe { self.0.write_unaligned(value) };
        }
    }

    /// Writes as many elements as `from` has, for which there is room: the caller has said so.
    pub(crate) fn copy(&self, from: &[T]) -> Result<(), Status> {
        if from.is_empty() {
            return Ok(());
        }
        self.required()?;
        // SAFETY: the caller promises room for at least `from.len()` elements at the pointer, which is aligned and not
        // null. No Rust reference to that memory exists, so that it does not overlap `from`.
        unsafe { self.0.copy_from_nonoverlapping(from.as_ptr(), from.len()) };
        Ok(())
    }
}

/// `fuelbox_value`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct RawValue {
    ty: u32,
    reserved: u32,
    of: Of,
}

#[repr(C)]
#[derive(Clone, Copy)]
union Of {
    i32: i32,
    i64: i64,
    f32: f32,
    f64: f64,
    v128: [u8; 16],
    is_null: u32,
}

impl RawValue {
    /// The value, if its type is one.
    pub(crate) fn read(&self) -> Result<Value, Status> {
        // SAFETY: whoever sets the type sets the member that belongs to it, and any bits are a value of it.
        unsafe {
            Ok(match self.ty {
                0 => Value::I32(self.of.i32),
                1 => Value::I64(self.of.i64),
                2 => Value::F32(self.of.f32),
                3 => Value::F64(self.of.f64),
                4 => Value::V128(u128::from_le_bytes(self.of.v128)),
                5 => Value::FuncRef(reference(self.of.is_null)),
                6 => Value::ExternRef(reference(self.of.is_null)),
                _ => return Err(Status::INVALID_ARGUMENT),
            })
        }
    }

    pub(crate) fn new(value: &Value) -> Self {
        // All bytes are set, so that none of the library's memory shows in them.
        let mut of = Of { v128: [0; 16] };
        let ty = match *value {
            Value::I32(value) => {
                of.i32 = value;
                0
            }
            Value::I64(value) => {
                of.i64 = value;
                1
            }
            Value::F32(value) => {
                of.f32 = value;
                2
            }
            Value::F64(value) => {
                of.f64 = value;
                3
            }
            Value::V128(value) => {
                of.v128 = value.to_le_bytes();
                4
            }
            Value::FuncRef(reference) => {
                of.is_null = u32::from(reference == Reference::Null);
                5
            }
            Value::ExternRef(reference) => {
                of.is_null = u32::from(reference == Reference::Null);
                6
            }
            // The library knows no other type; one that C does not know is none of the header.
            _ => u32::MAX,
        };
        Self {
            ty,
            reserved: 0,
            of,
        }
    }
}

fn reference(is_null: u32) -> Reference {
    if is_null == 0 {
        Reference::Opaque
    } else {
        Reference::Null
    }
}

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

thread_local! {
    /// The callers of the callbacks that this thread is in, the innermost last.
    static CALLERS: RefCell<Vec<Lent>> = const { RefCell::new(Vec::new()) };
}

/// A caller that a callback was handed.
struct Lent {
    id: usize,
    /// Absent while a function uses it.
    state: Option<NonNull<CallerState<'static, 'static>>>,
}

/// Ends the loan of the innermost caller, however the callback ends.
struct Loan;

impl Drop for Loan {
    fn drop(&mut self) {
        CALLERS.with_borrow_mut(Vec::pop);
    }
}

/// Runs a callback that may use `state` by a handle, on this thread and until it returns.
pub(crate) fn lend_caller<R>(
    state: &mut CallerState<'_, '_>,
    callback: impl FnOnce(Handle<CallerState<'static, 'static>>) -> R,
) -> R {
    static NEXT: AtomicUsize = AtomicUsize::new(1);

    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let state = Some(NonNull::from(state).cast());
    CALLERS.with_borrow_mut(|callers| callers.push(Lent { id, state }));
    let _loan = Loan;
    callback(Handle::from_number(id))
}

/// Uses the caller behind a handle, if this thread is in its callback.
pub(crate) fn with_caller<R>(
    handle: Handle<CallerState<'static, 'static>>,
    using: impl FnOnce(&mut CallerState<'_, '_>) -> Result<R, Failure>,
) -> Result<R, Failure> {
    if handle.is_null() {
        return Err(Status::NULL.into());
    }
    let id = handle.number();
    let lent = |put: Option<NonNull<_>>| {
        CALLERS.with_borrow_mut(|callers| {
            let lent = callers.iter_mut().rev().find(|lent| lent.id == id)?;
            Some(mem::replace(&mut lent.state, put))
        })
    };
    let state = lent(None).ok_or(Status::STALE_HANDLE)?;
    let mut pointer = state.ok_or(Status::BUSY)?;
    // SAFETY: it comes from the exclusive reference in `lend_caller`, which is not used until the callback returns,
    // and the loan ends before that. It was taken out of the list, so that no other reference is made of it
    // meanwhile. `using` takes any lifetimes, so that nothing of it can be kept.
    let used = using(unsafe { pointer.as_mut() });
    lent(Some(pointer));
    used
}
