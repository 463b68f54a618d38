//! What the command line may say, one file for each command.

mod bench;
mod inspect;
mod run;
mod selftest;

pub(crate) use bench::Bench;
pub(crate) use inspect::Inspect;
pub(crate) use run::Run;
pub(crate) use selftest::SelfTest;

use argh::FromArgs;

/// Run WebAssembly nobody trusts, under limits.
#[derive(FromArgs)]
#[argh(
    example = "{command_name} run guest.wasm --allow protocol --text hello --fuel 10M",
    example = "{command_name} inspect guest.wasm",
    example = "{command_name} bench guest.wasm --allow protocol --text hello",
    example = "{command_name} selftest",
    note = "`{command_name} COMMAND --help` has the flags of a command."
)]
pub(crate) struct Arguments {
    /// print the version
    #[argh(switch)]
    pub(crate) version: bool,

    #[argh(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(FromArgs)]
#[argh(subcommand)]
pub(crate) enum Command {
    Run(Run),
    Inspect(Inspect),
    Bench(Bench),
    SelfTest(SelfTest),
}
