//! What a fuelbox host and its guests agree on.
//!
//! Both sides take the names, signatures and versions of the protocol from [`protocol`], so that
//! neither can drift from the other. `docs/abi.md` of fuelbox describes what each function does.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod protocol;
