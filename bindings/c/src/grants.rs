//! What is granted to a sandbox.

use crate::{
    boundary::{Context, In, RawClock, RawDrop, RawFunction, RawRandom, UserData},
    clock::clock,
    function::{self, Declared},
    guard::guard,
    handle::{self, Handle},
    random::random,
    status::{Failure, Status},
};
use fuelbox::{
    Sandbox,
    capability::{Abort, Capability, Clock, Input, Log, Output, Random, Wasi},
    protocol,
};
use std::time::Duration;

/// Changes a sandbox; where that fails it is as it was.
fn change(
    sandbox: Handle<Sandbox>,
    change: impl FnOnce(Sandbox) -> Result<Sandbox, Failure>,
) -> Status {
    guard(|| {
        let mut sandbox = handle::open_mut(sandbox)?;
        *sandbox = change(sandbox.clone())?;
        Ok(())
    })
}

fn grant(sandbox: Handle<Sandbox>, capability: impl Capability) -> Status {
    change(sandbox, |sandbox| Ok(sandbox.grant(capability)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_protocol(sandbox: Handle<Sandbox>) -> Status {
    grant(sandbox, protocol())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_input(sandbox: Handle<Sandbox>) -> Status {
    grant(sandbox, Input)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_output(sandbox: Handle<Sandbox>) -> Status {
    grant(sandbox, Output)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_log(sandbox: Handle<Sandbox>) -> Status {
    grant(sandbox, Log)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_abort(sandbox: Handle<Sandbox>) -> Status {
    grant(sandbox, Abort)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_clock_fixed(
    sandbox: Handle<Sandbox>,
    unix_nanos: u64,
) -> Status {
    grant(sandbox, Clock::fixed(Duration::from_nanos(unix_nanos)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_clock_by_fuel(
    sandbox: Handle<Sandbox>,
    unix_nanos: u64,
) -> Status {
    grant(sandbox, Clock::by_fuel(Duration::from_nanos(unix_nanos)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_clock_system(sandbox: Handle<Sandbox>) -> Status {
    grant(sandbox, Clock::system())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_clock(
    sandbox: Handle<Sandbox>,
    source: RawClock,
    user_data: Context,
    drop: RawDrop,
) -> Status {
    let data = UserData::new(user_data, drop);
    change(sandbox, |sandbox| {
        Ok(sandbox.grant(Clock::from_source(clock(source, data)?)))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_random_seeded(
    sandbox: Handle<Sandbox>,
    seed: u64,
) -> Status {
    grant(sandbox, Random::seeded(seed))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_random(
    sandbox: Handle<Sandbox>,
    source: RawRandom,
    user_data: Context,
    drop: RawDrop,
) -> Status {
    let data = UserData::new(user_data, drop);
    change(sandbox, |sandbox| Ok(sandbox.grant(random(source, data)?)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_wasi(
    sandbox: Handle<Sandbox>,
    wasi: Handle<Wasi>,
) -> Status {
    change(sandbox, |sandbox| {
        Ok(sandbox.grant(handle::open(wasi)?.clone()))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_function(
    sandbox: Handle<Sandbox>,
    module: In<u8>,
    module_len: usize,
    name: In<u8>,
    name_len: usize,
    params: In<u32>,
    params_len: usize,
    results: In<u32>,
    results_len: usize,
    called: RawFunction,
    user_data: Context,
    drop: RawDrop,
) -> Status {
    let data = UserData::new(user_data, drop);
    let declared = Declared {
        module: (module, module_len),
        name: (name, name_len),
        params: (params, params_len),
        results: (results, results_len),
    };
    change(sandbox, |sandbox| {
        Ok(sandbox.grant(function::function(&declared, called, data)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_grant_waiting(
    sandbox: Handle<Sandbox>,
    module: In<u8>,
    module_len: usize,
    name: In<u8>,
    name_len: usize,
    params: In<u32>,
    params_len: usize,
    results: In<u32>,
    results_len: usize,
) -> Status {
    let declared = Declared {
        module: (module, module_len),
        name: (name, name_len),
        params: (params, params_len),
        results: (results, results_len),
    };
    change(sandbox, |sandbox| {
        Ok(sandbox.grant(function::waiting(&declared)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_stub_unknown(sandbox: Handle<Sandbox>) -> Status {
    change(sandbox, |sandbox| Ok(sandbox.stub_unknown()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_record(
    sandbox: Handle<Sandbox>,
    most_bytes: u64,
) -> Status {
    change(sandbox, |sandbox| Ok(sandbox.record(most_bytes)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_require_abi_version(sandbox: Handle<Sandbox>) -> Status {
    change(sandbox, |sandbox| Ok(sandbox.require_abi_version()))
}
