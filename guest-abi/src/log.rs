//! Log lines.

use crate::{line::Line, protocol::LOG_LEVELS, sys};
use core::fmt;

/// How urgent a log line is. The line starts with it: `warn: almost full`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// What went wrong.
    Error,
    /// What may go wrong.
    Warn,
    /// What the host's operator wants to know.
    Info,
    /// What the guest's author wants to know.
    Debug,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [error, warn, info, debug] = LOG_LEVELS;
        f.write_str(match self {
            Self::Error => error,
            Self::Warn => warn,
            Self::Info => info,
            Self::Debug => debug,
        })
    }
}

/// Logs `text` as it is, without a level.
///
/// The host cuts what is beyond its limits.
///
/// ```
/// # fn run(_: &[u8]) -> Result<String, core::fmt::Error> {
/// fuelbox_guest::log::text("as it is");
/// # Ok(String::new())
/// # }
/// # fuelbox_guest::entry!(run);
/// # fn main() {
/// # assert_eq!(fuelbox_guest::mock::Host::new().run(execute).logs, ["as it is"]);
/// # }
/// ```
pub fn text(text: &str) {
    sys::log(text.as_bytes());
}

/// Logs a line; [`error!`](crate::error), [`warn!`](crate::warn), [`info!`](crate::info) and
/// [`debug!`](crate::debug) are the short form.
///
/// A line longer than 1,024 bytes is cut and ends in `...`.
///
/// ```
/// use fuelbox_guest::log::{self, Level};
///
/// # fn run(_: &[u8]) -> Result<String, core::fmt::Error> {
/// let level = if cfg!(debug_assertions) { Level::Debug } else { Level::Info };
/// log::write(level, format_args!("{} rules", 12));
/// # Ok(String::new())
/// # }
/// # fuelbox_guest::entry!(run);
/// # fn main() {
/// # assert!(fuelbox_guest::mock::Host::new().run(execute).logs[0].ends_with(": 12 rules"));
/// # }
/// ```
pub fn write(level: Level, message: fmt::Arguments<'_>) {
    let mut line = Line::new();
    line.push(format_args!("{level}: {message}"));
    sys::log(line.as_bytes());
}

/// Logs a line as [`Level::Error`], as `format!` would write it.
#[macro_export]
macro_rules! error {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Error, ::core::format_args!($($message)+))
    };
}

/// Logs a line as [`Level::Warn`], as `format!` would write it.
#[macro_export]
macro_rules! warn {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Warn, ::core::format_args!($($message)+))
    };
}

/// Logs a line as [`Level::Info`], as `format!` would write it.
#[macro_export]
macro_rules! info {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Info, ::core::format_args!($($message)+))
    };
}

/// Logs a line as [`Level::Debug`], as `format!` would write it.
#[macro_export]
macro_rules! debug {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Debug, ::core::format_args!($($message)+))
    };
}
