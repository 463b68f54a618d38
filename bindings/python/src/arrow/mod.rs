//! Record batches: in and out through the C data interface of Arrow, by its PyCapsule interface.
//!
//! In the order data flows: [`c_data`] has the structures of the interface and is the only file of this package with
//! `unsafe`; [`source`] takes what another library offers; [`encode`] makes the guest's input of it; [`function`] calls
//! the guest; [`batch`] is its reply, and offers it to other libraries; [`fault`] is what can be wrong.
//!
//! The structures are written by hand, since they are three and never change. The crates that have them would bring ten
//! more dependencies and a third of the wheel.

mod batch;
mod c_data;
mod encode;
mod fault;
mod function;
mod source;

pub(crate) use batch::Batch;
pub(crate) use function::BatchFunction;
pub(crate) use source::{Source, Stream};
