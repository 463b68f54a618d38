//! Constant expressions are bounded: the interpreter walks them recursively, on the native stack.

use crate::harness::{on_a_stack_of, one_page, roomy, timeless};
use fuelbox::{Error, Module, ModuleLimits};
use std::iter::repeat_n;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, RefType, TableSection, TableType,
    TypeSection, ValType,
};

/// Far more than fits a native stack of 256 KiB.
const MANY: usize = 20_000;

/// Where a module has constant expressions that compute.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Global,
    Data,
    Elements,
    /// Items of a segment cannot compute, but they can be many, and invalid.
    Items,
    /// As a table's own is with references that are never null, a proposal that is off.
    Table,
}

const PLACES: [Place; 5] = [
    Place::Global,
    Place::Data,
    Place::Elements,
    Place::Items,
    Place::Table,
];

/// How operators hang together.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// `0 1 + 1 + 1 +`
    Left,
    /// `1 1 1 0 + + +`
    Right,
    /// As the first, of 64 bits, and with all three operations. Wrong where 32 bits are asked for.
    Long,
    /// Values that nothing takes, which is invalid.
    Heap,
}

const FORMS: [Form; 4] = [Form::Left, Form::Right, Form::Long, Form::Heap];

#[test]
fn expressions_of_many_operators_end_in_an_error_on_a_small_stack() {
    for place in PLACES {
        for form in FORMS {
            let wasm = module(place, &expression(form, MANY));
            on_a_stack_of(256, || {
                let error = Module::new(&wasm).err();
                assert!(error.is_some(), "{place:?}, {form:?}");
            });
        }
    }
}

#[test]
fn the_first_operator_too_many_is_named_with_its_limit() {
    for place in [Place::Global, Place::Data, Place::Elements] {
        for form in [Form::Left, Form::Right] {
            for allowed in [1, 64, 256] {
                let limits = ModuleLimits::default().constant_operators(allowed);
                let at = |operators: u64| {
                    let operators = usize::try_from(operators).expect("it is small");
                    Module::builder()
                        .limits(limits.clone())
                        .build(module(place, &expression(form, operators)))
                };
                // Each sum has one value more than it has operations.
                let most = if allowed % 2 == 0 {
                    allowed - 1
                } else {
                    allowed
                };
                at(most).unwrap_or_else(|error| panic!("{place:?}, {form:?}: {error}"));
                let found = most + 2;
                let error = at(found).expect_err("it is one sum too long");
                assert!(
                    matches!(&error, Error::ModuleLimit { limit, .. } if limit == "constant_operators"),
                    "{place:?}, {form:?}: {error:?}"
                );
            }
        }
    }
}

#[test]
fn as_many_operators_as_can_be_allowed_fit_a_small_stack() {
    let limits = ModuleLimits::default().constant_operators(u64::MAX);
    for place in [Place::Global, Place::Data, Place::Elements] {
        for form in [Form::Left, Form::Right] {
            let wasm = module(place, &expression(form, 255));
            on_a_stack_of(256, || {
                let module = Module::builder()
                    .limits(limits.clone())
                    .build(&wasm)
                    .expect("it is allowed");
                let sum: i32 = timeless(roomy()).call(&module, "sum", ()).expect("it runs");
                assert_eq!(sum, if place == Place::Global { 127 } else { 0 });
            });
        }
    }
}

/// An expression of so many operators, an odd number: sums of ones.
fn expression(form: Form, operators: usize) -> ConstExpr {
    let sums = operators / 2;
    let (zero, one, add): ([u8; 2], &[u8], &[u8]) = match form {
        Form::Long => ([0x42, 0], &[0x42, 1], &[0x7c, 0x42, 1, 0x7d, 0x42, 1, 0x7e]),
        _ => ([0x41, 0], &[0x41, 1], &[0x6a]),
    };
    let bytes: Vec<_> = match form {
        Form::Left | Form::Long => {
            let rest = repeat_n([one, add].concat(), sums).flatten();
            zero.into_iter().chain(rest).collect()
        }
        Form::Right => {
            let ones = repeat_n(one, sums).flatten().copied();
            let sums = repeat_n(add, sums).flatten().copied();
            ones.chain(zero).chain(sums).collect()
        }
        Form::Heap => repeat_n(zero, operators).flatten().collect(),
    };
    ConstExpr::raw(bytes)
}

/// A module with the expression in one place; `sum` returns its global.
fn module(place: Place, expression: &ConstExpr) -> Vec<u8> {
    let zero = ConstExpr::i32_const(0);
    let at = |here: Place| if place == here { expression } else { &zero };
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut globals = GlobalSection::new();
    let ty = GlobalType {
        val_type: ValType::I32,
        mutable: false,
        shared: false,
    };
    globals.global(ty, at(Place::Global));
    let mut exports = ExportSection::new();
    exports.export("sum", ExportKind::Func, 0);
    let mut elements = ElementSection::new();
    elements.active(
        Some(0),
        at(Place::Elements),
        Elements::Functions([0].as_slice().into()),
    );
    if place == Place::Items {
        let items = std::slice::from_ref(expression);
        elements.passive(Elements::Expressions(RefType::FUNCREF, items.into()));
    }
    let mut code = CodeSection::new();
    let mut body = Function::new([]);
    body.instructions().global_get(0).end();
    code.function(&body);
    let mut data = DataSection::new();
    data.active(0, at(Place::Data), *b"x");
    let mut module = wasm_encoder::Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&tables(place, expression))
        .section(&one_page())
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&data);
    module.finish()
}

fn tables(place: Place, expression: &ConstExpr) -> TableSection {
    let mut tables = TableSection::new();
    let ty = TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 1_000,
        maximum: None,
        shared: false,
    };
    tables.table(ty);
    if place == Place::Table {
        tables.table_with_init(ty, expression);
    }
    tables
}
