//! Guests that aim at the interpreter's translator.
//!
//! It keeps a model of the operand stack, on which a value is a constant, a local that is not copied yet, or lies in
//! one of three registers: for integers and references, for `f32`, for `f64`. So operands lie deep here, blocks of
//! all types are opened above them, branches carry values, and locals change while their values wait on the stack.

mod accesses;
mod blocks;
mod body;
mod calls;
mod conditions;
mod digest;
mod operators;
mod shape;
mod vectors;

use crate::proposals::Proposals;
use body::{Body, Frame};
use fuelbox_oracles::{draw::Draw, effects::DIGEST};
use operators::Family;
use shape::{SMALL_PAGES, Shape};
use std::borrow::Cow;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, HeapType,
    ImportSection, Instruction, MemorySection, MemoryType, Module, RefType, TableSection,
    TableType, TypeSection, ValType,
};

/// The guest of these numbers: valid, and over soon. What is drawn for the family is the same for several guests.
pub(crate) fn guest(family: &mut Draw, draw: &mut Draw, proposals: Proposals) -> Vec<u8> {
    let mut shape = Shape::draw(family, draw, proposals);
    let families = operators::families(&shape.palette, proposals.wide, proposals.relaxed);
    let count = shape.functions.len() as u32;
    let mut code = CodeSection::new();
    for function in shape.first()..count {
        drawn(&mut shape, draw, &families, function, &mut code);
    }
    outside(&mut shape, draw, &families, count, &mut code);
    let ty = shape.ty(&[], &[ValType::I64]);
    shape.functions.push(ty);
    module(&shape, draw, &code)
}

/// Writes a function of the guest.
fn drawn(
    shape: &mut Shape,
    draw: &mut Draw,
    families: &[&'static Family],
    function: u32,
    code: &mut CodeSection,
) {
    let signature = shape.signature(function).clone();
    let mut locals = signature.params.clone();
    // Sometimes so many that their indices are long.
    let count = if draw.percent(2) {
        40 + draw.below(200)
    } else {
        2 + draw.below(9)
    };
    locals.extend((0..count).map(|_| shape.any(draw)));
    locals.push(ValType::I32);
    let budget = if draw.percent(20) {
        10 + draw.below(30)
    } else {
        3 + draw.below(10)
    };
    let counter = locals.len() as u32 - 1;
    let rounds = draw.below(7) as i32;
    let mut body = Body {
        shape,
        draw,
        families,
        function,
        locals,
        code: Vec::new(),
        stack: Vec::new(),
        frames: vec![Frame {
            label: signature.results.clone(),
            height: 0,
            is_loop: false,
            is_unreachable: false,
        }],
        budget,
    };
    body.emit(&Instruction::I32Const(rounds));
    body.emit(&Instruction::LocalSet(counter));
    body.steps(budget);
    body.close(&signature.results);
    body.emit(&Instruction::End);
    finish(body, signature.params.len(), code);
}

/// Writes the function that is called from outside.
fn outside(
    shape: &mut Shape,
    draw: &mut Draw,
    families: &[&'static Family],
    function: u32,
    code: &mut CodeSection,
) {
    let mut body = Body {
        shape,
        draw,
        families,
        function,
        locals: vec![ValType::I64],
        code: Vec::new(),
        stack: Vec::new(),
        frames: vec![Frame {
            label: vec![ValType::I64],
            height: 0,
            is_loop: false,
            is_unreachable: false,
        }],
        budget: 0,
    };
    body.digest();
    body.emit(&Instruction::End);
    finish(body, 0, code);
}

fn finish(body: Body<'_>, params: usize, code: &mut CodeSection) {
    let locals = body.locals[params..].iter().copied();
    let mut function = Function::new_with_locals_types(locals);
    function.raw(body.code);
    code.function(&function);
}

/// The sections around the code.
fn module(shape: &Shape, draw: &mut Draw, code: &CodeSection) -> Vec<u8> {
    let mut types = TypeSection::new();
    for ty in &shape.types {
        let (params, results) = (ty.params.iter().copied(), ty.results.iter().copied());
        types.ty().function(params, results);
    }
    let (imported, defined) = shape.functions.split_at(shape.imports as usize);
    let mut imports = ImportSection::new();
    for (index, ty) in imported.iter().enumerate() {
        imports.import("host", &format!("call{index}"), EntityType::Function(*ty));
    }
    let mut functions = FunctionSection::new();
    for ty in defined {
        functions.function(*ty);
    }
    let used = &shape.used;
    let mut exports = ExportSection::new();
    exports.export(DIGEST, ExportKind::Func, shape.functions.len() as u32 - 1);
    let mut module = Module::new();
    module.section(&types);
    module.section(&imports);
    module.section(&functions);
    if used.tables {
        module.section(&tables(shape));
    }
    if used.memory {
        module.section(&memories(shape));
        exports.export("memory", ExportKind::Memory, 0);
    }
    module.section(&globals(shape, draw));
    module.section(&exports);
    module.section(&elements(shape));
    let has_segment = shape.habits.segment;
    if used.memory {
        let count = 1 + u32::from(has_segment);
        module.section(&DataCountSection { count });
    }
    module.section(code);
    if used.memory {
        let mut data = DataSection::new();
        data.passive((0..64).map(|byte: u8| byte.wrapping_mul(37)));
        if has_segment {
            data.active(0, &offset(shape.memories[0]), draw.bytes(48));
        }
        module.section(&data);
    }
    module.finish()
}

fn tables(shape: &Shape) -> TableSection {
    let mut tables = TableSection::new();
    let types = [RefType::FUNCREF, RefType::EXTERNREF];
    for element_type in &types[..1 + usize::from(shape.has_outside())] {
        tables.table(TableType {
            element_type: *element_type,
            table64: false,
            minimum: Shape::ELEMENTS,
            maximum: Some(Shape::ELEMENTS + 6),
            shared: false,
        });
    }
    tables
}

fn memories(shape: &Shape) -> MemorySection {
    let mut memories = MemorySection::new();
    for (index, memory64) in shape.memories.iter().enumerate() {
        let is_small = index == 0 && shape.proposals.page_sizes;
        let minimum = match index {
            0 if is_small => SMALL_PAGES,
            0 => shape.pages,
            _ => 1,
        };
        memories.memory(MemoryType {
            minimum,
            maximum: Some(minimum + 2),
            memory64: *memory64,
            shared: false,
            page_size_log2: is_small.then_some(0),
        });
    }
    memories
}

fn globals(shape: &Shape, draw: &mut Draw) -> GlobalSection {
    let mut globals = GlobalSection::new();
    for (ty, mutable) in &shape.globals {
        let value = draw.edge();
        let value = match *ty {
            ValType::I32 => ConstExpr::i32_const((value as u32).cast_signed()),
            ValType::I64 => ConstExpr::i64_const(value.cast_signed()),
            ValType::F32 => ConstExpr::f32_const(value as f32),
            ValType::F64 => ConstExpr::f64_const(value as f64),
            ValType::V128 => ConstExpr::v128_const(i128::from(value) << 40),
            ValType::FUNCREF if value.is_multiple_of(2) && shape.palette.contains(ty) => {
                ConstExpr::ref_func(0)
            }
            ValType::FUNCREF => ConstExpr::ref_null(HeapType::FUNC),
            _ => ConstExpr::ref_null(HeapType::EXTERN),
        };
        let ty = GlobalType {
            val_type: *ty,
            mutable: *mutable,
            shared: false,
        };
        globals.global(ty, &value);
    }
    globals
}

/// Functions that are generated lie in the table, if there is one; others are declared where they are referred to.
fn elements(shape: &Shape) -> ElementSection {
    let mut elements = ElementSection::new();
    if shape.used.tables {
        let all: Vec<_> = (shape.first()..shape.functions.len() as u32 - 1).collect();
        let functions = Elements::Functions(Cow::Owned(all));
        elements.active(None, &ConstExpr::i32_const(0), functions);
    }
    if shape.used.reference {
        elements.declared(Elements::Functions(Cow::Owned(vec![0])));
    }
    elements
}

fn offset(is_wide: bool) -> ConstExpr {
    let at = digest::FILLED_FROM;
    if is_wide {
        ConstExpr::i64_const(at.cast_signed())
    } else {
        ConstExpr::i32_const(at as i32)
    }
}
