//! What reads as a report is written as JSON that reads as the same report.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("report_json", data));
