//! What a WASI guest is given: arguments, environment, files.

use crate::{
    args::Run,
    failure::Failure,
    files::STDIN,
    grant::{
        allow,
        directory::{Directory, Room},
        variable::Variable,
    },
};
use fuelbox::capability::Wasi;
use std::path::Path;

/// Puts together what the flags give the guest.
///
/// # Errors
/// [`Failure::WithoutWasi`] where the guest may not have it; [`Failure::TwoDirectories`] under one name;
/// what [`Directory::files`] gives.
pub(crate) fn wasi(arguments: &Run) -> Result<Wasi, Failure> {
    if !allow::wasi(&arguments.allow)
        && let Some(flag) = flag(arguments)
    {
        return Err(Failure::WithoutWasi(flag));
    }
    let mut wasi = Wasi::new().program(program(arguments)).args(&arguments.arg);
    if arguments.invoke.is_none() {
        wasi = wasi.args(&arguments.arguments);
    }
    for Variable { name, value } in &arguments.env {
        wasi = wasi.env(name, value);
    }
    if let Some(name) = name_given_twice(&arguments.dir) {
        return Err(Failure::TwoDirectories(name.to_owned()));
    }
    let mut room = Room::new(arguments.dir_limit);
    for directory in &arguments.dir {
        wasi = wasi.mount(
            &directory.guest,
            directory.files(&mut room, arguments.force_dir)?,
        );
    }
    Ok(wasi)
}

/// A name that the guest would know two directories by.
fn name_given_twice(directories: &[Directory]) -> Option<&str> {
    let mut names = directories.iter().map(|directory| directory.guest.as_str());
    let mut seen = Vec::new();
    names.find(|name| {
        let again = seen.contains(name);
        seen.push(*name);
        again
    })
}

/// The first flag that only a WASI guest can make use of.
fn flag(arguments: &Run) -> Option<&'static str> {
    [
        ("--program", arguments.program.is_none()),
        ("--arg", arguments.arg.is_empty()),
        ("--env", arguments.env.is_empty()),
        ("--dir", arguments.dir.is_empty()),
    ]
    .into_iter()
    .find_map(|(flag, is_absent)| (!is_absent).then_some(flag))
}

/// What the guest is called: as the user says, else as its file. What comes from standard input has no name.
fn program(arguments: &Run) -> &str {
    match &arguments.program {
        Some(name) => name,
        None if arguments.module == STDIN => "stdin",
        None => stem(&arguments.module),
    }
}

/// The name of a file without its folder and ending.
fn stem(path: &str) -> &str {
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str());
    stem.unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_called_as_its_file() {
        assert_eq!(stem("a/python.wasm"), "python");
        assert_eq!(stem(".."), "..");
    }
}
