//! Every public function has an example: at itself, or at the type that it belongs to.

use super::source::{Source, exported, first_word};
use std::collections::BTreeMap;

/// Public functions that are shown nowhere, and why.
const WITHOUT: &[(&str, &str)] = &[];

#[test]
fn every_public_function_has_an_example() {
    let shown =
        "/// ```\n/// T::new().f();\n/// ```\npub struct T;\nimpl T {\n    pub fn f() {}\n}\n";
    assert_eq!(lacking(shown, &BTreeMap::new()), [""; 0]);
    let other = shown.replace("new().f()", "new().g()");
    assert_eq!(lacking(&other, &BTreeMap::new()), ["T::f"]);
    assert_eq!(lacking("/// f\npub fn f() {}\n", &BTreeMap::new()), ["f"]);
    let of_trait = "/// t\npub trait T {\n    /// f\n    fn f();\n}\n";
    assert_eq!(lacking(of_trait, &BTreeMap::new()), ["T::f"]);

    let names = exported();
    let sources = Source::all().into_iter().filter(|source| {
        let is_library = source.path.starts_with("src/") && !source.path.starts_with("src/bin/");
        // What macros of the guest side expand to is hidden.
        let is_hidden = source.path.ends_with("/entry.rs") || source.path.ends_with("/panics.rs");
        is_library || (source.path.starts_with("guest-abi/src/") && !is_hidden)
    });
    let sources: Vec<_> = sources.collect();
    let types: BTreeMap<_, _> = sources
        .iter()
        .flat_map(|source| types(&source.text))
        .collect();
    assert!(types.len() > 60, "{}", types.len());
    let mut without: Vec<_> = sources
        .iter()
        .flat_map(|source| {
            let is_guest_side = source.path.starts_with("guest-abi/");
            let lacking = lacking(&source.text, &types).into_iter();
            lacking.map(move |name| (is_guest_side, name))
        })
        .filter(|(is_guest_side, name)| {
            *is_guest_side || names.contains(name.split("::").next().unwrap_or(name))
        })
        .map(|(_, name)| name)
        .collect();
    without.sort();
    let expected: Vec<_> = WITHOUT.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(without, expected, "functions without an example");
}

/// Functions that neither their own documentation shows nor that of their type, which is here or among `types`.
fn lacking(text: &str, types: &BTreeMap<String, String>) -> Vec<String> {
    let here: BTreeMap<_, _> = self::types(text).collect();
    let (mut docs, mut owner, mut lacking) = (String::new(), String::new(), Vec::new());
    for line in text
        .split("\n#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .lines()
    {
        let words = line.trim_start();
        if let Some(doc) = words.strip_prefix("///") {
            docs.push_str(doc);
            docs.push('\n');
            continue;
        }
        if words.starts_with("#[doc(hidden)]") {
            docs.push_str("```");
        }
        if words.starts_with("#[") || words.starts_with("//") {
            continue;
        }
        let is_trait = line.starts_with("pub trait ");
        if line.starts_with("impl") || is_trait {
            owner = if is_trait {
                named(line, "trait ")
            } else {
                subject(line)
            };
        } else if line == "}" {
            owner.clear();
        }
        let is_in_trait =
            !owner.is_empty() && line.starts_with("    fn ") && types_have_trait(text, &owner);
        let is_public = words.starts_with("pub fn ") || words.starts_with("pub const fn ");
        if (is_public && (line.starts_with("pub") || !owner.is_empty())) || is_in_trait {
            let name = named(words, "fn ");
            let of_type = here.get(&owner).or_else(|| types.get(&owner));
            let is_shown = docs.contains("```") || of_type.is_some_and(|docs| shows(docs, &name));
            if !is_shown {
                let path = if owner.is_empty() {
                    name
                } else {
                    format!("{owner}::{name}")
                };
                lacking.push(path);
            }
        }
        docs.clear();
    }
    lacking
}

/// Whether a block of code in `docs` calls `name`.
fn shows(docs: &str, name: &str) -> bool {
    let calls = [format!("{name}("), format!("{name}::<")];
    docs.split("```")
        .skip(1)
        .step_by(2)
        .any(|code| calls.iter().any(|call| code.contains(call)))
}

/// Whether `name` is a trait of this file.
fn types_have_trait(text: &str, name: &str) -> bool {
    let head = format!("pub trait {name}");
    text.lines().any(|line| line.starts_with(&head))
}

/// The public types and traits of a file, with their documentation.
fn types(text: &str) -> impl Iterator<Item = (String, String)> {
    let mut docs = String::new();
    text.lines().filter_map(move |line| {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push_str(doc);
            docs.push('\n');
            return None;
        }
        let kinds = ["pub struct ", "pub enum ", "pub trait "];
        let kind = kinds.into_iter().find(|kind| line.starts_with(kind));
        let found = kind.map(|kind| (named(line, kind), docs.clone()));
        let goes_on = line.starts_with('#')
            || line.starts_with("//")
            || line.starts_with(' ')
            || line.starts_with(")]");
        if !goes_on {
            docs.clear();
        }
        found
    })
}

/// What an implementation is of; nothing where it is of a trait.
fn subject(head: &str) -> String {
    if head.contains(" for ") {
        return String::new();
    }
    let rest = head.trim_start_matches("impl");
    let rest = match rest.strip_prefix('<') {
        Some(generics) => generics.split_once('>').map_or("", |(_, rest)| rest),
        None => rest,
    };
    first_word(rest.trim_start()).unwrap_or_default().to_owned()
}

/// The word after `before`.
fn named(line: &str, before: &str) -> String {
    let (_, rest) = line.split_once(before).unwrap_or_default();
    first_word(rest).unwrap_or_default().to_owned()
}
