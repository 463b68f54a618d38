//! The process that watches those that try guests: starts them, and starts them again after a guest that
//! killed them.

use crate::{
    find::Find,
    generator::FAMILY,
    progress::{Progress, Tally},
    search::Search,
    shrink::shrink,
    worker::now,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What is searched, by how many, for how long.
pub struct Campaign {
    /// What is searched.
    pub search: Search,
    /// The first number.
    pub seed: u64,
    /// How many numbers are tried at most.
    pub guests: u64,
    /// How long.
    pub time: Duration,
    /// By how many processes.
    pub threads: u64,
    /// Where finds are written.
    pub folder: PathBuf,
    /// This program, with the words that say what is searched.
    pub command: fn() -> io::Result<Command>,
    /// Told what happens.
    pub say: fn(&str),
    /// Whether somebody asked it to end early.
    pub is_stopped: fn() -> bool,
}

/// What a campaign found.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How many guests came to what.
    pub tally: Tally,
    /// The number to go on with.
    pub next: u64,
}

/// A worker, and what those before it in its place did.
struct Place {
    child: Child,
    progress: PathBuf,
    before: Tally,
    /// Below this number it tries one at a time.
    singly: u64,
    /// What was read last, and when it was new.
    last: Progress,
    since: Instant,
    is_over: bool,
}

impl Campaign {
    /// Searches.
    ///
    /// # Errors
    /// Where processes cannot be started or files not be written.
    pub fn run(&self) -> io::Result<Outcome> {
        fs::create_dir_all(&self.folder)?;
        let end = now() + self.time;
        let mut places = (0..self.threads)
            .map(|place| {
                // The first one begins within a family, if the seed lies there.
                let family = self.seed / FAMILY + place;
                let from = self.seed.max(family * FAMILY);
                self.start(place, from, from, self.time, Tally::default())
            })
            .collect::<io::Result<Vec<_>>>()?;
        let mut said = now();
        while places.iter().any(|place| !place.is_over) {
            thread::sleep(POLL);
            for (index, place) in (0..).zip(&mut places) {
                if (self.is_stopped)() {
                    place.stop()?;
                } else {
                    self.watch(index, place, end)?;
                }
            }
            if said.elapsed() > SAY_EVERY {
                said = now();
                (self.say)(&outcome(&places).tally.to_string());
            }
        }
        for place in &places {
            fs::remove_file(&place.progress)?;
        }
        Ok(outcome(&places))
    }

    fn start(
        &self,
        place: u64,
        from: u64,
        singly: u64,
        time: Duration,
        before: Tally,
    ) -> io::Result<Place> {
        let progress = self
            .folder
            .join(format!("progress-{}-{place}", std::process::id()));
        let child = (self.command)()?
            .args(["--place", &progress.to_string_lossy()])
            .args(["--seed", &from.to_string()])
            .args(["--step", &self.threads.to_string()])
            .args(["--singly", &singly.to_string()])
            .args([
                "--until",
                &self.seed.saturating_add(self.guests).to_string(),
            ])
            .args(["--milliseconds", &time.as_millis().to_string()])
            .stdin(Stdio::null())
            .spawn()?;
        Ok(Place {
            child,
            progress,
            before,
            singly,
            last: Progress {
                number: from,
                tally: Tally::default(),
            },
            since: now(),
            is_over: false,
        })
    }

    fn watch(&self, index: u64, place: &mut Place, end: Instant) -> io::Result<()> {
        if place.is_over {
            return Ok(());
        }
        let status = place.child.try_wait()?;
        place.look();
        let words = match status {
            Some(status) if status.success() => {
                place.is_over = true;
                return Ok(());
            }
            // Whoever asks this process to end may ask those that it started, too.
            Some(_) if (self.is_stopped)() => return place.stop(),
            Some(status) => format!("the process ended: {status}"),
            None if place.since.elapsed() > MOST_FOR_ONE => {
                place.child.kill()?;
                place.child.wait()?;
                format!("one guest takes more than {MOST_FOR_ONE:?}")
            }
            None => return Ok(()),
        };
        let number = place.last.number;
        let mut before = place.before;
        before += place.last.tally;
        let mut from = number;
        let mut singly = place.singly;
        if number < singly {
            let path = self.killed(number, &words)?;
            (self.say)(&format!("guest {number}: {words}: {}", path.display()));
            before.different += 1;
            from += 1;
        } else {
            (self.say)(&format!(
                "at guest {number}: {words}: on from there one by one"
            ));
            singly = number - number % FAMILY + FAMILY;
        }
        if from.is_multiple_of(FAMILY) && from > number {
            from += (self.threads - 1) * FAMILY;
        }
        let time = end.saturating_duration_since(now());
        *place = self.start(index, from, singly, time, before)?;
        Ok(())
    }

    /// Makes a guest small that kills the process, in other processes.
    #[expect(
        clippy::disallowed_methods,
        reason = "processes read guests from files"
    )]
    fn killed(&self, number: u64, words: &str) -> io::Result<PathBuf> {
        let guest = self.search.guest(number);
        let wasm = guest.as_ref().map_or(&[][..], |guest| guest.wasm());
        let trial = self
            .folder
            .join(format!("trial-{}.wasm", std::process::id()));
        let still = &mut |wasm: &[u8]| {
            let status = fs::write(&trial, wasm).and_then(|()| self.judge(&trial, number));
            status.is_ok_and(|status| !status.success())
        };
        let find = Find {
            search: &self.search,
            number,
            words,
            wasm: &shrink(wasm, MOST_TRIALS, still),
        };
        let path = find.write(&self.folder);
        drop(fs::remove_file(&trial));
        path
    }

    fn judge(&self, trial: &Path, number: u64) -> io::Result<ExitStatus> {
        let mut command = (self.command)()?;
        command.args(["--judge", &trial.to_string_lossy()]);
        command.args(["--seed", &number.to_string()]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status()
    }
}

impl Place {
    /// Reads how far it is.
    fn look(&mut self) {
        if let Some(progress) = Progress::read(&self.progress)
            && progress != self.last
        {
            self.last = progress;
            self.since = now();
        }
    }

    /// Ends it; the guest that it is at is for the next campaign.
    fn stop(&mut self) -> io::Result<()> {
        if !self.is_over {
            self.child.kill()?;
            self.child.wait()?;
            self.look();
            self.is_over = true;
        }
        Ok(())
    }
}

fn outcome(places: &[Place]) -> Outcome {
    let mut tally = Tally::default();
    for place in places {
        tally += place.before;
        tally += place.last.tally;
    }
    let next = places.iter().map(|place| place.last.number).min();
    Outcome {
        tally,
        next: next.unwrap_or_default(),
    }
}

/// How often workers are looked at.
const POLL: Duration = Duration::from_millis(50);

/// How often it is said how far they are.
const SAY_EVERY: Duration = Duration::from_secs(30);

/// How long one guest takes at most, one that is made small too.
const MOST_FOR_ONE: Duration = Duration::from_secs(120);

/// How many guests are tried at most to make one small, each in a process of its own.
const MOST_TRIALS: usize = 600;
