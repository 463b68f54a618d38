//! What WASI costs: to begin a command, beside the same one without it; and to run CPython's
//! `print(6*7)`, beside wasmi with its own WASI.
//!
//! `tests/real-modules --fetch`, then `cargo run --release --manifest-path benches/wasi/Cargo.toml`. With
//! `-- --test` each side runs once, without measuring.

mod command;
mod peer;
mod python;
mod rounds;

fn main() {
    println!(
        "{:<40} {:>12} {:>12} {:>8}   target",
        "", "beside", "fuelbox", "ratio"
    );
    command::compare();
    python::compare();
}
