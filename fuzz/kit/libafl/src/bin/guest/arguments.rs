//! What the program is told.

use fuelbox::fuzz::Target;
use std::{error::Error, path::PathBuf, time::Duration};

/// What the program is told.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The module.
    pub(crate) guest: PathBuf,
    /// The folder of inputs.
    pub(crate) corpus: PathBuf,
    /// The folder of what is found: `finds` in that of inputs.
    pub(crate) finds: PathBuf,
    /// How long to search.
    pub(crate) time: Option<Duration>,
    /// How many runs to search, at least: LibAFL ends what it has begun.
    pub(crate) runs: u64,
    /// Where random numbers begin.
    pub(crate) seed: u64,
    /// The work that is allowed for one input; a guest that does more hangs.
    pub(crate) fuel: u64,
    /// The longest input, in bytes.
    pub(crate) most_input: usize,
}

const USAGE: &str = "usage: guest GUEST --corpus DIR [--finds DIR] [--seconds N] [--runs N] [--seed N] [--fuel N] \
    [--most-input BYTES]";

impl Arguments {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let (mut guest, mut corpus, mut finds) = (None, None, None);
        let mut read = Self {
            guest: PathBuf::new(),
            corpus: PathBuf::new(),
            finds: PathBuf::new(),
            time: None,
            runs: u64::MAX,
            seed: 0,
            fuel: 20_000_000,
            most_input: 4_096,
        };
        while let Some(word) = words.next() {
            if !word.starts_with('-') && guest.is_none() {
                guest = Some(PathBuf::from(word));
                continue;
            }
            let value = words.next().ok_or(USAGE)?;
            let number = || {
                let number = value.parse::<u64>();
                number.map_err(|_| format!("{word}: `{value}` is no number"))
            };
            match &*word {
                "--corpus" => corpus = Some(PathBuf::from(value)),
                "--finds" => finds = Some(PathBuf::from(value)),
                "--seconds" => read.time = Some(Duration::from_secs(number()?)),
                "--runs" => read.runs = number()?,
                "--seed" => read.seed = number()?,
                "--fuel" => read.fuel = number()?,
                "--most-input" => read.most_input = usize::try_from(number()?)?,
                _ => return Err(USAGE.into()),
            }
        }
        if !(1..=Target::MOST_INPUT_BYTES).contains(&read.most_input) {
            return Err(format!("--most-input: 1 to {} bytes", Target::MOST_INPUT_BYTES).into());
        }
        read.guest = guest.ok_or(USAGE)?;
        read.corpus = corpus.ok_or(USAGE)?;
        read.finds = finds.unwrap_or_else(|| read.corpus.join("finds"));
        Ok(read)
    }
}
