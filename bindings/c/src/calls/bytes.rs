//! Choices that bytes make.

/// Bytes that are used up one by one; once they are, each choice is the first.
pub(super) struct Bytes<'a> {
    left: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { left: data }
    }

    pub(super) fn are_used_up(&self) -> bool {
        self.left.is_empty()
    }

    pub(super) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.left.split_first() else {
            return 0;
        };
        self.left = rest;
        *first
    }

    pub(super) fn flag(&mut self) -> bool {
        self.byte().is_multiple_of(2)
    }

    /// A number below `most`.
    pub(super) fn below(&mut self, most: usize) -> usize {
        let number = usize::from(self.byte()) << 8 | usize::from(self.byte());
        number % most.max(1)
    }

    /// Mostly small, now and then as large as can be.
    pub(super) fn number(&mut self) -> u64 {
        match self.byte() {
            0 => u64::MAX,
            1 => 1 << 32,
            small => u64::from(small) << 8 | u64::from(self.byte()),
        }
    }

    pub(super) fn choose<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.byte()) % choices.len()]
    }

    /// So many bytes, or as many as there are.
    pub(super) fn take(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.left.split_at(most.min(self.left.len()));
        self.left = rest;
        taken
    }
}
