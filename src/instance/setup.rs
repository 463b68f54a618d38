//! The setup of an instance, from a module and its grants, before any of its code runs.

use super::{Guest, Life, dispatch, tape};
use crate::{
    capability::{self, Grants},
    clock::Clock,
    error::Error,
    guard::guard,
    host::{Host, Store, lend_memory},
    limits::Limits,
    module::{LentMemory, Module},
};
use alloc::{string::ToString, vec::Vec};
use fuelbox_guest::protocol;
use wasmi::errors::{ErrorKind, InstantiationError, MemoryError, TableError};

/// All that an instance is made of.
pub(crate) struct Setup<'a> {
    pub(crate) module: &'a Module,
    pub(crate) grants: &'a Grants,
    pub(crate) limits: &'a Limits,
    pub(crate) clock: Clock,
    /// The most bytes of what it is recorded on, if it is.
    pub(crate) record: Option<u64>,
}

impl Guest {
    /// A guest that is not linked: it has no exports yet.
    ///
    /// Apart from linking, which can fail: what cannot fail is made where it stays, and is nearly 2,000 bytes.
    #[inline(always)]
    pub(crate) fn unlinked(setup: &Setup<'_>) -> Self {
        let Setup { module, limits, .. } = *setup;
        let module = module.lane();
        let mut host = Host::new(&limits.instance, setup.clock.clone());
        if let Some(most_bytes) = setup.record {
            host.tape = Some(tape::to_record(setup, most_bytes));
        }
        Self {
            store: Store::new(module.code().engine(), host),
            instance: None,
            functions: Vec::new(),
            module: module.clone(),
            limits: limits.call.clone(),
            life: Life::New,
            initialization: None,
        }
    }

    /// Links and instantiates; no guest code runs yet.
    ///
    /// # Errors
    /// Those of [`Grants::link`], and where the machine or the interpreter cannot.
    pub(crate) fn link(&mut self, grants: &Grants) -> Result<(), Error> {
        dispatch::check()?;
        let Self { store, module, .. } = self;
        grants.prepare(&mut store.data_mut().states);
        store.limiter(|host| &mut host.meter);
        // The interpreter panics where it has no memory for a function.
        let is_replayed = store.data_mut().player().is_some();
        let mut externs = guard(|| {
            if is_replayed {
                return Ok(capability::played(module, store));
            }
            grants.link(module, store)
        })
        .map_err(|message| Error::Engine { message })??;
        for memory in module.lent_memories() {
            externs.push(lend(store, memory)?.into());
        }
        #[cfg(feature = "observe")]
        let (bytes, elements) = module.beside_the_guest();
        #[cfg(feature = "observe")]
        store.data_mut().meter.lend(bytes, elements);
        let instance = guard(|| wasmi::Instance::new(&mut *store, module.code(), &externs))
            .map_err(|message| Error::Engine { message })?
            .map_err(|error| refusal(&error))?;
        #[cfg(feature = "observe")]
        store.data_mut().meter.take_back_lent(bytes, elements);
        let memory = instance.get_memory(&*store, protocol::MEMORY_EXPORT);
        store.data_mut().memory = memory;
        self.instance = Some(instance);
        #[cfg(feature = "observe")]
        self.hook();
        Ok(())
    }
}

/// A memory that never moves, where the machine has room for all that it may grow to.
fn lend(store: &mut Store, memory: &LentMemory) -> Result<wasmi::Memory, Error> {
    // The meter denies what is beyond its limit, and the interpreter what is beyond the memory's own.
    let most = store.data().meter.memory_limit();
    let bytes = memory.ty.minimum_bytes()..=memory.most_bytes().min(most);
    guard(|| lend_memory(store, memory.native, bytes))
        .map_err(|message| Error::Engine { message })?
        .map_err(|error| refusal(&error))
}

/// Why a module could not be instantiated. Sizes and imports were checked before.
fn refusal(error: &wasmi::Error) -> Error {
    match error.kind() {
        ErrorKind::Memory(MemoryError::OutOfBoundsAccess)
        | ErrorKind::Table(TableError::InitOutOfBounds | TableError::SetOutOfBounds)
        | ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
            Error::Segment
        }
        // The meter denies nothing that was checked before, but what the machine has no room for.
        ErrorKind::Memory(
            MemoryError::OutOfSystemMemory
            | MemoryError::MinimumSizeOverflow
            | MemoryError::ResourceLimiterDeniedAllocation,
        )
        | ErrorKind::Instantiation(
            InstantiationError::FailedToInstantiateMemory(
                MemoryError::OutOfSystemMemory
                | MemoryError::MinimumSizeOverflow
                | MemoryError::ResourceLimiterDeniedAllocation,
            )
            | InstantiationError::FailedToInstantiateTable(
                TableError::OutOfSystemMemory
                | TableError::MinimumSizeOverflow
                | TableError::ResourceLimiterDeniedAllocation,
            ),
        ) => Error::SystemOutOfMemory,
        _ => Error::Engine {
            message: error.to_string(),
        },
    }
}
