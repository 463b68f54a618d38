//! Names as they stand in the source, of those that compilers make of them.

use std::fmt::{self, Write};

/// The longest name that is shown, in bytes; the names people write are shorter.
const MOST_BYTES: usize = 1_024;

/// The name as it stands in the source, of a symbol of Rust or C++; others stay as they are. Cut where it is too long.
pub(crate) fn demangle(symbol: &str) -> String {
    let symbol = start_of(symbol);
    if let Ok(name) = rustc_demangle::try_demangle(symbol) {
        // Without the hash, which says nothing.
        return bounded(format_args!("{name:#}"));
    }
    if symbol.starts_with("_Z")
        && let Ok(name) = cpp_demangle::Symbol::new(symbol)
        && let Ok(name) = name.demangle()
    {
        return start_of(&name).to_owned();
    }
    symbol.to_owned()
}

fn bounded(name: fmt::Arguments<'_>) -> String {
    let mut bounded = Bounded(String::new());
    // What does not fit is left out.
    let _ = bounded.write_fmt(name);
    bounded.0
}

/// A text of no more than [`MOST_BYTES`].
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MOST_BYTES.saturating_sub(self.0.len());
        if text.len() > room {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// As much of a text as is shown.
fn start_of(text: &str) -> &str {
    let end = (0..=MOST_BYTES.min(text.len())).rev();
    end.filter_map(|end| text.get(..end))
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rust_and_cpp_are_as_in_the_source() {
        for (symbol, name) in [
            (
                "_ZN4core9panicking5panic17h0123456789abcdefE",
                "core::panicking::panic",
            ),
            (
                "_RNvCskwGfYPst2Cb_3foo16example_function",
                "foo::example_function",
            ),
            ("_ZN5shape6Circle4areaEd", "shape::Circle::area(double)"),
            ("main", "main"),
            ("_Z", "_Z"),
            ("", ""),
        ] {
            assert_eq!(demangle(symbol), name);
        }
    }

    #[test]
    fn long_names_are_cut_and_those_that_grow_are_bounded() {
        assert_eq!(demangle(&"é".repeat(100_000)).len(), MOST_BYTES);
        // Each substitution doubles what comes before.
        let mut symbol = "_Z1fSt4pairI".to_owned();
        symbol.push_str(&"S_S_I".repeat(150));
        assert!(demangle(&symbol).len() <= MOST_BYTES);
        let nested = format!("_Z{}", "N".repeat(1_000));
        assert!(demangle(&nested).len() <= MOST_BYTES);
    }
}
