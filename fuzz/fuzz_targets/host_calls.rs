//! The functions of the protocol do exactly what a model of them does.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("host_calls", data));
