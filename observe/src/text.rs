//! Lines of a module that was written as text.

use crate::{lines::LineRange, place::Line};
use std::{ops::Range, sync::Arc};
use wasmparser::{Parser, Payload};
use wast::{
    Wat,
    core::{Expression, FuncKind, ModuleField, ModuleKind},
    parser::{self, ParseBuffer},
};

/// The text that a module was made from, and where in it its operators stand.
pub(crate) struct Text {
    path: Arc<str>,
    /// Where each line begins.
    lines: Vec<usize>,
    /// The functions of the module's own.
    functions: Vec<Function>,
}

/// A function: its body in the module, and by operator where that begins and where in the text it stands.
struct Function {
    body: Range<usize>,
    operators: Vec<(usize, usize)>,
}

impl Text {
    /// The text of a module, as far as both can be read.
    pub(crate) fn new(path: &str, text: &str, wasm: &[u8]) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        let bodies = bodies(wasm);
        let spans = spans(text).unwrap_or_default();
        let functions = bodies.into_iter().zip(spans);
        Self {
            path: path.into(),
            lines: std::iter::once(0).chain(ends).collect(),
            functions: functions
                .map(|((body, starts), spans)| Function {
                    body,
                    operators: starts.into_iter().zip(spans).collect(),
                })
                .collect(),
        }
    }

    /// The lines of all operators, each up to the next.
    pub(crate) fn ranges(&self) -> Vec<LineRange> {
        let mut ranges = Vec::new();
        for function in &self.functions {
            let starts = function.operators.iter().map(|(start, _)| *start);
            let ends = starts.skip(1).chain([function.body.end]);
            for ((start, at), end) in function.operators.iter().zip(ends) {
                let line = self.lines.partition_point(|start| start <= at);
                ranges.push(LineRange {
                    start: u64::try_from(*start).unwrap_or(u64::MAX),
                    end: u64::try_from(end).unwrap_or(u64::MAX),
                    file: Arc::clone(&self.path),
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                });
            }
        }
        ranges
    }

    /// The line of a place in the module.
    pub(crate) fn at(&self, offset: u64) -> Option<Line> {
        let offset = usize::try_from(offset).ok()?;
        let functions = &self.functions;
        let function = functions.partition_point(|function| function.body.end <= offset);
        let function = functions.get(function)?;
        function.body.contains(&offset).then_some(())?;
        let behind = function
            .operators
            .partition_point(|(start, _)| *start <= offset);
        let (_, at) = function.operators.get(behind.checked_sub(1)?)?;
        let line = self.lines.partition_point(|start| start <= at);
        let start = self.lines.get(line.checked_sub(1)?)?;
        Some(Line {
            function: None,
            file: Some(self.path.to_string()),
            line: u32::try_from(line).ok(),
            column: u32::try_from(at.checked_sub(*start)?.checked_add(1)?).ok(),
        })
    }
}

/// The bodies of a module's functions, each with where its operators begin.
fn bodies(wasm: &[u8]) -> Vec<(Range<usize>, Vec<usize>)> {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    payloads
        .filter_map(|payload| match payload {
            Payload::CodeSectionEntry(body) => {
                let operators = body.get_operators_reader().ok()?.into_iter_with_offsets();
                let starts = operators.map_while(Result::ok).map(|(_, at)| at);
                Some((body.range(), starts.collect()))
            }
            _ => None,
        })
        .collect()
}

/// Where in the text the operators of each function stand, in the order of the module.
fn spans(text: &str) -> Option<Vec<Vec<usize>>> {
    let mut buffer = ParseBuffer::new(text).ok()?;
    buffer.track_instr_spans(true);
    let mut wat: Wat<'_> = parser::parse(&buffer).ok()?;
    // What is short for something else becomes that, so that functions stand as in the module.
    wat.encode().ok()?;
    let Wat::Module(module) = &wat else {
        return None;
    };
    let ModuleKind::Text(fields) = &module.kind else {
        return None;
    };
    let spans = |body: &Expression<'_>| {
        let spans = body.instr_spans.as_deref().unwrap_or_default();
        spans.iter().map(wast::token::Span::offset).collect()
    };
    Some(fields.iter().filter_map(own).map(spans).collect())
}

/// The body of a function of the module's own.
fn own<'a, 'b>(field: &'b ModuleField<'a>) -> Option<&'b Expression<'a>> {
    match field {
        ModuleField::Func(function) => match &function.kind {
            FuncKind::Inline { expression, .. } => Some(expression),
            FuncKind::Import(..) => None,
        },
        _ => None,
    }
}
