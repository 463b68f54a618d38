//! The location of a fault in an invalid module: the function whose code is at a byte.

use crate::function_name::FunctionName;
use wasmparser::{KnownCustom, Name, NameSectionReader, Parser, Payload, TypeRef};

/// The function whose code has the byte at `offset`, if it is one's.
///
/// Reads as far as the module can be read, once, and keeps nothing but the name that it finds.
pub(super) fn function_at(wasm: &[u8], offset: usize) -> Option<FunctionName> {
    let mut index = 0_u32;
    let mut found = None;
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        match payload {
            Payload::ImportSection(imports) => {
                let imports = imports.into_iter().map_while(Result::ok);
                let functions = imports.filter(|import| matches!(import.ty, TypeRef::Func(_)));
                index = functions.fold(index, |index, _| index.saturating_add(1));
            }
            Payload::CodeSectionEntry(body) => {
                // What is missing at the end of a body is missing right after it.
                if found.is_none() && (body.range().contains(&offset) || body.range().end == offset)
                {
                    found = Some(FunctionName { index, name: None });
                }
                index = index.saturating_add(1);
            }
            Payload::CustomSection(section) => {
                if let (Some(found), KnownCustom::Name(names)) = (&mut found, section.as_known()) {
                    found.name = name(names, found.index).map(Into::into);
                }
            }
            _ => {}
        }
    }
    found
}

/// The name of the function of that index.
fn name(names: NameSectionReader<'_>, index: u32) -> Option<&str> {
    names
        .into_iter()
        .map_while(Result::ok)
        .find_map(|names| match names {
            Name::Function(names) => {
                let mut names = names.into_iter().map_while(Result::ok);
                names
                    .find(|naming| naming.index == index)
                    .map(|naming| naming.name)
            }
            _ => None,
        })
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use crate::{error::Error, module::Module};
    use alloc::{format, string::ToString};

    /// What is wrong with a text once it is a binary, which is all that is looked at.
    fn fault(text: &str) -> Error {
        let wasm = wat::parse_str(text).expect("the text is readable");
        Module::new(wasm).expect_err("it is invalid")
    }

    #[test]
    fn what_is_wrong_in_code_is_told_with_its_function() {
        for (function, name) in [
            ("(func (result i32) (i64.const 1))", "function 2"),
            ("(func $bad (result i32) (i64.const 1))", "function 2 (bad)"),
            ("(func $bad (drop))", "function 2 (bad)"),
            ("(func $bad (result i32))", "function 2 (bad)"),
        ] {
            let error = fault(&format!(
                r#"(module
                    (import "env" "f" (func $imported))
                    (import "env" "g" (global i32))
                    (func $good)
                    {function}
                    (func $after))"#
            ));
            let Error::InvalidModule { function, .. } = &error else {
                panic!("{error:?}");
            };
            let shown = function.as_ref().map(ToString::to_string);
            assert_eq!(shown.as_deref(), Some(name), "{error}");
            assert!(
                error.to_string().ends_with(&format!(", in {name}")),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_wrong_elsewhere_has_no_function() {
        for text in [
            "(module (func) (export \"a\" (func 0)) (export \"a\" (func 0)))",
            "(module (func $good) (data (i32.const 0) \"x\"))",
            "(module (global i32 (i64.const 0)) (func))",
        ] {
            let error = fault(text);
            assert!(
                matches!(error, Error::InvalidModule { function: None, .. }),
                "{error:?}"
            );
        }
    }
}
