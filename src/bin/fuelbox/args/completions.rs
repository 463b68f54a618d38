//! The flags of `fuelbox completions`.

use super::{flag::Command, words::Words};
use crate::explanation::Explanation;

pub(super) const COMMAND: Command = Command {
    name: "completions",
    summary: "Print a script with which a shell completes commands and flags.",
    usage: "bash|zsh|fish",
    operands: &[("SHELL", "bash, zsh or fish")],
    groups: &[],
    examples: &[
        "completions bash > ~/.local/share/bash-completion/completions/fuelbox",
        "completions zsh > ~/.zfunc/_fuelbox",
        "completions fish > ~/.config/fish/completions/fuelbox.fish",
    ],
    notes: &[],
    exit_codes: &[0, 1],
};

/// A shell whose completions are known.
#[derive(Clone, Copy)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Whose completions are wanted.
pub(crate) struct Completions {
    pub(crate) shell: Shell,
}

impl Completions {
    /// Reads its operand.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        super::at_most(words, 1, &COMMAND)?;
        let shell = match super::first(words, &COMMAND)?.as_str() {
            "bash" => Shell::Bash,
            "zsh" => Shell::Zsh,
            "fish" => Shell::Fish,
            other => {
                let what =
                    format!("completions for {other:?} are not known; known are bash, zsh, fish");
                return Err(Explanation::only(what));
            }
        };
        Ok(Self { shell })
    }
}
