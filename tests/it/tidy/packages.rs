//! What is published is ready for it: versions agree, and each package has its licences and its README.

use super::source::{Source, root};
use std::fs;

#[test]
fn versions_of_packages_and_of_the_changelog_agree() {
    let packages = published();
    let (_, first) = packages.first().expect("fuelbox itself");
    let version = value(first, "version").expect("it has a version");
    for (folder, manifest) in &packages {
        assert_eq!(value(manifest, "version"), Some(version), "{folder}");
        for line in manifest
            .lines()
            .filter(|line| line.starts_with("fuelbox") && line.contains("version = "))
        {
            assert!(
                line.contains(&format!("version = \"{version}\"")),
                "{folder}: {line}"
            );
        }
    }
    let changelog = Source::read("CHANGELOG.md").text;
    let newest = changelog.lines().find_map(|line| line.strip_prefix("## "));
    let is_known = newest.is_some_and(|name| name == "Unreleased" || name.starts_with(version));
    assert!(
        is_known,
        "the newest part of CHANGELOG.md is {newest:?}, the version {version}"
    );
    let versions = Source::read("docs/versions.md").text;
    assert!(
        versions.contains(&format!("| fuelbox | {version}")),
        "docs/versions.md"
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "licences are files")]
fn each_published_package_has_licences_a_readme_and_a_place_in_the_checklist() {
    let checklist = Source::read("docs/release.md").text;
    for (folder, manifest) in published() {
        for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let own = fs::read(root().join(&folder).join(file)).ok();
            let ours = fs::read(root().join(file)).expect("it is at the root");
            assert!(
                own.as_deref() == Some(&*ours),
                "{folder}/{file} is not that of the project"
            );
        }
        assert!(
            root().join(&folder).join("README.md").exists(),
            "{folder}/README.md"
        );
        for key in [
            "description",
            "license",
            "documentation",
            "readme",
            "rust-version",
        ] {
            assert!(value(&manifest, key).is_some(), "{folder}: {key}");
        }
        let name = value(&manifest, "name").expect("it has a name");
        assert!(
            checklist.contains(&format!("`cargo publish -p {name}`")),
            "docs/release.md: {name}"
        );
    }
}

/// The folders and manifests of packages that are published, fuelbox itself first.
fn published() -> Vec<(String, String)> {
    let workspace = Source::read("Cargo.toml").text;
    let members = workspace
        .lines()
        .find_map(|line| line.strip_prefix("members = "));
    let members = members
        .expect("it is a workspace")
        .split('"')
        .skip(1)
        .step_by(2);
    let folders = [""].into_iter().chain(members);
    let manifests = folders.map(|folder| {
        let path = if folder.is_empty() {
            "Cargo.toml".to_owned()
        } else {
            format!("{folder}/Cargo.toml")
        };
        (folder.to_owned(), Source::read(&path).text)
    });
    let published: Vec<_> = manifests
        .filter(|(_, manifest)| !manifest.contains("\npublish = false"))
        .collect();
    assert!(published.len() >= 2, "{}", published.len());
    published
}

/// The value of a key, as it is first in a manifest.
fn value<'a>(manifest: &'a str, key: &str) -> Option<&'a str> {
    let start = format!("{key} = \"");
    manifest
        .lines()
        .find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'))
}
