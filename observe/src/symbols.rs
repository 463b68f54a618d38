//! All that a module says of its own code.

use crate::{
    begins::begins,
    go::Go,
    lines::{LineRange, Lines},
    names::Names,
    place::{Line, Place},
    source_map::SourceMap,
    text::Text,
};
use std::{collections::BTreeMap, sync::OnceLock};

/// All that a module says of its own code: the names of its functions, and their lines where it carries DWARF or is a
/// program of Go, which carries a table of its own.
///
/// A module that has neither, or whose sections are broken, has fewer or none.
///
/// ```
/// use fuelbox_observe::Symbols;
///
/// let wasm = wat::parse_str("(module (func $parse unreachable))")?;
/// let symbols = Symbols::new(&wasm);
/// assert_eq!(symbols.name(0).as_deref(), Some("parse"));
/// assert_eq!(symbols.place(0, 22).to_string(), "parse at 0x16");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Symbols<'a> {
    wasm: &'a [u8],
    names: Names,
    /// Once they are asked for, which only profiles do.
    begins: OnceLock<BTreeMap<u32, u64>>,
    lines: Lines<'a>,
    go: Option<Go<'a>>,
    text: Option<Text>,
    source_map: Option<SourceMap>,
}

impl<'a> Symbols<'a> {
    /// Those of a module in the binary format.
    #[must_use]
    pub fn new(wasm: &'a [u8]) -> Self {
        Self {
            wasm,
            names: Names::new(wasm),
            begins: OnceLock::new(),
            lines: Lines::new(wasm),
            go: Go::new(wasm),
            text: None,
            source_map: None,
        }
    }

    /// Those of a module that was made from a text, which is called `path` and has the lines.
    ///
    /// ```
    /// use fuelbox_observe::Symbols;
    ///
    /// let text = "(module\n  (func $parse\n    unreachable))";
    /// let wasm = wat::parse_str(text)?;
    /// let symbols = Symbols::of_text("guest.wat", text, &wasm);
    /// assert_eq!(symbols.place(0, 23).to_string(), "parse in guest.wat:3:5 at 0x17");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_text(path: &str, text: &str, wasm: &'a [u8]) -> Self {
        Self {
            text: Some(Text::new(path, text, wasm)),
            ..Self::new(wasm)
        }
    }

    /// The same, with the lines of a source map in place of DWARF: AssemblyScript's compiler writes one with
    /// `--sourceMap`. Of what is no map there are none.
    ///
    /// ```
    /// use fuelbox_observe::Symbols;
    ///
    /// let wasm = wat::parse_str("(module (func $parse unreachable))")?;
    /// let map = r#"{"version": 3, "sources": ["parse.ts"], "mappings": "sBAGE"}"#;
    /// let symbols = Symbols::new(&wasm).with_source_map(map);
    /// assert_eq!(symbols.place(0, 22).to_string(), "parse in parse.ts:4:3 at 0x16");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_source_map(self, json: &str) -> Self {
        Self {
            source_map: Some(SourceMap::new(json)),
            ..self
        }
    }

    /// What a function is called, as it stands in the source: by the module's names, else as it is imported or
    /// exported.
    #[must_use]
    pub fn name(&self, function: u32) -> Option<String> {
        // The section of names has those of Go without what is no letter or digit.
        let name = self.go.as_ref().and_then(|go| go.name(function));
        name.or_else(|| self.names.of(function))
    }

    /// The place in a function at which an operator stands, counted in bytes from the start of the module.
    #[must_use]
    pub fn place(&self, function: u32, offset: u64) -> Place {
        Place {
            function,
            name: self.name(function),
            offset,
            lines: match (&self.text, &self.source_map) {
                (Some(text), _) => text.at(offset).into_iter().collect(),
                (None, Some(map)) => map.at(offset).into_iter().collect(),
                (None, None) => self.own_lines(function, offset),
            },
        }
    }

    /// The place of a function's first operator; none for a function that is imported.
    ///
    /// ```
    /// use fuelbox_observe::Symbols;
    ///
    /// let text = "(module (import \"env\" \"log\" (func))\n  (func $parse\n    unreachable))";
    /// let wasm = wat::parse_str(text)?;
    /// let symbols = Symbols::of_text("guest.wat", text, &wasm);
    /// assert_eq!(symbols.begin(0), None);
    /// let begin = symbols.begin(1).map(|place| place.to_string());
    /// assert_eq!(begin.as_deref(), Some("parse in guest.wat:3:5 at 0x24"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn begin(&self, function: u32) -> Option<Place> {
        let begins = self.begins.get_or_init(|| begins(self.wasm));
        let first = begins.get(&function)?;
        Some(self.place(function, *first))
    }

    /// The lines that the module itself has.
    fn own_lines(&self, function: u32, offset: u64) -> Vec<Line> {
        let lines = self.lines.at(offset);
        match &self.go {
            Some(go) if lines.is_empty() => go.at(function, offset),
            _ => lines,
        }
    }

    /// All stretches of the module's code that have a line, in the order in which they are found.
    pub(crate) fn line_ranges(&self) -> Vec<LineRange> {
        match (&self.text, &self.source_map) {
            (Some(text), _) => text.ranges(),
            (None, Some(map)) => map.ranges(),
            (None, None) => {
                let mut ranges = self.lines.ranges();
                if ranges.is_empty()
                    && let Some(go) = &self.go
                {
                    ranges = go.ranges();
                }
                ranges
            }
        }
    }
}

impl std::fmt::Debug for Symbols<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Symbols").finish_non_exhaustive()
    }
}
