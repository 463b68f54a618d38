//! What is written to buffers of the caller.

use crate::{
    boundary::Out,
    status::{Failure, Status},
};

/// Writes `items` to a buffer with room for `cap` of them; `len` says how many there are, also where they do not fit.
pub(crate) fn fill<T: Copy>(
    (buf, cap, len): (&Out<T>, usize, &Out<usize>),
    items: &[T],
) -> Result<(), Failure> {
    len.required()?;
    if items.len() > cap {
        len.set(items.len());
        return Err(Status::BUFFER_TOO_SMALL.into());
    }
    buf.copy(items)?;
    len.set(items.len());
    Ok(())
}

/// The same for text.
pub(crate) fn text(buffer: (&Out<u8>, usize, &Out<usize>), text: &str) -> Result<(), Failure> {
    fill(buffer, text.as_bytes())
}
