//! How does a web server run a guest for each request? Each tenant has limits of its own, bodies stream through the
//! guest in constant memory, and a run ends when its client goes.
//!
//! ```sh
//! cargo run --package http-server-example
//! ```
//!
//! - [`Tenant`]: whose guest runs, and what it may use
//! - [`serve`]: from a connection to a run, and from its report to the answer
//! - `exchange`: the three functions that a guest has: `http.read`, `http.status`, `http.write`
//! - `status`: which report is which status of HTTP
//! - [`client`]: a client, for the example and its tests

pub mod client;
mod download;
mod exchange;
mod server;
mod status;
mod tenant;
mod upload;

pub use server::{Ended, Server, serve};
pub use tenant::Tenant;
