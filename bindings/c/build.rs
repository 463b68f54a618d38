//! Names the shared library for the loader: programs that were linked with it ask for this version of the interface.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo says by it what is built for"
)]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libfuelbox.so.1");
    }
}
