//! What a search is told.

/// What a search is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Where random numbers begin: with the same, a search does the same. Default 0.
    pub seed: u64,
    /// The most bytes of an input. Default 4,096.
    pub most_bytes: usize,
    /// Whether what a guest compares is put into its inputs. Default yes.
    pub substitutes: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 0,
            most_bytes: 4_096,
            substitutes: true,
        }
    }
}

impl Settings {
    /// Sets where random numbers begin.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets the most bytes of an input.
    #[must_use]
    pub fn most_bytes(self, most_bytes: usize) -> Self {
        Self { most_bytes, ..self }
    }

    /// Sets whether what a guest compares is put into its inputs.
    #[must_use]
    pub fn substitutes(self, substitutes: bool) -> Self {
        Self {
            substitutes,
            ..self
        }
    }
}
