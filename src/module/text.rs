//! The text format: from text to a binary module, and where the text is wrong.

use crate::{error::Error, proposal::Proposal};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use wasmparser::{Parser, Payload};
use wast::{
    Wat,
    core::{Expression, Func, FuncKind, ModuleField, ModuleKind},
    lexer::{Lexer, Token, TokenKind},
    parser::{self, ParseBuffer},
};

/// Makes a binary module of a text.
///
/// # Errors
/// [`Error::InvalidText`]; [`Error::Proposal`] for a component.
pub(super) fn assemble(text: &str) -> Result<Vec<u8>, Error> {
    // Where the parser is built with components it nests them on the native stack.
    if words(text).take(2).eq(["(", "component"]) {
        let proposal = Proposal::ComponentModel;
        return Err(Error::Proposal { proposal });
    }
    wat::parse_str(text).map_err(|error| {
        // What is wrong and where; the lines after that draw it.
        let shown = error.to_string();
        let mut lines = shown.lines().map(str::trim);
        let what = lines.next().unwrap_or_default();
        let place = lines.next().and_then(|place| place.rsplit_once("<anon>:"));
        let message = match place.and_then(|(_, place)| place.split_once(':')) {
            Some((line, column)) => {
                let function =
                    offset(text, line, column).and_then(|offset| enclosing(text, offset));
                let function = function
                    .map(|name| format!(", in {name}"))
                    .unwrap_or_default();
                format!("{what} at line {line} column {column}{function}")
            }
            None => what.to_string(),
        };
        Error::InvalidText { message }
    })
}

/// The byte of the text at a line and a column, both counted from 1.
fn offset(text: &str, line: &str, column: &str) -> Option<usize> {
    let before = line.parse::<usize>().ok()?.checked_sub(1)?;
    let lines = text.split_inclusive('\n').take(before).map(str::len);
    let column = column.parse::<usize>().ok()?.checked_sub(1)?;
    lines.sum::<usize>().checked_add(column)
}

/// The tokens of a text that mean something, up to the first error.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let (lexer, mut at) = (Lexer::new(text), 0);
    let tokens = core::iter::from_fn(move || lexer.parse(&mut at).ok().flatten());
    tokens.filter(|token| {
        use TokenKind::{BlockComment, LineComment, Whitespace};
        !matches!(token.kind, BlockComment | LineComment | Whitespace)
    })
}

/// The same, as they are written.
fn words(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).map(|token| token.src(text))
}

/// The function that the byte at `offset` lies in, in a text that need not be whole.
fn enclosing(text: &str, offset: usize) -> Option<String> {
    let (mut depth, mut depth_of_fields) = (0_usize, 1);
    let mut function = None;
    let mut last = None;
    for token in tokens(text).take_while(|token| token.offset <= offset) {
        let word = token.src(text);
        match (token.kind, last) {
            (TokenKind::LParen, _) => depth = depth.saturating_add(1),
            (TokenKind::RParen, _) if token.offset < offset => {
                function = function.filter(|_| depth > depth_of_fields);
                depth = depth.saturating_sub(1);
            }
            (TokenKind::Keyword, Some("(")) if word == "module" && depth == 1 => {
                depth_of_fields = 2;
            }
            (TokenKind::Keyword, Some("(")) if word == "func" && depth == depth_of_fields => {
                function = Some(NAMELESS.to_string());
            }
            (TokenKind::Id, Some("func")) if depth == depth_of_fields => {
                function = Some(format!("function {word}"));
            }
            _ => {}
        }
        last = Some(word);
    }
    function
}

/// An error of the binary that `text` became, as one of the text: nobody has the binary.
///
/// Where it lies in a function, the function and the instruction are named.
pub(super) fn in_text(error: Error, text: &str, wasm: &[u8]) -> Error {
    let Error::InvalidModule {
        offset, message, ..
    } = error
    else {
        return error;
    };
    let place = usize::try_from(offset)
        .ok()
        .and_then(|offset| instruction(wasm, offset))
        .and_then(|(function, instruction)| place(text, function, instruction));
    let message = match place {
        Some(place) => format!("{message} {place}"),
        None => message,
    };
    Error::InvalidText { message }
}

/// The function of the module's own, by its place in the code section, and the instruction that lie at `offset`.
fn instruction(wasm: &[u8], offset: usize) -> Option<(usize, usize)> {
    let mut functions = 0_usize;
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.ok()? else {
            continue;
        };
        if body.range().contains(&offset) {
            let operators = body.get_operators_reader().ok()?.into_iter_with_offsets();
            let before = operators
                .map_while(Result::ok)
                .take_while(|(_, at)| *at <= offset)
                .count();
            return Some((functions, before.saturating_sub(1)));
        }
        functions = functions.saturating_add(1);
    }
    None
}

/// Where the text has an instruction of a function.
fn place(text: &str, function: usize, instruction: usize) -> Option<String> {
    let mut buffer = ParseBuffer::new(text).ok()?;
    buffer.track_instr_spans(true);
    let mut wat: Wat<'_> = parser::parse(&buffer).ok()?;
    // What is short for something else becomes that, so that functions stand as in the binary.
    wat.encode().ok()?;
    let Wat::Module(module) = &wat else {
        return None;
    };
    let ModuleKind::Text(fields) = &module.kind else {
        return None;
    };
    let (function, body) = fields.iter().filter_map(own).nth(function)?;
    let spans = body.instr_spans.as_deref().unwrap_or_default();
    // The end of a function has no word of its own.
    let span = spans.get(instruction).or(spans.last());
    let (line, column) = span.copied().unwrap_or(function.span).linecol_in(text);
    let place = format!(
        "at line {} column {}",
        line.saturating_add(1),
        column.saturating_add(1)
    );
    Some(match function.id {
        Some(id) if id.name() != GENERATED => format!("{place}, in function ${}", id.name()),
        _ => format!("{place}, in {NAMELESS}"),
    })
}

/// What a function is called in an error that has no name of its own.
const NAMELESS: &str = "a function without a name";

/// The name that the parser gives to what has none.
const GENERATED: &str = "gensym";

/// A function of the module's own, with its body.
fn own<'a, 'b>(field: &'b ModuleField<'a>) -> Option<(&'b Func<'a>, &'b Expression<'a>)> {
    match field {
        ModuleField::Func(function) => match &function.kind {
            FuncKind::Inline { expression, .. } => Some((function, expression)),
            FuncKind::Import(..) => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::Module;

    fn message(text: &str) -> String {
        let error = Module::from_wat(text).expect_err("it is invalid");
        assert_eq!(error.code(), "invalid-text");
        error.to_string()
    }

    #[test]
    fn an_error_of_the_binary_is_told_by_the_text() {
        let text = "(module
            (import \"env\" \"f\" (func))
            (func $good (result i32) i32.const 1)
            (func $bad (param i32) (result i32)
                (drop (local.get 0))
                (i32.add (i32.const 1)
                    (i64.const 2))))";
        let message = message(text);
        assert!(message.contains("type mismatch"), "{message}");
        assert!(
            message.ends_with("at line 6 column 18, in function $bad"),
            "{message}"
        );
    }

    #[test]
    fn a_function_without_a_name_is_none() {
        let message = message("(module (func (result i32)))");
        assert!(
            message.ends_with("at line 1 column 10, in a function without a name"),
            "{message}"
        );
    }

    #[test]
    fn an_error_outside_of_functions_has_no_offset_that_nobody_could_find() {
        let message =
            message("(module (func $f) (export \"a\" (func $f)) (export \"a\" (func $f)))");
        assert!(message.contains("duplicate export"), "{message}");
        assert!(!message.contains("byte"), "{message}");
    }

    #[test]
    fn a_component_is_told_to_be_one() {
        for text in [
            "(component)",
            "(; a ;) ( component $c (core module))",
            "(component(",
        ] {
            let error = Module::from_wat(text).expect_err("it is refused");
            let proposal = Proposal::ComponentModel;
            assert_eq!(error, Error::Proposal { proposal }, "{text}");
        }
        assert!(message("component").contains("expected"));
    }

    #[test]
    fn an_error_of_the_text_has_its_line() {
        assert!(message("(module\n  (func").contains("at line 2 column"));
        let message = message("(module\n  (func call $none))");
        assert!(
            message.contains("$none") && message.contains("at line 2 column 14"),
            "{message}"
        );
    }

    #[test]
    fn an_error_of_the_text_has_its_function() {
        for (fields, place) in [
            ("(func $bad call $none)", ", in function $bad"),
            ("(func call $none)", ", in a function without a name"),
            (
                "(func $a) ;; (func $b\n (func $bad (block (nop) (br $none)))",
                ", in function $bad",
            ),
            ("(func $bad (param i3))", ", in function $bad"),
            ("(func $bad nope)", ", in function $bad"),
            ("(func $bad i32.const )", ", in function $bad"),
            ("(func $bad) (func $bad)", ", in function $bad"),
            ("(func $bad (i32.const 1", ", in function $bad"),
            ("(func $a) (export \"a\" (func $none))", ""),
            ("(func $a) (global i32 (global.get $none))", ""),
            ("(import \"a\" \"b\" (func $a (type $none)))", ""),
            ("(func $a) )", ""),
        ] {
            let has_module = message(&format!("(module {fields})"));
            let has_none = message(fields);
            for message in [has_module, has_none] {
                let (_, behind) = message.rsplit_once(" column ").expect("it has a column");
                let behind = behind.trim_start_matches(|c: char| c.is_ascii_digit());
                assert_eq!(behind, place, "{fields}: {message}");
            }
        }
    }
}
