//! From bytes to code that may run: size, counts, proposals, validation, compilation.

mod abi;
mod admission;
mod bodies;
mod builder;
mod compile;
mod constants;
pub(crate) mod convert;
mod entries;
mod entry;
mod facts;
mod fingerprint;
mod foreign;
mod interface;
mod labels;
#[cfg(feature = "std")]
mod lanes;
mod lengths;
mod lent;
mod location;
mod needs;
mod opcode;
mod outline;
mod proposals;
mod reading;
mod rewrite;
mod schedule;
mod section;
mod signatures;
mod snapshot;
mod source;
mod stretches;
mod survey;
#[cfg(feature = "wat")]
mod text;
mod weight;

pub use abi::AbiVersion;
pub use builder::ModuleBuilder;
pub(crate) use entry::Entry;
pub(crate) use fingerprint::fingerprint;
pub use interface::{Export, Import};
pub(crate) use interface::{MemoryExport, wrong_type};
pub(crate) use lent::LentMemory;
pub(crate) use rewrite::TABLE_GROW_REPLAY_FUEL;
pub use schedule::FUEL_SCHEDULE;
pub(crate) use schedule::{CALL_FUEL, WORST_PICOS_PER_FUEL};
pub(crate) use snapshot::{Global, Item, State};
pub(crate) use source::{Part, Source};

use crate::{
    error::Error,
    extern_type::{ExternType, MemoryType, TableType},
    module_limits::ModuleLimits,
    proposal::Proposals,
};
use alloc::{boxed::Box, string::String, sync::Arc};
use core::fmt;
use facts::Facts;
use fuelbox_guest::protocol;
#[cfg(feature = "std")]
use lanes::Lanes;
use rewrite::Rewritten;
#[cfg(feature = "observe")]
pub(crate) use rewrite::observe::{
    CALLS, COMES_BACK, ENTERS, Part as ObservedPart, Places, SLOTS, Told,
};
#[cfg(feature = "fuzz")]
pub use rewrite::trace::Traced;
#[cfg(feature = "fuzz")]
pub(crate) use rewrite::trace::{self, Layout};

/// Guest code that passed every check and is compiled.
///
/// Owning one is the proof. Cheap to clone, and shared between threads; each run gets memory, globals
/// and tables of its own.
///
/// It says what it is made of:
///
/// ```
/// use fuelbox::{Module, ModuleLimits};
///
/// # let text = std::fs::read_to_string("examples/guests/upper.wat")?;
/// # let wasm = wat::parse_str(text)?;
/// let module = Module::new(&wasm)?;
/// for import in module.imports() {
///     println!("imports {}.{}, {}", import.module, import.name, import.ty);
/// }
/// for export in module.exports() {
///     println!("exports {}, {}", export.name, export.ty);
/// }
/// assert_eq!(module.export("execute").unwrap().to_string(), "function (i32, i32) -> i32");
/// assert_eq!((module.memories().len(), module.tables().len()), (1, 0));
/// println!("start function: {}, protocol: {:?}", module.has_start(), module.abi_version());
/// println!("fingerprint: {:016x}, called {:?}", module.fingerprint(), module.name());
///
/// let proposals = Module::proposals_used(&wasm, &ModuleLimits::default())?;
/// assert_eq!(proposals.iter().count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

/// One lane: the code, compiled once more, and what is said of it.
struct Inner {
    code: wasmi::Module,
    about: Arc<About>,
    /// Those beside it; only the first lane has them.
    #[cfg(feature = "std")]
    lanes: Option<Lanes>,
}

/// What is said of a module, the same in all lanes.
struct About {
    facts: Facts,
    /// What the host calls it.
    name: Option<Arc<str>>,
    /// The memories that each instance gets from us: all that the module defines, or none.
    lent_memories: Box<[LentMemory]>,
    /// Name of the export that stands for the start section.
    start: Option<String>,
    has_initialize: bool,
    entry: Result<Entry, Error>,
    fingerprint: u64,
    /// What it was built under.
    limits: ModuleLimits,
    /// Where it is built for snapshots.
    source: Option<Box<Source>>,
    /// Where what tells of its instances is found, if something does.
    #[cfg(feature = "observe")]
    places: Option<Places>,
    /// Where what it tells of the ways that it takes is found, if it does.
    #[cfg(feature = "fuzz")]
    layout: Option<Layout>,
}

impl Module {
    /// The proposals that a module cannot do without.
    ///
    /// Takes the bytes because few modules keep them; validates them, and compiles nothing.
    ///
    /// # Errors
    /// Those of [`ModuleBuilder::build`], compilation aside.
    pub fn proposals_used(
        wasm: impl AsRef<[u8]>,
        limits: &ModuleLimits,
    ) -> Result<Proposals, Error> {
        let wasm = &*lengths::countable(wasm.as_ref(), limits);
        outline::proposals_used(wasm, limits)
    }

    /// What the module imports, in its order.
    #[must_use]
    pub fn imports(&self) -> &[Import] {
        &self.facts().interface.imports
    }

    /// What the module exports, sorted by name.
    pub fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.facts().interface.exports()
    }

    /// The type of the export called `name`.
    #[must_use]
    pub fn export(&self, name: &str) -> Option<ExternType> {
        self.facts().interface.export(name)
    }

    /// The memories, imported ones first.
    #[must_use]
    pub fn memories(&self) -> &[MemoryType] {
        &self.facts().memories
    }

    /// The tables, imported ones first.
    #[must_use]
    pub fn tables(&self) -> &[TableType] {
        &self.facts().tables
    }

    /// Whether there is a start function, which runs before anything else.
    #[must_use]
    pub fn has_start(&self) -> bool {
        self.about().start.is_some()
    }

    /// Which version of the protocol the guest was built for.
    #[must_use]
    pub fn abi_version(&self) -> AbiVersion {
        self.facts().abi_version
    }

    /// A 64-bit hash of the bytes, to tell modules apart in logs; no protection against forgery.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.about().fingerprint
    }

    /// Where what tells of its instances is found, if something does.
    #[cfg(feature = "observe")]
    pub(crate) fn places(&self) -> Option<&Places> {
        self.about().places.as_ref()
    }

    /// Where what it tells of the ways that it takes is found, if it does.
    #[cfg(feature = "fuzz")]
    pub(crate) fn layout(&self) -> Option<&Layout> {
        self.about().layout.as_ref()
    }

    /// Bytes of memory and elements of tables that an instance has and that are not the guest's.
    #[cfg(feature = "observe")]
    pub(crate) fn beside_the_guest(&self) -> (u64, u64) {
        let (bytes, elements) = self.places().map_or((0, 0), Places::lent);
        #[cfg(feature = "fuzz")]
        let bytes = bytes.saturating_add(self.layout().map_or(0, |layout| layout.bytes));
        (bytes, elements)
    }

    /// What it was built under.
    pub(crate) fn limits(&self) -> &ModuleLimits {
        &self.about().limits
    }

    /// The memories that each instance gets from us, in their order: they come last of what the interpreter imports.
    pub(crate) fn lent_memories(&self) -> &[LentMemory] {
        &self.about().lent_memories
    }

    /// All memories together at the start, in bytes.
    pub(crate) fn initial_memory_bytes(&self) -> u64 {
        self.memories()
            .iter()
            .map(MemoryType::minimum_bytes)
            .fold(0, u64::saturating_add)
    }

    /// All tables together at the start, in elements.
    pub(crate) fn initial_table_elements(&self) -> u64 {
        self.tables()
            .iter()
            .map(|table| table.minimum)
            .fold(0, u64::saturating_add)
    }

    /// The copy of the module for a guest that is made now: the only one.
    #[cfg(not(feature = "std"))]
    pub(crate) fn lane(&self) -> &Self {
        self
    }

    fn about(&self) -> &About {
        &self.inner.about
    }

    fn facts(&self) -> &Facts {
        &self.inner.about.facts
    }

    /// Locals of the function that has the most.
    pub(crate) fn most_locals(&self) -> u64 {
        self.facts().most_locals
    }

    /// The most values that a call or a branch could carry.
    pub(crate) fn most_carried(&self) -> u64 {
        self.facts().most_carried
    }

    pub(crate) fn code(&self) -> &wasmi::Module {
        &self.inner.code
    }

    /// Whether a function had what the interpreter miscompiles, for tests and the search for faults.
    #[doc(hidden)]
    #[must_use]
    pub fn is_repaired(&self) -> bool {
        self.facts().is_repaired
    }

    /// Name of the export that stands for the start section.
    pub(crate) fn start_export(&self) -> Option<&str> {
        self.about().start.as_deref()
    }

    /// Whether `_initialize` is exported as a function without parameters and results.
    pub(crate) fn has_initialize(&self) -> bool {
        self.about().has_initialize
    }

    /// What runs when no export is named.
    pub(crate) fn entry(&self) -> Result<Entry, Error> {
        match &self.about().entry {
            Ok(entry) => Ok(*entry),
            Err(error) => Err(error.clone()),
        }
    }

    fn admit(wasm: &[u8], builder: &ModuleBuilder) -> Result<Self, Error> {
        let limits = &builder.admitted_limits();
        let outline = outline::outline(wasm, limits)?;
        let source = builder
            .snapshots
            .then(|| Source::new(wasm, builder).map(Box::new))
            .transpose()?;
        let Rewritten {
            wasm: runnable,
            start,
            lent_memories,
        } = rewrite::rewrite(wasm, &outline, source.as_deref(), builder.lends())?;
        #[cfg(feature = "observe")]
        let (runnable, places) = if let Some(told) = &builder.told {
            let depth = limits.call_depth;
            let observed = rewrite::observe::observe(wasm, &runnable, &outline, depth, told)?;
            (observed.wasm.into(), Some(observed.places))
        } else {
            (runnable, None)
        };
        #[cfg(feature = "fuzz")]
        let (runnable, layout) = if let Some(traced) = builder.traced {
            let traced = trace::trace(wasm, &runnable, &outline, traced)?;
            (traced.wasm.into(), Some(traced.layout))
        } else {
            (runnable, None)
        };
        // What validating took is given back before compiling takes as much.
        let facts = outline.into_facts();
        facts.must_suit_the_interpreter()?;
        let code = compile::compile(&runnable, builder)?;
        let interface = &facts.interface;
        let initialize = interface.function_of(protocol::INITIALIZE_EXPORT, &[], &[]);
        let about = About {
            name: builder.name.clone(),
            lent_memories: LentMemory::of(&code, &facts.memories, lent_memories),
            start,
            has_initialize: initialize.is_ok(),
            entry: Entry::find(interface),
            fingerprint: fingerprint(wasm),
            limits: builder.limits.clone(),
            source,
            #[cfg(feature = "observe")]
            places,
            #[cfg(feature = "fuzz")]
            layout,
            facts,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                code,
                about: Arc::new(about),
                #[cfg(feature = "std")]
                lanes: Lanes::new(runnable, builder),
            }),
        })
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("name", &self.about().name)
            .field("fingerprint", &format_args!("{:016x}", self.fingerprint()))
            .field("imports", &self.facts().interface.imports.len())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_start_section_becomes_an_export_that_does_not_show() {
        let module = Module::from_wat(
            r#"(module (func $init) (func (export "fuelbox:start")) (start $init) (memory (export "memory") 1))"#,
        )
        .expect("the module is valid");
        assert_eq!(module.start_export(), Some("fuelbox:start:0"));
        let names: Vec<_> = module
            .exports()
            .map(|export| String::from(export.name))
            .collect();
        assert_eq!(names, ["fuelbox:start", "memory"]);
        assert_eq!(module.export("fuelbox:start:0"), None);
    }
}
