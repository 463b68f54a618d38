//! Capabilities: what a host can grant to a guest.
//!
//! Each is granted by value with [`Sandbox::grant`](crate::Sandbox::grant); nothing is reachable
//! without one.

// Each file is one capability. It declares the functions it offers in a table, which its grant hands
// over; `CATALOGUE` has the signatures of all tables. A module's imports are looked up one by one in
// what was granted, then in the catalogue, to say which capability is missing.

mod abort;
mod async_function;
mod clock;
#[cfg(all(feature = "worker", unix))]
mod crossing;
mod function;
mod grants;
mod io;
mod linking;
mod log;
#[cfg(feature = "std")]
mod pipe;
mod random;
mod replayed;
mod reply;
mod waiting_function;
mod wasi;

pub use abort::Abort;
pub use async_function::AsyncHostFunction;
pub use clock::Clock;
pub use function::{Function, HostFunction, Returns};
pub use io::{Input, Output, Protocol, protocol};
pub use log::Log;
#[cfg(feature = "std")]
pub use pipe::{PipeReader, PipeWriter, pipe};
pub use random::Random;
pub use reply::{Replies, Reply};
pub use wasi::{Arrival, InputSource, Wasi};

#[cfg(all(feature = "worker", unix))]
pub(crate) use crossing::{Arrived, Crossing};
pub(crate) use function::panicked;
pub(crate) use grants::Grants;
pub(crate) use replayed::played;

use crate::{
    extern_type::{ExternType, FunctionType},
    host::Extensions,
    module::Import,
    tree::Tree,
    value::ValueType,
};
use alloc::{string::String, vec::Vec};
use grants::Opening;
use linking::Linking;

/// The signatures of tables of functions.
macro_rules! catalogue {
    ($($functions:path),* $(,)?) => {
        &[$(&signatures::<{ $functions.len() }>($functions)),*]
    };
}

/// Something the host hands in by value with [`Sandbox::grant`](crate::Sandbox::grant). Sealed.
///
/// ```compile_fail,E0277
/// struct Mine;
/// impl fuelbox::capability::Capability for Mine {}
/// ```
///
/// ```compile_fail,E0432
/// use fuelbox::capability::Opening;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a capability",
    label = "cannot be granted",
    note = "a function of your own is granted as Function::new(module, name, closure)",
    note = "the capabilities of this crate are in fuelbox::capability; fuelbox::protocol() is three of them"
)]
pub trait Capability: Opening {}

impl<T: Opening> Capability for T {}

/// Every function that some capability offers, whether granted or not.
///
/// Without the functions themselves: those come with the grant, so that a host carries no code of
/// capabilities that it never grants. Those of WASI are 150 KB of the least host.
const CATALOGUE: &[&[Signature]] = catalogue![
    log::FUNCTIONS,
    io::INPUT_FUNCTIONS,
    io::OUTPUT_FUNCTIONS,
    clock::FUNCTIONS,
    random::FUNCTIONS,
    abort::FUNCTIONS,
    wasi::FUNCTIONS,
];

/// A function that a capability offers.
struct Declared {
    signature: Signature,
    link: fn(Linking<'_>) -> wasmi::Func,
}

/// What a function is called and takes, and which capability offers it.
#[derive(Clone, Copy)]
struct Signature {
    capability: &'static str,
    module: &'static str,
    name: &'static str,
    params: &'static [ValueType],
    results: &'static [ValueType],
    /// Whether it takes an address, so that it is of no use to a guest that exports no memory.
    reaches_memory: bool,
}

impl Signature {
    fn ty(&self) -> ExternType {
        ExternType::Function(FunctionType::new(self.params, self.results))
    }

    fn is(&self, import: &Import) -> bool {
        self.name == import.name && self.module == import.module
    }

    fn fits(&self, ty: &ExternType) -> bool {
        matches!(ty, ExternType::Function(ty) if *ty.params == *self.params && *ty.results == *self.results)
    }
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler, which would refuse"
)]
const fn signatures<const LEN: usize>(functions: &[Declared]) -> [Signature; LEN] {
    let mut signatures = [functions[0].signature; LEN];
    let mut line = 0;
    while line < LEN {
        signatures[line] = functions[line].signature;
        line += 1;
    }
    signatures
}

/// Begins a call: its input is read from the start.
pub(crate) fn begin_call(states: &mut Extensions) {
    wasi::begin_call(states);
}

/// Lets go of what the host's system keeps open for an instance.
pub(crate) fn close_files(states: &mut Extensions) {
    wasi::close_files(states);
}

/// The lowest descriptor of an instance that is not as every instance begins with it.
pub(crate) fn changed_descriptor(states: &Extensions) -> Option<u32> {
    wasi::changed_descriptor(states)
}

/// How many names in mounted files the guest was not shown.
pub(crate) fn names_left_out(states: &Extensions) -> u64 {
    wasi::names_left_out(states)
}

/// The files that the guest could write to, as it left them, and the names that they were mounted under.
pub(crate) fn trees(states: &Extensions) -> (Vec<String>, Vec<Tree>) {
    wasi::trees(states)
}

/// The same without a copy; the guest has none of them any longer.
pub(crate) fn take_trees(states: &mut Extensions) -> (Vec<String>, Vec<Tree>) {
    wasi::take_trees(states)
}
