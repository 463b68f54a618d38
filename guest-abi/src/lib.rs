//! Write guests for fuelbox: WebAssembly modules that turn an input into an output.
//!
//! A guest is one function that takes the input and returns the output, or an error:
//!
//! ```
//! fn run(input: &[u8]) -> Result<String, std::str::Utf8Error> {
//!     let text = std::str::from_utf8(input)?;
//!     fuelbox_guest::info!("{} bytes of text", text.len());
//!     Ok(text.to_uppercase())
//! }
//! fuelbox_guest::entry!(run);
//!
//! // Anywhere but in WebAssembly a mock host stands in, so that a guest is tested like any code:
//! # fn main() {
//! use fuelbox_guest::mock;
//!
//! let report = mock::Host::new().input("hello").run(execute);
//! assert_eq!(report.status, Some(0));
//! assert_eq!(report.output, b"HELLO");
//! assert_eq!(report.logs, ["info: 5 bytes of text"]);
//!
//! let report = mock::Host::new().input(b"\xff".to_vec()).run(execute);
//! assert_eq!(report.status, Some(1));
//! assert!(report.logs[0].starts_with("error: invalid utf-8"));
//! # }
//! ```
//!
//! In `Cargo.toml` such a crate has `crate-type = ["cdylib"]` under `[lib]`. Build it with
//! `cargo build --release --target wasm32-unknown-unknown`.
//!
//! | to | use |
//! | --- | --- |
//! | export what the host calls | [`entry!`] |
//! | read the input, write output as you go | [`Input`], [`Output`] |
//! | write to the log | [`error!`], [`warn!`], [`info!`], [`debug!`] |
//! | end a run with a message and a status | [`fail`] |
//! | work on record batches of many rows | [`batch`] |
//! | ask for the time or random bytes, if the host grants them | [`Clock`], [`Random`] |
//! | do without the standard library | no default features, and [`panic_handler!`] once |
//!
//! [`protocol`] has the names that host and guest agree on. A host needs nothing else of this crate. The words are
//! explained in the documentation of `fuelbox`, in its glossary.
#![no_std]
// The one file that must call the host says so below.
#![deny(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(
    all(feature = "std", target_arch = "wasm32"),
    all(feature = "alloc", not(target_arch = "wasm32"))
))]
extern crate std;

pub mod protocol;

// For the program of fuelbox, which hands them out with new projects.
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod bindings;

// The rest is for guests: in WebAssembly it reaches the host, elsewhere the mock host, which takes
// `std`. A host without `std`, which turns no feature on, gets the protocol alone.
macro_rules! for_guests {
    ($($item:item)*) => {
        $(#[cfg(any(target_arch = "wasm32", feature = "alloc"))] $item)*
    };
}

#[cfg(feature = "alloc")]
pub mod batch;

for_guests! {
    mod clock;
    #[doc(hidden)]
    pub mod entry;
    mod failure;
    mod input;
    mod line;
    pub mod log;
    mod output;
    #[doc(hidden)]
    pub mod panics;
    mod random;

    pub use clock::Clock;
    pub use failure::{fail, Failure};
    pub use input::Input;
    pub use output::Output;
    pub use random::Random;
}

// `#[expect]` is younger than the Rust that this crate is written for.
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
mod sys;

#[cfg(all(feature = "alloc", not(target_arch = "wasm32")))]
pub mod mock;
#[cfg(all(feature = "alloc", not(target_arch = "wasm32")))]
use mock as sys;
