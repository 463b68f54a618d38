//! What guests are granted.

use crate::plan::Plan;
use fuelbox::{
    Caller, Function, Halt, HostError, Sandbox, Tree,
    capability::{Abort, Clock, Input, Log, Output, Random, Wasi},
};
use std::time::Duration;

/// Grants all that guests may import, but for what the plan withholds.
pub(crate) fn grant(sandbox: Sandbox, plan: &Plan) -> Sandbox {
    let clock = Clock::by_fuel(Duration::from_secs(1));
    let random = Random::seeded(7);
    let wasi = Wasi::new().tree(files());
    granted(sandbox, plan, clock, random, wasi)
}

/// The same, but for what is kept on our side from call to call: clock and random bytes do not change, and there are
/// no files, for which the first call of WASI in an instance pays.
pub(crate) fn grant_unchanging(sandbox: Sandbox, plan: &Plan) -> Sandbox {
    let clock = || Clock::fixed(Duration::from_secs(1));
    let random = || Random::from_source(|bytes| bytes.fill(7));
    let wasi = Wasi::new().clock(clock()).random(random());
    granted(sandbox, plan, clock(), random(), wasi)
}

fn granted(sandbox: Sandbox, plan: &Plan, clock: Clock, random: Random, wasi: Wasi) -> Sandbox {
    // Mostly nothing, so that most guests start.
    let is_withheld = |bit: u8| plan.withheld & 0xc0 == 0xc0 && plan.withheld & (1 << bit) != 0;
    let mut sandbox = functions(sandbox).grant(Abort);
    if !is_withheld(0) {
        sandbox = sandbox.grant(Log);
    }
    if !is_withheld(1) {
        sandbox = sandbox.grant(Input);
    }
    if !is_withheld(2) {
        sandbox = sandbox.grant(Output);
    }
    if !is_withheld(3) {
        sandbox = sandbox.grant(clock);
    }
    if !is_withheld(4) {
        sandbox = sandbox.grant(random);
    }
    if !is_withheld(5) {
        sandbox = sandbox.grant(wasi.arg("argument").env("KEY", "value"));
    }
    sandbox
}

/// Functions of the host, one for each thing that one can do.
fn functions(sandbox: Sandbox) -> Sandbox {
    let burn =
        |caller: &mut Caller<'_>, fuel: u32| caller.charge(fuel.into()).map_err(HostError::from);
    sandbox
        .grant(Function::new("host", "mix", mix))
        .grant(Function::new("host", "two", two))
        .grant(Function::new("host", "see", see))
        .grant(Function::new("host", "burn", burn))
        .grant(Function::new("host", "fail", fail))
}

/// Mixes two numbers.
pub(crate) fn mix(a: i32, b: i64) -> i64 {
    b.rotate_left(7) ^ i64::from(a)
}

/// Returns two numbers.
pub(crate) fn two(a: f64) -> (f64, i32) {
    (-a, 2)
}

/// Fails for every fourth number.
pub(crate) fn fail(code: i32) -> Result<(), HostError> {
    if code % 4 == 0 {
        Err(HostError::message(format!("\u{1b}[31m{code}\n")))
    } else {
        Ok(())
    }
}

/// Reads a range of the guest's memory and writes it back, one further on.
fn see(caller: &mut Caller<'_>, ptr: u32, len: u32) -> Result<i64, Halt> {
    let bytes = caller.read(ptr, len)?.to_vec();
    caller.write(ptr.wrapping_add(1), &bytes)?;
    Ok(sum(&bytes))
}

/// A number that all of them go into.
pub(crate) fn sum(bytes: &[u8]) -> i64 {
    let sum = bytes
        .iter()
        .fold(0, |sum: u64, byte| sum.rotate_left(3) ^ u64::from(*byte));
    sum.cast_signed()
}

fn files() -> Tree {
    let tree = Tree::new()
        .file("/a/b", "content")
        .and_then(|tree| tree.symlink("/c", "a/b"));
    tree.expect("no path is taken twice").writable()
}
