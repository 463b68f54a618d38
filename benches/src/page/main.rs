//! Writes the figures of the documents from what the benches found.
//!
//!   cargo run -p fuelbox-bench --bin page [SET]
//!
//! `SET` is `all`, or `fast` for what `cargo bench -p fuelbox-bench` found. In a document, what stands between
//! `<!-- figures: NAME -->` and `<!-- end -->` is replaced by the table of that name; plots go to docs/figures.
//! A table without results is left as it is, and said so.

mod found;
mod numbers;
mod plot;
mod plots;
mod tables;
mod targets;

use found::Found;
use std::{fs, path::PathBuf};

const DOCUMENTS: [&str; 2] = ["docs/performance.md", "README.md"];

const BEGIN: &str = "<!-- figures: ";
const END: &str = "<!-- end -->";

fn main() {
    let set = std::env::args().nth(1).unwrap_or_else(|| "all".to_string());
    let found = Found::read(&set);
    for document in DOCUMENTS {
        let path = root().join(document);
        let text = fs::read_to_string(&path).expect("the document can be read");
        write(path, &render(&text, &found));
    }
    for (name, svg) in plots::all(&found) {
        write(root().join("docs/figures").join(name), &svg);
    }
}

/// The document with new figures.
fn render(text: &str, found: &Found) -> String {
    let mut parts = text.split(BEGIN);
    let mut rendered = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (name, rest) = part.split_once(" -->\n").expect("a marker is a line");
        let (old, rest) = rest.split_once(END).expect("figures end");
        let table = tables::named(name, found).unwrap_or_else(|| {
            println!("nothing found for {name}: left as it is");
            old.trim().to_string()
        });
        rendered += &format!("{BEGIN}{name} -->\n{}\n{END}{rest}", table.trim());
    }
    rendered
}

#[expect(clippy::disallowed_methods, reason = "the page is files")]
fn write(path: PathBuf, text: &str) {
    println!("{}", path.display());
    fs::write(path, text).expect("the file can be written");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
