//! What the benches found, looked up by suite, case and contender.

use fuelbox_bench::results::{self, Row};
use std::{collections::BTreeMap, fs, path::Path};

/// All results of a set.
pub struct Found {
    suites: BTreeMap<String, Vec<Row>>,
    /// Lines about where this was.
    pub machine: Option<String>,
}

impl Found {
    /// Reads what is there.
    pub fn read(set: &str) -> Self {
        let machine =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-results/machine.md");
        Self {
            suites: results::read_all(set),
            machine: fs::read_to_string(machine).ok(),
        }
    }

    /// The row of a contender in a case.
    pub fn row(&self, suite: &str, case: &str, contender: &str) -> Option<&Row> {
        self.suites
            .get(suite)?
            .iter()
            .find(|row| row.case == case && row.contender == contender)
    }

    /// All rows of a case.
    pub fn rows(&self, suite: &str, case: &str) -> Vec<&Row> {
        let rows = self.suites.get(suite).into_iter().flatten();
        rows.filter(|row| row.case == case).collect()
    }

    /// The median of a contender in a case.
    pub fn median(&self, suite: &str, case: &str, contender: &str) -> Option<f64> {
        self.row(suite, case, contender).map(Row::median)
    }

    /// The ratio of two contenders in a case: lower quartile, median, upper quartile.
    pub fn ratio(&self, suite: &str, case: &str, of: &str, to: &str) -> Option<[f64; 3]> {
        let (of, to) = (self.row(suite, case, of)?, self.row(suite, case, to)?);
        Some(of.ratio_to(to))
    }

    /// The cases of a suite, in order.
    pub fn cases(&self, suite: &str) -> Vec<&str> {
        self.distinct(suite, |row| &row.case)
    }

    /// The contenders of a suite, in order.
    pub fn contenders(&self, suite: &str) -> Vec<&str> {
        self.distinct(suite, |row| &row.contender)
    }

    fn distinct<'a>(&'a self, suite: &str, part: fn(&'a Row) -> &'a String) -> Vec<&'a str> {
        let mut names = Vec::new();
        for row in self.suites.get(suite).into_iter().flatten() {
            if !names.contains(&part(row).as_str()) {
                names.push(part(row).as_str());
            }
        }
        names
    }
}
