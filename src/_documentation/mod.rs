//! The pages of `docs/`, as they are in the repository, and the changelog.
//!
//! | to learn | read |
//! | --- | --- |
//! | how to do a thing, with an example for each | [`guide`] |
//! | what the words mean | [`glossary`] |
//! | what each limit does, and how to choose it | [`limits`] |
//! | how many guests fit on one host | [`sizing`] |
//! | what to do for each error: HTTP status, retry, quarantine | [`errors`] |
//! | how to watch it: logs, traces, metrics | [`observability`] |
//! | how to find out why a guest failed, and where its fuel goes | [`observe`] |
//! | how to find the inputs on which a guest fails | [`fuzz_a_guest`] |
//! | how to use it on a phone | [`mobile`] |
//! | how to use it on Android, in Java and Kotlin | [`android`] |
//! | how to use it on iOS, in Swift | [`ios`] |
//! | how to embed it in C, and in what calls C | [`embed_in_c`] |
//! | how to use it in Python | [`python`] |
//! | when to use something else | [`comparison`] |
//! | how to write a guest, in Rust, C, Zig or AssemblyScript | [`write_a_guest`] |
//! | what host and guest agree on, for any other language | [`abi`] |
//! | how to work on record batches of many rows | [`batches`] |
//! | how to run tenants' functions on data engines | [`scale_out`] |
//! | what each code of an error, a stop or a trap means | [`codes`] |
//! | which published modules load and run by default | [`real_modules`] |
//! | how fast it is, and which profile to build with | [`performance`] |
//! | where it runs, and what is missing where | [`targets`] |
//! | what it protects, how, and what it does not | [`security`] |
//! | what is wrong with the interpreter, and how that is avoided | [`engine`] |
//! | why it is as it is | [`design`] |
//! | what changed between versions | [`upgrading`], [`changelog`] |
//! | which versions are supported | [`versions`] |
//! | how a version is released | [`release`] |
//!
//! These modules are empty and exist only in the documentation.
//!
//! ## Files of the repository
//!
//! Pages refer to tests, benches and fuzz targets too. They are in the repository, not in the published package; links
//! to them lead here.

/// A page of `docs/`. Its links between pages are reference links: in the repository the definitions at the end of the
/// page lead to files, here those of `links.md`, which come first, lead to modules.
macro_rules! page {
    ($name:ident, $path:literal) => {
        #[doc = include_str!("links.md")]
        #[doc = ""]
        #[doc = include_str!(concat!("../../", $path))]
        pub mod $name {}
    };
}

page!(guide, "docs/guide.md");
page!(limits, "docs/limits.md");
page!(glossary, "docs/glossary.md");
page!(sizing, "docs/sizing.md");
page!(errors, "docs/errors.md");
page!(observability, "docs/observability.md");
page!(observe, "docs/observe.md");
page!(fuzz_a_guest, "docs/fuzz-a-guest.md");
page!(mobile, "docs/mobile.md");
page!(android, "docs/android.md");
page!(ios, "docs/ios.md");
page!(embed_in_c, "docs/embed-in-c.md");
page!(python, "docs/python.md");
page!(comparison, "docs/comparison.md");
page!(versions, "docs/versions.md");
page!(write_a_guest, "docs/write-a-guest.md");
page!(abi, "docs/abi.md");
page!(batches, "docs/batches.md");
page!(scale_out, "docs/scale-out.md");
page!(codes, "docs/codes.md");
page!(real_modules, "docs/real-modules.md");
page!(performance, "docs/performance.md");
page!(targets, "docs/targets.md");
page!(security, "docs/security.md");
page!(engine, "docs/engine.md");
page!(design, "docs/design.md");
page!(release, "docs/release.md");
page!(upgrading, "docs/upgrading.md");
page!(changelog, "CHANGELOG.md");

/// The README has links of its own, since it is shown by itself: only its examples are taken, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
