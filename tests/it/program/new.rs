//! `fuelbox new` makes projects, and nothing where something is.

use super::{Folder, fuelbox};
use std::{fs, path::Path};

#[test]
fn a_project_of_each_language_has_a_guest_a_test_a_host_and_no_gaps() {
    let folder = Folder::new("new");
    for (language, files) in [
        (
            "rust",
            &["Cargo.toml", ".cargo/config.toml", "src/lib.rs"][..],
        ),
        (
            "c",
            &[
                "build.sh",
                "guest.c",
                "greeting.h",
                "test.c",
                "fuelbox_guest.h",
            ],
        ),
        (
            "zig",
            &["build.sh", "guest.zig", "greeting.zig", "fuelbox_guest.zig"],
        ),
        (
            "assemblyscript",
            &[
                "package.json",
                "guest.ts",
                "guest.test.js",
                "fuelbox_guest.ts",
            ],
        ),
    ] {
        let project = folder.path(&format!("tax-{language}"));
        let ended = fuelbox(&["new", &project, "--lang", language]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(
            ended
                .stdout()
                .contains("cargo run --manifest-path host/Cargo.toml")
        );
        let both = [
            "README.md",
            ".gitignore",
            "host/Cargo.toml",
            "host/src/main.rs",
        ];
        for file in files.iter().chain(&both) {
            let text = read(&project, file);
            let gap = text
                .split('@')
                .nth(1)
                .filter(|word| ["NAME", "WASM", "FUELBOX", "FUELBOX_GUEST"].contains(word));
            assert_eq!(gap, None, "{language}: {file}");
        }
        let version = concat!("fuelbox = \"", env!("CARGO_PKG_VERSION"), "\"");
        assert!(read(&project, "host/Cargo.toml").contains(version));
    }
    assert!(read(&folder.path("tax-rust"), "host/src/main.rs").contains("release/tax_rust.wasm"));
    assert!(read(&folder.path("tax-c"), "host/src/main.rs").contains("/../tax-c.wasm"));
}

#[test]
fn a_project_can_take_its_packages_from_a_clone() {
    let folder = Folder::new("new-clone");
    let project = folder.path("tax");
    let ended = fuelbox(&["new", &project, "--clone", "."]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .canonicalize()
        .expect("it is there");
    assert!(
        read(&project, "host/Cargo.toml").contains(&format!("fuelbox = {{ path = {root:?} }}"))
    );
    let guest_side = root.join("guest-abi");
    assert!(
        read(&project, "Cargo.toml")
            .contains(&format!("fuelbox-guest = {{ path = {guest_side:?} }}"))
    );

    let ended = fuelbox(&["new", &folder.path("other"), "--clone", "tests"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("tests is not a clone of fuelbox"),
        "{}",
        ended.stderr
    );
    assert!(!Path::new(&folder.path("other")).exists());
}

#[test]
fn a_folder_with_something_in_it_is_left_as_it_is() {
    let folder = Folder::new("new-full");
    folder.file("mine", "my own");
    let full = folder.path("../program-new-full");
    let ended = fuelbox(&["new", &full]);
    assert_eq!((ended.code, ended.stdout()), (Some(1), ""));
    assert!(ended.stderr.contains("is not empty"), "{}", ended.stderr);
    assert_eq!(fs::read_dir(&full).expect("it is there").count(), 1);

    let empty = folder.path("empty");
    fs::create_dir(&empty).expect("it can be made");
    assert_eq!(fuelbox(&["new", &empty]).code, Some(0));
}

#[test]
fn a_bad_name_or_language_is_refused_before_anything_is_made() {
    let folder = Folder::new("new-bad");
    for (name, why) in [
        ("Tax", "does not start with a letter from a to z"),
        ("tax.rules", "has more than letters"),
        ("test", "means something else"),
    ] {
        let ended = fuelbox(&["new", &folder.path(name)]);
        assert_eq!(ended.code, Some(1));
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
        assert!(!Path::new(&folder.path(name)).exists(), "{name}");
    }
    let ended = fuelbox(&["new", &folder.path("tax"), "--lang", "cobol"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stderr
            .contains("known are rust, c, zig, assemblyscript"),
        "{}",
        ended.stderr
    );
    assert!(!Path::new(&folder.path("tax")).exists());
}

fn read(project: &str, file: &str) -> String {
    fs::read_to_string(Path::new(project).join(file)).expect("the file was made")
}
