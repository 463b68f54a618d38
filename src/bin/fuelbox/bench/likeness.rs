//! The likeness of two runs: whether one does what the other does.

use fuelbox::Report;
use serde::Serialize;

/// Runs beside the first of them.
#[derive(Default)]
pub(crate) struct Likeness {
    first: Option<Report>,
    unlike: Unlike,
}

/// How many runs were unlike the first, and in what.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Unlike {
    pub(crate) runs: u64,
    /// In the order of a report.
    pub(crate) parts: Vec<&'static str>,
}

impl Likeness {
    /// Holds a run against the first, which is the one that comes first.
    pub(crate) fn compare(&mut self, report: Report) {
        let Some(first) = &self.first else {
            self.first = Some(report);
            return;
        };
        let unlike = parts(first, &report);
        if unlike.iter().any(|(_, is_unlike)| *is_unlike) {
            self.unlike.runs = self.unlike.runs.saturating_add(1);
        }
        // All of them each time, so that their order is that of the report.
        let known = &self.unlike.parts;
        self.unlike.parts = unlike
            .into_iter()
            .filter(|(part, is_unlike)| *is_unlike || known.contains(part))
            .map(|(part, _)| part)
            .collect();
    }

    pub(crate) fn unlike(&self) -> &Unlike {
        &self.unlike
    }
}

/// Everything that is the same in each run of a guest to whom nothing else is granted. Files of the machine
/// are not in a report.
fn parts(a: &Report, b: &Report) -> [(&'static str, bool); 8] {
    let (of_a, of_b) = (&a.usage, &b.usage);
    [
        ("outcome", a.outcome != b.outcome),
        ("output", a.output != b.output),
        ("error stream", a.stderr != b.stderr),
        (
            "log",
            a.logs != b.logs || of_a.log_lines_lost != of_b.log_lines_lost,
        ),
        ("values", a.values != b.values),
        ("files", a.trees != b.trees),
        ("fuel", of_a.fuel != of_b.fuel),
        ("memory", of_a.peak_memory_bytes != of_b.peak_memory_bytes),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(status: i32, output: &str) -> Report {
        serde_json::from_value(json!({
            "outcome": { "finished": { "status": status } }, "output": output, "stderr": "",
            "logs": [], "values": [], "trees": [], "usage": {
                "fuel": 1, "time": { "secs": 0, "nanos": 0 }, "overrun": { "secs": 0, "nanos": 0 },
                "slices": 1, "peak_memory_bytes": 0, "peak_table_elements": 0, "memory_growths_denied": 0,
                "table_growths_denied": 0, "host_calls": 0, "log_lines_lost": 0, "stderr_bytes_lost": 0,
            },
        }))
        .expect("it has every field")
    }

    #[test]
    fn what_any_run_did_otherwise_than_the_first_is_known() {
        let mut likeness = Likeness::default();
        for (status, output) in [(0, "a"), (0, "a"), (0, "b"), (1, "a"), (1, "b")] {
            likeness.compare(report(status, output));
        }
        let expected = Unlike {
            runs: 3,
            parts: vec!["outcome", "output"],
        };
        assert_eq!(likeness.unlike(), &expected);
    }
}
