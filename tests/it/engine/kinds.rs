//! Values of every type that can be told apart, and the module around a shape that uses them.

use super::shapes::Shape;
use fuelbox::Proposal;
use std::fmt::Write as _;

/// A type of values, and how a guest makes and tells them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    I32,
    I64,
    F32,
    F64,
    V128,
    FuncRef,
    ExternRef,
}

/// All types. A reference that comes out wrong may end the process: see [`NUMBERS`].
pub(super) const ALL: [Kind; 7] = [
    Kind::I32,
    Kind::I64,
    Kind::F32,
    Kind::F64,
    Kind::V128,
    Kind::FuncRef,
    Kind::ExternRef,
];

/// Those of which a wrong value is a wrong value and no more.
pub(super) const NUMBERS: [Kind; 5] = [Kind::I32, Kind::I64, Kind::F32, Kind::F64, Kind::V128];

/// Those of them that guests may use on this host.
pub(super) fn here(kinds: &[Kind]) -> impl Iterator<Item = Kind> {
    let runs_here = |kind: &Kind| *kind != Kind::V128 || Proposal::Simd.is_supported();
    kinds.iter().copied().filter(runs_here)
}

impl Kind {
    /// Its name in the text format.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        }
    }

    /// Pushes value `n`. Of host references a guest has null alone.
    pub(super) fn value(self, n: u32) -> String {
        match self {
            Self::V128 => format!("(v128.const i64x2 {n} 7)"),
            Self::FuncRef => format!("(ref.func $f{n})"),
            Self::ExternRef => "(ref.null extern)".into(),
            Self::I32 | Self::I64 | Self::F32 | Self::F64 => format!("({}.const {n})", self.name()),
        }
    }

    /// Computes value 8 of a local that has value 1, so that the result is where the interpreter computes.
    pub(super) fn computed(self, local: &str) -> String {
        match self {
            Self::V128 => format!("(i64x2.add (local.get {local}) (v128.const i64x2 7 0))"),
            Self::FuncRef => "(table.get $functions (i32.const 8))".into(),
            Self::ExternRef => "(table.get $nothing (i32.const 0))".into(),
            Self::I32 | Self::I64 | Self::F32 | Self::F64 => {
                let ty = self.name();
                format!("({ty}.add (local.get {local}) ({ty}.const 7))")
            }
        }
    }

    /// Pops a value that must be `n`.
    pub(super) fn check(self, n: u32) -> String {
        format!("(i32.const {n}) (call $check_{})", self.name())
    }

    /// Pops a value that must be `then` where `$c` is not 0, otherwise `otherwise`.
    pub(super) fn check_by_choice(self, then: u32, otherwise: u32) -> String {
        format!(
            "(select (i32.const {then}) (i32.const {otherwise}) (local.get $c)) (call $check_{})",
            self.name()
        )
    }

    /// The function that pops a value and the number that it must be, and counts.
    fn checker(self) -> String {
        let is = match self {
            Self::I32 => "(i32.eq (local.get 0) (local.get 1))",
            Self::I64 => "(i64.eq (local.get 0) (i64.extend_i32_u (local.get 1)))",
            Self::F32 => "(f32.eq (local.get 0) (f32.convert_i32_u (local.get 1)))",
            Self::F64 => "(f64.eq (local.get 0) (f64.convert_i32_u (local.get 1)))",
            Self::V128 => {
                "(i8x16.all_true (i8x16.eq (local.get 0)
                    (i64x2.replace_lane 0 (v128.const i64x2 0 7) (i64.extend_i32_u (local.get 1)))))"
            }
            Self::FuncRef => {
                "(i32.eq (call $number (local.get 0)) (local.get 1))"
            }
            Self::ExternRef => "(ref.is_null (local.get 0))",
        };
        format!(
            "(func $check_{ty} (param {ty} i32)
                (if {is}
                    (then (global.set $right (i32.add (global.get $right) (i32.const 1))))
                    (else (global.set $wrong (i32.add (global.get $wrong) (i32.const 1))))))\n",
            ty = self.name()
        )
    }
}

/// A module whose export `f` takes `$c`, and returns how many checks were right and how many wrong.
///
/// Before that it fills the stack with what no value here is.
pub(super) fn module(shape: &Shape, kind: Kind) -> String {
    let mut text = String::from(PRELUDE);
    for n in 0..10 {
        write!(text, "(func $f{n} (result i32) (i32.const {n}))").expect("a string takes it");
    }
    for kind in here(&ALL) {
        text.push_str(&kind.checker());
    }
    let ty = kind.name();
    write!(
        text,
        "(func $two (result {ty} {ty}) {one} {two})
        (func $shape (param $x {ty}) (param $y {ty}) (param $c i32) {results}
            (local $p {ty}) (local $q {ty}) (local $n i32)
            {body})
        (func (export \"f\") (param $c i32) (result i32 i32)
            (call $stain (i64.const 0x4141414142424242))
            (call $shape {one} {two} (local.get $c))
            {after}
            (global.get $right) (global.get $wrong)))",
        one = kind.value(1),
        two = kind.value(2),
        results = shape.results(kind),
        body = shape.body(kind),
        after = shape.after(kind),
    )
    .expect("a string takes it");
    text
}

const PRELUDE: &str = "(module
    (table $called 1 funcref)
    (table $functions funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9))
    (table $nothing 1 externref)
    (global $right (mut i32) (i32.const 0))
    (global $wrong (mut i32) (i32.const 0))
    (func $number (param funcref) (result i32)
        (table.set $called (i32.const 0) (local.get 0))
        (call_indirect $called (result i32) (i32.const 0)))
    (func $stain (param i64) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
        (local.set 1 (local.get 0)) (local.set 2 (local.get 0)) (local.set 3 (local.get 0))
        (local.set 4 (local.get 0)) (local.set 5 (local.get 0)) (local.set 6 (local.get 0))
        (local.set 7 (local.get 0)) (local.set 8 (local.get 0)) (local.set 9 (local.get 0))
        (local.set 10 (local.get 0)) (local.set 11 (local.get 0)) (local.set 12 (local.get 0))
        (local.set 13 (local.get 0)) (local.set 14 (local.get 0)) (local.set 15 (local.get 0))
        (local.set 16 (local.get 0)))\n";
