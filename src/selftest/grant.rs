//! What attacks are granted: what the headers of `tests/hostile` call so.

use crate::{
    capability::{Abort, Clock, Function, Input, Log, Output, Random, Wasi, protocol},
    sandbox::Sandbox,
    stop::HostError,
    tree::{Tree, TreeError},
};
use core::time::Duration;

/// Something that an attack is granted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Grant {
    Abort,
    Clock,
    /// Functions of the host's own.
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
    pub(super) fn open(self, sandbox: Sandbox) -> Sandbox {
        match self {
            Self::Abort => sandbox.grant(Abort),
            Self::Clock => sandbox.grant(Clock::by_fuel(Duration::from_secs(1))),
            Self::Host => sandbox
                .grant(Function::new("host", "nop", || ()))
                .grant(Function::new("host", "twice", |n: i32| n.wrapping_mul(2)))
                .grant(Function::new("host", "fail", fail)),
            Self::Input => sandbox.grant(Input),
            Self::Log => sandbox.grant(Log),
            Self::Output => sandbox.grant(Output),
            Self::Protocol => sandbox.grant(protocol()),
            Self::Random => sandbox.grant(Random::seeded(7)),
            Self::Wasi => match wasi() {
                Ok(wasi) => sandbox.grant(wasi),
                // The attack then ends otherwise than it must, which is seen.
                Err(_) => sandbox,
            },
            #[cfg(feature = "std")]
            Self::WasiOnSystemClock => sandbox.grant(Wasi::new().clock(Clock::system())),
        }
    }
}

fn fail() -> Result<(), HostError> {
    Err(HostError::message("out of fuel, says the host"))
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
