//! The tables of the documents, in Markdown, by name.

use crate::{
    found::Found,
    numbers::{bytes, close, digits, time, times},
    targets,
};
use fuelbox_bench::{
    engine::{FLOOR, MOVING, NOT_KEPT, ONE_LANE, OURS},
    results::Row,
};

/// The table of that name, where there are results for it.
///
/// # Panics
/// Where there is no such table.
pub fn named(name: &str, found: &Found) -> Option<String> {
    match name {
        "machine" => found.machine.clone(),
        "load" => load(found),
        "targets" => targets::table(found),
        "compute" => against_ours(found, "compute", &found.cases("compute")),
        "floor" => floor(found),
        "warm" => against_ours(found, "start", &beginning(found, "start", "warm")),
        "cold" => against_ours(found, "start", &beginning(found, "start", "cold")),
        "host calls" => host_calls(found),
        "overrun" => late(found, "stopping", "overrun"),
        "cancel" => late(found, "stopping", "cancel"),
        "slice" => late(found, "stopping", "slice"),
        "live" => live(found),
        "lent" => lent(found),
        "lent cancel" => late(found, "memory", "cancel"),
        "crowd" => crowd(found),
        "weight" => weight(found),
        "compiling" => compiling(found),
        "profiles" => profiles(found),
        "summary" => targets::summary(found),
        _ => panic!("no table is called {name}"),
    }
}

/// How busy the machine was before and after each suite, and which fuelbox it was.
fn load(found: &Found) -> Option<String> {
    let mut table = Table::from(["suite", "fuelbox", "load before", "load after"]);
    for suite in found.cases("load") {
        let rows = found.rows("load", suite);
        let commit = rows.first()?.contender.trim_start_matches("fuelbox ");
        let at = |unit: &str| {
            let row = rows.iter().find(|row| row.unit == unit);
            row.map_or(String::new(), |row| format!("{:.1}", row.median()))
        };
        table.line([
            suite.to_string(),
            commit.to_string(),
            at("before"),
            at("after"),
        ]);
    }
    table.finish()
}

/// The cases of a suite that begin with a word.
fn beginning<'a>(found: &'a Found, suite: &str, word: &str) -> Vec<&'a str> {
    let mut cases = found.cases(suite);
    cases.retain(|case| case.starts_with(word));
    cases
}

/// A line for each engine, a column for each case: ours as a time, the others as multiples of it.
fn against_ours(found: &Found, suite: &str, cases: &[&str]) -> Option<String> {
    // What a case is called after its kind.
    let short = |case: &&str| {
        case.split_once(", ")
            .filter(|(kind, _)| ["warm", "cold"].contains(kind))
            .map_or(*case, |(_, name)| name)
            .to_string()
    };
    let mut table = Table::new([String::new()].into_iter().chain(cases.iter().map(short)));
    for engine in found.contenders(suite) {
        let cell = |case: &&str| match found.ratio(suite, case, engine, OURS) {
            None => String::new(),
            Some(_) if engine == OURS => {
                found.median(suite, case, OURS).map_or(String::new(), time)
            }
            Some([_, ratio, _]) => times(ratio),
        };
        table.line(
            [engine.to_string()]
                .into_iter()
                .chain(cases.iter().map(cell)),
        );
    }
    table.finish()
}

/// fuelbox beside plain wasmi under fuel, with the spread, and how much of it is noise.
fn floor(found: &Found) -> Option<String> {
    let mut table = Table::from([
        "",
        "fuelbox by plain wasmi, metered",
        "the same module, compiled again",
    ]);
    for case in found.cases("compute") {
        let ours = found.ratio("compute", case, OURS, FLOOR)?;
        let again = found.ratio("compute", case, "wasmi, fuel, again", FLOOR)?;
        table.line([case.to_string(), close(ours), close(again)]);
    }
    table.finish()
}

fn host_calls(found: &Found) -> Option<String> {
    let mut table = Table::from(["", "fuelbox", "plain wasmi, metered", "ratio"]);
    for case in found.cases("host_calls") {
        let shown = |row: &Row| match row.unit.as_str() {
            "ns" => time(row.median()),
            unit => format!("{} {unit}", digits(row.median())),
        };
        let ours = found.row("host_calls", case, OURS)?;
        let plain = found.row("host_calls", case, FLOOR);
        let ratio = plain.map(|plain| times(ours.ratio_to(plain)[1]));
        table.line([
            case.to_string(),
            shown(ours),
            plain.map_or(String::new(), shown),
            ratio.unwrap_or_default(),
        ]);
    }
    table.finish()
}

/// Median, 99th of 100 and worst, for each engine that stops guests.
fn late(found: &Found, suite: &str, measure: &str) -> Option<String> {
    let cases = beginning(found, suite, &format!("{measure}: "));
    let mut engines = found.contenders(suite);
    engines.retain(|engine| {
        cases
            .iter()
            .any(|case| found.row(suite, case, engine).is_some())
    });
    let mut table = Table::new(
        [String::new()]
            .into_iter()
            .chain(engines.iter().map(ToString::to_string)),
    );
    for case in cases {
        let name = case.split_once(": ").map_or(case, |(_, name)| name);
        let cell = |engine: &&str| {
            found.row(suite, case, engine).map_or(String::new(), |row| {
                let [median, p99, max] = [0.5, 0.99, 1.0].map(|part| time(row.at(part)));
                format!("{median} / {p99} / {max}")
            })
        };
        table.line(
            [name.to_string()]
                .into_iter()
                .chain(engines.iter().map(cell)),
        );
    }
    table.finish()
}

fn crowd(found: &Found) -> Option<String> {
    let mut table = Table::from(["", "fuelbox", "fuelbox, 1 lane", "plain wasmi, metered"]);
    for case in found.cases("crowd") {
        let cell = |engine| {
            found
                .row("crowd", case, engine)
                .map_or(String::new(), |row| match row.unit.as_str() {
                    "ns" => time(row.median()),
                    "bytes" => bytes(row.median()),
                    "times" => times(row.median()),
                    unit => format!("{} {unit}", digits(row.median())),
                })
        };
        table.line([case.to_string(), cell(OURS), cell(ONE_LANE), cell(FLOOR)]);
    }
    table.finish()
}

/// Calls on a live instance and first calls, each beside what it is compared with.
fn live(found: &Found) -> Option<String> {
    let mut table = Table::from(["", "fuelbox", "beside", "ratio"]);
    for case in found.cases("live") {
        let rows = found.rows("live", case);
        let [ours, beside] = rows.as_slice() else {
            continue;
        };
        let [_, ratio, _] = ours.ratio_to(beside);
        let name = |row: &Row| format!("{}: {}", row.contender, time(row.median()));
        table.line([case.to_string(), name(ours), name(beside), times(ratio)]);
    }
    table.finish()
}

/// Guests in lent memory beside memories that move and plain wasmi.
fn lent(found: &Found) -> Option<String> {
    let mut table = Table::from([
        "",
        "lent and kept",
        "memories that move",
        "plain wasmi, metered",
        "lent by moving",
        "lent by plain wasmi",
        "a new block by plain wasmi",
    ]);
    for case in found.cases("memory") {
        let (Some(ours), Some(moving), Some(plain)) = (
            found.row("memory", case, OURS),
            found.row("memory", case, MOVING),
            found.row("memory", case, FLOOR),
        ) else {
            continue;
        };
        let ratio = |[_, ratio, _]: [f64; 3]| times(ratio);
        let not_kept = found.ratio("memory", &format!("{case}, nothing kept"), NOT_KEPT, FLOOR);
        table.line([
            case.to_string(),
            time(ours.median()),
            time(moving.median()),
            time(plain.median()),
            ratio(ours.ratio_to(moving)),
            ratio(ours.ratio_to(plain)),
            not_kept.map_or(String::new(), ratio),
        ]);
    }
    table.finish()
}

fn weight(found: &Found) -> Option<String> {
    let mut table = Table::from([
        "minimal host",
        "program, stripped",
        "crates",
        "clean build, processor time",
    ]);
    for host in found.contenders("weight") {
        let cell = |case, shown: fn(f64) -> String| {
            found
                .median("weight", case, host)
                .map_or(String::new(), shown)
        };
        table.line([
            host.to_string(),
            cell("program", bytes),
            cell("crates", |n| format!("{n:.0}")),
            cell("clean build", |seconds| format!("{seconds:.0} s")),
        ]);
    }
    table.finish()
}

/// Peak memory of compiling, by size of module.
fn compiling(found: &Found) -> Option<String> {
    let hosts = found.contenders("compiling");
    let mut table = Table::new(
        [String::new()]
            .into_iter()
            .chain(hosts.iter().map(ToString::to_string)),
    );
    for case in found.cases("compiling") {
        let cell = |host: &&str| {
            found
                .median("compiling", case, host)
                .map_or(String::new(), bytes)
        };
        table.line([case.to_string()].into_iter().chain(hosts.iter().map(cell)));
    }
    table.finish()
}

/// What each setting of the build is worth, as multiples of the first.
fn profiles(found: &Found) -> Option<String> {
    let cases = found.cases("profiles");
    let profiles = found.contenders("profiles");
    let first = profiles.first()?;
    let mut table = Table::new(
        [String::new()]
            .into_iter()
            .chain(cases.iter().map(ToString::to_string)),
    );
    for profile in &profiles {
        let cell = |case: &&str| {
            let Some(row) = found.row("profiles", case, profile) else {
                return "refused".to_string();
            };
            match (row.unit.as_str(), profile == first) {
                ("bytes", _) => bytes(row.median()),
                (_, true) => time(row.median()),
                _ => found
                    .ratio("profiles", case, profile, first)
                    .map_or(String::new(), |[_, ratio, _]| times(ratio)),
            }
        };
        table.line(
            [profile.to_string()]
                .into_iter()
                .chain(cases.iter().map(cell)),
        );
    }
    table.finish()
}

/// A table in Markdown.
pub struct Table {
    text: String,
    lines: usize,
}

impl Table {
    /// With what stands above its columns.
    pub fn new(heads: impl Iterator<Item = String>) -> Self {
        let heads: Vec<_> = heads.collect();
        let mut table = Self {
            text: String::new(),
            lines: 0,
        };
        let rule = vec!["---".to_string(); heads.len()];
        table.line(heads);
        table.line(rule);
        table
    }

    /// Adds a line.
    pub fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = cells.into_iter().collect();
        self.text += &format!("| {} |\n", cells.join(" | "));
        self.lines += 1;
    }

    /// The table, unless nothing is in it.
    pub fn finish(self) -> Option<String> {
        (self.lines > 2).then_some(self.text)
    }
}

impl<const N: usize> From<[&str; N]> for Table {
    fn from(heads: [&str; N]) -> Self {
        Self::new(heads.into_iter().map(str::to_string))
    }
}
