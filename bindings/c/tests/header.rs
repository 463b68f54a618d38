//! The header declares what is exported, and the page has every status.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a file is not as long as a number can be"
)]

use std::{collections::BTreeMap, fs, path::Path};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How many parameters a list in parentheses has; what follows the list is ignored.
fn parameters(list: &str) -> usize {
    let mut depth = 0;
    let mut inner = String::new();
    for character in list.chars() {
        match character {
            '(' | '<' => depth += 1,
            ')' | '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        inner.push(if depth > 1 && character == ',' {
            ' '
        } else {
            character
        });
    }
    let inner = inner.trim_start_matches('(');
    inner
        .split(',')
        .filter(|parameter| !["", "void"].contains(&parameter.trim()))
        .count()
}

/// Functions with the number of their parameters: behind each `mark` comes a name that begins with `fuelbox_`.
fn functions(text: &str, mark: &str) -> BTreeMap<String, usize> {
    let declared = text.match_indices(mark).filter_map(|(at, _)| {
        let rest = &text[at + mark.len()..];
        let open = rest.find('(')?;
        let name = &rest[..open];
        let is_name = name.starts_with("fuelbox_") && !name.contains(|c: char| c.is_whitespace());
        is_name.then(|| (name.to_owned(), parameters(&rest[open..])))
    });
    declared.collect()
}

fn declared() -> BTreeMap<String, usize> {
    let header = read("include/fuelbox.h");
    let mut declared = functions(&header, "\nfuelbox_status ");
    declared.extend(functions(&header, "\nuint32_t "));
    declared.extend(functions(&header, "\nconst char *"));
    declared
}

fn exported() -> BTreeMap<String, usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = fs::read_dir(folder).expect("the sources are there");
    let mut exported = BTreeMap::new();
    for file in files {
        let path = file.expect("it can be listed").path();
        // Folders are what functions are made of, and what calls them.
        if path.is_dir() {
            continue;
        }
        let source = fs::read_to_string(path).expect("it is text");
        exported.extend(functions(
            &source,
            "#[unsafe(no_mangle)]\npub(crate) extern \"C\" fn ",
        ));
        let marks = source.matches("no_mangle").count();
        assert_eq!(
            marks,
            source
                .matches("#[unsafe(no_mangle)]\npub(crate) extern \"C\" fn fuelbox_")
                .count()
        );
    }
    exported
}

#[test]
fn every_export_is_declared_with_as_many_parameters() {
    let (declared, exported) = (declared(), exported());
    assert!(declared.len() > 150, "{}", declared.len());
    assert_eq!(declared, exported);
    assert_eq!(declared["fuelbox_sandbox_grant_function"], 12);
    assert_eq!(declared["fuelbox_abi_version"], 0);
}

#[test]
fn the_list_of_exports_is_that_of_the_header() {
    let list = read("exports.list");
    let declared = declared();
    assert!(list.lines().eq(declared.keys().map(String::as_str)));
}

#[test]
fn every_declaration_says_from_which_threads_it_may_be_called() {
    let header = read("include/fuelbox.h");
    let rules = ["Any thread", "One thread at a time", "Its callback only"];
    for name in declared().keys() {
        let marks = ["\nfuelbox_status ", "\nuint32_t ", "\nconst char *"];
        let mut places = marks
            .iter()
            .filter_map(|mark| header.find(&format!("{mark}{name}(")));
        let at = places.next().expect("it is declared");
        let before = &header[..at];
        let comment = &before[before.rfind("/*").expect("it has a comment")..];
        let comment = comment.replace("\n *", "");
        assert!(
            rules.iter().any(|rule| comment.contains(rule)),
            "{name}: {comment}"
        );
    }
}

/// The statuses of the header: their numbers and the words that belong to them.
fn statuses() -> Vec<(i32, String)> {
    let header = read("include/fuelbox.h");
    let lines = header.lines().filter_map(|line| {
        let (name, rest) = line
            .trim()
            .strip_prefix("FUELBOX_STATUS_")?
            .split_once(" = ")?;
        let digits = rest.split([',', ' ']).next()?;
        let word = name.to_lowercase().replace('_', "-");
        let word = word.strip_prefix("refused-").unwrap_or(&word);
        let word = word.strip_prefix("stopped-").unwrap_or(word);
        Some((digits.parse().ok()?, word.to_owned()))
    });
    lines.collect()
}

#[test]
fn every_code_of_the_library_has_a_number() {
    let codes = read("../../docs/codes.md");
    for (heading, range) in [("## Refused", 100..200), ("## Stopped", 200..300)] {
        let (_, section) = codes.split_once(heading).expect("it is a heading");
        let table = section
            .split("\n\n")
            .find(|part| part.starts_with("| code |"));
        let words = table.expect("it has a table").lines().skip(2);
        let words: Vec<_> = words.filter_map(|row| row.split('`').nth(1)).collect();
        let numbered = statuses();
        let numbered = numbered.iter().filter(|(number, _)| range.contains(number));
        let numbered: Vec<_> = numbered.map(|(_, word)| word.as_str()).collect();
        assert_eq!(words, numbered, "{heading}");
    }
}

#[test]
fn the_numbers_of_the_sources_are_those_of_the_header() {
    let source = read("src/status.rs");
    let (_, table) = source.split_once("statuses! {").expect("it has a table");
    let (table, _) = table.split_once("\n}").expect("the table ends");
    let own = table.lines().filter_map(|line| {
        let (_, rest) = line.trim().split_once(" = ")?;
        let (number, rest) = rest.split_once(", c\"")?;
        Some((number.parse().ok()?, rest.split('"').next()?.to_owned()))
    });
    let statuses = statuses().into_iter();
    assert!(own.eq(statuses.filter(|(number, _)| *number < 100)));
}

#[test]
fn the_page_has_what_is_said_of_misuse() {
    let page = read("../../docs/embed-in-c.md");
    let source = read("src/status.rs");
    let (_, table) = source.split_once("statuses! {").expect("it has a table");
    let (table, _) = table.split_once("\n}").expect("the table ends");
    let lines: Vec<_> = table.lines().collect();
    let (pairs, rest) = lines[1..].as_chunks::<2>();
    assert!(pairs.len() > 25 && rest.is_empty(), "{}", lines.len());
    for [status, message] in pairs {
        let word = status.split('"').nth(1).expect("it has a word");
        let message = message.split('"').nth(1).expect("it has a message");
        let row = page
            .lines()
            .find(|row| row.contains(&format!(" `{word}` ")));
        let row = row.expect("it has a row");
        assert!(row.ends_with(&format!(" {message} |")), "{row}");
        // What to change comes behind a colon; of success nothing.
        assert!(message.contains(": ") || word == "ok", "{message}");
    }
}

#[test]
fn the_page_has_every_status_with_its_number_and_word() {
    let page = read("../../docs/embed-in-c.md");
    let statuses = statuses();
    assert!(statuses.len() > 70, "{}", statuses.len());
    for (number, word) in statuses {
        assert!(
            page.contains(&format!("| {number} | `{word}` |")),
            "{number} {word}"
        );
    }
}
