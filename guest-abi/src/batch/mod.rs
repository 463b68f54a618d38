//! Record batches: many rows in one run, as columns in Arrow's format.
//!
//! The input and the output of a run are one batch each. How a batch lies in memory is in [`layout`]; host and guest
//! read and write it by the same code.
//!
//! ```
//! use fuelbox_guest::batch::{Batch, BatchError, Columns, NewValues};
//!
//! fn run(batch: Batch<'_>) -> Result<Columns<'_>, BatchError> {
//!     let (price, count) = (batch.named("price")?, batch.named("count")?);
//!     let (prices, counts) = (price.values::<f64>()?, count.values::<i64>()?);
//!     let mut totals = NewValues::<f64>::with_rows(batch.rows());
//!     for row in batch.each_row() {
//!         let total = prices.get(row).zip(counts.get(row));
//!         totals.push(total.map(|(price, count)| price * count as f64));
//!     }
//!     Ok(Columns::new().with("total", totals))
//! }
//! fuelbox_guest::entry!(batch run);
//!
//! # fn main() -> Result<(), BatchError> {
//! use fuelbox_guest::mock;
//!
//! let mut prices = NewValues::<f64>::with_rows(2);
//! prices.push(Some(2.5));
//! prices.push(None);
//! let mut counts = NewValues::<i64>::with_rows(2);
//! counts.push(Some(4));
//! counts.push(Some(1));
//! let input = Columns::new().with("price", prices).with("count", counts);
//!
//! let report = mock::Host::new().input(input.to_vec()?).run(execute);
//! assert_eq!(report.status, Some(0));
//! let reply = Batch::read(&report.output)?;
//! let totals = reply.column(0)?.values::<f64>()?;
//! assert_eq!([totals.get(0), totals.get(1)], [Some(10.0), None]);
//! # Ok(())
//! # }
//! ```
//!
//! The loop over [`Batch::each_row`] notes the row that it is at, where the host sees it. If the guest stops, the
//! error of the host names the row.

mod check;
mod columns;
mod error;
pub mod layout;
mod new_column;
mod read;
pub(crate) mod row;
mod values;

pub use columns::{Buffers, Columns};
pub use error::{BatchError, Fault, Part};
pub use layout::DataType;
pub use new_column::{NewBytes, NewValues};
pub use read::{Batch, Column};
pub use row::{at_row, Rows};
pub use values::{Bits, Bytes, Primitive, Values};
