//! The guard: a panic of the interpreter becomes an error.

use alloc::string::String;

/// Runs `f`; a panic in it comes back as its message.
///
/// A valid module has made the interpreter panic before. Without `std` a panic cannot be caught, and
/// the host's panic handler has the word.
#[cfg(feature = "std")]
#[inline]
pub(crate) fn guard<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    use alloc::string::ToString;

    // Whatever `f` left half done is read for the report and dropped, never run again.
    std::panic::catch_unwind(core::panic::AssertUnwindSafe(f)).map_err(|payload| {
        if let Some(text) = payload.downcast_ref::<&str>() {
            (*text).to_string()
        } else if let Some(text) = payload.downcast_ref::<String>() {
            text.clone()
        } else {
            "a panic without a message".to_string()
        }
    })
}

#[cfg(not(feature = "std"))]
#[inline]
pub(crate) fn guard<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    Ok(f())
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::guard;

    #[test]
    fn a_panic_becomes_its_message() {
        assert_eq!(guard(|| 7), Ok(7));
        assert_eq!(
            guard(|| -> u8 { panic!("no {}", "way") }),
            Err("no way".into())
        );
    }
}
