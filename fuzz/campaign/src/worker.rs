//! A process that tries guests, one after another, until its time is over or a guest kills it.

use crate::{
    contents::{Contents, Size},
    find::Find,
    generator::FAMILY,
    judge::{Verdict, judge, judge_together},
    progress::{Progress, ProgressFile, Tally},
    search::Search,
    shrink::shrink,
};
use fuelbox_oracles::effects::Guest;
use std::{
    io,
    ops::RangeInclusive,
    path::PathBuf,
    process,
    time::{Duration, Instant},
};

/// What a worker has to do.
#[derive(Clone, Debug)]
pub struct Worker {
    /// What is searched.
    pub search: Search,
    /// Its first number.
    pub from: u64,
    /// It takes one of so many families, since so many share the work.
    pub step: u64,
    /// Up to here it tries one at a time, so that it can be said which one killed it.
    pub singly: u64,
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
    /// For tests: guests with this construct kill the process.
    pub dies_of: Option<String>,
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
            let last = if progress.number < self.singly {
                progress.number
            } else {
                // Of its family, or of what there is to do.
                (progress.number | (FAMILY - 1)).min(self.until - 1)
            };
            self.try_some(progress.number..=last, &mut progress.tally)?;
            progress.number = self.after(last);
        }
        file.write(&progress)
    }

    /// The number to go on with after this one: the next of its family, or the first of another.
    fn after(&self, number: u64) -> u64 {
        let next = number.saturating_add(1);
        if next.is_multiple_of(FAMILY) {
            next.saturating_add((self.step - 1).saturating_mul(FAMILY))
        } else {
            next
        }
    }

    /// Tries these, as many of them together as can be.
    fn try_some(&self, numbers: RangeInclusive<u64>, tally: &mut Tally) -> io::Result<()> {
        let guests = numbers.map(|number| (number, self.search.guest(number)));
        let mut joined = Vec::new();
        for (number, guest) in guests {
            let Some(guest) = guest else {
                tally.none += 1;
                continue;
            };
            die_of(self.dies_of.as_deref(), guest.wasm());
            if self.search.generator.is_joinable(number) {
                joined.push((guest, number));
            } else {
                self.count(number, &guest, judge(&guest, number), tally)?;
            }
        }
        let verdicts = judge_together(&joined);
        for ((guest, number), verdict) in joined.iter().zip(verdicts) {
            self.count(*number, guest, verdict, tally)?;
        }
        Ok(())
    }

    fn count(
        &self,
        number: u64,
        guest: &Guest,
        verdict: Verdict,
        tally: &mut Tally,
    ) -> io::Result<()> {
        match verdict {
            Verdict::Same {
                is_finished,
                is_quick,
            } => {
                let size = Size::of(guest.wasm());
                tally.same += 1;
                tally.finished += u64::from(is_finished);
                tally.quick += u64::from(is_quick);
                tally.functions += size.functions;
                tally.operators += size.operators;
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
        let begin = now();
        let still = &mut |wasm: &[u8]| {
            let guest = self.search.written(wasm.to_vec(), number);
            begin.elapsed() < MOST_TIME && matches!(judge(&guest, number), Verdict::Different(_))
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

/// Ends this process as a fault of the interpreter may do it, if the guest has this construct.
pub fn die_of(construct: Option<&str>, wasm: &[u8]) {
    if construct.is_some_and(|construct| Contents::of(wasm).constructs.contains(construct)) {
        process::abort();
    }
}

/// How many guests are tried at most to make one small.
const MOST_TRIALS: usize = 4_000;

/// How long that takes at most, for there are other guests to be tried.
const MOST_TIME: Duration = Duration::from_secs(10);

#[expect(clippy::disallowed_methods, reason = "a search has so many seconds")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
