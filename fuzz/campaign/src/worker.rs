//! A process that tries guests, one after another, until its time is over or a guest kills it.

use crate::{
    find::Find,
    judge::{Verdict, judge},
    progress::{Progress, ProgressFile, Tally},
    search::Search,
    shrink::shrink,
};
use std::{
    io,
    path::PathBuf,
    time::{Duration, Instant},
};

/// What a worker has to do.
#[derive(Clone, Debug)]
pub struct Worker {
    /// What is searched.
    pub search: Search,
    /// Its first number, and the distance to each next one.
    pub from: u64,
    /// See `from`.
    pub step: u64,
    /// The number that it does not reach.
    pub until: u64,
    /// How long it works.
    pub time: Duration,
    /// How many guests it makes small; of others it only says the number.
    pub finds: u64,
    /// Where it says how far it is.
    pub progress: PathBuf,
    /// Where finds are written.
    pub folder: PathBuf,
}

impl Worker {
    /// Works.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn work(&self) -> io::Result<()> {
        std::panic::set_hook(Box::new(|_| {}));
        let end = now() + self.time;
        let mut file = ProgressFile::create(&self.progress)?;
        let mut progress = Progress {
            number: self.from,
            tally: Tally::default(),
        };
        while progress.number < self.until && now() < end {
            file.write(&progress)?;
            self.try_one(progress.number, &mut progress.tally)?;
            progress.number = progress.number.saturating_add(self.step);
        }
        file.write(&progress)
    }

    fn try_one(&self, number: u64, tally: &mut Tally) -> io::Result<()> {
        let Some(guest) = self.search.guest(number) else {
            tally.none += 1;
            return Ok(());
        };
        match judge(&guest, number) {
            Verdict::Same { is_finished } => {
                tally.same += 1;
                tally.finished += u64::from(is_finished);
            }
            Verdict::Limited => tally.limited += 1,
            Verdict::Refused(_) => tally.refused += 1,
            Verdict::Different(words) => {
                tally.different += 1;
                self.found(number, &words, guest.wasm(), tally.different)?;
            }
        }
        Ok(())
    }

    fn found(&self, number: u64, words: &str, wasm: &[u8], count: u64) -> io::Result<()> {
        if count > self.finds {
            return Ok(());
        }
        let still = &mut |wasm: &[u8]| {
            let guest = self.search.written(wasm.to_vec());
            matches!(judge(&guest, number), Verdict::Different(_))
        };
        let find = Find {
            search: &self.search,
            number,
            words,
            wasm: &shrink(wasm, MOST_TRIALS, still),
        };
        find.write(&self.folder).map(drop)
    }
}

/// How many guests are tried at most to make one small.
const MOST_TRIALS: usize = 4_000;

#[expect(clippy::disallowed_methods, reason = "a search has so many seconds")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
