//! `fuelbox fuzz --minimize`: fewer inputs that take all ways, and shorter ones of what was found.

use super::{
    kept::{self, Kept},
    subject::Subject,
};
use crate::{args::Fuzz, exit, failure::Failure, show::print, units};
use fuelbox_fuzz::{Detail, Guest as _, Seen};

/// Minimises the folder of inputs and the one of finds; returns the exit code.
///
/// # Errors
/// What keeps files from being read and written, and the guest from being run.
pub(super) fn minimize(arguments: &Fuzz) -> Result<u8, Failure> {
    let kept = Kept::open(arguments)?;
    let mut subject = Subject::new(arguments)?;
    let inputs = kept.inputs()?;
    let fewest = fuelbox_fuzz::fewest(&mut subject, inputs)?;
    for input in &fewest {
        kept.add(input)?;
    }
    let removed = kept.corpus.keep_only(&fewest);
    let removed = removed.map_err(|error| kept::write(kept.corpus.path(), error))?;
    if !arguments.run.quiet {
        let (left, removed) = (count(fewest.len()), count(removed));
        print::message(&format!("{left} inputs left, {removed} removed"));
    }
    shorten_finds(arguments, &kept, &mut subject)?;
    Ok(exit::FINISHED)
}

/// Shortens what was found, as long as it stays in its bucket.
fn shorten_finds(arguments: &Fuzz, kept: &Kept, subject: &mut Subject) -> Result<(), Failure> {
    /// A tenth of a second for a small guest, some seconds for one that hangs.
    const MOST_RUNS: u64 = 5_000;

    let finds = kept.finds.named(".input", arguments.most_input);
    let finds = finds.map_err(|error| kept::write(kept.finds.path(), error))?;
    for (name, input) in finds {
        if name == kept::SLOWEST {
            continue;
        }
        let mut seen = Seen::default();
        subject.run(&input, Detail::Ways, &mut seen)?;
        let Some(fault) = seen.fault else {
            print::message(&format!("{name} does not fail any more"));
            continue;
        };
        let bucket = subject.bucket(&input, fault)?;
        let same = |subject: &mut Subject, input: &[u8], seen: &Seen| {
            Ok(seen.fault == Some(fault) && subject.bucket(input, fault)? == bucket)
        };
        let shorter = fuelbox_fuzz::shorten(subject, &input, MOST_RUNS, same)?;
        let recording = subject.prove(&shorter)?.recording;
        let recording = recording.with_module(subject.source());
        kept.write(&name, &shorter)?;
        let stem = name.trim_end_matches(".input");
        kept.write(&format!("{stem}.fbrun"), &recording.to_bytes())?;
        if !arguments.run.quiet {
            let (before, after) = (count(input.len()), count(shorter.len()));
            print::message(&format!("{name}: {before} bytes became {after}"));
        }
    }
    Ok(())
}

fn count(number: usize) -> String {
    units::grouped(u64::try_from(number).unwrap_or(u64::MAX))
}
