//! A search: which input is run next, and what comes of it.

use crate::{
    corpus::Corpus,
    coverage::Coverage,
    dictionary::Dictionary,
    finds::{Find, Finds},
    guest::{Detail, Guest, Seen},
    mutation,
    random::Random,
    settings::Settings,
    substitution,
};
use std::collections::VecDeque;

/// A search for inputs on which a guest fails.
#[derive(Debug)]
pub struct Search<G> {
    guest: G,
    settings: Settings,
    random: Random,
    corpus: Corpus,
    coverage: Coverage,
    dictionary: Dictionary,
    finds: Finds,
    turn: Turn,
    runs: u64,
    slowest: Option<Slowest>,
    // Used again for each run.
    input: Vec<u8>,
    seen: Seen,
}

/// What a run was good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Nothing new.
    Nothing,
    /// The input took a new way, and is kept.
    NewWays(&'a [u8]),
    /// The input ends in a fault that is in no bucket yet.
    Find(&'a Find),
}

/// The input that is changed at the moment.
#[derive(Debug, Default)]
struct Turn {
    /// Its number in the corpus.
    number: usize,
    /// Inputs to try, made of what it compared.
    substitutions: VecDeque<Vec<u8>>,
    /// How many changes are left.
    changes: u32,
    /// How many inputs have told what they compare: all up to here.
    compared: usize,
}

/// The input that took the most fuel for its length.
#[derive(Debug)]
struct Slowest {
    input: Vec<u8>,
    fuel_per_byte: u64,
}

impl<G: Guest> Search<G> {
    /// A search that has no input yet.
    #[must_use]
    pub fn new(guest: G, settings: Settings) -> Self {
        Self {
            guest,
            random: Random::new(settings.seed),
            settings,
            corpus: Corpus::default(),
            coverage: Coverage::default(),
            dictionary: Dictionary::default(),
            finds: Finds::default(),
            turn: Turn::default(),
            runs: 0,
            slowest: None,
            input: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// Adds a word that inputs may have to contain.
    pub fn add_word(&mut self, word: impl Into<Vec<u8>>) {
        self.dictionary.add_word(word.into());
    }

    /// Runs the guest on an input to begin with, which is kept if it takes a new way.
    ///
    /// # Errors
    /// The guest's.
    pub fn add(&mut self, input: &[u8]) -> Result<Event<'_>, G::Error> {
        let most = self.settings.most_bytes;
        self.input.clear();
        self.input
            .extend_from_slice(input.get(..most).unwrap_or(input));
        self.run()
    }

    /// Runs the guest once more, on an input that the search makes.
    ///
    /// # Errors
    /// The guest's.
    pub fn step(&mut self) -> Result<Event<'_>, G::Error> {
        if self.corpus.len() == 0 {
            return self.begin();
        }
        if let Some(input) = self.turn.substitutions.pop_front() {
            self.input = input;
            return self.run();
        }
        if self.turn.changes == 0 {
            self.take_turn();
            if self.settings.substitutes && self.turn.number >= self.turn.compared {
                self.turn.compared = self.turn.number.saturating_add(1);
                self.compare()?;
                return Ok(Event::Nothing);
            }
        }
        self.turn.changes = self.turn.changes.saturating_sub(1);
        self.change();
        self.run()
    }

    /// Runs of the guest so far.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// How many ways were taken.
    pub fn ways(&self) -> usize {
        self.coverage.ways()
    }

    /// The inputs that are kept.
    pub fn corpus(&self) -> impl Iterator<Item = &[u8]> {
        self.corpus.inputs()
    }

    /// How many inputs are kept.
    pub fn corpus_len(&self) -> usize {
        self.corpus.len()
    }

    /// What was found, by bucket.
    pub fn finds(&self) -> impl Iterator<Item = &Find> {
        self.finds.iter()
    }

    /// The input that took the most fuel for each of its bytes and came to its end, and how much; none before any did.
    pub fn slowest(&self) -> Option<(&[u8], u64)> {
        let slowest = self.slowest.as_ref()?;
        Some((&slowest.input, slowest.fuel_per_byte))
    }

    /// The guest.
    pub fn guest(&mut self) -> &mut G {
        &mut self.guest
    }

    /// The first input, where none was given: nothing, then anything.
    fn begin(&mut self) -> Result<Event<'_>, G::Error> {
        self.input.clear();
        if self.runs > 0 {
            let len = self.random.below(self.settings.most_bytes.min(64));
            self.input.extend((0..len).map(|_| self.random.byte()));
        }
        self.run()
    }

    /// Gives the next input its turn.
    fn take_turn(&mut self) {
        const CHANGES: u32 = 128;

        self.turn.number = self.corpus.next(&mut self.random);
        self.turn.changes = CHANGES;
    }

    /// Lets the input whose turn it is tell what it compares.
    fn compare(&mut self) -> Result<(), G::Error> {
        let input = self.corpus.bytes(self.turn.number);
        self.seen.clear();
        self.runs = self.runs.saturating_add(1);
        self.guest.run(input, Detail::Compares, &mut self.seen)?;
        self.dictionary.add(&self.seen.compares);
        let most = self.settings.most_bytes;
        let inputs = substitution::substitutions(input, &self.seen.compares, most);
        self.turn.substitutions = inputs.into();
        Ok(())
    }

    /// Changes the input whose turn it is.
    fn change(&mut self) {
        let other = self.random.below(self.corpus.len());
        self.input.clear();
        self.input
            .extend_from_slice(self.corpus.bytes(self.turn.number));
        mutation::mutate(
            &mut self.input,
            self.corpus.bytes(other),
            &self.dictionary,
            self.settings.most_bytes,
            &mut self.random,
        );
    }

    fn run(&mut self) -> Result<Event<'_>, G::Error> {
        self.seen.clear();
        self.runs = self.runs.saturating_add(1);
        self.guest.run(&self.input, Detail::Ways, &mut self.seen)?;
        if let Some(fault) = self.seen.fault {
            return self.fault(fault);
        }
        self.weigh();
        if self.coverage.add(&self.seen) {
            self.corpus.add(&self.input, &self.seen);
            return Ok(Event::NewWays(&self.input));
        }
        Ok(Event::Nothing)
    }

    fn fault(&mut self, fault: &'static str) -> Result<Event<'_>, G::Error> {
        if !self.finds.is_new(fault, &self.seen) {
            return Ok(Event::Nothing);
        }
        let bucket = self.guest.bucket(&self.input, fault)?;
        let find = Find {
            bucket: bucket.clone(),
            fault,
            input: self.input.clone(),
            runs: self.runs,
            ways: 1,
        };
        if !self.finds.add(find) {
            return Ok(Event::Nothing);
        }
        let find = self.finds.of(&bucket);
        Ok(find.map_or(Event::Nothing, Event::Find))
    }

    /// Remembers the input if it is the slowest for its length.
    fn weigh(&mut self) {
        let len = u64::try_from(self.input.len().max(1)).unwrap_or(u64::MAX);
        let fuel_per_byte = self.seen.fuel.checked_div(len).unwrap_or(0);
        let slowest = self.slowest.as_ref();
        if slowest.is_none_or(|slowest| fuel_per_byte > slowest.fuel_per_byte) {
            self.slowest = Some(Slowest {
                input: self.input.clone(),
                fuel_per_byte,
            });
        }
    }
}
