//! Links of the documents lead somewhere, in the repository and in rustdoc.
//!
//! A page of `docs/` is a module of `fuelbox::_documentation` too, where a link to a file leads nowhere. So pages link
//! to each other by reference, as `[words][limits.md#fuel-is-not-time]`. The end of the page says where that is in the
//! repository, and `src/_documentation/links.md` where it is in rustdoc.

use super::source::{Source, root};
use std::{collections::BTreeSet, fs};

/// Documents that are shown by themselves, and link as they like.
const ALONE: &[&str] = &["README.md", "CONTRIBUTING.md", "SECURITY.md"];

#[test]
fn every_link_between_documents_leads_to_a_heading_that_exists() {
    let mut breaches = Vec::new();
    for page in pages()
        .iter()
        .map(String::as_str)
        .chain(ALONE.iter().copied())
    {
        let text = prose(&Source::read(page).text);
        let own = definitions(&text).map(|(_, target)| target);
        let targets = inline(&text)
            .chain(own)
            .filter(|target| !target.starts_with("http"));
        for target in targets {
            if !exists(page, target) {
                breaches.push(format!("{page}: {target}"));
            }
        }
    }
    assert_eq!(breaches, [""; 0], "links that lead nowhere");
}

#[test]
fn pages_link_to_each_other_in_a_way_that_rustdoc_follows() {
    let links = Source::read("src/_documentation/links.md").text;
    let in_rustdoc: BTreeSet<_> = definitions(&links).collect();
    let mut labels = BTreeSet::new();
    for page in pages() {
        let text = prose(&Source::read(&page).text);
        let is_ours = |target: &&str| !target.starts_with("http") && !target.starts_with('#');
        let bare: Vec<_> = inline(&text)
            .filter(is_ours)
            .filter(|target| !target.starts_with("figures/"))
            .collect();
        assert_eq!(
            bare, [""; 0],
            "{page}: write [words][target], and [target]: target at the end"
        );
        for (label, target) in definitions(&text) {
            assert_eq!(
                label, target,
                "{page}: the name of a link is where it leads"
            );
            assert!(uses(&text, label) > 1, "{page}: [{label}] is not used");
            labels.insert(label.to_owned());
        }
    }
    assert!(labels.len() > 20, "{labels:?}");
    let expected: Vec<_> = labels
        .iter()
        .map(|label| (label.as_str(), module(label)))
        .collect();
    let expected: BTreeSet<_> = expected
        .iter()
        .map(|(label, path)| (*label, path.as_str()))
        .collect();
    let lacks: Vec<_> = expected.difference(&in_rustdoc).collect();
    assert!(
        lacks.is_empty(),
        "src/_documentation/links.md lacks {lacks:#?}"
    );
    let stale: Vec<_> = in_rustdoc.difference(&expected).collect();
    assert!(
        stale.is_empty(),
        "src/_documentation/links.md has more than is used: {stale:#?}"
    );
}

#[test]
fn every_page_is_a_module_of_the_documentation() {
    let source = Source::read("src/_documentation/mod.rs").text;
    for page in pages() {
        let name = page.trim_start_matches("docs/").to_lowercase();
        let line = format!(
            "page!({}, \"{page}\");",
            name.trim_end_matches(".md").replace('-', "_")
        );
        assert!(
            source.contains(&line),
            "src/_documentation/mod.rs lacks: {line}"
        );
    }
}

/// The pages that are in rustdoc too.
fn pages() -> Vec<String> {
    let mut pages: Vec<_> = fs::read_dir(root().join("docs"))
        .expect("the folder is there")
        .filter_map(|entry| {
            let name = entry.expect("it can be listed").file_name();
            let name = name.to_str()?;
            name.ends_with(".md").then(|| format!("docs/{name}"))
        })
        .collect();
    assert!(pages.len() > 10, "{pages:?}");
    pages.push("CHANGELOG.md".to_owned());
    pages.sort();
    pages
}

/// Where a link of a page leads in rustdoc.
fn module(label: &str) -> String {
    let (path, anchor) = label.split_once('#').unwrap_or((label, ""));
    if path.starts_with("../") && path != "../CHANGELOG.md" {
        return "crate::_documentation#files-of-the-repository".to_owned();
    }
    let name = path
        .trim_start_matches("../")
        .trim_end_matches(".md")
        .replace('-', "_");
    let anchor = if anchor.is_empty() {
        String::new()
    } else {
        format!("#{anchor}")
    };
    format!("crate::_documentation::{}{anchor}", name.to_lowercase())
}

/// Whether there is such a file, with such a heading.
fn exists(page: &str, target: &str) -> bool {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if path.is_empty() {
        root().join(page)
    } else {
        root().join(folder).join(path)
    };
    if anchor.is_empty() {
        return path.exists();
    }
    let text = fs::read_to_string(path).unwrap_or_default();
    prose(&text)
        .lines()
        .any(|line| line.starts_with('#') && slug(line) == anchor)
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let keeps = |c: &char| c.is_alphanumeric() || ['-', '_', ' '].contains(c);
    text.chars()
        .filter(keeps)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// A document without its blocks of code.
fn prose(text: &str) -> String {
    text.split("\n```").step_by(2).collect()
}

/// Where the links go that say so on the spot.
fn inline(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0))
}

/// The lines that say where a named link goes.
fn definitions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: "))
}

/// How often a link is named.
fn uses(text: &str, label: &str) -> usize {
    text.matches(&format!("[{label}]")).count()
}
