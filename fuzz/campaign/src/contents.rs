//! What a guest is made of: how much, and of what the interpreter is known to get wrong.

use std::collections::BTreeSet;
use wasmparser::{BlockType, FuncType, FunctionBody, Operator, Parser, Payload, ValType};

/// What a guest is made of.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Contents {
    /// The constructs it has of those that are of interest in a find.
    pub constructs: BTreeSet<&'static str>,
}

/// How much of a guest there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Size {
    /// Functions that have a body.
    pub functions: u64,
    /// Operators in them.
    pub operators: u64,
}

impl Size {
    /// That of a module, as far as it can be read.
    #[must_use]
    pub fn of(wasm: &[u8]) -> Self {
        let mut size = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Ok(Payload::CodeSectionEntry(body)) = payload {
                size.functions += 1;
                let operators = body.get_operators_reader().into_iter().flatten();
                size.operators += operators.count() as u64;
            }
        }
        size
    }
}

impl Contents {
    /// Those of a module; what cannot be read of it is not there.
    #[must_use]
    pub fn of(wasm: &[u8]) -> Self {
        let mut contents = Self::default();
        drop(contents.read(wasm));
        contents
    }

    fn read(&mut self, wasm: &[u8]) -> wasmparser::Result<()> {
        let mut types = Vec::new();
        let mut functions = Vec::new().into_iter();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    types = section
                        .into_iter_err_on_gc_types()
                        .collect::<Result<_, _>>()?;
                }
                Payload::FunctionSection(section) => {
                    functions = (section.into_iter().collect::<Result<Vec<_>, _>>()?).into_iter();
                }
                Payload::CodeSectionEntry(body) => {
                    let ty = functions.next().and_then(|ty: u32| types.get(ty as usize));
                    self.body(&body, &types, ty)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn body(
        &mut self,
        body: &FunctionBody<'_>,
        types: &[FuncType],
        ty: Option<&FuncType>,
    ) -> wasmparser::Result<()> {
        let mut labels = vec![ty.map_or(&[][..], FuncType::results).to_vec()];
        let mut blocks = Vec::new();
        let mut is_comparison = false;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            if let Operator::Block { blockty }
            | Operator::Loop { blockty }
            | Operator::If { blockty } = operator
            {
                let (params, results) = signature(blockty, types);
                self.block(&operator, &params, &results);
                let is_loop = matches!(operator, Operator::Loop { .. });
                blocks.push((matches!(operator, Operator::If { .. }), !params.is_empty()));
                labels.push(if is_loop { params } else { results });
            }
            match &operator {
                Operator::Else => {
                    if blocks.pop() == Some((true, true)) {
                        self.constructs.insert("if with parameters and else");
                    }
                    blocks.push((false, false));
                }
                Operator::End => {
                    labels.pop();
                    if blocks.pop() == Some((true, true)) {
                        self.constructs.insert("if with parameters and no else");
                    }
                }
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    self.branch("branch", label(&labels, *relative_depth));
                }
                Operator::BrTable { targets } => {
                    self.branch("br_table", label(&labels, targets.default()));
                }
                Operator::Select | Operator::TypedSelect { .. } if is_comparison => {
                    self.constructs.insert("comparison before select");
                }
                _ => {}
            }
            if !matches!(operator, Operator::Nop) {
                is_comparison = matches!(
                    operator,
                    Operator::I32Eqz | Operator::I32Eq | Operator::I32Ne
                );
            }
        }
        Ok(())
    }

    fn block(&mut self, operator: &Operator<'_>, params: &[ValType], results: &[ValType]) {
        if params.is_empty() {
            if results.len() > 1 {
                self.constructs.insert("block with several results");
            }
            return;
        }
        match operator {
            // Seen at its end.
            Operator::If { .. } => false,
            Operator::Loop { .. } => self.constructs.insert("loop with parameters"),
            _ => self.constructs.insert("block with parameters"),
        };
    }

    fn branch(&mut self, kind: &str, label: &[ValType]) {
        let carries = match (kind, label) {
            (_, []) => return,
            ("br_table", [ValType::V128]) => "br_table with a vector",
            ("br_table", [_]) => "br_table with a value",
            ("br_table", _) => "br_table with several values",
            (_, [_]) => "branch with a value",
            _ => "branch with several values",
        };
        self.constructs.insert(carries);
    }
}

fn label(labels: &[Vec<ValType>], depth: u32) -> &[ValType] {
    let at = labels.len().checked_sub(1 + depth as usize);
    at.map_or(&[], |at| &labels[at])
}

fn signature(ty: BlockType, types: &[FuncType]) -> (Vec<ValType>, Vec<ValType>) {
    match ty {
        BlockType::Empty => (vec![], vec![]),
        BlockType::Type(ty) => (vec![], vec![ty]),
        BlockType::FuncType(index) => types
            .get(index as usize)
            .map_or_else(Default::default, |ty| {
                (ty.params().to_vec(), ty.results().to_vec())
            }),
    }
}
