//! The grants of a guest, by the words of its header.

use alloc::{format, string::String};
use core::time::Duration;
use fuelbox::{
    Caller, Function, Halt, HostError, Sandbox, Tree, TreeError,
    capability::{Abort, Clock, Input, Log, Output, Random, Wasi},
    protocol,
};

/// Something that a guest is granted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Grant {
    Abort,
    Clock,
    /// Functions of the host.
    Host,
    Input,
    Log,
    Output,
    Protocol,
    Random,
    /// WASI with files, on a clock that goes with fuel.
    Wasi,
    /// WASI on the machine's clock, where a guest that sleeps really waits.
    #[cfg(feature = "std")]
    WasiOnSystemClock,
}

impl Grant {
    /// # Errors
    /// A name that nothing has.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        Ok(match name {
            "abort" => Self::Abort,
            "clock" => Self::Clock,
            "host" => Self::Host,
            "input" => Self::Input,
            "log" => Self::Log,
            "output" => Self::Output,
            "protocol" => Self::Protocol,
            "random" => Self::Random,
            "wasi" => Self::Wasi,
            #[cfg(feature = "std")]
            "wasi on the system's clock" => Self::WasiOnSystemClock,
            other => return Err(format!("no capability: {other}")),
        })
    }

    pub(crate) fn open(self, sandbox: Sandbox) -> Sandbox {
        match self {
            Self::Abort => sandbox.grant(Abort),
            Self::Clock => sandbox.grant(Clock::by_fuel(Duration::from_secs(1))),
            Self::Host => host(sandbox),
            Self::Input => sandbox.grant(Input),
            Self::Log => sandbox.grant(Log),
            Self::Output => sandbox.grant(Output),
            Self::Protocol => sandbox.grant(protocol()),
            Self::Random => sandbox.grant(Random::seeded(SEED)),
            Self::Wasi => match wasi() {
                Ok(wasi) => sandbox.grant(wasi),
                // The guest then ends otherwise than it must, which is seen.
                Err(_) => sandbox,
            },
            #[cfg(feature = "std")]
            Self::WasiOnSystemClock => sandbox.grant(Wasi::new().clock(Clock::system())),
        }
    }
}

/// Any; how it ends is in the expectations.
const SEED: u64 = 7;

fn host(sandbox: Sandbox) -> Sandbox {
    type Charged = Result<(), Halt>;
    let spend = |caller: &mut Caller<'_>, fuel: u64| -> Charged { caller.charge(fuel) };
    // Returns normally although the run has no fuel left.
    let spend_all = |caller: &mut Caller<'_>| -> Charged { caller.charge(caller.fuel_left()) };
    let fuel_used = |caller: &mut Caller<'_>| caller.fuel_used();
    let fail =
        || -> Result<(), HostError> { Err(HostError::message("out of fuel, says the host")) };
    sandbox
        .grant(Function::new("host", "nop", || ()))
        .grant(Function::new("host", "twice", |n: i32| n.wrapping_mul(2)))
        .grant(Function::new("host", "spend", spend))
        .grant(Function::new("host", "spend_all", spend_all))
        .grant(Function::new("host", "fuel_used", fuel_used))
        .grant(Function::new("host", "fail", fail))
}

/// A small writable tree at `/`, with links that lead up and round, and a read-only one at `/kept`.
fn wasi() -> Result<Wasi, TreeError> {
    let tree = Tree::new()
        .file("/file", "hello")?
        .dir("/dir")?
        .symlink("/round", "round")?
        .symlink("/ping", "pong/x")?
        .symlink("/pong", "ping/x")?
        .symlink("/up", "dir/../..")?
        .symlink("/root", "/file")?
        .writable()
        .bytes_limit(256 << 10)
        .nodes_limit(2_000);
    let kept = Tree::new().file("/file", "kept")?;
    Ok(Wasi::new()
        .env("KEY", "value")
        .mount("/", tree)
        .mount("/kept", kept))
}
