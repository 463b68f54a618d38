//! What a module calls its functions.

use crate::{demangle::demangle, symbols::Symbols};
use std::collections::BTreeMap;
use wasmparser::{ExternalKind, KnownCustom, Name, NameSectionReader, Parser, Payload, TypeRef};

/// The names of functions, by their numbers.
#[derive(Default)]
pub(crate) struct Names {
    /// Of the section of names.
    named: BTreeMap<u32, String>,
    imported: BTreeMap<u32, String>,
    exported: BTreeMap<u32, String>,
}

impl Names {
    /// Those of a module, as far as it can be read.
    pub(crate) fn new(wasm: &[u8]) -> Self {
        let mut names = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let Ok(payload) = payload else { break };
            names.take(payload);
        }
        names
    }

    /// What the function is called: in the module's own words, else as it is imported or exported.
    pub(crate) fn of(&self, function: u32) -> Option<String> {
        let ours = [&self.named, &self.imported, &self.exported];
        let mut names = ours.into_iter().filter_map(|names| names.get(&function));
        names.next().map(|name| demangle(name))
    }

    fn take(&mut self, payload: Payload<'_>) {
        match payload {
            Payload::ImportSection(imports) => {
                let functions = imports
                    .into_iter()
                    .map_while(Result::ok)
                    .filter(|import| matches!(import.ty, TypeRef::Func(_)));
                for (number, import) in (0..).zip(functions) {
                    let name = format!("{}.{}", import.module, import.name);
                    self.imported.insert(number, name);
                }
            }
            Payload::ExportSection(exports) => {
                let exports = exports.into_iter().map_while(Result::ok);
                for export in exports.filter(|export| export.kind == ExternalKind::Func) {
                    let name = self.exported.entry(export.index);
                    name.or_insert_with(|| export.name.to_owned());
                }
            }
            Payload::CustomSection(custom) => {
                if let KnownCustom::Name(names) = custom.as_known() {
                    self.take_names(names);
                }
            }
            _ => {}
        }
    }

    fn take_names(&mut self, names: NameSectionReader<'_>) {
        for name in names.into_iter().map_while(Result::ok) {
            let Name::Function(functions) = name else {
                continue;
            };
            for naming in functions.into_iter().map_while(Result::ok) {
                self.named.insert(naming.index, naming.name.to_owned());
            }
        }
    }
}

/// What a function is called in every form: harmless, and on one line.
pub(crate) fn shown(function: u32, symbols: &Symbols<'_>) -> String {
    /// How many characters of it.
    const MOST_CHARS: usize = 200;

    let Some(name) = symbols.name(function) else {
        return format!("function {function}");
    };
    let shown = name.chars().take(MOST_CHARS).map(|c| match c {
        ';' => ':',
        c => harmless(c),
    });
    shown.collect()
}

/// A character as it is shown: what drives a terminal, or turns the direction of a text, is a question mark.
pub(crate) fn harmless(c: char) -> char {
    let is_shown = matches!(c, '\'' | '"' | '\\') || c.escape_debug().count() == 1;
    if is_shown { c } else { '?' }
}
