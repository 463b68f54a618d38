//! Counts the fuel of each function, by the calls that led there.

use alloc::{collections::BTreeMap, vec::Vec};

/// Counts the fuel of each function, by the calls that led there.
///
/// It is told of each call before and after, and of each function that is entered. What was used since it was told last
/// belongs to whoever had the word: before a call to the caller, when a function is entered to that function, since
/// entering it is paid first, and when a call comes back to what was called.
#[derive(Default)]
pub(crate) struct Profiler {
    nodes: Vec<Node>,
    /// The node of a function that was called by another.
    callees: BTreeMap<(Option<usize>, Callee), usize>,
    /// The functions that were entered and not left.
    stack: Vec<usize>,
    /// What was used when it was told last.
    used: u64,
    /// What is called, until it is entered: a function of the host never is.
    calling: Option<Callee>,
}

/// A function; none where it is not known which one a table has led to.
type Callee = Option<u32>;

/// One function, called by the functions above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) parent: Option<usize>,
    pub(crate) function: Option<u32>,
    pub(crate) fuel: u64,
    pub(crate) calls: u64,
}

/// The most ways to call functions that are told apart. Beyond, a function counts as part of its caller.
const MOST_NODES: usize = 1 << 20;

impl Profiler {
    /// A function is entered, as the frame of this number, from 1.
    pub(crate) fn enter(&mut self, function: u32, frame: usize, used: u64) {
        self.stack.truncate(frame.saturating_sub(1));
        let node = self.node(Some(function), 1);
        self.stack.push(node);
        self.calling = None;
        self.take(Some(node), used);
    }

    /// The function in this frame calls another.
    pub(crate) fn call(&mut self, callee: Callee, frame: usize, used: u64) {
        self.stack.truncate(frame);
        self.take(self.stack.last().copied(), used);
        self.calling = Some(callee);
    }

    /// What the function in this frame has called comes back.
    pub(crate) fn come_back(&mut self, frame: usize, used: u64) {
        self.settle(used);
        self.stack.truncate(frame);
    }

    /// Counts what was used since, when the guest has stopped or has not begun.
    pub(crate) fn settle(&mut self, used: u64) {
        let node = match self.calling.take() {
            // Nobody has entered it.
            Some(callee) => Some(self.node(callee, 1)),
            None => self.stack.last().copied(),
        };
        let node = node.or_else(|| (used > self.used).then(|| self.node(None, 0)));
        self.take(node, used);
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    fn take(&mut self, node: Option<usize>, used: u64) {
        let fuel = used.saturating_sub(self.used);
        self.used = used;
        if let Some(node) = node.and_then(|node| self.nodes.get_mut(node)) {
            node.fuel = node.fuel.saturating_add(fuel);
        }
    }

    /// The node of a function that the innermost one has called so often.
    fn node(&mut self, function: Callee, calls: u64) -> usize {
        let parent = self.stack.last().copied();
        let next = self.nodes.len();
        let place = match (self.callees.get(&(parent, function)), parent) {
            (Some(place), _) => *place,
            (None, Some(parent)) if next >= MOST_NODES => parent,
            (None, _) => {
                self.callees.insert((parent, function), next);
                self.nodes.push(Node {
                    parent,
                    function,
                    fuel: 0,
                    calls: 0,
                });
                next
            }
        };
        if let Some(node) = self.nodes.get_mut(place) {
            node.calls = node.calls.saturating_add(calls);
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_goes_to_the_function_that_used_it() {
        let mut profiler = Profiler::default();
        profiler.enter(5, 1, 10);
        profiler.call(Some(6), 1, 15);
        profiler.enter(6, 2, 18);
        // It goes on for 2, and comes back.
        profiler.come_back(1, 20);
        // A function of the host.
        profiler.call(Some(0), 1, 21);
        profiler.come_back(1, 85);
        profiler.settle(90);
        let nodes: Vec<_> = profiler
            .nodes()
            .iter()
            .map(|node| (node.parent, node.function, node.fuel, node.calls))
            .collect();
        let expected = [
            (None, Some(5), 10 + 5 + 1 + 5, 1),
            (Some(0), Some(6), 3 + 2, 1),
            (Some(0), Some(0), 64, 1),
        ];
        assert_eq!(nodes, expected);
    }

    #[test]
    fn calls_in_tail_position_replace_each_other() {
        let mut profiler = Profiler::default();
        profiler.enter(1, 1, 1);
        for round in 1..1_000 {
            profiler.call(Some(1), 1, round * 2);
            profiler.enter(1, 1, round * 2 + 1);
        }
        assert_eq!(profiler.nodes().len(), 1);
        assert_eq!(profiler.nodes()[0].calls, 1_000);
    }
}
