//! `fuelbox fuzz`: runs a module on input after input, to find those on which it fails.

mod kept;
mod minimize;
mod subject;
mod told;

use crate::{
    args::Fuzz,
    exit,
    failure::Failure,
    interrupt::Interrupt,
    show::{explain, live::LiveText, print, style::Style},
    stopwatch::Stopwatch,
};
use fuelbox::CancelToken;
use fuelbox_fuzz::{Event, Search, Settings};
use kept::Kept;
use subject::Subject;

/// Searches, or minimises what an earlier search has left; returns the exit code.
pub(crate) fn fuzz(arguments: &Fuzz) -> u8 {
    let done = if arguments.minimize {
        minimize::minimize(arguments)
    } else {
        search(arguments)
    };
    done.unwrap_or_else(|failure| {
        let explanation = explain::failure(&failure, arguments.run.module_limits());
        print::explanation(&explanation, Style::Wrong);
        failure.exit_code()
    })
}

/// Runs between two looks at the clock: a few milliseconds, for a guest that does not hang.
const RUNS_AT_ONCE: u64 = 64;

fn search(arguments: &Fuzz) -> Result<u8, Failure> {
    let kept = Kept::open(arguments)?;
    let subject = Subject::new(arguments)?;
    let interrupt = Interrupt::listen()?;
    let token = CancelToken::new();
    interrupt.cancels(token.clone());

    let settings = Settings::default()
        .seed(arguments.seed)
        .most_bytes(arguments.most_input);
    let mut search = Search::new(subject, settings);
    let stopwatch = Stopwatch::start();
    let mut live = LiveText::new(arguments.run.quiet);
    let mut inputs = kept.inputs()?.into_iter();
    let is_over = |runs: u64| {
        let out_of_runs = arguments.runs.is_some_and(|most| runs >= most);
        let looks = runs.checked_rem(RUNS_AT_ONCE) == Some(0);
        let out_of_time = || {
            arguments
                .time
                .is_some_and(|most| stopwatch.elapsed() >= most)
        };
        out_of_runs || token.is_cancelled() || looks && out_of_time()
    };
    while !is_over(search.runs()) {
        let event = match inputs.next() {
            Some(input) => search.add(&input),
            None => search.step(),
        };
        match event? {
            Event::NewWays(input) => kept.add(input)?,
            Event::Find(find) => {
                let find = find.clone();
                kept.find(search.guest(), &find)?;
                if !arguments.run.quiet {
                    print::message(&told::find(&find));
                }
            }
            _ => {}
        }
        live.show(|| told::progress(&search, stopwatch.elapsed()));
    }
    let took = stopwatch.elapsed();
    drop(live);
    kept.slowest(&search)?;
    if !arguments.run.quiet {
        print::lines(&told::summary(&mut search, arguments, took));
    }
    Ok(if search.finds().next().is_some() {
        exit::FOUND
    } else {
        exit::FINISHED
    })
}
