//! `fuelbox new`: makes a project for a guest, with a host that runs it.

mod name;
mod project;

use crate::{args::Project, exit, failure::Failure, files, show::print};
use name::Name;

/// Makes the project; returns the exit code.
pub(crate) fn new(arguments: &Project) -> u8 {
    match make(arguments) {
        Ok(text) => print::text(&text),
        Err(failure) => {
            print::message(&failure.to_string());
            exit::HOST
        }
    }
}

/// Makes the project; returns what to do next.
fn make(arguments: &Project) -> Result<String, Failure> {
    let name = Name::of(&arguments.folder)?;
    let packages = match &arguments.clone {
        Some(clone) => Packages::in_clone(clone)?,
        None => Packages::published(),
    };
    files::make_empty(&arguments.folder)?;
    let language = arguments.language;
    for (path, template) in language.files().iter().chain(project::HOST) {
        let text = template
            .replace("@NAME@", name.as_str())
            .replace("@WASM@", &language.wasm(&name))
            .replace("@FUELBOX@", &packages.fuelbox)
            .replace("@FUELBOX_GUEST@", &packages.fuelbox_guest);
        files::write_new(&arguments.folder, path, &text)?;
    }
    let [build, test] = language.commands();
    Ok(format!(
        "Made a guest in {0}. README.md there says more.\n\n  cd {0}\n  {build}\n  {test}\n  \
         cargo run --manifest-path host/Cargo.toml -- World\n",
        arguments.folder
    ))
}

/// How the packages of fuelbox are named among dependencies.
struct Packages {
    fuelbox: String,
    fuelbox_guest: String,
}

impl Packages {
    fn published() -> Self {
        let version = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
        Self {
            fuelbox: version.to_owned(),
            fuelbox_guest: version.to_owned(),
        }
    }

    /// # Errors
    /// [`Failure::NoClone`].
    fn in_clone(folder: &str) -> Result<Self, Failure> {
        let root = files::absolute_with(folder, "guest-abi/Cargo.toml")
            .ok_or_else(|| Failure::NoClone(folder.to_owned()))?;
        let by_path = |path: &str| format!("{{ path = {path:?} }}");
        Ok(Self {
            fuelbox: by_path(&root),
            fuelbox_guest: by_path(&format!("{root}/guest-abi")),
        })
    }
}
