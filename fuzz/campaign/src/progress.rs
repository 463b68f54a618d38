//! How far a worker is, in a file that is there when the worker is not.

use std::{
    fmt::{self, Display},
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
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
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.same += other.same;
        self.finished += other.finished;
        self.limited += other.limited;
        self.refused += other.refused;
        self.different += other.different;
        self.none += other.none;
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} guests: {} the same ({} of them to the end), {} ended by a limit, {} different; {} refused, {} numbers without a guest",
            self.guests(),
            self.same,
            self.finished,
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
        let numbers: Vec<u64> = text.split_whitespace().flat_map(str::parse).collect();
        let [number, same, finished, limited, refused, different, none] = numbers[..] else {
            return Err(());
        };
        let tally = Tally {
            same,
            finished,
            limited,
            refused,
            different,
            none,
        };
        Ok(Self { number, tally })
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
        let Progress { number, tally } = progress;
        let text = format!(
            "{number:20} {:20} {:20} {:20} {:20} {:20} {:20}\n",
            tally.same, tally.finished, tally.limited, tally.refused, tally.different, tally.none
        );
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
            progress.tally.different += number / 2;
            file.write(&progress).unwrap();
            assert_eq!(Progress::read(&path), Some(progress));
        }
        fs::remove_file(path).unwrap();
    }
}
