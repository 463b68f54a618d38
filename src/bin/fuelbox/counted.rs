//! Where the fuel of a run went, found out by running it again.

use crate::{failure::Failure, guest::module_file::ModuleFile, units};
use flate2::{Compression, write::GzEncoder};
use fuelbox::Recording;
use fuelbox_observe::profile::{Node, Profile};
use std::{fmt::Write as _, io::Write as _};

/// Where the fuel of a run went.
pub(crate) struct Counted {
    profile: Profile,
}

/// So many functions are shown.
const SHOWN: usize = 20;

impl Counted {
    /// Runs a recording of the module again.
    ///
    /// # Errors
    /// What keeps it from being run again.
    pub(crate) fn new(recording: &Recording, file: &ModuleFile) -> Result<Self, Failure> {
        let counted = recording.profile(&file.wasm)?;
        let nodes = counted.nodes.iter().map(|node| Node {
            parent: node.parent,
            function: node.function,
            fuel: node.fuel,
            calls: node.calls,
        });
        Ok(Self {
            profile: Profile::new(nodes.collect(), &file.symbols()),
        })
    }

    /// The file, in the form that the ending of its name says.
    pub(crate) fn in_form_of(&self, name: &str) -> Vec<u8> {
        const TITLE: &str = "fuel by function";

        match name.rsplit_once('.') {
            Some((name, "gz")) => compressed(&self.in_form_of(name)),
            Some((_, "svg")) => self.profile.flame_graph(TITLE).into_bytes(),
            Some((_, "json")) => self.profile.firefox(TITLE).into_bytes(),
            Some((_, "pb")) => self.profile.pprof(),
            _ => self.profile.folded().into_bytes(),
        }
    }

    /// The functions that used the most, one a line.
    pub(crate) fn table(&self) -> String {
        let functions = self.profile.functions();
        let mut lines = format!(
            "{:>20} {:>20} {:>12}  function\n",
            "own fuel", "total", "calls"
        );
        for function in functions.iter().take(SHOWN) {
            let [own, total, calls] =
                [function.own, function.total, function.calls].map(units::grouped);
            writeln!(
                lines,
                "{own:>20} {total:>20} {calls:>12}  {}",
                function.name
            )
            .expect("a String takes everything");
        }
        if let Some(more @ 1..) = functions.len().checked_sub(SHOWN) {
            writeln!(
                lines,
                "{:>20} more functions",
                units::grouped(u64::try_from(more).unwrap_or(u64::MAX))
            )
            .expect("a String takes everything");
        }
        lines
    }
}

/// As gzip has it, without a name and a time.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    let written = file.write_all(bytes).and_then(|()| file.finish());
    written.expect("a Vec takes everything")
}
