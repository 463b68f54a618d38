//! The modules that a worker has.

use super::digest::Digest;
use alloc::vec::Vec;

/// The modules that a worker has, by hash, the one that was used last at the end.
#[derive(Debug, Default)]
pub(super) struct Modules {
    loaded: Vec<(Digest, u64)>,
    next: u64,
}

impl Modules {
    /// As many as a worker keeps.
    const MOST: usize = 32;

    /// The number of a module that the worker has.
    pub(super) fn find(&mut self, module: &Digest) -> Option<u64> {
        let place = self.loaded.iter().position(|(other, _)| other == module)?;
        let found = self.loaded.remove(place);
        self.loaded.push(found);
        Some(found.1)
    }

    pub(super) fn has(&self, module: &Digest) -> bool {
        self.loaded.iter().any(|(other, _)| other == module)
    }

    /// The number for a module that it is going to have, and that of one which has to go for it.
    pub(super) fn next(&mut self) -> (u64, Option<u64>) {
        let number = self.next;
        self.next = number.wrapping_add(1);
        let gone = (self.loaded.len() >= Self::MOST).then(|| self.loaded.remove(0).1);
        (number, gone)
    }

    /// The worker has it.
    pub(super) fn insert(&mut self, module: Digest, number: u64) {
        self.loaded.push((module, number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_that_was_not_used_for_longest_goes_first() {
        let module = |n: usize| Digest::of(&n.to_le_bytes());
        let mut modules = Modules::default();
        for n in 0..Modules::MOST {
            let (number, gone) = modules.next();
            assert_eq!(gone, None);
            modules.insert(module(n), number);
        }
        assert_eq!(modules.find(&module(0)), Some(0));
        assert_eq!(modules.next(), (32, Some(1)));
        assert!(modules.has(&module(0)) && !modules.has(&module(1)));
    }
}
