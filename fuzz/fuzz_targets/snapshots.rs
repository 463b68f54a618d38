//! What starts from a snapshot does what the instance would that it was made of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("snapshots", data));
