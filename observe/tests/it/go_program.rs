//! A module as Go's linker makes them, with a table of its functions for Go's own traces.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "all of its numbers are small"
)]

use std::fmt::Write;

/// What versions of Go have in different places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// How far the places of functions are shifted.
    pub(super) place_bits: u32,
    /// Which word of the record has the place of inlined functions; that before it, what is only read.
    pub(super) inlined_word: usize,
}

pub(super) const GO_1_21: Version = Version {
    place_bits: 16,
    inlined_word: 40,
};
pub(super) const GO_1_26: Version = Version {
    place_bits: 0,
    inlined_word: 40,
};
pub(super) const GO_1_27: Version = Version {
    place_bits: 0,
    inlined_word: 43,
};

/// The value of the first function.
const FIRST_VALUE: u64 = 0x1000;

/// Where in memory the parts of the table are; that of its header ends in a zero.
pub(super) const HEADER: usize = 0x700;
const NAMES: usize = 0x760;
const UNITS: usize = 0x7a0;
const FILES: usize = 0x7c0;
const VALUES: usize = 0x7e0;
pub(super) const FUNCTIONS: usize = 0x860;
pub(super) const INLINED: usize = 0x960;
pub(super) const RECORD: usize = 0x9a0;
const END: usize = RECORD + 8 * 50;

/// The functions `main.first` and `main.run`, the latter of three blocks: one up to a call, one inlined, and the last.
pub(super) fn module(version: Version) -> Vec<u8> {
    changed(version, |_| {}, "")
}

/// The same with other bytes in its memory, and further segments as text.
pub(super) fn changed(version: Version, change: impl FnOnce(&mut [u8]), further: &str) -> Vec<u8> {
    let mut data = further.to_owned();
    let mut memory = memory(version);
    change(&mut memory);
    for (at, bytes) in segments(&memory) {
        write!(data, "(data (i32.const {at}) \"").expect("a String takes everything");
        for byte in bytes {
            write!(data, "\\{byte:02x}").expect("a String takes everything");
        }
        data.push_str("\")\n");
    }
    let behind_call = (FIRST_VALUE + 1) << 16 | 2;
    let text = format!(
        r#"(module
        (import "host" "wait" (func (param i32) (result i32)))
        (memory 1)
        (global $sp (mut i32) (i32.const 8))
        (func $first (param i32) (result i32) (i32.const 0))
        (func $run (export "run") (param $block i32) (result i32) (local i32)
            (local.set 1 (global.get $sp))
            block $unwind
            loop $entry
            block block block
                local.get $block
                br_table 0 0 1 2
            end
                (drop (f32.const 1))
                local.get 1
                i64.const {behind_call}
                i64.store
                i32.const 0
                call $first
                br_if $unwind
            end
                (drop (f32.const 2))
            end
                (drop (f32.const 3))
                nop
                (drop (f32.const 4))
                nop
                (drop (f32.const 5))
                (if (f32.eq (f32.const 6) (f32.const 7)) (then (br $entry)))
            end
            unreachable
            end
            i32.const 1)
        {data})"#
    );
    wat::parse_str(text).expect("the text is valid")
}

/// Stretches of bytes as Go's linker writes them: long runs of zeros are left out.
fn segments(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut segments: Vec<(usize, &[u8])> = Vec::new();
    let used = bytes.iter().enumerate().filter(|(_, byte)| **byte != 0);
    for (at, _) in used {
        match segments.last_mut() {
            Some((start, segment)) if at < *start + segment.len() + 8 => {
                *segment = &bytes[*start..=at];
            }
            _ => segments.push((at, &bytes[at..=at])),
        }
    }
    segments
}

fn memory(version: Version) -> Vec<u8> {
    let mut memory = vec![0; END];
    let mut put = |at: usize, bytes: &[u8]| memory[at..at + bytes.len()].copy_from_slice(bytes);
    let names = b"\0main.first\0main.run\0main.helper\0";
    let files = b"/src/a.go\0/src/b.go\0";
    let units = [0_u32, 10].map(u32::to_le_bytes).concat();

    // Values by count: file 0 but for what is inlined, lines, and which function is inlined.
    let file_steps = steps(&[(0, 2), (1, 1), (0, 3)]);
    let line_steps = steps(&[(10, 1), (11, 1), (20, 1), (30, 1), (31, 1), (32, 1)]);
    let inlined_steps = steps(&[(-1, 2), (0, 1), (-1, 3)]);
    let first_steps = steps(&[(3, 1)]);
    let first_file = steps(&[(0, 1)]);
    let mut values = vec![0];
    let mut place = |steps: &[u8]| {
        let at = u32::try_from(values.len()).expect("it is small");
        values.extend(steps);
        at
    };
    let run = [&file_steps, &line_steps, &inlined_steps].map(|steps| place(steps));
    let first = [&first_file, &first_steps].map(|steps| place(steps));
    let always_inlined = place(&steps(&[(0, 1)]));

    // The index of functions, then the record of each.
    let (first_at, run_at) = (24, 96);
    let second = 1 << version.place_bits;
    let index = [0, first_at, second, run_at, second + 1, 0];
    let parts = [0, 0, 0, 8];
    let first = [0, 1, 0, 0, 0, first[0], first[1], 2, 0, 1, 4 << 24, 0, 0];
    // Nothing is inlined into the first function, whatever its parts look like.
    let first_parts = [always_inlined, 0, 0, 8];
    let run = [
        second,
        12,
        0,
        0,
        0,
        run[0],
        run[1],
        3,
        0,
        8,
        4 << 24,
        0,
        0,
        run[2],
    ];
    put(FUNCTIONS, &words(&index));
    put(FUNCTIONS + 24, &words(&[&first[..], &first_parts].concat()));
    put(FUNCTIONS + 96, &words(&[&run[..], &parts].concat()));

    // Behind another, a function whose name is at 21 and that was called at count 1.
    put(INLINED + 8, &words(&[0, 21, 1, 5]));
    put(NAMES, names);
    put(UNITS, &units);
    put(FILES, files);
    put(VALUES, &values);
    put_headers(version, values.len(), put);
    memory
}

/// The header of the table, and the record of its parts.
fn put_headers(version: Version, values: usize, mut put: impl FnMut(usize, &[u8])) {
    put(HEADER, &[0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8]);
    let mut word = |at: usize, word: usize| put(at, &word.to_le_bytes());
    word(HEADER + 8, 2);
    word(HEADER + 16, 2);
    for (number, part) in [NAMES, UNITS, FILES, VALUES, FUNCTIONS]
        .into_iter()
        .enumerate()
    {
        word(HEADER + 32 + 8 * number, part - HEADER);
    }
    word(RECORD, HEADER);
    let parts = [
        (NAMES, 33),
        (UNITS, 2),
        (FILES, 20),
        (VALUES, values),
        (FUNCTIONS, INLINED - FUNCTIONS),
        (FUNCTIONS, 3),
    ];
    for (number, (at, len)) in parts.into_iter().enumerate() {
        word(RECORD + 8 + 24 * number, at);
        word(RECORD + 16 + 24 * number, len);
        word(RECORD + 24 + 24 * number, len);
    }
    let first = usize::try_from(FIRST_VALUE << 16).expect("it is small");
    word(RECORD + 8 * 22, first);
    // The end of types, and where in them a part begins: no addresses of what is only read.
    word(RECORD + 8 * 39, INLINED);
    word(RECORD + 8 * 40, 16);
    word(RECORD + 8 * (version.inlined_word - 1), INLINED);
    word(RECORD + 8 * version.inlined_word, INLINED);
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Values, each with for how many counts it holds.
fn steps(values: &[(i32, u8)]) -> Vec<u8> {
    let (mut steps, mut last) = (Vec::new(), -1);
    for (value, counts) in values {
        let difference = value - last;
        let difference = u8::try_from((difference << 1) ^ (difference >> 31));
        steps.extend([difference.expect("it is small"), *counts]);
        last = *value;
    }
    steps.push(0);
    steps
}
