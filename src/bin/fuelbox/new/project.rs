//! The files of a project, and the commands that build and test it, by the language of the guest.

use super::name::Name;
use crate::language::Language;
use fuelbox_guest::bindings;

/// A file of a project: its path in it, and its text.
type Template = (&'static str, &'static str);

macro_rules! template {
    ($path:literal, $template:literal) => {
        ($path, include_str!(concat!("templates/", $template)))
    };
}

/// The host, for guests of all languages.
pub(super) const HOST: &[Template] = &[
    template!("host/Cargo.toml", "host/manifest.toml"),
    template!("host/src/main.rs", "host/main.rs"),
];

const RUST: &[Template] = &[
    template!("README.md", "rust/readme.md"),
    template!(".gitignore", "rust/ignore"),
    template!("Cargo.toml", "rust/manifest.toml"),
    template!(".cargo/config.toml", "rust/config.toml"),
    template!("src/lib.rs", "rust/guest.rs"),
];

const C: &[Template] = &[
    template!("README.md", "c/readme.md"),
    template!(".gitignore", "c/ignore"),
    template!("build.sh", "c/build.sh"),
    template!("guest.c", "c/guest.c"),
    template!("greeting.h", "c/greeting.h"),
    template!("test.c", "c/test.c"),
    ("fuelbox_guest.h", bindings::C),
];

const ZIG: &[Template] = &[
    template!("README.md", "zig/readme.md"),
    template!(".gitignore", "zig/ignore"),
    template!("build.sh", "zig/build.sh"),
    template!("guest.zig", "zig/guest.zig"),
    template!("greeting.zig", "zig/greeting.zig"),
    ("fuelbox_guest.zig", bindings::ZIG),
];

const ASSEMBLYSCRIPT: &[Template] = &[
    template!("README.md", "assemblyscript/readme.md"),
    template!(".gitignore", "assemblyscript/ignore"),
    template!("package.json", "assemblyscript/package.json"),
    template!("guest.ts", "assemblyscript/guest.ts"),
    template!("guest.test.js", "assemblyscript/guest.test.js"),
    ("fuelbox_guest.ts", bindings::ASSEMBLYSCRIPT),
];

impl Language {
    /// The files of the guest; those of the host are [`HOST`].
    pub(super) fn files(self) -> &'static [Template] {
        match self {
            Self::Rust => RUST,
            Self::C => C,
            Self::Zig => ZIG,
            Self::AssemblyScript => ASSEMBLYSCRIPT,
        }
    }

    /// Where the module is once it is built.
    pub(super) fn wasm(self, name: &Name) -> String {
        let name = name.as_str();
        match self {
            Self::Rust => format!(
                "target/wasm32-unknown-unknown/release/{}.wasm",
                name.replace('-', "_")
            ),
            _ => format!("{name}.wasm"),
        }
    }

    /// How it is built, and how it is tested.
    pub(super) fn commands(self) -> [&'static str; 2] {
        match self {
            Self::Rust => ["cargo guest", "cargo test"],
            Self::C | Self::Zig => ["sh build.sh", "sh build.sh test"],
            Self::AssemblyScript => ["npm install && npm run build", "npm test"],
        }
    }
}
