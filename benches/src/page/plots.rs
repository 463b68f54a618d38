//! The plots of the page.

use crate::{
    found::Found,
    numbers::{digits, time},
    plot::{Range, Series, lines, multiple, ranges},
};
use fuelbox_bench::{
    engine::{FLOOR, ONE_LANE, OURS},
    results::Row,
};

/// Each plot that there are results for, and its file.
pub fn all(found: &Found) -> Vec<(&'static str, String)> {
    [
        ("compute.svg", compute(found)),
        ("cold.svg", cold(found)),
        ("overrun.svg", overrun(found)),
        ("threads.svg", threads(found)),
    ]
    .into_iter()
    .filter_map(|(name, plot)| Some((name, plot?)))
    .collect()
}

/// The time of each engine as a multiple of fuelbox's: the middle of all guests, and the two ends.
fn compute(found: &Found) -> Option<String> {
    let engines = found.contenders("compute");
    let cases = found.cases("compute");
    let mut bars = Vec::new();
    for (group, engine) in engines
        .into_iter()
        .filter(|engine| !engine.ends_with("again"))
        .enumerate()
    {
        let mut ratios: Vec<f64> = cases
            .iter()
            .filter_map(|case| found.ratio("compute", case, engine, OURS))
            .map(|[_, ratio, _]| ratio)
            .collect();
        ratios.sort_by(f64::total_cmp);
        bars.push(Range {
            label: engine.to_string(),
            group,
            values: [*ratios.first()?, ratios[ratios.len() / 2], *ratios.last()?],
        });
    }
    let title = "Time of long runs as a multiple of fuelbox's: seven guests, least, middle, most";
    (!bars.is_empty()).then(|| ranges(title, &bars, multiple))
}

fn cold(found: &Found) -> Option<String> {
    let cases = found.cases("start");
    let cold: Vec<_> = cases
        .into_iter()
        .filter(|case| case.starts_with("cold"))
        .collect();
    let series: Vec<_> = found
        .contenders("start")
        .into_iter()
        .filter(|engine| !engine.ends_with("pooled"))
        .map(|engine| Series {
            label: engine.to_string(),
            values: cold
                .iter()
                .map(|case| found.median("start", case, engine))
                .collect(),
        })
        .collect();
    let places: Vec<_> = cold
        .iter()
        .filter_map(|case| case.strip_prefix("cold, "))
        .collect();
    let title = "From the bytes of a module to its first result, by size of module";
    (!places.is_empty()).then(|| lines(title, &places, &series, time))
}

/// Runs per second of each guest and contender, by the number of threads.
fn threads(found: &Found) -> Option<String> {
    let per_second: Vec<_> = found
        .cases("crowd")
        .into_iter()
        .filter_map(|case| case.strip_suffix(" threads")?.split_once(", "))
        .collect();
    let mut guests: Vec<_> = per_second.iter().map(|(guest, _)| *guest).collect();
    guests.dedup();
    let counts: Vec<_> = per_second
        .iter()
        .filter(|(guest, _)| guests.first() == Some(guest))
        .map(|(_, count)| *count)
        .collect();
    let mut series = Vec::new();
    for guest in guests {
        for engine in [OURS, ONE_LANE, FLOOR] {
            let value =
                |count: &&str| found.median("crowd", &format!("{guest}, {count} threads"), engine);
            series.push(Series {
                label: format!("{engine}: {guest}"),
                values: counts.iter().map(value).collect(),
            });
        }
    }
    let title = "Runs per second by the number of threads that share a module";
    (!counts.is_empty()).then(|| lines(title, &counts, &series, digits))
}

fn overrun(found: &Found) -> Option<String> {
    let mut bars = Vec::new();
    for (group, engine) in found.contenders("stopping").into_iter().enumerate() {
        for case in found.cases("stopping") {
            let row = found.row("stopping", case, engine);
            if let (Some(guest), Some(row)) = (case.strip_prefix("overrun: "), row) {
                let at = |part| Row::at(row, part).max(10.0);
                let who = if engine == OURS {
                    String::new()
                } else {
                    format!("{engine}: ")
                };
                // Of the others the endless loop says enough.
                if engine == OURS || guest == "endless loop" {
                    bars.push(Range {
                        label: format!("{who}{guest}"),
                        group,
                        values: [at(0.5), at(0.99), at(1.0)],
                    });
                }
            }
        }
    }
    let title = "How late a deadline of 20 ms stops a guest: median, 99 in 100, worst";
    (!bars.is_empty()).then(|| ranges(title, &bars, time))
}
