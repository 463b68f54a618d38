//! The format of pprof: a message of protocol buffers, which its tools read as it is.

use super::Profile;
use std::collections::BTreeMap;

impl Profile {
    /// The profile for pprof, not compressed; bounded as [`folded`](Self::folded) is.
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
            location.number(1, *number).message(4, &line);
            named.number(1, *number).number(2, name).number(3, name);
            profile.message(4, &location).message(5, &named);
        }
        for string in strings.all {
            profile.bytes(6, string.as_bytes());
        }
        profile.0
    }
}

/// The table of strings, of which the first is empty.
struct Strings {
    all: Vec<String>,
}

impl Default for Strings {
    fn default() -> Self {
        Self {
            all: vec![String::new()],
        }
    }
}

impl Strings {
    /// Adds a string; returns its number.
    fn number(&mut self, string: &str) -> u64 {
        self.all.push(string.to_owned());
        u64::try_from(self.all.len().saturating_sub(1)).unwrap_or(u64::MAX)
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
    use super::super::tests::profile;

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
}
