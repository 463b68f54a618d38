//! A snapshot: an instance written back as a module.

mod error;
mod functions;
mod probe;

pub use error::SnapshotError;

use super::{Guest, Instance, Life};
use crate::{
    capability,
    host::{memory, values},
    module::{Global, Item, Module, Part, Source, State},
    value::{Reference, Value},
};
use alloc::{collections::BTreeSet, vec::Vec};
use error::engine;
use functions::Functions;
use wasmi::{Extern, Nullable, Ref, Val};

impl Instance {
    /// Writes the instance back as an ordinary module: what starts from there has its memory, globals and tables.
    ///
    /// The module has no start function and no export `_initialize`, since both have run. It is admitted under the
    /// limits that this one was built with, and can be snapshotted too; [`Module::wasm`] gives its bytes. The
    /// instance stays as it is.
    ///
    /// What is the host's is not in it: files, streams, clocks and random numbers begin again, as in every instance.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let table = br#"(module (memory (export "memory") 1)
    /// #     (func (export "_initialize") (i32.store (i32.const 8) (i32.const 42)))
    /// #     (func (export "answer") (result i32) (i32.load (i32.const 8))))"#;
    /// # let table = wat::parse_bytes(table)?;
    /// let module = Module::builder().snapshots(true).build(&table)?;
    /// let sandbox = Sandbox::new(Limits::default());
    /// // Whatever the guest does to get ready is done once.
    /// let warm: Module = sandbox.instantiate(&module)?.snapshot()?;
    /// assert_eq!(sandbox.call::<_, i32>(&warm, "answer", ())?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SnapshotError`], which says what cannot be written back and what to change.
    pub fn snapshot(&mut self) -> Result<Module, SnapshotError> {
        let guest = &mut *self.guest;
        let module = guest.module.clone();
        let source = module.source().ok_or(SnapshotError::NotBuilt)?;
        if !matches!(guest.life, Life::Ready) {
            guest.must_be_alive().map_err(SnapshotError::Over)?;
        }
        if let Some(fd) = capability::changed_descriptor(&guest.store.data().states) {
            return Err(SnapshotError::OpenFile { fd });
        }
        let functions = Functions::read(guest, source)?;
        let globals = guest.globals(source, &functions)?;
        let tables = guest.tables_of(source, &functions)?;
        let dropped_data = guest.dropped(source, source.uncertain_data(), Part::Data)?;
        let elements = source.uncertain_elements();
        let dropped_elements = guest.dropped(source, elements, Part::Element)?;
        let state = State {
            memories: guest.memories(source)?,
            tables,
            globals,
            dropped_data,
            dropped_elements,
        };
        module.with_state(&state).map_err(SnapshotError::Refused)
    }
}

impl Guest {
    fn export(&self, name: &str) -> Option<Extern> {
        self.instance?.get_export(&self.store, name)
    }

    fn memories(&self, source: &Source) -> Result<Vec<&[u8]>, SnapshotError> {
        let memory = |index| {
            let name = source.name(Part::Memory(index));
            let memory = self.export(&name).and_then(Extern::into_memory);
            let memory = memory.ok_or_else(|| missing(&name))?;
            Ok(memory::all_of(&self.store, memory))
        };
        (0..source.memories()).map(memory).collect()
    }

    fn globals(
        &self,
        source: &Source,
        functions: &Functions,
    ) -> Result<Vec<Global>, SnapshotError> {
        let global = |index: &u32| {
            let name = source.name(Part::Global(*index));
            let global = self.export(&name).and_then(Extern::into_global);
            let value = global.ok_or_else(|| missing(&name))?.get(&self.store);
            if let Val::FuncRef(Nullable::Val(function)) = value {
                return match functions.number(&function) {
                    Some(number) => Ok(Global::Function(number)),
                    None => Err(SnapshotError::GlobalReference { global: *index }),
                };
            }
            match values::from_wasmi(&value) {
                Value::ExternRef(Reference::Opaque) => {
                    Err(SnapshotError::GlobalReference { global: *index })
                }
                value => Ok(Global::Value(value)),
            }
        };
        source.globals().iter().map(global).collect()
    }

    fn tables_of(
        &self,
        source: &Source,
        functions: &Functions,
    ) -> Result<Vec<Vec<Item>>, SnapshotError> {
        let table = |index| {
            let name = source.name(Part::Table(index));
            let table = self.export(&name).and_then(Extern::into_table);
            let table = table.ok_or_else(|| missing(&name))?;
            let item = |element| match table.get(&self.store, element) {
                Some(Ref::Func(Nullable::Val(function))) => {
                    let number = functions.number(&function);
                    number.map(Some).ok_or(SnapshotError::TableReference {
                        table: index,
                        element,
                    })
                }
                Some(Ref::Extern(Nullable::Val(_))) => Err(SnapshotError::TableReference {
                    table: index,
                    element,
                }),
                _ => Ok(None),
            };
            (0..table.size(&self.store)).map(item).collect()
        };
        (0..source.tables()).map(table).collect()
    }

    /// Those of `segments` that are dropped.
    fn dropped(
        &mut self,
        source: &Source,
        segments: Vec<u32>,
        part: impl Fn(u32) -> Part,
    ) -> Result<BTreeSet<u32>, SnapshotError> {
        let mut dropped = BTreeSet::new();
        for segment in segments {
            if !self.probe(&source.name(part(segment)), &mut [])? {
                dropped.insert(segment);
            }
        }
        Ok(dropped)
    }
}

/// What can only be where this crate is wrong.
fn missing(name: &str) -> SnapshotError {
    engine(alloc::format!("the export {name} is missing"))
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;
    use crate::{limits::Limits, sandbox::Sandbox};
    use wasmi::{ExternRef, Func};

    fn instance() -> Instance {
        let text = r#"(module (global (export "x") (mut externref) (ref.null extern))
            (global (export "f") (mut funcref) (ref.null func))
            (table (export "t") 2 funcref) (table (export "u") 2 externref))"#;
        let module = Module::builder().snapshots(true).build_wat(text);
        let sandbox = Sandbox::new(Limits::default());
        let instance = sandbox.instantiate(&module.expect("it is valid"));
        instance.expect("it starts")
    }

    /// What a snapshot says once the host has put something of its own there, which no host can by our API.
    fn refused(export: &str) -> SnapshotError {
        let mut instance = instance();
        assert!(instance.snapshot().is_ok());
        let export = instance.guest.export(export).expect("it is exported");
        let store = &mut instance.guest.store;
        let object = ExternRef::new(&mut *store, ());
        let function = Func::wrap(&mut *store, || ());
        let set = match export {
            Extern::Global(global) => {
                let value = match global.get(&*store) {
                    Val::ExternRef(_) => Val::ExternRef(Nullable::Val(object)),
                    _ => Val::FuncRef(Nullable::Val(function)),
                };
                global.set(&mut *store, value).is_ok()
            }
            Extern::Table(table) => {
                let value = match table.get(&*store, 1) {
                    Some(Ref::Extern(_)) => Ref::Extern(Nullable::Val(object)),
                    _ => Ref::Func(Nullable::Val(function)),
                };
                table.set(&mut *store, 1, value).is_ok()
            }
            other => panic!("{other:?}"),
        };
        assert!(set);
        instance.snapshot().expect_err("it cannot be written back")
    }

    #[test]
    fn references_to_what_is_the_hosts_are_refused() {
        let element = 1;
        let of_global = |global| SnapshotError::GlobalReference { global };
        let of_table = |table| SnapshotError::TableReference { table, element };
        assert_eq!(refused("x"), of_global(0));
        assert_eq!(refused("f"), of_global(1));
        assert_eq!(refused("t"), of_table(0));
        assert_eq!(refused("u"), of_table(1));
    }
}
