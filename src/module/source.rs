//! The source of a module that is built for snapshots: the bytes that it keeps.

use super::{Module, ModuleBuilder, rewrite::REFERENCES, survey::Survey};
use crate::error::Error;
use alloc::{boxed::Box, collections::BTreeSet, format, string::String, vec::Vec};
use wasmparser::{BinaryReaderError, Parser, Payload};

/// What a module that is built for snapshots keeps of what it was made from.
pub(crate) struct Source {
    /// The bytes, before anything was rewritten.
    pub(super) wasm: Box<[u8]>,
    /// How it was made, and how a snapshot is.
    pub(super) builder: ModuleBuilder,
    pub(super) survey: Survey,
    /// What the names of all exports begin with that were added, and of no other.
    prefix: String,
}

/// Something by which the state of an instance is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Memory(u32),
    Table(u32),
    Global(u32),
    /// A function that gives references to functions of the module, by its number among those.
    References(u32),
    /// A function that traps where a data segment is dropped.
    Data(u32),
    /// The same of an element segment.
    Element(u32),
}

impl Source {
    /// What is kept of `wasm`, which is valid.
    ///
    /// # Errors
    /// [`Error::Engine`], which a valid module does not cause.
    pub(super) fn new(wasm: &[u8], builder: &ModuleBuilder) -> Result<Self, Error> {
        let read = || -> Result<Self, BinaryReaderError> {
            Ok(Self {
                wasm: wasm.into(),
                builder: builder.clone(),
                survey: Survey::of(wasm, &builder.limits)?,
                prefix: unused(wasm)?,
            })
        };
        read().map_err(|error| Error::Engine {
            message: format!("a valid module could not be read again: {error}"),
        })
    }

    /// The name of the export that stands for `part`.
    pub(crate) fn name(&self, part: Part) -> String {
        let prefix = &self.prefix;
        match part {
            Part::Memory(index) => format!("{prefix}memory:{index}"),
            Part::Table(index) => format!("{prefix}table:{index}"),
            Part::Global(index) => format!("{prefix}global:{index}"),
            Part::References(index) => format!("{prefix}references:{index}"),
            Part::Data(index) => format!("{prefix}data:{index}"),
            Part::Element(index) => format!("{prefix}element:{index}"),
        }
    }

    pub(crate) fn memories(&self) -> u32 {
        number(self.survey.memories.len())
    }

    pub(crate) fn tables(&self) -> u32 {
        number(self.survey.tables.len())
    }

    /// The globals that change.
    pub(crate) fn globals(&self) -> &[u32] {
        &self.survey.globals
    }

    /// The functions that a reference can lead to, as [`Part::References`] gives them one after the other.
    pub(crate) fn references(&self) -> Vec<Vec<u32>> {
        let references: Vec<u32> = self.survey.references.iter().copied().collect();
        references.chunks(REFERENCES).map(<[u32]>::to_vec).collect()
    }

    /// The data segments of which only the instance knows whether they are dropped.
    pub(crate) fn uncertain_data(&self) -> Vec<u32> {
        self.survey.uncertain_data().collect()
    }

    /// The same of element segments.
    pub(crate) fn uncertain_elements(&self) -> Vec<u32> {
        let segments = self.survey.uncertain_elements();
        segments.map(|(segment, _)| segment).collect()
    }
}

impl Module {
    /// What it keeps where it is built for snapshots.
    pub(crate) fn source(&self) -> Option<&Source> {
        self.about().source.as_deref()
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A prefix that no export of `wasm` has.
fn unused(wasm: &[u8]) -> Result<String, BinaryReaderError> {
    const PREFIX: &str = "fuelbox:state:";

    // Each export can take one number at the most, and the first that is free is found in one pass.
    let mut taken = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                let Some(rest) = export?.name.strip_prefix(PREFIX) else {
                    continue;
                };
                let number = rest
                    .split(':')
                    .next()
                    .and_then(|number| number.parse().ok());
                taken.extend(number.filter(|number: &u64| rest.starts_with(&format!("{number}:"))));
            }
        }
    }
    let number = (0..)
        .find(|number| !taken.contains(number))
        .unwrap_or(u64::MAX);
    Ok(format!("{PREFIX}{number}:"))
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_that_is_taken_is_not_used() {
        let wasm = wat::parse_str(
            r#"(module (func (export "fuelbox:state:0:x") (export "fuelbox:state:1:") (export "fuelbox:state:2")))"#,
        );
        let prefix = unused(&wasm.expect("the text is valid"));
        assert_eq!(prefix.ok().as_deref(), Some("fuelbox:state:2:"));
    }
}
