//! What is measured: each suite goes through the same guests with every engine it is given.

mod compiling;
mod compute;
mod crowd;
mod host_calls;
mod live;
mod memory;
mod recording;
mod start;
mod stopping;
mod threads;

use crate::engine::{self, Engine};

/// Engines, and which set of them this is.
pub struct Field {
    /// The folder that results go to: `fast` or `all`.
    set: &'static str,
    /// fuelbox first.
    engines: Vec<Box<dyn Engine>>,
}

type Suite = fn(&Field);

const SUITES: [(&str, Suite); 9] = [
    ("compute", compute::compute),
    ("start", start::start),
    ("host_calls", host_calls::host_calls),
    ("live", live::live),
    ("stopping", stopping::stopping),
    ("crowd", crowd::crowd),
    ("compiling", compiling::compiling),
    ("memory", memory::memory),
    ("recording", recording::recording),
];

impl Field {
    /// The engines that need nothing beyond what fuelbox is built of.
    #[must_use]
    pub fn fast() -> Self {
        Self {
            set: "fast",
            engines: engine::fast(),
        }
    }

    /// These, and others beside them.
    #[must_use]
    pub fn with(peers: Vec<Box<dyn Engine>>) -> Self {
        Self {
            set: "all",
            engines: engine::fast().into_iter().chain(peers).collect(),
        }
    }

    /// Runs the suites that the program's arguments name; without any, all.
    ///
    /// # Panics
    /// Where there is no suite of that name.
    pub fn run(&self) {
        if compiling::is_child(self) {
            return;
        }
        let wanted: Vec<_> = std::env::args()
            .skip(1)
            .filter(|argument| !argument.starts_with("--"))
            .collect();
        for name in &wanted {
            let known = SUITES.iter().any(|(suite, _)| suite == name);
            assert!(known, "no suite is called {name}");
        }
        for (name, suite) in SUITES {
            if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
                suite(self);
            }
        }
    }
}
