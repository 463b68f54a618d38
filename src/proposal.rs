//! WebAssembly proposals, by the names their authors gave them.

use core::fmt;

/// An extension of the first version of WebAssembly.
///
/// What a [`Module`](crate::Module) may use is set by [`ModuleLimits::allow`](crate::ModuleLimits::allow)
/// and [`deny`](crate::ModuleLimits::deny).
///
/// ```
/// use fuelbox::Proposal;
///
/// assert!(Proposal::BulkMemory.is_default());
/// assert!(Proposal::TailCall.is_supported() && !Proposal::TailCall.is_default());
/// assert_eq!(Proposal::TailCall.name(), "tail calls");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[repr(u8)]
#[non_exhaustive]
pub enum Proposal {
    /// Import and export of mutable globals. On.
    MutableGlobal,
    /// `i32.extend8_s` and its like. On.
    SignExtension,
    /// `i32.trunc_sat_f32_s` and its like. On.
    SaturatingFloatToInt,
    /// Several results, and blocks with parameters. On.
    MultiValue,
    /// `memory.copy`, `memory.fill`, passive segments. On.
    BulkMemory,
    /// `externref`, several tables, `table.get` and its like. On.
    ReferenceTypes,
    /// Arithmetic in constant expressions. On.
    ExtendedConst,
    /// 128-bit vectors. On with the feature `simd`, else never.
    Simd,
    /// `return_call` and its like. Off unless allowed.
    TailCall,
    /// Several memories. Off unless allowed.
    MultiMemory,
    /// Memories and tables with 64-bit addresses. Off unless allowed.
    Memory64,
    /// Vector instructions whose results differ between machines. Off unless allowed; never without `simd`.
    RelaxedSimd,
    /// Pages of one byte. Off unless allowed.
    CustomPageSizes,
    /// 128-bit arithmetic. Off unless allowed.
    WideArithmetic,
    /// Shared memory and atomic operations. Never.
    Threads,
    /// Exceptions, in the old form or the new. Never.
    Exceptions,
    /// Typed function references. Never.
    FunctionReferences,
    /// Structures and arrays that are garbage collected. Never.
    GarbageCollection,
    /// Stack switching. Never.
    StackSwitching,
    /// `memory.discard`. Never.
    MemoryControl,
    /// Shared everything threads. Never.
    SharedEverythingThreads,
    /// Components. Never.
    ComponentModel,
}

impl Proposal {
    pub(crate) const ALL: [Self; 22] = [
        Self::MutableGlobal,
        Self::SignExtension,
        Self::SaturatingFloatToInt,
        Self::MultiValue,
        Self::BulkMemory,
        Self::ReferenceTypes,
        Self::ExtendedConst,
        Self::Simd,
        Self::TailCall,
        Self::MultiMemory,
        Self::Memory64,
        Self::RelaxedSimd,
        Self::CustomPageSizes,
        Self::WideArithmetic,
        Self::Threads,
        Self::Exceptions,
        Self::FunctionReferences,
        Self::GarbageCollection,
        Self::StackSwitching,
        Self::MemoryControl,
        Self::SharedEverythingThreads,
        Self::ComponentModel,
    ];

    /// Whether the interpreter of this build can run it at all.
    ///
    /// Vectors take the feature `simd` and a little-endian host: elsewhere the interpreter numbers their lanes from the
    /// wrong end.
    #[must_use]
    pub fn is_supported(self) -> bool {
        match self {
            Self::Simd | Self::RelaxedSimd => {
                cfg!(all(feature = "simd", target_endian = "little"))
            }
            other => other < Self::Threads,
        }
    }

    /// Whether modules may use it unless told otherwise.
    #[must_use]
    pub fn is_default(self) -> bool {
        self.is_supported() && self < Self::TailCall
    }

    /// Its name, as in the title of the proposal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MutableGlobal => "mutable globals",
            Self::SignExtension => "sign extension",
            Self::SaturatingFloatToInt => "saturating float to int",
            Self::MultiValue => "multi-value",
            Self::BulkMemory => "bulk memory",
            Self::ReferenceTypes => "reference types",
            Self::ExtendedConst => "extended const",
            Self::Simd => "simd",
            Self::TailCall => "tail calls",
            Self::MultiMemory => "multi-memory",
            Self::Memory64 => "memory64",
            Self::RelaxedSimd => "relaxed simd",
            Self::CustomPageSizes => "custom page sizes",
            Self::WideArithmetic => "wide arithmetic",
            Self::Threads => "threads",
            Self::Exceptions => "exceptions",
            Self::FunctionReferences => "function references",
            Self::GarbageCollection => "garbage collection",
            Self::StackSwitching => "stack switching",
            Self::MemoryControl => "memory control",
            Self::SharedEverythingThreads => "shared everything threads",
            Self::ComponentModel => "component model",
        }
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of proposals.
///
/// ```
/// use fuelbox::{ModuleLimits, Proposal};
///
/// let allowed = ModuleLimits::default().proposals;
/// assert!(allowed.contains(Proposal::BulkMemory));
/// let names: Vec<_> = allowed.iter().map(Proposal::name).collect();
/// println!("on: {}", names.join(", "));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proposals(u32);

impl Proposals {
    pub(crate) const fn empty() -> Self {
        Self(0)
    }

    /// Those that are off unless a host allows them.
    ///
    /// ```
    /// use fuelbox::{ModuleLimits, Proposal, Proposals};
    ///
    /// let limits = Proposals::optional().iter().fold(ModuleLimits::default(), ModuleLimits::allow);
    /// assert!(limits.proposals.contains(Proposal::TailCall));
    /// ```
    #[must_use]
    pub fn optional() -> Self {
        let optional =
            |proposal: &Proposal| (Proposal::TailCall..Proposal::Threads).contains(proposal);
        Proposal::ALL.into_iter().filter(optional).collect()
    }

    #[must_use]
    pub(crate) const fn with(self, proposal: Proposal) -> Self {
        Self(self.0 | 1 << proposal as u8)
    }

    #[must_use]
    pub(crate) const fn without(self, proposal: Proposal) -> Self {
        Self(self.0 & !(1 << proposal as u8))
    }

    /// Whether the set holds `proposal`.
    #[must_use]
    pub const fn contains(self, proposal: Proposal) -> bool {
        self.0 & (1 << proposal as u8) != 0
    }

    /// Its members, in the order of [`Proposal`].
    pub fn iter(self) -> impl Iterator<Item = Proposal> {
        Proposal::ALL
            .into_iter()
            .filter(move |&proposal| self.contains(proposal))
    }
}

/// As a list of their words.
#[cfg(feature = "serde")]
impl serde::Serialize for Proposals {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Proposals {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let proposals = alloc::vec::Vec::<Proposal>::deserialize(deserializer)?;
        Ok(proposals.into_iter().fold(Self::empty(), Self::with))
    }
}

impl FromIterator<Proposal> for Proposals {
    fn from_iter<I: IntoIterator<Item = Proposal>>(proposals: I) -> Self {
        proposals.into_iter().fold(Self::empty(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = Proposals::from_iter([Proposal::Simd, Proposal::ComponentModel]);
        assert!(set.contains(Proposal::Simd) && set.contains(Proposal::ComponentModel));
        assert!(!set.without(Proposal::Simd).contains(Proposal::Simd));
        assert!(set.iter().eq([Proposal::Simd, Proposal::ComponentModel]));
        assert_eq!(
            Proposals::from_iter(Proposal::ALL).iter().count(),
            Proposal::ALL.len()
        );
    }
}
