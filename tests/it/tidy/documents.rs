//! What the documents must not leave out, and must not make up.

use super::source::{Source, code, root, tests};
use std::{collections::BTreeSet, fs, process::Command};

#[test]
fn every_limit_is_in_the_table_of_limits() {
    let both = ["src/limits.rs", "src/module_limits.rs"].map(|path| Source::read(path).text);
    let source = code(&both.concat());
    let fields: Vec<_> = source
        .lines()
        .filter_map(|line| line.strip_prefix("    pub ")?.split_once(": "))
        .map(|(field, _)| field)
        .filter(|field| !field.contains(' '))
        .collect();
    assert!(fields.len() > 20, "{fields:?}");
    assert_eq!(missing(&fields, "docs/limits.md"), [""; 0]);
}

#[test]
fn every_code_is_in_the_table_of_codes() {
    let source =
        ["src/error.rs", "src/stop.rs", "src/advice.rs"].map(|path| Source::read(path).text);
    let source = source.concat();
    let codes: Vec<_> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \""))
        .filter_map(|(_, code)| code.strip_suffix("\","))
        .filter(|word| !word.contains(' '))
        .collect();
    assert!(codes.len() > 53, "{codes:?}");
    assert_eq!(missing(&codes, "docs/codes.md"), [""; 0]);
}

#[test]
fn every_feature_is_explained() {
    let manifest = Source::read("Cargo.toml").text;
    let (_, features) = manifest.split_once("\n[features]\n").expect("it has some");
    let features: Vec<_> = features
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|name| *name != "default" && !name.starts_with('#'))
        .collect();
    assert!(features.len() >= 9, "{features:?}");
    for document in ["src/lib.rs", "README.md"] {
        let text = Source::read(document).text;
        for feature in &features {
            let row = format!("| `{feature}` | ");
            assert!(text.contains(&row), "{document}: {feature}");
        }
    }
}

#[test]
fn figures_of_documents_come_from_the_benches() {
    let tables = Source::read("benches/src/page/tables.rs").text;
    for (document, least) in [("README.md", 1), ("docs/performance.md", 10)] {
        let text = Source::read(document).text;
        let figures: Vec<_> = text.split("<!-- figures: ").skip(1).collect();
        assert!(figures.len() >= least, "{document}: {}", figures.len());
        for figure in figures {
            let (name, rest) = figure.split_once(" -->\n").expect("a marker is a line");
            assert!(tables.contains(&format!("\"{name}\" =>")), "{name}");
            let (table, _) = rest.split_once("\n<!-- end -->").expect("figures end");
            let is_honest = table.starts_with("| ") || table == "Not measured yet.";
            assert!(is_honest, "{document}: {name} holds no table");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "guests are files")]
fn the_guest_of_the_profiles_is_made_from_its_source() {
    let source = Source::read(".ci/profiles/src/guest.wat").text;
    let wasm = wat::parse_str(source).expect("the source is valid");
    let made = fs::read(root().join(".ci/profiles/src/guest.wasm")).expect("it is there");
    assert!(
        wasm == made,
        "stale: make it again, see the head of guest.wat"
    );
}

#[test]
fn every_plot_is_shown_and_there() {
    let text = Source::read("docs/performance.md").text;
    let shown: Vec<_> = text
        .split("](figures/")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0))
        .collect();
    assert!(shown.len() >= 3, "{shown:?}");
    for name in shown {
        let plot = Source::read(&format!("docs/figures/{name}")).text;
        // On light ground and on dark.
        assert!(plot.contains("prefers-color-scheme: dark"), "{name}");
    }
}

#[test]
fn every_threat_names_where_it_is_met_and_a_test_that_exists() {
    let text = Source::read("docs/security.md").text;
    let threats = rows(&text, "Threats");
    assert!(threats.len() > 25, "only {}", threats.len());
    name_what_is_there(&threats);
}

#[test]
fn every_fault_of_the_interpreter_names_tests_that_exist() {
    let text = Source::read("docs/engine.md").text;
    let faults = rows(&text, "All of them");
    let sections: Vec<_> = text
        .split("\n## ")
        .skip(1)
        .filter(|section| section.starts_with(|first: char| first.is_ascii_digit()))
        .collect();
    assert!(faults.len() >= 20, "only {}", faults.len());
    assert_eq!(faults.len(), sections.len());
    name_what_is_there(&faults);
    for (row, section) in faults.iter().zip(sections) {
        let (number, _) = section.split_once('.').expect("it is numbered");
        assert!(row[0].starts_with(&format!("[{number}. ")), "{}", row[0]);
        for part in [
            "Where.",
            "Smallest input.",
            "At worst.",
            "Avoided.",
            "Gone when.",
        ] {
            assert!(section.contains(&format!("**{part}**")), "{number}: {part}");
        }
    }
}

/// Rows whose last cell names tests or guests, and the one before files or folders in `src`.
fn name_what_is_there(rows: &[Vec<String>]) {
    let guests = guests();
    let tests = tests();
    let is_there = |name: &str| match name.strip_suffix('*') {
        Some(start) => guests.iter().any(|guest| guest.starts_with(start)),
        None => guests.contains(name) || tests.contains(name),
    };
    assert!(is_there("loop_in_*") && is_there("nan") && !is_there("no_such_test"));
    for row in rows {
        let [what, _, places, proofs] = row.as_slice() else {
            panic!("not four cells: {row:?}");
        };
        let proofs = quoted(proofs);
        assert!(!proofs.is_empty(), "no test: {what}");
        for name in proofs {
            assert!(is_there(name), "no such test: {name}, of {what}");
        }
        let places = quoted(places);
        for place in places.iter().filter(|place| place.contains(['/', '.'])) {
            assert!(
                root().join("src").join(place).exists(),
                "no such place: {place}"
            );
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_dependencies_are_those_of_the_document() {
    let text = Source::read("docs/security.md").text;
    let rows = rows(&text, "Supply chain");
    let named: BTreeSet<_> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    let brought = rows.iter().flat_map(|row| quoted(&row[row.len() - 3]));
    let all: BTreeSet<_> = named.iter().copied().chain(brought).collect();

    let direct = dependencies(&["--depth", "1"]);
    let found: BTreeSet<_> = direct.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        named, found,
        "direct dependencies, in the document and in fact"
    );
    let whole = dependencies(&[]);
    let found: BTreeSet<_> = whole.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(all, found, "all dependencies, in the document and in fact");
    for row in &rows {
        let name = quoted(&row[0])[0];
        let (_, licence) = direct
            .iter()
            .find(|(other, _)| other == name)
            .expect("see above");
        assert_eq!(row[row.len() - 2], *licence, "licence of {name}");
    }
}

/// What is compiled into the program with all features: names and licences.
#[cfg(target_os = "linux")]
fn dependencies(more: &[&str]) -> BTreeSet<(String, String)> {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--package",
            "fuelbox",
            "--all-features",
        ])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}|{l}|",
        ])
        .args(more)
        .current_dir(root())
        .output()
        .expect("cargo starts");
    let text = String::from_utf8_lossy(&tree.stdout);
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    text.lines()
        .filter_map(|line| {
            let (package, rest) = line.split_once('|')?;
            Some((package.split(' ').next()?, rest.split('|').next()?))
        })
        .filter(|(name, _)| *name != "fuelbox")
        .map(|(name, licence)| (name.to_owned(), licence.to_owned()))
        .collect()
}

/// The rows of all tables under a heading, without their heads, as cells.
fn rows(text: &str, heading: &str) -> Vec<Vec<String>> {
    let start = format!("\n## {heading}\n");
    let (_, section) = text.split_once(&start).expect("the heading is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let is_rule = |line: &str| line.starts_with("| ---");
    let next = section.lines().skip(1).chain([""]);
    section
        .lines()
        .zip(next)
        .filter(|(line, next)| line.starts_with("| ") && !is_rule(line) && !is_rule(next))
        .map(|(line, _)| {
            let cells = line.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// The words of a cell that are marked as code.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The guests in files, by their names.
fn guests() -> BTreeSet<String> {
    ["tests/hostile", "tests/guests"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).expect("the folder is there"))
        .filter_map(|entry| {
            let name = entry.expect("it can be listed").file_name();
            Some(name.to_str()?.strip_suffix(".wat")?.to_owned())
        })
        .collect()
}

/// The words that a document does not name, as code.
fn missing<'a>(words: &[&'a str], document: &str) -> Vec<&'a str> {
    let text = Source::read(document).text;
    let is_missing = |word: &&&str| !text.contains(&format!("`{word}`"));
    words.iter().filter(is_missing).copied().collect()
}
