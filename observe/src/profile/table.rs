//! Functions, with what each used.

use super::Profile;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// What one function used, however it was called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// What it is called.
    pub name: String,
    /// Fuel that it used itself.
    pub own: u64,
    /// Fuel that it used with all that it called; where it called itself, once.
    pub total: u64,
    /// How often it was called.
    pub calls: u64,
}

impl Profile {
    /// What each function used, the one that used the most itself first.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        let mut functions: BTreeMap<Option<u32>, Function> = BTreeMap::new();
        let outermost = self.outermost();
        let nodes = self.nodes.iter().zip(self.totals()).zip(outermost);
        for ((node, total), is_outermost) in nodes {
            let function = functions.entry(node.function).or_insert_with(|| Function {
                name: self.name(node).to_owned(),
                own: 0,
                total: 0,
                calls: 0,
            });
            function.own = function.own.saturating_add(node.fuel);
            function.calls = function.calls.saturating_add(node.calls);
            if is_outermost {
                function.total = function.total.saturating_add(total);
            }
        }
        let mut functions: Vec<_> = functions.into_values().collect();
        functions.sort_by(|a, b| {
            let key = |function: &Function| Reverse((function.own, function.total));
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        functions
    }

    /// Of each node, whether none above it is of the same function.
    fn outermost(&self) -> Vec<bool> {
        let mut callees = vec![Vec::new(); self.nodes.len()];
        let mut next = Vec::new();
        for (place, node) in self.nodes.iter().enumerate() {
            match node.parent.and_then(|parent| callees.get_mut(parent)) {
                Some(callees) => callees.push(place),
                None => next.push(Visit::Enter(place)),
            }
        }
        let mut outermost = vec![false; self.nodes.len()];
        let mut entered: BTreeSet<Option<u32>> = BTreeSet::new();
        // Depth first, without the native stack: calls nest deep.
        while let Some(visit) = next.pop() {
            match visit {
                Visit::Leave(function) => {
                    entered.remove(&function);
                }
                Visit::Enter(place) => {
                    let Some(node) = self.nodes.get(place) else {
                        continue;
                    };
                    if entered.insert(node.function) {
                        next.push(Visit::Leave(node.function));
                        if let Some(own) = outermost.get_mut(place) {
                            *own = true;
                        }
                    }
                    let callees = callees.get_mut(place).map(std::mem::take);
                    next.extend(callees.unwrap_or_default().into_iter().map(Visit::Enter));
                }
            }
        }
        outermost
    }
}

/// A step through the tree.
enum Visit {
    /// Into a node.
    Enter(usize),
    /// Out of the outermost node of a function.
    Leave(Option<u32>),
}

#[cfg(test)]
mod tests {
    use super::super::tests::profile;

    #[test]
    fn what_calls_itself_counts_once() {
        let profile = profile(&[
            (None, 0, 10, 1),
            (Some(0), 2, 5, 2),
            (Some(1), 0, 20, 2),
            (Some(2), 2, 7, 3),
        ]);
        let functions = profile.functions();
        let numbers: Vec<_> = functions
            .iter()
            .map(|function| {
                (
                    function.name.as_str(),
                    function.own,
                    function.total,
                    function.calls,
                )
            })
            .collect();
        assert_eq!(numbers, [("a", 30, 42, 3), ("function 2", 12, 32, 5)]);
        let own: u64 = functions.iter().map(|function| function.own).sum();
        assert_eq!(own, profile.fuel());
    }
}
