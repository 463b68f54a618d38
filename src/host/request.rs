//! A request: what a guest asks a host that answers later.

use super::{Halt, Store, ledger, memory};
use crate::{
    stop::HostError,
    value::{Value, ValueType},
};
use alloc::{borrow::Cow, boxed::Box, sync::Arc, vec::Vec};
use core::{fmt, pin::Pin};
use wasmi::AsContextMut;

/// A host call whose result the host has not given yet.
pub(crate) struct Asked {
    pub(crate) question: Arc<Question>,
    pub(crate) args: Vec<Value>,
    /// What finds the answer out, where the host handed in a function for it.
    pub(crate) answering: Option<Answering>,
}

/// Finds out the answer to one question.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Found, HostError>> + Send>>;

/// What was found out.
pub enum Found {
    /// The answer.
    Values(Vec<Value>),
    /// What is the answer once it has reached the guest's memory.
    Last(Last),
}

pub(crate) type Last = Box<dyn FnOnce(&mut Request<'_>) -> Result<Vec<Value>, HostError> + Send>;

/// What can be asked: a function that the host answers later.
pub(crate) struct Question {
    pub(crate) module: Cow<'static, str>,
    pub(crate) name: Cow<'static, str>,
    /// What an answer has to be of.
    pub(crate) results: Box<[ValueType]>,
}

/// What a guest asks while it waits for its host: see [`Execution::request`](crate::Execution::request).
///
/// As in a [`Caller`](crate::Caller) the guest pays for the bytes that are read and written. A [`Halt`] says that
/// it cannot go on: hand it to [`Execution::fail`](crate::Execution::fail), and the run stops for exactly this reason.
///
/// ```
/// use fuelbox::{Execution, Value};
///
/// /// Answers `http_get(ptr, len)`, which waits for a status.
/// fn answer(execution: &mut Execution) -> Result<(), Box<dyn std::error::Error>> {
///     let mut request = execution.request().ok_or("the guest asks nothing")?;
///     let [Value::I32(ptr), Value::I32(len)] = *request.args() else {
///         return Err(format!("{}.{}?", request.module(), request.name()).into());
///     };
///     if request.fuel_left() < 10_000 {
///         return Err(format!("{} fuel were too much", request.fuel_used()).into());
///     }
///     request.charge(10_000)?;
///     assert!(request.memory_size() > 0);
///     let path = request.read(ptr as u32, len as u32)?.to_vec();
///     if let Some(paths) = request.get_mut::<Vec<Vec<u8>>>() {
///         paths.push(path);
///     }
///     let body = request.get::<String>().cloned().unwrap_or_default();
///     request.write(ptr as u32, body.as_bytes())?;
///     execution.answer(200)?;
///     Ok(())
/// }
/// # let _ = answer;
/// ```
pub struct Request<'a> {
    store: &'a mut Store,
    asked: &'a Asked,
}

impl<'a> Request<'a> {
    pub(crate) fn new(store: &'a mut Store, asked: &'a Asked) -> Self {
        Self { store, asked }
    }

    /// The first part of the name of the function that the guest called.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.asked.question.module
    }

    /// The second part of its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.asked.question.name
    }

    /// The arguments, of the types that the function was declared with.
    #[must_use]
    pub fn args(&self) -> &[Value] {
        &self.asked.args
    }

    /// The `len` bytes of guest memory at `ptr`.
    ///
    /// Takes one fuel for each 64 bytes begun. Nothing is copied.
    ///
    /// # Errors
    /// A [`Halt`] of [`Stop::Fault`](crate::Stop::Fault) where the range does not lie in the exported
    /// `memory`, of [`Stop::OutOfFuel`](crate::Stop::OutOfFuel) where it cannot be paid for.
    pub fn read(&mut self, ptr: u32, len: u32) -> Result<&[u8], Halt> {
        self.check_and_pay(ptr, len)?;
        let name = &self.asked.question.name;
        let (bytes, _) = memory::part(self.store.as_context_mut(), name, ptr, len)?;
        Ok(bytes)
    }

    /// Copies `bytes` into guest memory at `ptr`.
    ///
    /// Takes one fuel for each 64 bytes begun.
    ///
    /// # Errors
    /// As for [`read`](Self::read); nothing is written then.
    pub fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Halt> {
        // What does not fit into 32 bits lies outside every memory that `ptr` can point into.
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.check_and_pay(ptr, len)?;
        let name = &self.asked.question.name;
        let (range, _) = memory::range(self.store.as_context_mut(), name, ptr, len)?;
        range.copy_from_slice(bytes);
        Ok(())
    }

    /// The size of the exported `memory` in bytes now; 0 where there is none. Takes no fuel.
    #[must_use]
    pub fn memory_size(&self) -> u64 {
        memory::size(self.store).unwrap_or(0)
    }

    /// Takes `fuel` more from the guest, for work that the base price does not cover.
    ///
    /// # Errors
    /// A [`Halt`] of [`Stop::OutOfFuel`](crate::Stop::OutOfFuel) where the run has less left.
    pub fn charge(&mut self, fuel: u64) -> Result<(), Halt> {
        ledger::pay(&mut *self.store, fuel)
    }

    /// Fuel that the run has used so far.
    #[must_use]
    pub fn fuel_used(&self) -> u64 {
        self.store.data().ledger.used(self.fuel_in_store())
    }

    /// Fuel that the run has left.
    #[must_use]
    pub fn fuel_left(&self) -> u64 {
        self.store.data().ledger.left(self.fuel_in_store())
    }

    fn fuel_in_store(&self) -> u64 {
        self.store
            .get_fuel()
            .expect("fuel is metered in every engine")
    }

    /// The run's value of this type; see [`Call::extensions`](crate::Call::extensions).
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.store.data().extensions.get()
    }

    /// The run's value of this type, to be changed.
    #[must_use]
    pub fn get_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.store.data_mut().extensions.get_mut()
    }

    fn check_and_pay(&mut self, ptr: u32, len: u32) -> Result<(), Halt> {
        memory::check(&*self.store, &self.asked.question.name, ptr, len)?;
        ledger::pay(&mut *self.store, ledger::fuel_for_bytes(len.into()))
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("module", &self.module())
            .field("name", &self.name())
            .field("args", &self.args())
            .finish_non_exhaustive()
    }
}
