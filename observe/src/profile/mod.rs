//! Where the fuel of a run went: by function, and by the calls that led there.
//!
//! fuelbox's `Recording::profile` counts it, to the unit. Here it gets names, and the forms that other tools read.

mod firefox;
mod flame;
mod paths;
mod pprof;
mod table;

pub use table::Function;

use crate::{names, place::Line, symbols::Symbols};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// One function, called by the functions above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever counted makes them")]
pub struct Node {
    /// The function that called it, by its place in the list, which comes before; none where the host did.
    pub parent: Option<usize>,
    /// The number of the function; none where it is a function of the host that was called through a table.
    pub function: Option<u32>,
    /// Fuel that the function used itself.
    pub fuel: u64,
    /// How often it was called on this way.
    pub calls: u64,
}

/// Where the fuel of a run went, with names.
///
/// ```
/// use fuelbox_observe::{Symbols, profile::{Node, Profile}};
///
/// let wasm = wat::parse_str("(module (func $main) (func $parse))")?;
/// let nodes = vec![
///     Node { parent: None, function: Some(0), fuel: 10, calls: 1 },
///     Node { parent: Some(0), function: Some(1), fuel: 32, calls: 4 },
/// ];
/// let profile = Profile::new(nodes, &Symbols::new(&wasm));
/// assert_eq!(profile.fuel(), 42);
/// assert_eq!(profile.folded(), "main 10\nmain;parse 32\n");
/// assert_eq!(profile.functions()[0].name, "parse");
/// assert!(profile.flame_graph("a run").starts_with("<svg"));
/// assert!(profile.firefox("a run").starts_with('{'));
/// # let _ = profile.pprof();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Profile {
    nodes: Vec<Node>,
    names: BTreeMap<Option<u32>, String>,
    /// Where functions begin, as far as that is known.
    lines: BTreeMap<u32, Line>,
}

impl Profile {
    /// That of nodes of which each comes behind the one that called it; others are taken as called by the host.
    #[must_use]
    pub fn new(mut nodes: Vec<Node>, symbols: &Symbols<'_>) -> Self {
        for (place, node) in nodes.iter_mut().enumerate() {
            node.parent = node.parent.filter(|parent| *parent < place);
        }
        let functions: BTreeSet<_> = nodes.iter().map(|node| node.function).collect();
        let names = functions
            .iter()
            .map(|function| (*function, name(*function, symbols)));
        let lines = functions.iter().copied().flatten().filter_map(|function| {
            // The last is of the function itself, those before it of what was inlined there.
            let line = symbols.begin(function)?.lines.pop()?;
            Some((function, line))
        });
        Self {
            names: names.collect(),
            lines: lines.collect(),
            nodes,
        }
    }

    /// All fuel together.
    #[must_use]
    pub fn fuel(&self) -> u64 {
        let fuel = self.nodes.iter().map(|node| node.fuel);
        fuel.fold(0, u64::saturating_add)
    }

    /// Folded stacks, one a line: the functions from the outermost to the innermost, and the fuel of the last.
    ///
    /// Where all lines together would take over 64 MiB, what is called deepest counts as part of its caller.
    #[must_use]
    pub fn folded(&self) -> String {
        let mut lines = String::new();
        for (place, fuel) in self.with_paths() {
            let mut path: Vec<_> = self.path(place).map(|node| self.name(node)).collect();
            path.reverse();
            writeln!(lines, "{} {fuel}", path.join(";")).expect("a String takes it");
        }
        lines
    }

    fn name(&self, node: &Node) -> &str {
        self.names.get(&node.function).map_or("", String::as_str)
    }

    /// The fuel of each node with all that it called.
    fn totals(&self) -> Vec<u64> {
        let mut totals: Vec<_> = self.nodes.iter().map(|node| node.fuel).collect();
        for (place, node) in self.nodes.iter().enumerate().rev() {
            let total = totals.get(place).copied().unwrap_or(0);
            if let Some(above) = node.parent.and_then(|parent| totals.get_mut(parent)) {
                *above = above.saturating_add(total);
            }
        }
        totals
    }
}

/// What a node is called in every form.
fn name(function: Option<u32>, symbols: &Symbols<'_>) -> String {
    match function {
        Some(function) => names::shown(function, symbols),
        None => "a function of the host".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn profile(nodes: &[(Option<usize>, u32, u64, u64)]) -> Profile {
        let nodes = nodes.iter().map(|&(parent, function, fuel, calls)| Node {
            parent,
            function: Some(function),
            fuel,
            calls,
        });
        let wasm = wat::parse_str("(module (func $a) (func $\"b;\\1b\") (func))");
        Profile::new(
            nodes.collect(),
            &Symbols::new(&wasm.expect("the text is valid")),
        )
    }

    #[test]
    fn names_do_no_harm_to_the_form() {
        let profile = profile(&[(None, 0, 1, 1), (Some(0), 1, 2, 1), (Some(1), 2, 3, 1)]);
        assert_eq!(profile.folded(), "a 1\na;b:? 2\na;b:?;function 2 3\n");
    }

    #[test]
    fn what_calls_itself_in_a_circle_is_cut() {
        let profile = profile(&[(Some(1), 0, 1, 1), (Some(0), 1, 2, 1), (Some(2), 2, 3, 1)]);
        assert_eq!((profile.fuel(), profile.totals()), (6, vec![3, 2, 3]));
    }
}
