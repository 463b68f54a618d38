//! What the host gives a run to work on.

use crate::{panics, sys};
#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

/// The run's input. Reading takes nothing away: it can be read again.
///
/// ```
/// use fuelbox_guest::{Failure, Input, Output};
///
/// fn run(input: Input, output: Output) -> Result<(), Failure> {
///     if input.is_empty() {
///         return Ok(());
///     }
///     let mut first = [0; 4];
///     let first = input.read(&mut first);
///     output.write(first);
///     let rest = input.leak(); // without an allocator; with one: input.to_vec()
///     output.write(&rest[first.len()..]);
///     assert_eq!(input.to_vec().len(), input.len());
///     Ok(())
/// }
/// fuelbox_guest::entry!(stream run);
/// # fn main() {
/// # let report = fuelbox_guest::mock::Host::new().input("a text").run(execute);
/// # assert_eq!(report.output, b"a text");
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Input;

impl Input {
    /// Whether there is no execution in it.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        sys::input_len()
    }

    /// Copies the start of the input into `buffer`, as much as fits, and gives back that part of it.
    pub fn read(self, buffer: &mut [u8]) -> &mut [u8] {
        let copied = sys::read_input(buffer);
        match buffer.get_mut(..copied) {
            Some(input) => input,
            None => &mut [],
        }
    }

    /// The whole input, in memory that is the guest's until its end: needs no allocator.
    ///
    /// Takes new memory each time, unless the input is empty. Growing memory is expensive, so small inputs take what is
    /// left of a room of 1,024 bytes or of the pages of an earlier one. Where no memory is left, it logs that and
    /// traps.
    pub fn leak(self) -> &'static mut [u8] {
        sys::leak_input().unwrap_or_else(|| panics::out_of_memory())
    }

    /// The whole input.
    #[cfg(feature = "alloc")]
    pub fn to_vec(self) -> Vec<u8> {
        let mut buffer = vec![0; self.len()];
        sys::read_input(&mut buffer);
        buffer
    }

    /// The whole input, read as JSON.
    ///
    /// ```
    /// use fuelbox_guest::{Failure, Input, Output};
    ///
    /// fn run(input: Input, output: Output) -> Result<(), Failure> {
    ///     let numbers: Vec<u32> = input.json()?;
    ///     output.write_json(&numbers.len())?;
    ///     Ok(())
    /// }
    /// fuelbox_guest::entry!(stream run);
    /// # fn main() {
    /// # let report = fuelbox_guest::mock::Host::new().input("[1, 2]").run(execute);
    /// # assert_eq!(report.output, b"2");
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `serde_json`.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.to_vec())
    }
}
