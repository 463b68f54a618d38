//! What finishes under limits finishes under larger ones, with the same report.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("limits_monotone", data));
