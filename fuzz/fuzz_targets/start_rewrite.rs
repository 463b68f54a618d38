//! Rewritten modules do what they did before.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("start_rewrite", data));
