//! The flags of `fuelbox bench`: those of `run`, and its own.

use super::Run;
use crate::{command_line, units};
use argh::{CommandInfo, EarlyExit, FromArgs, SubCommand};

/// How a module is to be timed.
pub(crate) struct Bench {
    /// What is run, and under which limits.
    pub(crate) run: Run,
    /// How many runs are measured; without it, as many as fit into a fixed time.
    pub(crate) runs: Option<u64>,
}

/// Run a module many times, and say how long it takes, how much fuel, and which limits would fit.
#[derive(FromArgs)]
#[argh(
    subcommand,
    name = "bench",
    usage = "<module> [-n <count>] [flags of run] [--] [<arguments>]",
    example = "{command_name} guest.wasm --allow protocol --input data.json",
    example = "{command_name} sum.wat --invoke add -n 1000 --json 2 -40",
    note = "Takes every flag of `run`: see `fuelbox run --help`. Limits hold for each run.",
    note = "The first run only warms up. What the guest writes and logs is dropped; a directory with :rw is changed by every run.",
    note = "A run that is stopped ends the measuring. Exits as `run` would: for the first run that did not end well, if one did not."
)]
struct Own {
    /// how many runs to measure, at most 10M; default as many as fit into 2s, but 3 at least and 100k at most
    #[argh(option, short = 'n', arg_name = "count", from_str_fn(units::runs))]
    runs: Option<u64>,
}

impl FromArgs for Bench {
    fn from_args(command: &[&str], words: &[&str]) -> Result<Self, EarlyExit> {
        let (own, of_run) = split(words);
        let Own { runs } = Own::from_args(command, &own)?;
        let run = Run::from_args(command, &of_run)?;
        Ok(Self { run, runs })
    }
}

impl SubCommand for Bench {
    const COMMAND: &'static CommandInfo = Own::COMMAND;
}

/// The words that are of `bench` alone, and those that `run` knows too.
fn split<'a>(words: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut own, mut of_run) = (Vec::new(), Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "-n" | "--runs" => own.extend([word].into_iter().chain(words.next())),
            "--help" => own.push(word),
            // Arguments of the guest follow.
            "--" => of_run.extend([word].into_iter().chain(words.by_ref())),
            _ if command_line::takes_value(word) => {
                of_run.extend([word].into_iter().chain(words.next()));
            }
            _ => of_run.push(word),
        }
    }
    (own, of_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_its_own_is_left_to_run() {
        let (own, of_run) = split(&["--text", "-n", "-n", "7", "--json", "--", "a.wat", "-n"]);
        assert_eq!(own, ["-n", "7"]);
        assert_eq!(of_run, ["--text", "-n", "--json", "--", "a.wat", "-n"]);
    }
}
