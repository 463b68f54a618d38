//! A dictionary for AFL++: what the guest compares, and did not find in its input.

use fuelbox::fuzz::Target;
use fuelbox_fuzz::{Compare, Dictionary};
use std::{
    collections::BTreeSet,
    error::Error,
    fs,
    io::{self, Write as _},
};

/// Prints what the target looks for in these files.
///
/// # Errors
/// The system's, and what keeps the target from being run.
pub(crate) fn print(mut target: Target, files: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut words = BTreeSet::new();
    for path in files {
        let input = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        let verdict = target.run_comparing(&input)?;
        let compares = verdict.compares();
        let compares = compares.map(|one| Compare::new(one.place, one.left, one.right, one.bits));
        let mut dictionary = Dictionary::default();
        dictionary.add(&compares.collect::<Vec<_>>());
        let is_there = |word: &[u8]| input.windows(word.len()).any(|part| part == word);
        words.extend(
            dictionary
                .words()
                .filter(|word| !is_there(word))
                .map(Vec::from),
        );
    }
    let mut out = io::stdout().lock();
    for word in words {
        let bytes: String = word.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        writeln!(out, "\"{bytes}\"")?;
    }
    Ok(())
}
