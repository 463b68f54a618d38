//! Foreign bytes: what was probably handed in where a module was expected.

use crate::{error::Error, proposal::Proposal};

/// Tells modules of WebAssembly from what is handed in by mistake.
pub(super) fn recognise(wasm: &[u8]) -> Result<(), Error> {
    const MAGIC: &[u8] = b"\0asm";
    /// Version and layer of a component.
    const COMPONENT: &[u8] = &[0x0d, 0, 1, 0];

    match wasm.strip_prefix(MAGIC) {
        Some(rest) if rest.starts_with(COMPONENT) => Err(Error::Proposal {
            proposal: Proposal::ComponentModel,
        }),
        Some(_) => Ok(()),
        None if wasm.trim_ascii_start().starts_with(b"(")
            || wasm.trim_ascii_start().starts_with(b";;") =>
        {
            Err(Error::TextModule)
        }
        // What breaks off before its first words are over is left to the parser.
        None if !wasm.is_empty() && MAGIC.starts_with(wasm) => Ok(()),
        None => Err(Error::InvalidModule {
            offset: 0,
            message: likeness(wasm)
                .unwrap_or("it does not begin as WebAssembly does")
                .into(),
            function: None,
        }),
    }
}

/// Says what bytes look like that do not begin as a module of WebAssembly does, if they are known.
fn likeness(bytes: &[u8]) -> Option<&'static str> {
    if bytes.is_empty() {
        return Some("the file is empty");
    }
    let text = bytes.trim_ascii_start();
    let begins = |start: &[u8]| {
        text.get(..start.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(start))
    };
    if let Some((_, likeness)) = STARTS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(likeness);
    }
    let words = TEXTS.iter().find(|(start, _)| begins(start));
    words.map(|(_, likeness)| *likeness)
}

/// First bytes, and what has them. Longer ones stand before those that begin them.
const STARTS: [(&[u8], &str); 17] = [
    (
        b"\x7fELF",
        "it looks like ELF: a native program or library, or a module that another engine has compiled",
    ),
    (b"\xcf\xfa\xed\xfe", MACH_O),
    (b"\xce\xfa\xed\xfe", MACH_O),
    (
        b"\xca\xfe\xba\xbe",
        "it looks like a Java class, or a native program of macOS for several processors",
    ),
    (b"MZ", "it looks like a native program of Windows"),
    (b"\x1f\x8b", "it looks like gzip: unpack it first"),
    (
        b"\x28\xb5\x2f\xfd",
        "it looks like Zstandard: unpack it first",
    ),
    (b"\xfd7zXZ\0", "it looks like xz: unpack it first"),
    (b"BZh", "it looks like bzip2: unpack it first"),
    (
        b"PK\x03\x04",
        "it looks like a zip archive: unpack it first",
    ),
    (
        b"!<arch>",
        "it looks like a static library: link it to a module first",
    ),
    (
        b"BC\xc0\xde",
        "it looks like LLVM bitcode: link it to a module first",
    ),
    (b"%PDF", "it looks like PDF"),
    (b"\x89PNG", "it looks like an image"),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"\xef\xbb\xbf", "it looks like text with a byte order mark"),
];

/// First words, whatever their case, after white space.
const TEXTS: [(&[u8], &str); 6] = [
    (b"<!doctype html", HTML),
    (b"<html", HTML),
    (b"<", "it looks like XML or HTML"),
    (
        b"version https://git-lfs",
        "it is only a pointer of Git LFS: run `git lfs pull`",
    ),
    (b"#!", "it looks like a script"),
    (b"{", "it looks like JSON"),
];

const MACH_O: &str = "it looks like Mach-O: a native program or library of macOS or iOS";
const UTF_16: &str = "it looks like text in UTF-16";
const HTML: &str = "it looks like HTML: perhaps a page in place of a download";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_in_by_mistake_is_named() {
        for (bytes, name) in [
            (&b""[..], "empty"),
            (b"\x7fELF\x02\x01", "ELF"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"PK\x03\x04", "zip"),
            (b"\n <!DOCTYPE HTML>", "HTML"),
            (b"<svg>", "XML"),
            (b"!<arch>\n", "static library"),
            (b"#!/bin/sh", "script"),
            (b" {\"a\":1}", "JSON"),
            (b"\xff\xfe(\0", "UTF-16"),
        ] {
            let likeness = likeness(bytes).unwrap_or_default();
            assert!(likeness.contains(name), "{bytes:?}: {likeness}");
        }
    }

    #[test]
    fn what_nobody_knows_is_not_guessed() {
        for bytes in [&b"\xff\xff\xff"[..], b"hello", b"\0", b"\x7f"] {
            assert_eq!(likeness(bytes), None, "{bytes:?}");
        }
    }
}
