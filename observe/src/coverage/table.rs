//! What of each function ran.

use super::Coverage;
use crate::{names::shown, symbols::Symbols};
use std::{cmp::Reverse, collections::BTreeMap};

/// What of a function ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// The number of the function in the module.
    pub function: u32,
    /// What the module calls it, made harmless for a terminal.
    pub name: String,
    /// How often it was called.
    pub calls: u64,
    /// How many blocks it has.
    pub blocks: u64,
    /// How many of them ran.
    pub blocks_run: u64,
    /// How many ways its branches have.
    pub ways: u64,
    /// How many of them were taken.
    pub ways_taken: u64,
}

impl Coverage {
    /// What of each function ran, the one of which the most did not first.
    #[must_use]
    pub fn functions(&self, symbols: &Symbols<'_>) -> Vec<Function> {
        let mut functions: BTreeMap<u32, Function> = BTreeMap::new();
        for block in self.blocks.values() {
            let function = functions.entry(block.function).or_insert_with(|| Function {
                function: block.function,
                name: shown(block.function, symbols),
                // Its first block, by place, is where it begins.
                calls: block.count,
                blocks: 0,
                blocks_run: 0,
                ways: 0,
                ways_taken: 0,
            });
            function.blocks = function.blocks.saturating_add(1);
            function.blocks_run = function.blocks_run.saturating_add((block.count > 0).into());
        }
        for branch in self.branches.values() {
            if let Some(function) = functions.get_mut(&branch.function) {
                for way in &branch.ways {
                    function.ways = function.ways.saturating_add(1);
                    function.ways_taken = function.ways_taken.saturating_add((*way > 0).into());
                }
            }
        }
        let mut functions: Vec<_> = functions.into_values().collect();
        functions
            .sort_by_key(|function| Reverse(function.blocks.saturating_sub(function.blocks_run)));
        functions
    }
}
