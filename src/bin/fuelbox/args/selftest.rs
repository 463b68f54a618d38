//! The flags of `fuelbox selftest`.

use argh::FromArgs;

/// Run hostile guests, which are built in, on this machine, and say which of them were held.
#[derive(FromArgs)]
#[argh(
    subcommand,
    name = "selftest",
    example = "{command_name}",
    example = "{command_name} --json | jq '.checks[] | select(.held | not)'",
    error_code(1, "standard output cannot be written"),
    error_code(12, "an attack was not held")
)]
pub(crate) struct SelfTest {
    /// print it all as one JSON document
    #[argh(switch)]
    pub(crate) json: bool,
}
