//! A module whose code is damaged is a module or a typed error.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("damaged_bodies", data));
