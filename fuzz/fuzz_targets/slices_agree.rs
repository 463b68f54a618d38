//! How a run is sliced does not show in its report.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("slices_agree", data));
