//! One module per promise.

extern crate alloc;

mod batches;
mod bindings;
mod built_guests;
mod call;
mod cancel;
mod clock_and_random;
mod codes;
mod coverage;
mod determinism;
#[cfg(feature = "dir")]
mod dir;
mod engine;
mod faults;
mod future;
mod future_shares;
#[cfg(feature = "fuzz")]
mod fuzz;
mod guests;
mod harness;
mod host_functions;
mod host_memory;
mod imports;
mod input_output;
mod instances;
mod lanes;
mod laws;
mod lazy;
#[cfg(all(feature = "lent-memory", unix, target_pointer_width = "64"))]
mod lent_memory;
#[cfg(feature = "serde")]
mod limits_in_files;
mod memory;
mod module_bytes;
mod module_limits;
mod observation;
mod platforms;
#[cfg(feature = "cli")]
mod program;
mod proposals;
mod proposals_named;
mod ranges;
mod real_modules;
mod recording;
mod report;
mod scheduler;
#[cfg(feature = "selftest")]
mod selftest;
mod slow_host;
mod small_stacks;
mod soak;
mod spec;
mod steps;
mod threads;
mod tidy;
mod toolchains;
mod tracing;
mod traps;
mod waiting;
mod wasi;
mod wasi_bounds;
mod wasi_clocks;
mod wasi_long_files;
mod wasi_rights;
mod wasi_stdin;
mod work_and_time;
#[cfg(all(feature = "cli", feature = "worker", unix))]
mod worker;
