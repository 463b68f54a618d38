//! Write guests for fuelbox: WebAssembly modules that turn an input into an output.
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
//! Build such a crate, a `cdylib`, for `wasm32-unknown-unknown`. [`entry!`] exports what the host calls; [`Input`],
//! [`Output`], [`Clock`] and [`Random`] are what a guest can reach, where the host grants it; the
//! macros [`error!`], [`warn!`], [`info!`] and [`debug!`] write to the log; [`fail`] ends a run with
//! a message and a status. A guest without the standard library takes this crate without
//! default features and calls [`panic_handler!`] once.
//!
//! [`protocol`] is what both sides agree on; it is all that a host needs of this crate.
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
