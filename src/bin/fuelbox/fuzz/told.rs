//! What people are told of a search.

use super::{kept, subject::Subject};
use crate::{args::Fuzz, units};
use fuelbox_fuzz::{Find, Search};
use std::{fmt::Write, time::Duration};

/// One find, when it is found.
pub(super) fn find(find: &Find) -> String {
    let runs = units::grouped(find.runs);
    format!("found {} after {runs} runs", find.bucket)
}

/// How far a search is, in one line.
pub(super) fn progress(search: &Search<Subject>, time: Duration) -> String {
    format!(
        "{} runs, {} a second, {} ways, {} inputs, {} finds",
        units::grouped(search.runs()),
        units::grouped(each_second(search.runs(), time)),
        count(search.ways()),
        count(search.corpus_len()),
        count(search.finds().count()),
    )
}

/// How a search ended.
pub(super) fn summary(search: &mut Search<Subject>, arguments: &Fuzz, time: Duration) -> String {
    let (ways, remade) = (search.guest().ways, search.guest().remade());
    let mut text = String::new();
    let mut line = |name: &str, told: String| {
        writeln!(text, "  {name:<10} {told}").expect("a String takes everything");
    };
    let runs = search.runs();
    let speed = units::grouped(each_second(runs, time));
    let seconds = units::measured_time(time, 3);
    line(
        "runs",
        format!("{} in {seconds}: {speed} a second", units::grouped(runs)),
    );
    line(
        "ways",
        format!("{} of {}", count(search.ways()), count(ways)),
    );
    line(
        "corpus",
        format!(
            "{} inputs in {}",
            count(search.corpus_len()),
            arguments.corpus
        ),
    );
    if remade > 0 {
        line(
            "remade",
            format!(
                "{} times, as the guest could not be put back",
                units::grouped(remade)
            ),
        );
    }
    if let Some((_, fuel)) = search.slowest() {
        let fuel = units::grouped(fuel);
        line(
            "slowest",
            format!("{fuel} fuel a byte: {}/{}", arguments.finds, kept::SLOWEST),
        );
    }
    line(
        "finds",
        format!("{} in {}", count(search.finds().count()), arguments.finds),
    );
    for find in search.finds() {
        let (ways, runs) = (units::grouped(find.ways), units::grouped(find.runs));
        line(
            "",
            format!("{} after {runs} runs, ways there: {ways}", find.bucket),
        );
    }
    text
}

fn each_second(runs: u64, time: Duration) -> u64 {
    let each = u128::from(runs)
        .saturating_mul(1_000_000_000)
        .checked_div(time.as_nanos());
    u64::try_from(each.unwrap_or(0)).unwrap_or(u64::MAX)
}

fn count(number: usize) -> String {
    units::grouped(u64::try_from(number).unwrap_or(u64::MAX))
}
