//! From a module and what it was granted to an instance in which nothing has run.

use super::{Guest, Life, dispatch};
use crate::{
    capability::Grants, clock::Clock, error::Error, guard::guard, host::Host, limits::Limits,
    module::Module,
};
use alloc::string::ToString;
use fuelbox_guest::protocol;
use wasmi::{
    Store,
    errors::{ErrorKind, InstantiationError, MemoryError, TableError},
};

/// All that an instance is made of.
pub(crate) struct Setup<'a> {
    pub(crate) module: &'a Module,
    pub(crate) grants: &'a Grants,
    pub(crate) limits: &'a Limits,
    pub(crate) clock: Clock,
}

impl Guest {
    /// Links and instantiates; no guest code runs yet.
    ///
    /// # Errors
    /// Those of [`Grants::resolve`], and where the machine or the interpreter cannot.
    pub(crate) fn set_up(setup: Setup<'_>) -> Result<Self, Error> {
        dispatch::check()?;
        let Setup {
            module,
            grants,
            limits,
            clock,
        } = setup;
        let mut host = Host::new(&limits.instance, clock, !module.has_tail_calls());
        grants.prepare(&mut host.states);
        let mut store = Store::new(module.code().engine(), host);
        store.limiter(|host| &mut host.meter);
        // The interpreter panics where it has no memory for a function.
        let externs = guard(|| grants.link(module, &mut store))
            .map_err(|message| Error::Engine { message })??;
        let handle = guard(|| wasmi::Instance::new(&mut store, module.code(), &externs))
            .map_err(|message| Error::Engine { message })?
            .map_err(|error| refusal(&error))?;
        store.data_mut().memory = handle.get_memory(&store, protocol::MEMORY_EXPORT);
        Ok(Self {
            store,
            handle,
            module: module.clone(),
            limits: limits.call.clone(),
            life: Life::New,
            initialization: None,
        })
    }
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
        ErrorKind::Instantiation(
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
