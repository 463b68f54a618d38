//! Which exports may leave something behind in their instance.

use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// The exported functions of a valid module that may change its state; taken too wide, never too narrow.
///
/// Were one missing here, what later assertions read would not be there, and they would fail.
pub(super) fn writing_exports(wasm: &[u8]) -> BTreeSet<String> {
    let mut exports = BTreeMap::new();
    let mut bodies = BTreeMap::new();
    let mut next = 0_u32;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("the module is admitted") {
            Payload::ImportSection(imports) => {
                for import in imports {
                    let ty = import.expect("the module is admitted").ty;
                    next += u32::from(matches!(ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.expect("the module is admitted");
                    if export.kind == wasmparser::ExternalKind::Func {
                        exports.insert(export.name.to_string(), export.index);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                bodies.insert(next, effects(&body));
                next += 1;
            }
            _ => {}
        }
    }
    let writers = close(&bodies);
    exports
        .into_iter()
        .filter(|(_, function)| writers.contains(function))
        .map(|(name, _)| name)
        .collect()
}

/// What one function may do by itself.
struct Effects {
    writes: bool,
    calls: BTreeSet<u32>,
    /// Calls what a table holds, which may be any function.
    calls_any: bool,
}

fn effects(body: &FunctionBody<'_>) -> Effects {
    let mut effects = Effects {
        writes: false,
        calls: BTreeSet::new(),
        calls_any: false,
    };
    for operator in body.get_operators_reader().expect("the module is admitted") {
        let operator = operator.expect("the module is admitted");
        match operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                effects.calls.insert(function_index);
            }
            Operator::CallIndirect { .. } | Operator::ReturnCallIndirect { .. } => {
                effects.calls_any = true;
            }
            _ => effects.writes |= writes(&operator),
        }
    }
    effects
}

/// Whether an instruction changes memory, a table, a global or a segment: told by its name.
fn writes(operator: &Operator<'_>) -> bool {
    const WRITERS: [&str; 11] = [
        "GlobalSet",
        "MemoryGrow",
        "MemoryFill",
        "MemoryCopy",
        "MemoryInit",
        "DataDrop",
        "TableSet",
        "TableGrow",
        "TableFill",
        "TableCopy",
        "TableInit",
    ];
    let name = format!("{operator:?}");
    name.contains("Store")
        || name.starts_with("ElemDrop")
        || WRITERS.iter().any(|writer| name.starts_with(writer))
}

/// The functions that write, by themselves or through what they call.
fn close(bodies: &BTreeMap<u32, Effects>) -> BTreeSet<u32> {
    let mut writers: BTreeSet<u32> = BTreeSet::new();
    loop {
        let more: Vec<_> = bodies
            .iter()
            .filter(|(index, _)| !writers.contains(index))
            .filter(|(_, effects)| {
                effects.writes
                    || effects.calls.intersection(&writers).next().is_some()
                    || effects.calls_any && !writers.is_empty()
            })
            .map(|(index, _)| *index)
            .collect();
        if more.is_empty() {
            return writers;
        }
        writers.extend(more);
    }
}
