//! The table of vectors is what the library does, and its form for C is that of the table.
//!
//! `FUELBOX_WRITE_VECTORS=1 cargo test -p fuelbox-capi --test vectors` writes both again.

#![expect(clippy::disallowed_methods, reason = "guests and tables are files")]

use fuelbox::{
    Call, Error, GrowthDenial, Limits, Module, Report, Sandbox, Value,
    capability::{Clock, Input, Output, Random, Wasi},
    protocol,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, env, fmt::Write, fs, path::PathBuf, time::Duration};

/// One run, and what it must give.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    /// A text, from the root of the repository.
    module: String,
    #[serde(default)]
    grants: Vec<String>,
    #[serde(default)]
    limits: BTreeMap<String, u64>,
    /// An export; without it the entry.
    #[serde(default)]
    call: Option<String>,
    /// A type and a number each, floats as their bits.
    #[serde(default)]
    args: Vec<String>,
    /// In hexadecimal digits.
    #[serde(default)]
    input: String,
    #[serde(default)]
    expected: Option<Expected>,
}

#[derive(Deserialize, Serialize, PartialEq, Debug)]
#[serde(rename_all = "snake_case")]
enum Expected {
    /// No guest code ran.
    Refused { code: String, error: Error },
    /// With zeros for what differs from run to run: times and slices.
    Report(Box<Report>),
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn limits(vector: &Vector) -> Limits {
    let set = |limits: Limits, (name, value): (&String, &u64)| match name.as_str() {
        "fuel" => limits.fuel(*value),
        "memory_bytes" => limits.memory_bytes(*value),
        "input_bytes" => limits.input_bytes(*value),
        "output_bytes" => limits.output_bytes(*value),
        "log_line_bytes" => limits.log_line_bytes(*value),
        "log_lines" => limits.log_lines(*value),
        "growth_denial" => limits.growth_denial(match value {
            0 => GrowthDenial::Stop,
            _ => GrowthDenial::Refuse,
        }),
        other => panic!("no limit of vectors: {other}"),
    };
    // A slow machine must not be what ends a guest.
    let limits = Limits::default().deadline(Duration::from_secs(600));
    vector.limits.iter().fold(limits, set)
}

fn grant(sandbox: Sandbox, grant: &str) -> Sandbox {
    let mut words = grant.split(' ');
    let name = words.next().expect("it has a name");
    let mut number = || words.next().expect("a number").parse().expect("a number");
    match name {
        "protocol" => sandbox.grant(protocol()),
        "input" => sandbox.grant(Input),
        "output" => sandbox.grant(Output),
        "clock-by-fuel" => sandbox.grant(Clock::by_fuel(Duration::from_nanos(number()))),
        "random-seeded" => sandbox.grant(Random::seeded(number())),
        "wasi" => sandbox.grant(Wasi::new().args(words)),
        other => panic!("no grant of vectors: {other}"),
    }
}

fn value(text: &str) -> Value {
    let (ty, number) = text.split_once(' ').expect("a type and a number");
    match ty {
        "i32" => Value::I32(number.parse().expect("a number")),
        "i64" => Value::I64(number.parse().expect("a number")),
        "f32" => Value::F32(f32::from_bits(number.parse().expect("a number"))),
        "f64" => Value::F64(f64::from_bits(number.parse().expect("a number"))),
        "externref" => Value::ExternRef(fuelbox::Reference::Null),
        other => panic!("no type of vectors: {other}"),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| {
        let digits = str::from_utf8(pair).expect("digits are ASCII");
        u8::from_str_radix(digits, 16).expect("hexadecimal digits")
    };
    hex.as_bytes().chunks(2).map(byte).collect()
}

fn run(vector: &Vector) -> Expected {
    let text = fs::read(root().join(&vector.module)).expect("the module is there");
    let wasm = wat::parse_bytes(&text).expect("it is a module");
    let module = Module::new(&wasm).expect("it is admitted");
    let sandbox = vector
        .grants
        .iter()
        .fold(Sandbox::new(limits(vector)), |sandbox, words| {
            grant(sandbox, words)
        });
    let call = vector.call.as_ref().map_or_else(Call::entry, Call::export);
    let args: Vec<_> = vector.args.iter().map(|arg| value(arg)).collect();
    match sandbox.run(&module, call.values(args).input(bytes(&vector.input))) {
        Err(error) => Expected::Refused {
            code: error.code().to_owned(),
            error,
        },
        Ok(mut report) => {
            report.usage.time = Duration::ZERO;
            report.usage.overrun = Duration::ZERO;
            report.usage.waited = Duration::ZERO;
            report.usage.slices = 0;
            Expected::Report(Box::new(report))
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A vector in lines of a word and its arguments, for a program that reads no JSON.
fn lines(vector: &Vector, expected: &Expected) -> Result<String, std::fmt::Error> {
    let mut lines = String::new();
    let stem = vector
        .module
        .rsplit('/')
        .next()
        .expect("a path has a last part");
    writeln!(lines, "vector {}", vector.name)?;
    writeln!(lines, "module {}", stem.trim_end_matches(".wat"))?;
    for grant in &vector.grants {
        writeln!(lines, "grant {grant}")?;
    }
    for (name, value) in &vector.limits {
        writeln!(lines, "limit {name} {value}")?;
    }
    if let Some(call) = &vector.call {
        writeln!(lines, "call {call}")?;
    }
    for arg in &vector.args {
        writeln!(lines, "arg {arg}")?;
    }
    if !vector.input.is_empty() {
        writeln!(lines, "input {}", vector.input)?;
    }
    match expected {
        Expected::Refused { code, .. } => writeln!(lines, "refused {code}")?,
        Expected::Report(report) => report_lines(&mut lines, report)?,
    }
    lines.push_str("end\n");
    Ok(lines)
}

fn report_lines(lines: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(lines, "outcome {}", report.outcome.code())?;
    if let Some(status) = report.status() {
        writeln!(lines, "exit {status}")?;
    }
    writeln!(lines, "output {}", hex(&report.output))?;
    for line in &report.logs {
        writeln!(
            lines,
            "log {} {}",
            u8::from(line.truncated),
            hex(line.text.as_bytes())
        )?;
    }
    for value in &report.values {
        match value {
            Value::I32(value) => writeln!(lines, "value i32 {value}")?,
            Value::I64(value) => writeln!(lines, "value i64 {value}")?,
            Value::F32(value) => writeln!(lines, "value f32 {}", value.to_bits())?,
            Value::F64(value) => writeln!(lines, "value f64 {}", value.to_bits())?,
            other => writeln!(lines, "value externref {other}")?,
        }
    }
    let usage = &report.usage;
    for (name, value) in [
        ("fuel", usage.fuel),
        ("fuel_schedule", u64::from(usage.fuel_schedule)),
        ("peak_memory_bytes", usage.peak_memory_bytes),
        ("memory_growths_denied", usage.memory_growths_denied),
        ("host_calls", usage.host_calls),
        ("log_lines_lost", usage.log_lines_lost),
    ] {
        writeln!(lines, "usage {name} {value}")?;
    }
    Ok(())
}

#[test]
fn every_vector_gives_what_the_table_says() {
    let folder = root().join("bindings/vectors");
    let text = fs::read_to_string(folder.join("vectors.json")).expect("the table is there");
    let mut vectors: Vec<Vector> = serde_json::from_str(&text).expect("it is a table");
    assert!(vectors.len() > 20, "{}", vectors.len());
    if env::var_os("FUELBOX_WRITE_VECTORS").is_some() {
        for vector in &mut vectors {
            vector.expected = Some(run(vector));
        }
        let text = serde_json::to_string_pretty(&vectors).expect("it is JSON");
        fs::write(folder.join("vectors.json"), text + "\n").expect("it can be written");
    }
    let mut lines_of_all = String::new();
    for vector in &vectors {
        let expected = vector
            .expected
            .as_ref()
            .expect("the table says what it gives");
        assert_eq!(&run(vector), expected, "{}", vector.name);
        lines_of_all += &lines(vector, expected).expect("a string takes everything");
    }
    if env::var_os("FUELBOX_WRITE_VECTORS").is_some() {
        fs::write(folder.join("vectors.txt"), &lines_of_all).expect("it can be written");
    }
    let lines = fs::read_to_string(folder.join("vectors.txt")).expect("the lines are there");
    assert!(
        lines == lines_of_all,
        "vectors.txt is stale: see the head of this file"
    );
}
