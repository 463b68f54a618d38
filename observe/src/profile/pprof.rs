//! The format of pprof: a message of protocol buffers, which its tools read as it is.

use super::Profile;
use crate::{names::harmless, place::Line};
use std::collections::BTreeMap;

impl Profile {
    /// The profile for pprof, not compressed; bounded as [`folded`](Self::folded) is.
    ///
    /// A function has the file and the line of its first operator, if the module says so.
    #[must_use]
    pub fn pprof(&self) -> Vec<u8> {
        let mut strings = Strings::default();
        let mut profile = Message::default();
        let fuel = strings.number("fuel");
        let mut kind = Message::default();
        kind.number(1, fuel).number(2, fuel);
        profile.message(1, &kind);
        let mut functions = BTreeMap::new();
        for function in self.names.keys() {
            let number = functions.len().saturating_add(1);
            functions.insert(*function, u64::try_from(number).unwrap_or(u64::MAX));
        }
        for (place, fuel) in self.with_paths() {
            // The innermost first.
            let path = self
                .path(place)
                .map(|node| functions.get(&node.function).copied());
            let path: Vec<_> = path.flatten().collect();
            let mut sample = Message::default();
            sample.numbers(1, &path).numbers(2, &[fuel]);
            profile.message(2, &sample);
        }
        for (function, number) in &functions {
            let name = strings.number(self.names.get(function).map_or("", String::as_str));
            let (mut line, mut location, mut named) =
                (Message::default(), Message::default(), Message::default());
            line.number(1, *number);
            named.number(1, *number).number(2, name).number(3, name);
            if let Some(begin) = function.and_then(|function| self.lines.get(&function)) {
                let number = u64::from(begin.line.unwrap_or(0));
                line.number(2, number);
                named.number(4, strings.file(begin)).number(5, number);
            }
            location.number(1, *number).message(4, &line);
            profile.message(4, &location).message(5, &named);
        }
        for string in strings.all {
            profile.bytes(6, string.as_bytes());
        }
        profile.0
    }
}

/// How many characters of a path are written.
const MOST_PATH_CHARS: usize = 1_000;

/// The table of strings, of which the first is empty.
struct Strings {
    all: Vec<String>,
    files: BTreeMap<String, u64>,
}

impl Default for Strings {
    fn default() -> Self {
        Self {
            all: vec![String::new()],
            files: BTreeMap::new(),
        }
    }
}

impl Strings {
    /// Adds a string; returns its number.
    fn number(&mut self, string: &str) -> u64 {
        self.all.push(string.to_owned());
        u64::try_from(self.all.len().saturating_sub(1)).unwrap_or(u64::MAX)
    }

    /// The number of the path of a line; each path is added once.
    fn file(&mut self, line: &Line) -> u64 {
        let path = line.file.as_deref().unwrap_or_default();
        let path: String = path.chars().take(MOST_PATH_CHARS).map(harmless).collect();
        if let Some(number) = self.files.get(&path) {
            return *number;
        }
        let number = self.number(&path);
        self.files.insert(path, number);
        number
    }
}

/// A message of protocol buffers.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    const NUMBER: u64 = 0;
    const BYTES: u64 = 2;

    fn number(&mut self, field: u64, number: u64) -> &mut Self {
        self.key(field, Self::NUMBER);
        self.varint(number);
        self
    }

    fn numbers(&mut self, field: u64, numbers: &[u64]) -> &mut Self {
        let mut packed = Self::default();
        numbers.iter().for_each(|number| packed.varint(*number));
        self.message(field, &packed)
    }

    fn message(&mut self, field: u64, message: &Self) -> &mut Self {
        self.bytes(field, &message.0)
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) -> &mut Self {
        self.key(field, Self::BYTES);
        self.varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.0.extend_from_slice(bytes);
        self
    }

    fn key(&mut self, field: u64, kind: u64) {
        self.varint(field << 3 | kind);
    }

    fn varint(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                self.0.push(low & 0x7f);
                return;
            }
            self.0.push(low | 0x80);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Node, Profile, tests::profile};
    use crate::Symbols;

    /// The fields of a message: their numbers, and what they hold.
    fn fields(mut bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
        let mut fields = Vec::new();
        let varint = |bytes: &mut &[u8]| {
            let mut number = 0_u64;
            for shift in (0..).step_by(7) {
                let (byte, rest) = bytes.split_first().expect("it goes on");
                *bytes = rest;
                number |= u64::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            number
        };
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let value = varint(&mut bytes);
            if key & 7 == 2 {
                let (taken, rest) = bytes.split_at(usize::try_from(value).expect("it is short"));
                fields.push((key >> 3, taken.to_vec()));
                bytes = rest;
            } else {
                fields.push((key >> 3, value.to_le_bytes().to_vec()));
            }
        }
        fields
    }

    #[test]
    fn samples_have_the_innermost_function_first() {
        let profile = profile(&[(None, 0, 10, 1), (Some(0), 2, 300, 2)]);
        let fields = fields(&profile.pprof());
        let of = |number: u64| fields.iter().filter(move |(field, _)| *field == number);
        let samples: Vec<_> = of(2)
            .map(|(_, sample)| super::tests::fields(sample))
            .collect();
        assert_eq!(samples[0], [(1, vec![1]), (2, vec![10])]);
        assert_eq!(samples[1], [(1, vec![2, 1]), (2, vec![0xac, 0x02])]);
        let strings: Vec<_> = of(6).map(|(_, string)| string.as_slice()).collect();
        assert_eq!(strings, [&b""[..], b"fuel", b"a", b"function 2"]);
        assert_eq!((of(4).count(), of(5).count()), (2, 2));
    }

    #[test]
    fn functions_have_the_lines_that_they_begin_at() {
        let text = "(module\n  (import \"env\" \"log\" (func $log))\n  (func $a\n    nop)\n  (func $b\n    nop))";
        let wasm = wat::parse_str(text).expect("the text is valid");
        let symbols = Symbols::of_text("a\nb.wat", text, &wasm);
        let node = |parent, function| Node {
            parent,
            function,
            fuel: 1,
            calls: 1,
        };
        let nodes = vec![
            node(None, Some(1)),
            node(Some(0), Some(2)),
            node(Some(1), Some(0)),
            node(Some(1), None),
        ];
        let fields = fields(&Profile::new(nodes, &symbols).pprof());
        let of = |number: u64| fields.iter().filter(move |(field, _)| *field == number);
        let strings: Vec<_> = of(6).map(|(_, string)| string.as_slice()).collect();
        let functions: Vec<_> = of(5)
            .map(|(_, function)| {
                let fields = super::tests::fields(function);
                let number = |wanted: u64| {
                    let found = fields.iter().find(|(field, _)| *field == wanted);
                    found.map(|(_, number)| usize::from(number[0]))
                };
                (
                    strings[number(2).expect("it has a name")],
                    number(4).map(|file| strings[file]),
                    number(5),
                )
            })
            .collect();
        let host = (&b"a function of the host"[..], None, None);
        let log = (&b"log"[..], None, None);
        let own = |name: &'static [u8], line| (name, Some(&b"a?b.wat"[..]), Some(line));
        assert_eq!(functions, [host, log, own(b"a", 4), own(b"b", 6)]);
        let lines = of(4).filter(|(_, location)| {
            super::tests::fields(location)
                .iter()
                .any(|(field, line)| *field == 4 && line.len() == 4)
        });
        assert_eq!(lines.count(), 2);
        assert_eq!(
            strings
                .iter()
                .filter(|string| **string == b"a?b.wat")
                .count(),
            1
        );
    }
}
