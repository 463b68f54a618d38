//! A tree holds what was put in, within its limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("tree", data));
