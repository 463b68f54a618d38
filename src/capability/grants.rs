//! The grants of a sandbox, and which of them serves each import.

use super::{CATALOGUE, Declared, Function, linking::Linking};
use crate::{
    error::Error,
    extern_type::{ExternType, FunctionType},
    host::{Caller, Extensions, Halt, Store, values},
    module::{Import, MemoryExport, Module},
    stop::{HostError, Stop},
    value::ValueType,
};
use alloc::{borrow::Cow, boxed::Box, sync::Arc, vec::Vec};
use core::fmt;

/// How a capability is opened. It cannot be named elsewhere, so that nobody else makes capabilities.
pub trait Opening {
    #[doc(hidden)]
    fn open(self, grants: &mut Grants);
}

type Prepare = Arc<dyn Fn(&mut Extensions) + Send + Sync>;

/// What was granted.
#[derive(Clone, Default)]
pub struct Grants {
    pub(super) granted: Vec<&'static [Declared]>,
    /// What capabilities keep for one run, made for it alone.
    prepared: Vec<(&'static [Declared], Prepare)>,
    pub(super) functions: Vec<Function>,
    /// Whether functions that nobody offers are linked all the same.
    pub(super) stubs: bool,
}

/// How one import is served.
pub(crate) struct Link<'a>(Source<'a>);

enum Source<'a> {
    Declared(&'static Declared),
    Function(&'a Function),
    /// Nobody offers it: it stops the run when it is called.
    Stub(Stub),
}

/// A function that is imported and that nobody offers.
struct Stub {
    names: Arc<(Box<str>, Box<str>)>,
    ty: FunctionType,
}

impl Grants {
    /// Grants the functions of one capability.
    pub(super) fn grant(&mut self, functions: &'static [Declared]) {
        if !self
            .capabilities()
            .any(|other| Some(other) == capability(functions))
        {
            self.granted.push(functions);
        }
    }

    /// Grants a capability that keeps something of its own in each run.
    pub(super) fn grant_with<T: Clone + Send + Sync + 'static>(
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

    /// Grants a function of the host, in place of any other of that name.
    pub(super) fn grant_function(&mut self, function: Function) {
        self.functions
            .retain(|other| !other.is_named(function.module(), function.name()));
        self.functions.push(function);
    }

    /// Links functions that nobody offers, so that only a call of one stops the run.
    pub(crate) fn stub_unknown(&mut self) {
        self.stubs = true;
    }

    /// Sets up what granted capabilities keep for a run.
    pub(crate) fn prepare(&self, states: &mut Extensions) {
        for (_, prepare) in &self.prepared {
            prepare(states);
        }
    }

    /// Whether granted capabilities keep something for a run.
    #[cfg(feature = "fuzz")]
    pub(crate) fn keep_states(&self) -> bool {
        !self.prepared.is_empty()
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

    /// Makes what serves each import of `module`, in order, with room for the memories that it is lent.
    ///
    /// # Errors
    /// Those of [`resolve`](Self::resolve) and [`must_reach_memory`](Self::must_reach_memory).
    pub(crate) fn link(
        &self,
        module: &Module,
        store: &mut Store,
    ) -> Result<Vec<wasmi::Extern>, Error> {
        let imports = module.imports();
        let is_reachable = matches!(module.memory_export(), MemoryExport::Reachable);
        let lent = module.lent_memories().len();
        let mut externs = Vec::with_capacity(imports.len().saturating_add(lent));
        let mut needs_memory = false;
        for (number, link) in (0..).zip(self.resolve(imports)) {
            let link = link?;
            needs_memory |= !is_reachable && link.reaches_memory();
            let function = link.link(Linking::new(store, number));
            externs.push(function.into());
        }
        if needs_memory {
            self.must_reach_memory(module)?;
        }
        Ok(externs)
    }

    /// Refuses a module of which what it imports could not reach the memory.
    ///
    /// # Errors
    /// [`Error::MemoryNotExported`].
    pub(crate) fn must_reach_memory(&self, module: &Module) -> Result<(), Error> {
        let exported = match module.memory_export() {
            MemoryExport::Reachable => return Ok(()),
            MemoryExport::Elsewhere(name) => Some(name.into()),
            MemoryExport::Absent => None,
        };
        let imports = module.imports();
        let served = imports.iter().zip(self.resolve(imports));
        for (import, link) in served {
            if link.is_ok_and(|link| link.reaches_memory()) {
                return Err(Error::MemoryNotExported {
                    module: import.module.as_str().into(),
                    name: import.name.as_str().into(),
                    exported,
                });
            }
        }
        Ok(())
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
            None if self.stubs
                && let ExternType::Function(ty) = &import.ty =>
            {
                return Ok(Link(Source::Stub(Stub::new(import, ty))));
            }
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

/// A place among the functions granted.
#[derive(Clone, Copy, Default)]
struct Place {
    table: usize,
    line: usize,
}

impl Place {
    /// Finds what `import` names, and goes on after it: linkers list imports in about the order of the
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

fn wrong_type(import: &Import, expected: ExternType) -> Error {
    Error::ImportType {
        module: import.module.as_str().into(),
        name: import.name.as_str().into(),
        expected,
        found: import.ty.clone(),
    }
}

impl Link<'_> {
    /// The capability that serves the import, `Function` where it is the host's own; none for a stub.
    pub(crate) fn capability(&self) -> Option<&'static str> {
        match self.0 {
            Source::Declared(declared) => Some(declared.signature.capability),
            Source::Function(_) => Some("Function"),
            Source::Stub(_) => None,
        }
    }

    /// Whether it is of no use without the guest's memory. A function of the host may do without.
    fn reaches_memory(&self) -> bool {
        match &self.0 {
            Source::Declared(declared) => declared.signature.reaches_memory,
            Source::Function(function) => function.needs_memory,
            Source::Stub(_) => false,
        }
    }

    /// Makes the function for one run.
    fn link(&self, import: Linking<'_>) -> wasmi::Func {
        match &self.0 {
            Source::Declared(declared) => (declared.link)(import),
            Source::Function(function) => function.link(import),
            Source::Stub(stub) => stub.link(import),
        }
    }
}

impl Stub {
    fn new(import: &Import, ty: &FunctionType) -> Self {
        let names = (import.module.as_str().into(), import.name.as_str().into());
        Self {
            names: Arc::new(names),
            ty: ty.clone(),
        }
    }

    fn link(&self, import: Linking<'_>) -> wasmi::Func {
        let of = |types: &[ValueType]| {
            let types = types.iter().copied().map(values::type_to_wasmi);
            types.collect::<Vec<_>>()
        };
        let ty = wasmi::FuncType::new(of(&self.ty.params), of(&self.ty.results));
        let names = self.names.clone();
        import.dynamic(ty, move |caller, _, _| {
            let (module, name) = &*names;
            Caller::enter(caller, name).map_err(Halt::raise)?;
            Err(Halt::new(Stop::HostFunction {
                module: Cow::Owned(module.clone().into()),
                name: Cow::Owned(name.clone().into()),
                error: HostError::message("no capability offers it: it is a stub"),
            })
            .raise())
        })
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
