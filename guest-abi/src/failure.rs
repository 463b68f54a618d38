//! The end of a run that did not go well.

use crate::log::{self, Level};
use core::fmt;

/// A run that failed; its message is in the log.
///
/// Any error that can be shown turns into one with `?`: it is logged then, and the status is 1.
/// [`fail`] makes one with a status of its own.
///
/// ```
/// use fuelbox_guest::{fail, Failure};
///
/// fn quarter(input: &[u8]) -> Result<String, Failure> {
///     let number: u32 = std::str::from_utf8(input)?.parse()?;
///     if number % 4 != 0 {
///         return Err(fail(2, format_args!("{number} is not divisible by 4")));
///     }
///     Ok((number / 4).to_string())
/// }
/// fuelbox_guest::entry!(quarter);
/// # fn main() {
/// # let report = fuelbox_guest::mock::Host::new().input("7").run(execute);
/// # assert_eq!(report.status, Some(2));
/// # assert_eq!(report.logs, ["error: 7 is not divisible by 4"]);
/// # }
/// ```
#[derive(Debug)]
pub struct Failure {
    status: i32,
}

/// Logs `message` as an error and makes a [`Failure`] of it, to be returned.
///
/// A status of 0 would say that all went well, so it becomes 1.
///
/// ```
/// use fuelbox_guest::{fail, Failure};
///
/// fn run(input: &[u8]) -> Result<&[u8], Failure> {
///     if input.is_empty() {
///         return Err(fail(2, "the input is empty"));
///     }
///     Ok(input)
/// }
/// fuelbox_guest::entry!(run);
/// # fn main() {
/// # let report = fuelbox_guest::mock::Host::new().run(execute);
/// # assert_eq!(report.status, Some(2));
/// # assert_eq!(report.logs, ["error: the input is empty"]);
/// # }
/// ```
pub fn fail(status: i32, message: impl fmt::Display) -> Failure {
    log::write(Level::Error, format_args!("{message}"));
    Failure {
        status: if status == 0 { 1 } else { status },
    }
}

impl Failure {
    /// What the host learns of it besides the log; never 0.
    ///
    /// ```
    /// # fn run(_: &[u8]) -> Result<String, core::fmt::Error> {
    /// let failure = fuelbox_guest::fail(2, "the input is empty");
    /// assert_eq!(failure.status(), 2);
    /// # Ok(String::new())
    /// # }
    /// # fuelbox_guest::entry!(run);
    /// # fn main() {
    /// # assert_eq!(fuelbox_guest::mock::Host::new().run(execute).status, Some(0));
    /// # }
    /// ```
    pub fn status(&self) -> i32 {
        self.status
    }
}

// A failure has no `Display`, or this would clash with the conversion of a type to itself.
impl<E: fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        fail(1, error)
    }
}
