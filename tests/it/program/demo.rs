//! The recorded session of the README is what the program does.
//!
//! `FUELBOX_RECORD=1 cargo test --features cli,json --test it -- program::demo` records it again.

use super::fuelbox;
use std::{fmt::Write, fs, path::Path};

/// What is typed, from the root of the clone.
const SESSION: &[&str] = &[
    "fuelbox run examples/guests/upper.wat --text hello --allow protocol",
    "fuelbox run tests/hostile/loop_in_entry.wat --fuel 1M",
    "fuelbox inspect examples/guests/upper.wat",
];

const WIDTH: usize = 760;
const LINE_HEIGHT: usize = 18;
const MARGIN: usize = 16;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the recording is a file, and is made where a variable says so"
)]
fn the_recording_in_the_readme_is_what_the_program_does() {
    let lines: Vec<_> = SESSION.iter().flat_map(|typed| run(typed)).collect();
    let now = picture(&lines);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/figures/demo.svg");
    if std::env::var_os("FUELBOX_RECORD").is_some() {
        fs::write(&path, &now).expect("the recording can be written");
    }
    let recorded = fs::read_to_string(&path).expect("there is a recording");
    assert_eq!(
        stable(&recorded),
        stable(&now),
        "record it again: FUELBOX_RECORD=1"
    );
    for what in ["HELLO", "out of fuel", "would not run"] {
        assert!(recorded.contains(what), "{what}");
    }
}

/// One line of the session, and what it is.
struct Line {
    class: &'static str,
    text: String,
}

/// What is typed, and what is shown.
fn run(typed: &str) -> Vec<Line> {
    let arguments: Vec<_> = typed.split(' ').skip(1).collect();
    let ended = fuelbox(&arguments);
    let line = |class, text: &str| Line {
        class,
        text: text.to_owned(),
    };
    let stdout = ended.stdout().lines().map(|text| line("out", text));
    let stderr = ended.stderr.lines().map(|text| line("err", text));
    let prompt = line("typed", &format!("$ {typed}"));
    [prompt]
        .into_iter()
        .chain(stdout)
        .chain(stderr)
        .chain([line("out", "")])
        .collect()
}

/// The session as a picture, for light and dark pages.
#[expect(clippy::arithmetic_side_effects, reason = "a session has few lines")]
fn picture(lines: &[Line]) -> String {
    let height = 2 * MARGIN + lines.len().saturating_sub(1) * LINE_HEIGHT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"monospace\" font-size=\"13\">\n\
         <style>\n\
         rect {{ fill: #f6f8fa }} text {{ fill: #1f2328; white-space: pre }} .typed {{ font-weight: bold }} .err {{ fill: #59636e }}\n\
         @media (prefers-color-scheme: dark) {{ rect {{ fill: #151b23 }} text {{ fill: #f0f6fc }} .err {{ fill: #9198a1 }} }}\n\
         </style>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"8\"/>\n"
    );
    for (number, line) in (1..).zip(lines) {
        let y = MARGIN + number * LINE_HEIGHT - LINE_HEIGHT / 4;
        let text = line.text.replace('&', "&amp;").replace('<', "&lt;");
        let class = line.class;
        writeln!(
            svg,
            "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\">{text}</text>"
        )
        .expect("a string takes all");
    }
    svg + "</svg>\n"
}

/// The picture without what differs from run to run: times, and how many slices they made.
fn stable(svg: &str) -> String {
    let is_stable = |line: &&str| !line.contains(">  time ") && !line.contains(">  slices ");
    svg.lines()
        .filter(is_stable)
        .flat_map(|line| [line, "\n"])
        .collect()
}
