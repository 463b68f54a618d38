//! Where the fuel of a run went.

use crate::{
    error::Error,
    module::{Module, Told},
    recording::Recording,
    replay::{Purpose, Replay},
};
use alloc::vec::Vec;

/// Where the fuel of a run went: by function, and by the calls that led there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// The reports, as a [replay](Recording::replay) has them.
    pub replay: Replay,
    /// Each function that was called, by each way that led to it; a caller comes before what it calls. All fuel
    /// together is that of the run.
    pub nodes: Vec<ProfileNode>,
}

/// A function, called by the functions above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProfileNode {
    /// What called it, by its place among the nodes; none where the host did.
    pub parent: Option<usize>,
    /// Its number in the module; none where a function of the host was called through a table, and of an export that is
    /// an import.
    pub function: Option<u32>,
    /// Fuel that it used itself, without what it called.
    pub fuel: u64,
    /// How often it was called on this way.
    pub calls: u64,
}

impl Recording {
    /// Runs it again with the module of these bytes, as [`replay`](Self::replay) does, and counts the fuel of each
    /// function.
    ///
    /// Counting takes no fuel. More than a million ways to call functions are not told apart: what is called beyond
    /// counts as part of its caller.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module
    /// #     (func $work (loop (nop)))
    /// #     (func (export "_start") (call $work) (call $work)))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
    /// let finished = sandbox.start(&Module::new(&wasm)?, "")?.finish();
    ///
    /// let profile = finished.recording.expect("the sandbox records").profile(&wasm)?;
    /// let fuel: u64 = profile.nodes.iter().map(|node| node.fuel).sum();
    /// assert_eq!(fuel, finished.report.usage.fuel);
    /// assert_eq!((profile.nodes[1].function, profile.nodes[1].calls), (Some(0), 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`observe`](Self::observe).
    pub fn profile(&self, wasm: impl AsRef<[u8]>) -> Result<Profile, Error> {
        let builder = Module::builder().limits(self.module_limits.clone());
        let module = builder.telling(Told::Calls).build(wasm)?;
        let (replay, mut replayed) = self.run_again(&module, Purpose::Observe)?;
        let nodes = replayed.profile().into_iter().map(|node| ProfileNode {
            parent: node.parent,
            function: node.function,
            fuel: node.fuel,
            calls: node.calls,
        });
        Ok(Profile {
            nodes: nodes.collect(),
            replay,
        })
    }
}
