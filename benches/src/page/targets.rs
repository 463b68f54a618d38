//! What was aimed at, and whether it was reached.

use crate::{
    found::Found,
    numbers::{bytes, digits, time, times},
    tables::Table,
};
use fuelbox_bench::{
    engine::{FLOOR, OURS},
    results::Row,
};

const CORE: &str = "core: matrix, list, states, CRC";
const PULLEY_FUEL: &str = "wasmtime Pulley, fuel";

/// One aim: what was measured against it, and what plain wasmi does there.
struct Target {
    name: &'static str,
    aim: String,
    measured: Option<(String, bool)>,
    floor: String,
}

/// Each target, reached or not.
pub fn table(found: &Found) -> Option<String> {
    let mut table = Table::from([
        "target",
        "aim",
        "measured",
        "reached",
        "plain wasmi, the floor",
    ]);
    for target in all(found) {
        let (measured, reached) = match target.measured {
            Some((measured, true)) => (measured, "yes"),
            Some((measured, false)) => (measured, "no"),
            None => ("not measured".to_string(), ""),
        };
        table.line([
            target.name.to_string(),
            target.aim,
            measured,
            reached.to_string(),
            target.floor,
        ]);
    }
    table.finish()
}

/// The few figures that the README has.
pub fn summary(found: &Found) -> Option<String> {
    let mut table = Table::from(["", "fuelbox", "beside it"]);
    let small = found.median("start", "warm, echo", OURS)?;
    let [_, floor, _] = found.ratio("start", "warm, echo", OURS, FLOOR)?;
    table.line([
        "a fresh run of a small guest".to_string(),
        time(small),
        format!("{} plain wasmi", times(floor)),
    ]);
    let cold = found.median("start", "cold, 150 KB", OURS)?;
    let mut beside = Vec::new();
    for engine in ["wasmtime Cranelift", "wasmtime Pulley", "extism"] {
        if let Some([_, ratio, _]) = found.ratio("start", "cold, 150 KB", engine, OURS) {
            beside.push(format!("{engine} {}", times(ratio)));
        }
    }
    table.line([
        "150 KB of module, bytes to result".to_string(),
        time(cold),
        beside.join(", "),
    ]);
    let mut beside = Vec::new();
    for engine in [
        FLOOR,
        "wasm3",
        "WAMR",
        PULLEY_FUEL,
        "wasmtime Cranelift, fuel",
    ] {
        if let Some([_, ratio, _]) = found.ratio("compute", CORE, engine, OURS) {
            beside.push(format!("{engine} {}", times(ratio)));
        }
    }
    table.line([
        "a long run under fuel and a deadline".to_string(),
        "1".to_string(),
        beside.join(", "),
    ]);
    let overrun = found.row("stopping", "overrun: endless loop", OURS)?;
    table.line([
        "late on a deadline, endless loop".to_string(),
        time(overrun.median()),
        found
            .median("stopping", "overrun: endless loop", "wasmtime Cranelift")
            .map_or(String::new(), |late| {
                format!("wasmtime, epochs of 1 ms: {}", time(late))
            }),
    ]);
    table.finish()
}

fn all(found: &Found) -> Vec<Target> {
    let mut targets = vec![
        below(found, "fresh run, nothing", "start", "warm, small", 1.3),
        below(found, "fresh run, echo", "start", "warm, echo", 1.3),
    ];
    for (name, case) in [
        ("long run, core", CORE),
        ("long run, SHA-256", "SHA-256"),
        ("long run, calls", "calls"),
    ] {
        targets.push(below(found, name, "compute", case, 1.01));
    }
    targets.extend([
        sooner(found, "core, by wasm3", "compute", CORE, "wasm3", 1.25),
        sooner(
            found,
            "core, by Pulley with fuel",
            "compute",
            CORE,
            PULLEY_FUEL,
            1.25,
        ),
        sooner(
            found,
            "cold 150 KB, by wasmtime-Cranelift",
            "start",
            "cold, 150 KB",
            "wasmtime Cranelift",
            50.0,
        ),
        sooner(
            found,
            "cold 150 KB, by wasmtime-Pulley",
            "start",
            "cold, 150 KB",
            "wasmtime Pulley",
            50.0,
        ),
    ]);
    for (name, case) in [
        ("host call, Function of a number", "Function of a number"),
        ("host call, length of the input", "host_get_input_len"),
        ("host call, 16 bytes of input", "host_read_input, 16 bytes"),
        (
            "host call, 16 bytes of output",
            "host_write_output, 16 bytes",
        ),
        ("host call, 16 bytes of log", "host_log, 16 bytes"),
    ] {
        targets.push(Target {
            name,
            aim: "< 40 ns".to_string(),
            measured: found
                .median("host_calls", case, OURS)
                .map(|nanos| (time(nanos), nanos < 40.0)),
            floor: found
                .median("host_calls", case, FLOOR)
                .map_or(String::new(), time),
        });
    }
    targets.extend(sharing(found));
    targets.extend(stopping(found));
    for (name, case) in [
        ("two threads by one, nothing", "nothing, 2 threads by 1"),
        ("two threads by one, echo", "echo, 2 threads by 1"),
        ("two threads by one, a page", "a page, 2 threads by 1"),
    ] {
        targets.push(Target {
            name,
            aim: ">= 1.8x".to_string(),
            measured: found
                .median("crowd", case, OURS)
                .map(|ratio| (times(ratio), ratio >= 1.8)),
            floor: found
                .median("crowd", case, FLOOR)
                .map_or(String::new(), times),
        });
    }
    targets.extend(weight(found));
    targets
}

/// What guests that share a thread take.
fn sharing(found: &Found) -> [Target; 3] {
    let target = |name, suite, case, shown: fn(f64) -> String, most: f64| Target {
        name,
        aim: format!("<= {}", shown(most)),
        measured: found
            .median(suite, case, OURS)
            .map(|measured| (shown(measured), measured <= most)),
        floor: String::new(),
    };
    [
        target(
            "wait and answer, beside a host call",
            "host_calls",
            "of which for wait and answer",
            time,
            100.0,
        ),
        target(
            "1,000 fuel of 10,000 guests in turn",
            "crowd",
            "1,000 fuel in a round of a scheduler",
            time,
            2e3,
        ),
        target(
            "a guest of 10,000 in a scheduler",
            "crowd",
            "a guest in a scheduler",
            bytes,
            76_800.0,
        ),
    ]
}

fn stopping(found: &Found) -> Vec<Target> {
    let cases = |measure: &str, bulk: bool| {
        let mut cases = found.cases("stopping");
        cases.retain(|case| case.starts_with(measure) && case.contains("64 MiB") == bulk);
        cases
    };
    // The worst of the guests, and which it is.
    let worst = |measure: &str, bulk: bool, part: f64, aim: f64| {
        cases(measure, bulk)
            .into_iter()
            .filter_map(|case| {
                let row: &Row = found.row("stopping", case, OURS)?;
                let (_, guest) = case.split_once(": ")?;
                Some((row.at(part), guest))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(late, guest)| (format!("{}, {guest}", time(late)), late < aim))
    };
    let target = |name, aim: f64, measured| Target {
        name,
        aim: format!("< {}", time(aim)),
        measured,
        floor: String::new(),
    };
    vec![
        target(
            "overrun, median, worst guest",
            20e3,
            worst("overrun", false, 0.5, 20e3),
        ),
        target(
            "overrun, 99 in 100, worst guest",
            1e6,
            worst("overrun", false, 0.99, 1e6),
        ),
        target(
            "overrun of 64 MiB bulk, 99 in 100",
            6e6,
            worst("overrun", true, 0.99, 6e6),
        ),
        target(
            "cancel, 99 in 100, worst guest",
            2e6,
            worst("cancel", false, 0.99, 2e6),
        ),
        target(
            "cancel of 64 MiB bulk, 99 in 100",
            2e6,
            worst("cancel", true, 0.99, 2e6),
        ),
        target(
            "slice of 2 ms too long, 99 in 100, worst guest",
            50e3,
            worst("slice", false, 0.99, 50e3),
        ),
    ]
}

fn weight(found: &Found) -> Vec<Target> {
    let program = |host| found.median("weight", "program", host);
    let pulley = program("wasmtime Pulley, z");
    let mut targets = Vec::new();
    for (name, share_name, ours, plain) in [
        (
            "minimal host",
            "minimal host, by wasmtime-Pulley's",
            "fuelbox, z, portable-dispatch",
            "wasmi, z",
        ),
        (
            "minimal host, without SIMD",
            "without SIMD, by wasmtime-Pulley's",
            "fuelbox, z, portable-dispatch, without SIMD",
            "wasmi, z, without SIMD",
        ),
    ] {
        let floor = program(plain).map_or(String::new(), bytes);
        let measured = program(ours).map(|ours| (bytes(ours), ours <= 1.5e6));
        targets.push(Target {
            name,
            aim: "<= 1.5 MB".to_string(),
            measured,
            floor,
        });
        let share = |of| Some(program(of)? / pulley?);
        targets.push(Target {
            name: share_name,
            aim: "<= 0.25x".to_string(),
            measured: share(ours).map(|share| (times(share), share <= 0.25)),
            floor: share(plain).map_or(String::new(), times),
        });
    }
    targets
}

/// A time that must not be more than so many times plain wasmi's.
fn below(found: &Found, name: &'static str, suite: &str, case: &str, aim: f64) -> Target {
    let measured = found.ratio(suite, case, OURS, FLOOR);
    Target {
        name,
        aim: format!("<= {}x plain wasmi", digits(aim).trim_end_matches('0')),
        measured: measured.map(|[low, ratio, high]| {
            let spread = format!("{ratio:.3}x ({low:.3} to {high:.3})");
            (spread, ratio <= aim)
        }),
        floor: found.median(suite, case, FLOOR).map_or(String::new(), time),
    }
}

/// A result that must be there so many times sooner than another engine's.
fn sooner(
    found: &Found,
    name: &'static str,
    suite: &str,
    case: &str,
    other: &str,
    aim: f64,
) -> Target {
    let plain = found.ratio(suite, case, other, FLOOR);
    Target {
        name,
        aim: format!(
            ">= {}x",
            digits(aim).trim_end_matches('0').trim_end_matches('.')
        ),
        measured: found
            .ratio(suite, case, other, OURS)
            .map(|[_, ratio, _]| (times(ratio), ratio >= aim)),
        floor: plain.map_or(String::new(), |[_, ratio, _]| times(ratio)),
    }
}
