//! The blocks of a module's code, and where it branches.

use alloc::vec::Vec;
use core::ops::Range;
use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody, Operator};

/// Blocks and branches of all functions, in the order of the module.
#[derive(Default)]
pub(crate) struct Blocks {
    pub(crate) blocks: Vec<Block>,
    pub(crate) branches: Vec<Branch>,
    /// How many ways all branches have together.
    ways: usize,
}

/// Code that runs from its start to its end, unless it stops on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its function.
    pub(crate) function: u32,
    /// Where in the module its first operator stands that does something.
    pub(crate) start: usize,
    /// Where the last such operator ends.
    pub(crate) end: usize,
}

/// An operator that goes on in one of several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) function: u32,
    /// Where in the module the operator stands.
    pub(crate) at: usize,
    /// How many ways there are: of two, the second is taken where the condition holds.
    pub(crate) ways: u32,
    /// How many ways all branches before it have.
    first_way: usize,
}

impl Blocks {
    /// Adds those of a function whose body stands at `range` in the module.
    ///
    /// # Errors
    /// The parser's, which a valid body does not cause.
    pub(super) fn add(
        &mut self,
        wasm: &[u8],
        range: &Range<usize>,
        function: u32,
    ) -> Result<(), BinaryReaderError> {
        let bytes = wasm.get(range.clone()).unwrap_or_default();
        let body = FunctionBody::new(BinaryReader::new(bytes, range.start));
        let mut operators = body.get_operators_reader()?;
        let mut finder = Finder {
            found: self,
            function,
            open: None,
            has_called: false,
            labels: Vec::from([Label::default()]),
            is_dead: false,
        };
        while !operators.eof() {
            let start = operators.original_position();
            let operator = operators.read()?;
            finder.pass(&operator, start..operators.original_position());
        }
        finder.end_block();
        Ok(())
    }

    /// How many counters they take: one for each block, and behind these one for each way of a branch.
    pub(super) fn counters(&self) -> usize {
        self.blocks.len().saturating_add(self.ways)
    }

    /// The counter of the block that begins at this place of the module.
    pub(super) fn counter_of_block(&self, start: usize) -> Option<usize> {
        self.blocks
            .binary_search_by_key(&start, |block| block.start)
            .ok()
    }

    /// The branch at this place of the module, and the counter of its first way.
    pub(super) fn branch(&self, at: usize) -> Option<(Branch, usize)> {
        let number = self.branches.binary_search_by_key(&at, |branch| branch.at);
        let branch = *self.branches.get(number.ok()?)?;
        Some((branch, self.first_counter(&branch)))
    }

    /// The counter of a branch's first way.
    pub(crate) fn first_counter(&self, branch: &Branch) -> usize {
        self.blocks.len().saturating_add(branch.first_way)
    }
}

/// Finds the blocks of one function.
struct Finder<'a> {
    found: &'a mut Blocks,
    function: u32,
    /// The block that is read.
    open: Option<Block>,
    /// Whether the operator before may not have come back.
    has_called: bool,
    labels: Vec<Label>,
    /// Whether what is read is never reached.
    is_dead: bool,
}

/// A block of the module's own that is open.
#[derive(Clone, Copy, Default)]
struct Label {
    kind: Kind,
    /// Whether its end is reached from elsewhere than from the operator before.
    is_target: bool,
    /// Whether it is never reached as a whole.
    is_dead: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Block,
    Loop,
    /// Its `else` has not come yet, or never will.
    If,
}

impl Finder<'_> {
    fn pass(&mut self, operator: &Operator<'_>, range: Range<usize>) {
        match *operator {
            Operator::Nop => {}
            Operator::Block { .. } => self.begin(Kind::Block),
            Operator::Loop { .. } => {
                self.begin(Kind::Loop);
                self.end_block();
            }
            Operator::Else => self.begin_else(),
            Operator::End => self.end(),
            _ => self.do_something(operator, range),
        }
    }

    fn do_something(&mut self, operator: &Operator<'_>, range: Range<usize>) {
        if !self.is_dead {
            self.extend(operator, &range);
        }
        match *operator {
            Operator::If { .. } => {
                self.branch(range.start, 2);
                self.begin(Kind::If);
                self.end_block();
            }
            Operator::BrIf { relative_depth } => {
                self.branch(range.start, 2);
                self.target(relative_depth);
                self.end_block();
            }
            Operator::Br { relative_depth } => {
                self.target(relative_depth);
                self.die();
            }
            Operator::BrTable { ref targets } => {
                self.branch(range.start, targets.len().saturating_add(1));
                for depth in targets.targets().map_while(Result::ok) {
                    self.target(depth);
                }
                self.target(targets.default());
                self.die();
            }
            Operator::Unreachable
            | Operator::Return
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. } => self.die(),
            _ => {}
        }
    }

    /// Adds an operator to the block that is read, or begins one.
    fn extend(&mut self, operator: &Operator<'_>, range: &Range<usize>) {
        // A trap behind a call is the compiler's, where the call never comes back.
        if self.has_called && !matches!(operator, Operator::Unreachable) {
            self.end_block();
        }
        self.has_called = may_end_a_run(operator);
        let function = self.function;
        let block = self.open.get_or_insert(Block {
            function,
            start: range.start,
            end: range.end,
        });
        block.end = range.end;
    }

    fn branch(&mut self, at: usize, ways: u32) {
        if self.is_dead {
            return;
        }
        let found = &mut *self.found;
        found.branches.push(Branch {
            function: self.function,
            at,
            ways,
            first_way: found.ways,
        });
        let ways = usize::try_from(ways).unwrap_or(usize::MAX);
        found.ways = found.ways.saturating_add(ways);
    }

    fn begin(&mut self, kind: Kind) {
        self.labels.push(Label {
            kind,
            is_target: false,
            is_dead: self.is_dead,
        });
    }

    fn begin_else(&mut self) {
        self.end_block();
        if let Some(label) = self.labels.last_mut() {
            label.is_target |= !self.is_dead;
            label.kind = Kind::Block;
            self.is_dead = label.is_dead;
        }
    }

    fn end(&mut self) {
        let Some(label) = self.labels.pop() else {
            return;
        };
        if label.kind != Kind::Loop {
            self.end_block();
            let is_skipped = label.kind == Kind::If && !label.is_dead;
            self.is_dead &= !(label.is_target || is_skipped);
        }
    }

    fn target(&mut self, depth: u32) {
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        if !self.is_dead
            && let Some(label) = self.labels.iter_mut().nth_back(depth)
        {
            label.is_target = true;
        }
    }

    fn die(&mut self) {
        self.end_block();
        self.is_dead = true;
    }

    fn end_block(&mut self) {
        self.has_called = false;
        self.found.blocks.extend(self.open.take());
    }
}

/// Whether a run can end at an operator for another reason than a trap, or may not come back from it.
fn may_end_a_run(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::MemoryGrow { .. }
            | Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. }
            | Operator::MemoryInit { .. }
            | Operator::TableGrow { .. }
            | Operator::TableCopy { .. }
            | Operator::TableFill { .. }
            | Operator::TableInit { .. }
    )
}
