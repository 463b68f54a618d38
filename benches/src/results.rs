//! What a suite found: samples by case and contender, printed, and kept in a file for the page.

use crate::{rounds::Timing, stopwatch};
use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

/// What one suite found, in the order found.
///
/// Kept as lines of `case, unit, contender, samples`, with a tab between each, so that scripts can write
/// them too.
pub struct Results {
    set: &'static str,
    suite: &'static str,
    /// All that was found.
    pub rows: Vec<Row>,
}

/// What was found of one contender in one case.
#[derive(Clone)]
pub struct Row {
    /// What was done.
    pub case: String,
    /// What samples count.
    pub unit: String,
    /// By whom.
    pub contender: String,
    /// The samples; those of one case, of the same place, were taken together.
    pub samples: Vec<f64>,
}

impl Results {
    /// Of a suite; `set` says with which engines, and names the folder.
    #[must_use]
    pub fn new(set: &'static str, suite: &'static str) -> Self {
        println!("\n{suite}");
        Self {
            set,
            suite,
            rows: Vec::new(),
        }
    }

    /// Adds and prints what was found of a case; the first contender is what the others are compared with.
    pub fn add_timings(&mut self, case: &str, timings: Vec<Timing>) {
        let rows: Vec<_> = timings
            .into_iter()
            .map(|timing| Row {
                case: case.to_string(),
                unit: "ns".to_string(),
                contender: timing.name.to_string(),
                samples: timing.nanos,
            })
            .collect();
        println!("  {case}");
        for row in &rows {
            let [low, ratio, high] = row.ratio_to(&rows[0]);
            println!(
                "    {:<28} {:>11.1} ns  x {ratio:.3}  ({low:.3} to {high:.3})",
                row.contender,
                row.median()
            );
        }
        self.rows.extend(rows);
    }

    /// Adds and prints samples of any unit.
    pub fn add(&mut self, case: &str, unit: &str, contender: &str, samples: Vec<f64>) {
        let row = Row {
            case: case.to_string(),
            unit: unit.to_string(),
            contender: contender.to_string(),
            samples,
        };
        println!(
            "  {case:<28} {contender:<28} median {:>12.1}  p99 {:>12.1}  max {:>12.1} {unit}",
            row.median(),
            row.at(0.99),
            row.at(1.0)
        );
        self.rows.push(row);
    }

    /// Writes the file, unless this was only a test.
    ///
    /// # Panics
    /// Where it cannot be written.
    #[expect(clippy::disallowed_methods, reason = "results are files")]
    pub fn write(&self) {
        if stopwatch::is_test() {
            return;
        }
        let mut text = String::new();
        for row in &self.rows {
            write!(text, "{}\t{}\t{}\t", row.case, row.unit, row.contender)
                .expect("a string takes all");
            let samples: Vec<_> = row.samples.iter().map(|n| format!("{n:.2}")).collect();
            text += &samples.join(" ");
            text.push('\n');
        }
        let folder = folder(self.set);
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join(self.suite).with_extension("tsv"), text)
            .expect("the file can be written");
    }
}

impl Row {
    /// The sample in the middle.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The sample below which `part` of all lie.
    #[must_use]
    pub fn at(&self, part: f64) -> f64 {
        quantile(&self.samples, part)
    }

    /// The ratio of this to another: its lower quartile, its median, its upper quartile.
    #[must_use]
    pub fn ratio_to(&self, other: &Self) -> [f64; 3] {
        let ratios: Vec<_> = self
            .samples
            .iter()
            .zip(&other.samples)
            .map(|(own, other)| own / other)
            .collect();
        [0.25, 0.5, 0.75].map(|part| quantile(&ratios, part))
    }
}

/// All that the suites of a set found, by suite.
///
/// # Panics
/// Where a file is not as [`Results::write`] makes it.
#[must_use]
pub fn read_all(set: &str) -> BTreeMap<String, Vec<Row>> {
    let Ok(entries) = fs::read_dir(folder(set)) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&path).expect("the file can be read");
            let suite = path.file_stem().unwrap_or_default().to_string_lossy();
            (suite.into_owned(), text.lines().map(read_row).collect())
        })
        .collect()
}

fn read_row(line: &str) -> Row {
    let mut parts = line.split('\t').map(str::to_string);
    let mut part = || parts.next().expect("a line has four parts");
    let (case, unit, contender, samples) = (part(), part(), part(), part());
    Row {
        case,
        unit,
        contender,
        samples: samples
            .split(' ')
            .map(|sample| sample.parse().expect("samples are numbers"))
            .collect(),
    }
}

fn quantile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * part).ceil() as usize;
    sorted.get(at.min(last)).copied().unwrap_or(f64::NAN)
}

fn folder(set: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../target/bench-results")
        .join(set)
}
