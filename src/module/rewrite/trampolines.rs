//! Functions of ours that call imported functions, in modules with tail calls.
//!
//! wasmi 2.0.0 puts the results of a host function that is resumed into the wrong place, where the guest called it in
//! tail position (docs/engine.md). So in a module with tail calls no imported function is called there: each has a
//! trampoline, which calls it as usual and returns. Whatever leads to a tail call leads to the trampoline instead:
//! `return_call`, references in code, in globals and in element segments, and exports, which declare references.

use super::Failure;
use crate::module::{
    opcode::{CALL, END, LOCAL_GET, REF_FUNC, RETURN_CALL},
    outline::Outline,
    section::{self, Section},
};
use alloc::vec::Vec;
use core::ops::Range;
use wasmparser::{
    BinaryReader, BinaryReaderError, ConstExpr, ElementItems, ElementSectionReader, ExternalKind,
    GlobalSectionReader, ImportSectionReader, Operator, TypeRef,
};

/// The trampolines of a module, one for each imported function; none where there are no tail calls.
pub(super) struct Trampolines {
    /// How many functions are imported.
    count: u32,
    /// The number of the first one.
    first: u32,
    type_indices: Vec<u8>,
    bodies: Vec<u8>,
}

impl Trampolines {
    /// Those that a module needs, numbered from `first` on.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn of(wasm: &[u8], outline: &Outline, first: u32) -> Result<Self, Failure> {
        let mut trampolines = Self {
            count: 0,
            first,
            type_indices: Vec::new(),
            bodies: Vec::new(),
        };
        if !outline.bodies.have_tail_calls {
            return Ok(trampolines);
        }
        for section in section::sections(wasm) {
            let section = section?;
            if section.id == section::IMPORT {
                trampolines.read(section.content, outline)?;
            }
        }
        Ok(trampolines)
    }

    fn read(&mut self, imports: &[u8], outline: &Outline) -> Result<(), BinaryReaderError> {
        for import in ImportSectionReader::new(BinaryReader::new(imports, 0))? {
            if let TypeRef::Func(type_index) = import?.ty {
                let params = outline.function_type(self.count).params().len();
                write_body(self.count, params, &mut self.bodies);
                section::write_u32(&mut self.type_indices, type_index);
                self.count = self.count.saturating_add(1);
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number of the first function behind them.
    pub(super) fn end(&self) -> u32 {
        self.first.saturating_add(self.count)
    }

    /// The function that references to `function` lead to.
    pub(super) fn instead_of(&self, function: u32) -> u32 {
        if function < self.count {
            self.first.saturating_add(function)
        } else {
            function
        }
    }

    /// The numbers of their types, as entries of a section, and how many.
    pub(super) fn type_indices(&self) -> (u32, &[u8]) {
        (self.count, &self.type_indices)
    }

    /// Their bodies, as entries of a section, and how many.
    pub(super) fn bodies(&self) -> (u32, &[u8]) {
        (self.count, &self.bodies)
    }

    /// What is written in place of `operator`, if it leads to an imported function.
    pub(super) fn redirect_operator(&self, operator: &Operator<'_>) -> Option<Vec<u8>> {
        let (opcode, function) = match *operator {
            Operator::ReturnCall { function_index } => (RETURN_CALL, function_index),
            Operator::RefFunc { function_index } => (REF_FUNC, function_index),
            _ => return None,
        };
        if function >= self.count {
            return None;
        }
        let mut code = Vec::from([opcode]);
        section::write_u32(&mut code, self.instead_of(function));
        Some(code)
    }

    /// The content of a section of globals, exports or element segments that leads to trampolines, if it changes.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn redirect_section(
        &self,
        section: &Section<'_>,
    ) -> Result<Option<Vec<u8>>, BinaryReaderError> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut redirected = Redirected {
            trampolines: self,
            content: section.content,
            copied: 0,
            written: Vec::new(),
        };
        match section.id {
            section::GLOBAL => redirected.globals()?,
            section::EXPORT => redirected.exports()?,
            section::ELEMENT => redirected.elements()?,
            _ => {}
        }
        Ok(redirected.finish())
    }
}

/// A section while it is written with other numbers of functions.
struct Redirected<'a, 't> {
    trampolines: &'t Trampolines,
    content: &'a [u8],
    /// Up to where it is written.
    copied: usize,
    written: Vec<u8>,
}

impl Redirected<'_, '_> {
    fn globals(&mut self) -> Result<(), BinaryReaderError> {
        for global in GlobalSectionReader::new(BinaryReader::new(self.content, 0))? {
            self.constant(&global?.init_expr)?;
        }
        Ok(())
    }

    fn exports(&mut self) -> Result<(), BinaryReaderError> {
        let mut reader = BinaryReader::new(self.content, 0);
        for _ in 0..reader.read_var_u32()? {
            reader.read_string()?;
            let kind = reader.read::<ExternalKind>()?;
            let start = reader.original_position();
            let index = reader.read_var_u32()?;
            if kind == ExternalKind::Func {
                self.number(start..reader.original_position(), index);
            }
        }
        Ok(())
    }

    fn elements(&mut self) -> Result<(), BinaryReaderError> {
        for segment in ElementSectionReader::new(BinaryReader::new(self.content, 0))? {
            match segment?.items {
                ElementItems::Functions(functions) => {
                    for item in functions.into_iter_with_offsets() {
                        let (start, function) = item?;
                        let rest = self.content.get(start..).unwrap_or_default();
                        let mut reader = BinaryReader::new(rest, start);
                        reader.read_var_u32()?;
                        self.number(start..reader.original_position(), function);
                    }
                }
                ElementItems::Expressions(_, constants) => {
                    for constant in constants {
                        self.constant(&constant?)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn constant(&mut self, constant: &ConstExpr<'_>) -> Result<(), BinaryReaderError> {
        const OPCODE_BYTES: usize = 1;

        let mut operators = constant.get_operators_reader();
        while !operators.eof() {
            let start = operators.original_position();
            if let Operator::RefFunc { function_index } = operators.read()? {
                let number = start.saturating_add(OPCODE_BYTES)..operators.original_position();
                self.number(number, function_index);
            }
        }
        Ok(())
    }

    /// Writes up to the number of `function`, which stands at `range`, and that of what it leads to.
    fn number(&mut self, range: Range<usize>, function: u32) {
        let instead = self.trampolines.instead_of(function);
        if instead != function {
            self.copy_to(range.start);
            section::write_u32(&mut self.written, instead);
            self.copied = range.end;
        }
    }

    fn copy_to(&mut self, end: usize) {
        let kept = self.content.get(self.copied..end).unwrap_or_default();
        self.written.extend_from_slice(kept);
        self.copied = end;
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        if self.copied == 0 {
            return None;
        }
        self.copy_to(self.content.len());
        Some(self.written)
    }
}

/// Appends a body that passes its parameters on to `function`.
fn write_body(function: u32, params: usize, bodies: &mut Vec<u8>) {
    const NO_LOCALS: u8 = 0;

    let mut body = Vec::from([NO_LOCALS]);
    for (param, _) in (0..).zip(0..params) {
        body.push(LOCAL_GET);
        section::write_u32(&mut body, param);
    }
    body.push(CALL);
    section::write_u32(&mut body, function);
    body.push(END);
    section::write_len(bodies, &body);
    bodies.extend_from_slice(&body);
}
