//! Lines of a module whose compiler writes a source map beside it, as that of AssemblyScript does.
//!
//! All of a module is one line to it, so its columns are places in the bytes.

use crate::{lines::LineRange, place::Line};
use serde_json::Value;
use std::sync::Arc;

/// Where the operators of a module stand in its sources.
pub(crate) struct SourceMap {
    sources: Vec<Arc<str>>,
    /// By place in the module, in their order.
    mappings: Vec<Mapping>,
}

/// From `start` on, up to the next.
struct Mapping {
    start: u64,
    /// None where the code is the compiler's own.
    origin: Option<Origin>,
}

/// A place in a source, from 0.
struct Origin {
    source: usize,
    line: u32,
    column: u32,
}

impl SourceMap {
    /// Reads a map, as far as it can be read.
    pub(crate) fn new(json: &str) -> Self {
        let map: Value = serde_json::from_str(json).unwrap_or_default();
        let sources = map.get("sources").and_then(Value::as_array);
        let sources = sources.into_iter().flatten();
        let mappings = map.get("mappings").and_then(Value::as_str);
        let mut mappings: Vec<_> = Mappings::new(mappings.unwrap_or_default()).collect();
        mappings.sort_by_key(|mapping| mapping.start);
        Self {
            sources: sources
                .map(|source| source.as_str().unwrap_or_default().into())
                .collect(),
            mappings,
        }
    }

    /// The line of a place in the module.
    pub(crate) fn at(&self, offset: u64) -> Option<Line> {
        let behind = self
            .mappings
            .partition_point(|mapping| mapping.start <= offset);
        let origin = self.mappings.get(behind.checked_sub(1)?)?.origin.as_ref()?;
        Some(Line {
            function: None,
            file: Some(self.sources.get(origin.source)?.to_string()),
            line: origin.line.checked_add(1),
            column: origin.column.checked_add(1),
        })
    }

    /// All stretches of code that have a line.
    pub(crate) fn ranges(&self) -> Vec<LineRange> {
        let ends = self.mappings.iter().skip(1).map(|mapping| mapping.start);
        let ranges = self.mappings.iter().zip(ends.chain([u64::MAX]));
        ranges
            .filter_map(|(mapping, end)| {
                let origin = mapping.origin.as_ref()?;
                Some(LineRange {
                    start: mapping.start,
                    end,
                    file: Arc::clone(self.sources.get(origin.source)?),
                    line: origin.line.checked_add(1)?,
                })
            })
            .collect()
    }
}

/// Reads mappings: numbers in base 64, each the difference to the one before in its field.
struct Mappings<'a> {
    segments: std::str::Split<'a, char>,
    fields: [i64; 4],
}

impl<'a> Mappings<'a> {
    /// Those of the first line, which is the whole module.
    fn new(mappings: &'a str) -> Self {
        let line = mappings.split(';').next().unwrap_or_default();
        Self {
            segments: line.split(','),
            fields: [0; 4],
        }
    }
}

impl Iterator for Mappings<'_> {
    type Item = Mapping;

    fn next(&mut self) -> Option<Mapping> {
        let segment = self.segments.next()?;
        let mut differences = Numbers(segment.bytes());
        let mut count = 0_usize;
        for field in &mut self.fields {
            let Some(difference) = differences.next() else {
                break;
            };
            *field = field.checked_add(difference)?;
            count = count.saturating_add(1);
        }
        let [start, source, line, column] = self.fields;
        let origin = || {
            Some(Origin {
                source: usize::try_from(source).ok()?,
                line: u32::try_from(line).ok()?,
                column: u32::try_from(column).ok()?,
            })
        };
        Some(Mapping {
            start: u64::try_from(start).ok()?,
            origin: (count == 4).then(origin).flatten(),
        })
    }
}

/// Numbers of any length: six bits a digit, of which one says whether more follow, and the lowest of all is the sign.
struct Numbers<'a>(std::str::Bytes<'a>);

impl Iterator for Numbers<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        const CONTINUES: u8 = 0x20;

        let (mut number, mut shift) = (0_i64, 0_u32);
        loop {
            let digit = digit(self.0.next()?)?;
            let bits = i64::from(digit & !CONTINUES);
            // What is larger is no place in a file.
            number |= bits.checked_shl(shift).filter(|_| shift < 50)?;
            if digit & CONTINUES == 0 {
                break;
            }
            shift = shift.saturating_add(5);
        }
        let size = number >> 1;
        Some(if number & 1 == 1 {
            size.saturating_neg()
        } else {
            size
        })
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => byte.checked_sub(b'A'),
        b'a'..=b'z' => byte.checked_sub(b'a')?.checked_add(26),
        b'0'..=b'9' => byte.checked_sub(b'0')?.checked_add(52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_the_lines_that_a_map_says() {
        // At 71 line 3, column 10 of the second source; two bytes on column 21; at 80 nothing.
        let map = SourceMap::new(r#"{"sources":["a.ts","b.ts"],"mappings":"uECES,EAAW,O"}"#);
        let shown = |offset| {
            let line = map.at(offset)?;
            Some((line.file?, line.line?, line.column?))
        };
        assert_eq!(shown(70), None);
        assert_eq!(shown(71), Some(("b.ts".to_owned(), 3, 10)));
        assert_eq!(shown(79), Some(("b.ts".to_owned(), 3, 21)));
        assert_eq!(shown(80), None);
        let ranges = map.ranges();
        let ends: Vec<_> = ranges
            .iter()
            .map(|range| (range.start, range.end))
            .collect();
        assert_eq!(ends, [(71, 73), (73, 80)]);
    }

    #[test]
    fn what_is_no_map_has_no_lines() {
        for json in [
            "",
            "[]",
            r#"{"sources":7,"mappings":["A"]}"#,
            r#"{"sources":[],"mappings":"AAAA"}"#,
            r#"{"sources":["a"],"mappings":"AADA,!,gggggggggggggggggggA"}"#,
        ] {
            let map = SourceMap::new(json);
            assert_eq!(map.at(0), None, "{json}");
            assert!(map.ranges().is_empty(), "{json}");
        }
    }
}
