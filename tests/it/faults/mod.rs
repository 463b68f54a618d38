//! What goes wrong around a run stays within its bounds: memory that cannot be allocated, clocks that lie,
//! code of the host that panics, runs that are dropped half way.

mod allocation;
mod clocks;
mod drops;
mod panics;
mod subscriber;
