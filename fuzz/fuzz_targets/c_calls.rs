//! Random calls of the C interface answer as a model of its handles says.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_c_calls::calls::check(data));
