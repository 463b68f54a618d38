//! Blame: who has to act after an error or a stop.

/// Who has to act on an [`Error`](crate::Error) or a [`Stop`](crate::Stop).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Blame {
    /// The guest's author: the module is wrong.
    Guest,
    /// The one who sets the limits: the guest needs more than it may have.
    Limit,
    /// The program that embeds the sandbox.
    Host,
    /// The interpreter, or this crate: please report it.
    Engine,
}
