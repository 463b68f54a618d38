//! What pool and worker say to each other, over one socket.
//!
//! A [`frame`] is a header, a head in JSON and a body of raw bytes. [`message`] says what heads mean, [`trees`] how a
//! body has trees, and [`channel`] sends and receives them, and by [`waking`] it looks again before it
//! sleeps. Each side takes the other for hostile: lengths are bounded before anything is allocated, and whatever is not
//! expected ends the talk. Before any of them, [`descriptors`] go to the worker.

mod channel;
pub(super) mod descriptors;
mod frame;
mod message;
mod message_data;
pub(super) mod trees;
mod waking;

pub(super) use channel::{Channel, ChannelError, Patience};
pub(super) use frame::{Bounds, Malformed};
pub(super) use message::{ToHost, ToWorker, VERSION};
pub(super) use message_data::{CallData, Ending, Progress, Written};
