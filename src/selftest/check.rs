//! What a self-test found.

use super::judge::Problem;
use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
use fuelbox::Usage;

/// What a self-test found; shown with `{}`, it is a table.
///
/// ```
/// use fuelbox::SelfTest;
///
/// fn tell(result: &SelfTest) {
///     for check in result.not_contained() {
///         println!("not contained: {}", check.attack);
///     }
///     assert!(result.is_contained());
/// }
/// # let _ = tell;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SelfTest {
    /// The version of fuelbox.
    pub version: Cow<'static, str>,
    /// One for each attack, in the order they ran.
    pub checks: Vec<Check>,
}

impl SelfTest {
    /// Whether every attack was contained. Without any, nothing is shown, and this is false.
    #[must_use]
    pub fn is_contained(&self) -> bool {
        !self.checks.is_empty() && self.not_contained().next().is_none()
    }

    /// The attacks that were not contained.
    pub fn not_contained(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.contained)
    }
}

/// One attack, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Check {
    /// Its name, such as `loop_in_start`.
    pub attack: Cow<'static, str>,
    /// What it tries.
    pub tries: Cow<'static, str>,
    /// The limits that were set for it, such as `fuel 1,000`; empty where the defaults are enough.
    pub limit: String,
    /// How it must end: a code as of [`Outcome::code`](crate::Outcome::code) or
    /// [`Error::code`](crate::Error::code), with the status after `finished`.
    pub expected: Cow<'static, str>,
    /// How it ended.
    pub observed: String,
    /// What the run used; none where the attack was refused before it ran.
    pub usage: Option<Usage>,
    /// By how much it went beyond its deadline, by a clock read around the run; none where no deadline
    /// of its own was set.
    pub overrun: Option<Duration>,
    /// Whether it ended as it must, within all its limits, and in time.
    #[cfg_attr(feature = "serde", serde(alias = "held"))]
    pub contained: bool,
    /// What was not as it must be, for an attack that was not contained.
    pub problem: Option<String>,
}

impl Check {
    /// A check without limits, that is contained where `observed` is what is expected.
    pub(super) fn new(
        attack: &'static str,
        tries: &'static str,
        expected: impl Into<Cow<'static, str>>,
        observed: String,
    ) -> Self {
        let expected = expected.into();
        let contained = observed == expected;
        Self {
            attack: Cow::Borrowed(attack),
            tries: Cow::Borrowed(tries),
            limit: String::new(),
            problem: (!contained).then(|| {
                Problem::Outcome {
                    expected: expected.to_string(),
                }
                .to_string()
            }),
            expected,
            observed,
            usage: None,
            overrun: None,
            contained,
        }
    }
}
