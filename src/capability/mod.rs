//! What may be opened in the wall.
//!
//! Each is granted by value with [`Sandbox::grant`](crate::Sandbox::grant); nothing is reachable
//! without one.

// Each file is one capability. It declares the functions it offers in a table, which its grant hands
// over; `CATALOGUE` has the signatures of all tables. A module's imports are looked up one by one in
// what was granted, then in the catalogue, to say which capability is missing.

mod abort;
mod clock;
mod function;
mod io;
mod log;
mod random;
mod wasi;

pub use abort::Abort;
pub use clock::Clock;
pub use function::{Function, HostFunction, Returns};
pub use io::{Input, Output, Protocol, protocol};
pub use log::Log;
pub use random::Random;
pub use wasi::Wasi;

use crate::{
    error::Error,
    extern_type::{ExternType, FunctionType},
    host::{Extensions, Host},
    module::Import,
    tree::Tree,
    value::ValueType,
};
use alloc::{borrow::Cow, sync::Arc, vec::Vec};
use core::fmt;

/// The signatures of tables of functions.
macro_rules! catalogue {
    ($($functions:path),* $(,)?) => {
        &[$(&signatures::<{ $functions.len() }>($functions)),*]
    };
}

/// Something the host hands in by value with [`Sandbox::grant`](crate::Sandbox::grant). Sealed.
pub trait Capability: Opening {}

impl<T: Opening> Capability for T {}

/// How a capability opens the wall.
pub trait Opening {
    #[doc(hidden)]
    fn open(self, grants: &mut Grants);
}

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
    link: fn(&mut wasmi::Store<Host>) -> wasmi::Func,
}

/// What a function is called and takes, and which capability offers it.
#[derive(Clone, Copy)]
struct Signature {
    capability: &'static str,
    module: &'static str,
    name: &'static str,
    params: &'static [ValueType],
    results: &'static [ValueType],
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

/// A place among the functions granted.
#[derive(Clone, Copy, Default)]
struct Place {
    table: usize,
    line: usize,
}

impl Place {
    /// Finds what `import` names, and goes on behind it: linkers list imports in about the order of the
    /// tables, so that most are found at the first look.
    fn find(
        &mut self,
        granted: &[&'static [Declared]],
        import: &Import,
    ) -> Option<&'static Declared> {
        let tables = granted.iter().zip(0..);
        core::iter::once(*self)
            .chain(tables.map(|(_, table)| Self { table, line: 0 }))
            .find_map(|from| {
                let rest = granted.get(from.table)?.get(from.line..)?;
                let (declared, line) = rest
                    .iter()
                    .zip(from.line..)
                    .find(|(declared, _)| declared.signature.is(import))?;
                *self = Self {
                    table: from.table,
                    line: line.saturating_add(1),
                };
                Some(declared)
            })
    }
}

type Prepare = Arc<dyn Fn(&mut Extensions) + Send + Sync>;

/// What was granted.
#[derive(Clone, Default)]
pub struct Grants {
    granted: Vec<&'static [Declared]>,
    /// What capabilities keep for each run, made anew for it.
    prepared: Vec<(&'static [Declared], Prepare)>,
    functions: Vec<Function>,
}

/// How one import is served.
pub(crate) struct Link<'a>(Source<'a>);

enum Source<'a> {
    Declared(&'static Declared),
    Function(&'a Function),
}

impl Grants {
    /// Grants the functions of one capability.
    fn grant(&mut self, functions: &'static [Declared]) {
        if !self
            .capabilities()
            .any(|other| Some(other) == capability(functions))
        {
            self.granted.push(functions);
        }
    }

    /// Grants a capability that keeps something of its own in each run.
    fn grant_with<T: Clone + Send + Sync + 'static>(
        &mut self,
        functions: &'static [Declared],
        state: T,
    ) {
        self.grant(functions);
        self.prepared
            .retain(|(other, _)| capability(other) != capability(functions));
        self.prepared.push((
            functions,
            Arc::new(move |states| states.insert(state.clone())),
        ));
    }

    /// What was granted, by name.
    fn capabilities(&self) -> impl Iterator<Item = &'static str> {
        self.granted.iter().copied().filter_map(capability)
    }

    /// Grants a function of the host's own, in place of any other of that name.
    fn grant_function(&mut self, function: Function) {
        self.functions
            .retain(|other| !other.is_named(function.module(), function.name()));
        self.functions.push(function);
    }

    /// Sets up what granted capabilities keep for a run.
    pub(crate) fn prepare(&self, states: &mut Extensions) {
        for (_, prepare) in &self.prepared {
            prepare(states);
        }
    }

    /// Finds what serves each of `imports`.
    ///
    /// # Errors
    /// [`Error::ImportUnknown`], [`Error::ImportNotGranted`], [`Error::ImportType`].
    pub(crate) fn resolve(
        &self,
        imports: &[Import],
    ) -> impl Iterator<Item = Result<Link<'_>, Error>> {
        let mut place = Place::default();
        imports
            .iter()
            .map(move |import| self.resolve_one(import, &mut place))
    }

    fn resolve_one(&self, import: &Import, place: &mut Place) -> Result<Link<'_>, Error> {
        if let Some(function) = self
            .functions
            .iter()
            .find(|function| function.is_named(&import.module, &import.name))
        {
            return if function.fits(&import.ty) {
                Ok(Link(Source::Function(function)))
            } else {
                Err(wrong_type(import, function.extern_type()))
            };
        }
        if let Some(declared) = place.find(&self.granted, import) {
            return if declared.signature.fits(&import.ty) {
                Ok(Link(Source::Declared(declared)))
            } else {
                Err(wrong_type(import, declared.signature.ty()))
            };
        }
        let mut catalogue = CATALOGUE.iter().copied().flatten();
        Err(match catalogue.find(|signature| signature.is(import)) {
            None => Error::ImportUnknown {
                module: import.module.as_str().into(),
                name: import.name.as_str().into(),
                found: import.ty.clone(),
            },
            Some(signature) if !signature.fits(&import.ty) => wrong_type(import, signature.ty()),
            Some(signature) => Error::ImportNotGranted {
                module: import.module.as_str().into(),
                name: import.name.as_str().into(),
                capability: Cow::Borrowed(signature.capability),
            },
        })
    }
}

/// The capability that `functions` belong to.
fn capability(functions: &'static [Declared]) -> Option<&'static str> {
    functions
        .first()
        .map(|declared| declared.signature.capability)
}

/// Lets go of what the host's system keeps open for a run.
pub(crate) fn close_files(states: &mut Extensions) {
    wasi::close_files(states);
}

/// The files that a run could write to, as it left them.
pub(crate) fn trees(states: &mut Extensions) -> Vec<Tree> {
    wasi::trees(states)
}

fn wrong_type(import: &Import, expected: ExternType) -> Error {
    Error::ImportType {
        module: import.module.as_str().into(),
        name: import.name.as_str().into(),
        expected,
        found: import.ty.clone(),
    }
}

impl Link<'_> {
    /// The capability that serves the import; `Function` where it is the host's own.
    pub(crate) fn capability(&self) -> &'static str {
        match self.0 {
            Source::Declared(declared) => declared.signature.capability,
            Source::Function(_) => "Function",
        }
    }

    /// Makes the function for one run.
    pub(crate) fn link(&self, store: &mut wasmi::Store<Host>) -> wasmi::Func {
        match self.0 {
            Source::Declared(declared) => (declared.link)(store),
            Source::Function(function) => function.link(store),
        }
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grants")
            .field("granted", &self.capabilities().collect::<Vec<_>>())
            .field("functions", &self.functions)
            .finish()
    }
}
