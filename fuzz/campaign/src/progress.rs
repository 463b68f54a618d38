//! How far a worker is, in a file that is there when the worker is not.

use std::{
    fmt::{self, Display, Write as _},
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write as _},
    iter,
    ops::AddAssign,
    path::Path,
    str::FromStr,
};

/// How many guests came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The same everywhere.
    pub same: u64,
    /// Of these, how many were not ended by a trap.
    pub finished: u64,
    /// Of these, for how many Winch was enough.
    pub quick: u64,
    /// How many functions those have that were the same.
    pub functions: u64,
    /// How many operators.
    pub operators: u64,
    /// Ended by a limit.
    pub limited: u64,
    /// Not taken by fuelbox.
    pub refused: u64,
    /// Not the same, or not survived.
    pub different: u64,
    /// Numbers that no guest belongs to.
    pub none: u64,
}

impl Tally {
    /// All numbers that were tried.
    #[must_use]
    pub fn tried(&self) -> u64 {
        self.same + self.limited + self.refused + self.different + self.none
    }

    /// All guests that were run.
    #[must_use]
    pub fn guests(&self) -> u64 {
        self.same + self.limited + self.different
    }

    fn numbers(mut self) -> [u64; 9] {
        self.numbers_mut().map(|number| *number)
    }

    fn numbers_mut(&mut self) -> [&mut u64; 9] {
        [
            &mut self.same,
            &mut self.finished,
            &mut self.quick,
            &mut self.functions,
            &mut self.operators,
            &mut self.limited,
            &mut self.refused,
            &mut self.different,
            &mut self.none,
        ]
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (sum, number) in self.numbers_mut().into_iter().zip(other.numbers()) {
            *sum += number;
        }
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} guests: {} the same ({} of them to the end; {} compiled by Winch, the others by Cranelift; \
             {} functions, {} operators), {} ended by a limit, {} different; {} refused, {} numbers without a guest",
            self.guests(),
            self.same,
            self.finished,
            self.quick,
            self.functions,
            self.operators,
            self.limited,
            self.different,
            self.refused,
            self.none
        )
    }
}

/// How far a worker is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The number it is at.
    pub(crate) number: u64,
    /// Those before.
    pub(crate) tally: Tally,
}

impl Progress {
    /// What a worker wrote last.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        fs::read_to_string(path).ok()?.parse().ok()
    }
}

impl FromStr for Progress {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text
            .split_whitespace()
            .map(|word| word.parse().map_err(drop));
        let mut next = || numbers.next().ok_or(())?;
        let mut progress = Self {
            number: next()?,
            tally: Tally::default(),
        };
        for number in progress.tally.numbers_mut() {
            *number = next()?;
        }
        // Whatever is longer was being written when it was read.
        next().is_err().then_some(progress).ok_or(())
    }
}

/// The file.
pub(crate) struct ProgressFile(File);

impl ProgressFile {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        Ok(Self(options.open(path)?))
    }

    pub(crate) fn write(&mut self, progress: &Progress) -> io::Result<()> {
        let mut text = String::with_capacity(256);
        for number in iter::once(progress.number).chain(progress.tally.numbers()) {
            // Always as long, so that nothing is left of what was there before.
            write!(text, "{number:20} ").map_err(io::Error::other)?;
        }
        text.push('\n');
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let path = std::env::temp_dir().join(format!("fuelbox-progress-{}", std::process::id()));
        let mut file = ProgressFile::create(&path).unwrap();
        let mut progress = Progress::default();
        for number in [u64::MAX, 7] {
            progress.number = number;
            for (distinct, sum) in (1..).zip(progress.tally.numbers_mut()) {
                *sum = number / 20 + distinct;
            }
            file.write(&progress).unwrap();
            assert_eq!(Progress::read(&path), Some(progress));
        }
        fs::remove_file(path).unwrap();
    }
}
