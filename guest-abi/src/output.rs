//! What a run gives back.

use crate::sys;
use core::fmt;

/// The run's output. What is written is appended.
///
/// Each write is a call of the host, so that a few large ones are cheaper than many small ones. More
/// than the host's limit stops the run; what fitted stays.
///
/// ```
/// use core::fmt::Write;
/// use fuelbox_guest::{Failure, Input, Output};
///
/// fn run(input: Input, mut output: Output) -> Result<(), Failure> {
///     output.write(b"length: ");
///     write!(output, "{}", input.len())?;
///     Ok(())
/// }
/// fuelbox_guest::entry!(stream run);
/// # fn main() {
/// # let report = fuelbox_guest::mock::Host::new().input("a text").run(execute);
/// # assert_eq!(report.output, b"length: 6");
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Output;

impl Output {
    /// Appends `bytes`.
    pub fn write(self, bytes: &[u8]) {
        sys::write_output(bytes);
    }

    /// Appends `value` as JSON.
    ///
    /// ```
    /// use fuelbox_guest::{Failure, Input, Output};
    ///
    /// fn run(_: Input, output: Output) -> Result<(), Failure> {
    ///     output.write_json(&["a", "list"])?;
    ///     Ok(())
    /// }
    /// fuelbox_guest::entry!(stream run);
    /// # fn main() {
    /// # assert_eq!(fuelbox_guest::mock::Host::new().run(execute).output, br#"["a","list"]"#);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `serde_json`; nothing is written then.
    #[cfg(feature = "json")]
    pub fn write_json<T: serde::Serialize + ?Sized>(
        self,
        value: &T,
    ) -> Result<(), serde_json::Error> {
        serde_json::to_vec(value).map(|bytes| self.write(&bytes))
    }
}

impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}

#[cfg(feature = "std")]
impl std::io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        (*self).write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
