//! Whatever the module, limits and grants: a listed outcome, and accounts that agree.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("run_module", data));
