//! What the host calls, and how what the guest returns becomes a status.

#[cfg(feature = "alloc")]
use crate::batch::{row, Batch, Columns};
use crate::{Failure, Input, Output};

/// Exports `execute`, which the host calls, and `fuelbox_abi_version`.
///
/// | form | `run` is |
/// | --- | --- |
/// | `entry!(run)` | `fn run(input: &[u8]) -> Result<O, E>`, where `O` is a `Vec<u8>`, a `String` or a part of the input |
/// | `entry!(stream run)` | `fn run(input: Input, output: Output) -> Result<(), E>`, which reads and writes on its own |
/// | `entry!(json run)` | `fn run(input: I) -> Result<O, E>` with types that `serde` knows; feature `json` |
/// | `entry!(batch run)` | `fn run(batch: Batch<'_>) -> Result<Columns<'_>, E>`, see [`batch`](crate::batch); feature `alloc` |
///
/// `E` is any error that can be shown, or [`Failure`]: it is logged, and the status is not 0. A panic
/// is logged, too; then the guest traps.
///
/// ```
/// use fuelbox_guest::{entry, Failure, Input, Output};
/// use std::fmt::Write;
///
/// fn count_down(input: Input, mut output: Output) -> Result<(), Failure> {
///     for number in (1..=input.len()).rev() {
///         write!(output, "{number} ")?;
///     }
///     Ok(())
/// }
/// entry!(stream count_down);
/// # fn main() {
/// # let report = fuelbox_guest::mock::Host::new().input("abc").run(execute);
/// # assert_eq!(report.output, b"3 2 1 ");
/// # }
/// ```
#[macro_export]
macro_rules! entry {
    (@export $form:ident $run:path) => {
        /// The entry of the guest, for the host to call.
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn execute(_: i32, _: i32) -> i32 {
            $crate::entry::$form($run)
        }

        /// The version of the protocol that the guest was built for.
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn fuelbox_abi_version() -> i32 {
            $crate::protocol::ABI_VERSION
        }

        /// The entry of the guest, for the mock host to call: a panic may pass through it.
        #[cfg(not(target_arch = "wasm32"))]
        pub fn execute(_: i32, _: i32) -> i32 {
            $crate::entry::$form($run)
        }
    };
    (stream $run:path) => {
        $crate::entry!(@export stream $run);
    };
    (batch $run:path) => {
        $crate::entry!(@export batch $run);

        /// Where the host finds the row that the guest is at.
        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn fuelbox_batch_row() -> usize {
            $crate::entry::row_address()
        }
    };
    (json $run:path) => {
        $crate::entry!(@export json $run);
    };
    ($run:path) => {
        $crate::entry!(@export bytes $run);
    };
}

/// Runs `entry!(run)`.
pub fn bytes<O, E>(run: impl FnOnce(&'static [u8]) -> Result<O, E>) -> i32
where
    O: AsRef<[u8]>,
    E: Into<Failure>,
{
    stream(|input, output| run(input.leak()).map(|bytes| output.write(bytes.as_ref())))
}

/// Runs `entry!(json run)`.
#[cfg(feature = "json")]
pub fn json<I, O, E>(run: impl FnOnce(I) -> Result<O, E>) -> i32
where
    I: serde::de::DeserializeOwned,
    O: serde::Serialize,
    E: Into<Failure>,
{
    stream(|input, output| {
        let result = run(input.json()?).map_err(Into::into)?;
        Ok::<_, Failure>(output.write_json(&result)?)
    })
}

/// Runs `entry!(batch run)`.
///
/// The input is freed at the end, so that an instance can be called for any number of batches.
#[cfg(feature = "alloc")]
pub fn batch<E: Into<Failure>>(
    run: impl for<'a> FnOnce(Batch<'a>) -> Result<Columns<'a>, E>,
) -> i32 {
    row::at_none();
    let status = stream(|input, output| {
        let bytes = input.to_vec();
        let columns = run(Batch::read(&bytes)?).map_err(Into::into)?;
        Ok::<_, Failure>(columns.write(output)?)
    });
    if status == 0 {
        row::at_none();
    }
    status
}

/// Where the row is that a guest of `entry!(batch run)` is at.
#[cfg(feature = "alloc")]
pub fn row_address() -> usize {
    row::address()
}

/// Runs `entry!(stream run)`.
pub fn stream<E: Into<Failure>>(run: impl FnOnce(Input, Output) -> Result<(), E>) -> i32 {
    #[cfg(all(feature = "std", target_arch = "wasm32"))]
    std::panic::set_hook(alloc::boxed::Box::new(|panic| crate::panics::log(panic)));
    match run(Input, Output) {
        Ok(()) => 0,
        Err(error) => error.into().status(),
    }
}
