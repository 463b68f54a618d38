//! Shapes of control flow that carry values, each for values of one type.
//!
//! In a body `$x` is value 1 and `$y` value 2, `$c` is 0, 1 or 2, and `$p`, `$q` and `$n` are free. Words in
//! braces stand for text of the type: `{T}` for its name, `{4}` for value 4, `{=4}` for a check that it is 4,
//! `{5:4}` for a check that it is 5 where `$c` is not 0 and otherwise 4, `{x+7}` for value 8 computed of `$x`.

use super::kinds::{Kind, NUMBERS};

/// One shape.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    body: &'static str,
    /// Results of the function that is the body.
    results: &'static str,
    /// What its caller does with them.
    after: &'static str,
    /// How many checks there are on the way, for each `$c`.
    pub(super) checks: [u32; 3],
    /// The numbers that come out wrong where control flow is left as it is written.
    pub(super) wrong: &'static [Kind],
}

impl Shape {
    pub(super) const fn new(name: &'static str, checks: [u32; 3], body: &'static str) -> Self {
        Self {
            name,
            body,
            results: "",
            after: "",
            checks,
            wrong: &[],
        }
    }

    pub(super) const fn wrong_for(self, wrong: &'static [Kind]) -> Self {
        Self { wrong, ..self }
    }

    const fn returning(self, results: &'static str, after: &'static str) -> Self {
        Self {
            results,
            after,
            ..self
        }
    }

    pub(super) fn body(&self, kind: Kind) -> String {
        fill(self.body, kind)
    }

    pub(super) fn results(&self, kind: Kind) -> String {
        fill(self.results, kind)
    }

    pub(super) fn after(&self, kind: Kind) -> String {
        fill(self.after, kind)
    }
}

/// Puts text of the type in place of the words in braces.
fn fill(template: &str, kind: Kind) -> String {
    let mut text = String::new();
    for (at, part) in template.split(['{', '}']).enumerate() {
        match part {
            _ if at % 2 == 0 => text.push_str(part),
            "T" => text.push_str(kind.name()),
            "x+7" => text.push_str(&kind.computed("$x")),
            word => text.push_str(&value(word, kind)),
        }
    }
    text
}

fn value(word: &str, kind: Kind) -> String {
    let number = |text: &str| text.parse().expect("a number");
    if let Some(n) = word.strip_prefix('=') {
        return kind.check(number(n));
    }
    match word.split_once(':') {
        Some((then, otherwise)) => kind.check_by_choice(number(then), number(otherwise)),
        None => kind.value(number(word)),
    }
}

/// What one register of the interpreter holds.
const SCALARS: &[Kind] = &[Kind::I32, Kind::I64, Kind::F32, Kind::F64];

/// Blocks, loops and conditions with parameters, and locals that change below them.
pub(super) const BLOCKS: &[Shape] = &[
    Shape::new(
        "block above a local",
        [3, 3, 3],
        "(local.get $x) {4}
        (block (param {T}) {=4} (br_if 0 (local.get $c)) (local.set $x {3}))
        {=1} (local.get $x) {1:3}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "block of two above two locals",
        [4, 4, 4],
        "(local.get $x) (local.get $y) {4} {5}
        (block (param {T} {T}) {=5} {=4} (br_if 0 (local.get $c)) (local.set $x {3}) (local.set $y {3}))
        {=2} {=1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "block of the locals that it sets",
        [2, 2, 2],
        "(local.get $x) (local.get $x) (local.get $y)
        (block (param {T} {T})
            (local.set $x) (local.set $y) (br_if 0 (local.get $c)) (local.set $x {3}))
        {=1} (local.get $x) {2:3}",
    ),
    Shape::new(
        "loop above a local",
        [2, 2, 2],
        "(local.get $x) {4}
        (loop (param {T}) {=4} (block (br_if 0 (local.get $c)) (local.set $x {3})))
        {=1}",
    ),
    Shape::new(
        "loop that goes round",
        [5, 5, 5],
        "(local.get $x) {4}
        (loop (param {T})
            {=4}
            (local.set $x {3})
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            {4}
            (br_if 0 (i32.lt_u (local.get $n) (i32.const 3)))
            {=4})
        {=1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "loop of a local beside a computed one",
        [3, 3, 3],
        "{x+7} (local.tee $x) (local.get $y)
        (loop (param {T}) (result {T}))
        {=2} {=8} (local.get $x) {=8}",
    )
    .wrong_for(SCALARS),
    Shape::new(
        "loop of a local that uses a computed one",
        [3, 3, 3],
        "{x+7} (local.tee $x) (local.get $y)
        (loop (param {T}) (result {T}) (local.get $x) {=8})
        {=2} {=8}",
    )
    .wrong_for(SCALARS),
    Shape::new(
        "loop that exchanges two",
        [3, 3, 3],
        "(local.get $x) {5} {4}
        (loop (param {T} {T}) (result {T} {T})
            (local.set $p) (local.set $q)
            (local.get $p) (local.get $q)
            (br_if 0 (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 4))))
        {=4} {=5} {=1}",
    ),
    Shape::new(
        "condition above a local",
        [2, 2, 2],
        "(local.get $x) {4} (local.get $c)
        (if (param {T}) (then {=4}) (else {=4} (local.set $x {3})))
        {=1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "condition of two that ends in two",
        [3, 3, 3],
        "(local.get $x) {4} {5} (local.get $c)
        (if (param {T} {T}) (result {T} {T})
            (then (local.set $q) (local.set $p) (local.get $q) (local.get $p))
            (else (local.set $x {3})))
        {4:5} {5:4} {=1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "condition that is constant",
        [4, 4, 4],
        "(local.get $x) {4} (i32.const 0)
        (if (param {T}) (result {T}) (then (local.set $x {3}) drop {6}) (else (local.set $y {3})))
        {=4} {=1} (local.get $x) {=1} (local.get $y) {=3}",
    ),
    Shape::new(
        "condition without else",
        [2, 3, 3],
        "(local.get $x) {4} (local.get $c)
        (if (param {T}) (result {T}) (then {=4} (local.set $x {3}) {5}))
        {5:4} {=1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "condition without else, of two",
        [3, 3, 3],
        "(local.get $x) (local.get $x) (local.get $y) (local.get $c)
        (if (param {T} {T}) (result {T} {T}) (then drop drop (local.tee $x {4}) {5}))
        {5:2} {4:1} {=1}",
    ),
    Shape::new(
        "condition without else that computes",
        [2, 2, 2],
        "(local.get $x) (local.get $c)
        (if (param {T}) (result {T}) (then drop {x+7} (local.tee $x)))
        {8:1} (local.get $x) {8:1}",
    )
    .wrong_for(SCALARS),
    Shape::new(
        "loop in a block, each above a local",
        [4, 4, 4],
        "(local.get $x) {4}
        (block (param {T})
            (local.get $y) {5}
            (loop (param {T}) {=5} (block (br_if 0 (local.get $c)) (local.set $y {3})))
            {=2} {=4}
            (br_if 0 (local.get $c))
            (local.set $x {3}))
        {=1}",
    ),
    Shape::new(
        "block in a block, of two",
        [4, 4, 4],
        "(local.get $x) {4} {5}
        (block (param {T} {T}) (result {T} {T})
            (block (param {T} {T}) (result {T} {T})
                (local.set $x {3}) (br_if 1 (local.get $c)) (local.set $x {6})))
        {=5} {=4} {=1} (local.get $x) {3:6}",
    ),
    Shape::new(
        "block in a loop",
        [8, 8, 8],
        "(loop
            (local.set $x {1})
            (local.get $x) (local.get $y)
            (block (param {T}) {=2} (local.set $x {3}))
            {=1}
            (br_if 0 (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 4))))",
    ),
    Shape::new(
        "block of what a call returns",
        [4, 4, 4],
        "(local.get $x) (call $two)
        (block (param {T} {T}) (result {T})
            {=2} (br_if 0 (local.get $c)) (local.set $x {3}))
        {=1} {=1} (local.get $x) {1:3}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "blocks that are not reached",
        [2, 2, 2],
        "(local.get $x) {4}
        (block (param {T}) (result {T})
            (br 0)
            (block (param {T}) (result {T} {T}) {5})
            (loop (param {T} {T}) (result {T}) (br_if 0 (i32.const 1)) drop)
            (i32.const 1)
            (if (param {T}) (result {T}) (then drop unreachable) (else return)))
        {=4} {=1}",
    ),
];

/// Branches that carry values.
pub(super) const BRANCHES: &[Shape] = &[
    Shape::new(
        "br and br_if of two",
        [3, 3, 3],
        "(block $a (result {T} {T})
            (block $b (result {T} {T})
                {9} (local.get $x) (local.get $y) (br_if $b (local.get $c)) (br $a))
            (local.set $n (i32.const 1)))
        {=2} {=1}
        (local.get $n) (i32.ne (local.get $c) (i32.const 0)) (call $check_i32)",
    ),
    Shape::new(
        "br_table of one",
        [2, 2, 2],
        "(block $a (result {T})
            (block $b (result {T})
                {9} (local.get $x) (br_table $a $b $a (local.get $c)))
            (local.set $n (i32.const 1)))
        {=1}
        (local.get $n) (i32.eq (local.get $c) (i32.const 1)) (call $check_i32)",
    )
    .wrong_for(&[Kind::V128]),
    Shape::new(
        "br_table of two locals",
        [3, 3, 3],
        "(block $a (result {T} {T})
            (block $b (result {T} {T})
                {9} (local.get $x) (local.get $y) (br_table $a $b $a (local.get $c)))
            (local.set $n (i32.const 1)))
        {=2} {=1}
        (local.get $n) (i32.eq (local.get $c) (i32.const 1)) (call $check_i32)",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "br_table of two constants",
        [2, 2, 2],
        "(block $a (result {T} {T})
            (block $b (result {T} {T})
                {9} {4} {5} (br_table $a $b (local.get $c))))
        {=5} {=4}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "br_table of two to labels of unequal heights",
        [4, 4, 4],
        "(block $a (result {T} {T})
            {8}
            (block $b (result {T} {T})
                {9} (local.get $x) (local.get $y) (br_table $a $b $a (local.get $c)))
            (local.set $n (i32.const 1))
            (local.set $q) (local.set $p) drop (local.get $p) (local.get $q))
        {=2} {=1} (local.get $x) {=1}
        (local.get $n) (i32.eq (local.get $c) (i32.const 1)) (call $check_i32)",
    ),
    Shape::new(
        "br_table of two to a loop",
        [3, 3, 3],
        "(local.get $x)
        (block $out (result {T} {T})
            {4} {5}
            (loop $round (param {T} {T})
                (local.set $q) (local.set $p)
                (local.set $x {3})
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                {9} (local.get $q) (local.get $p)
                (br_table $round $round $out (local.get $n)))
            unreachable)
        {=5} {=4} {=1}",
    )
    .wrong_for(SCALARS),
    Shape::new(
        "br_table of two to the function",
        [2, 2, 2],
        "(block $b (result {T} {T})
            {9} (local.get $x) (local.get $y) (br_table $b 1 $b (local.get $c)))",
    )
    .wrong_for(&NUMBERS)
    .returning("(result {T} {T})", "{=2} {=1}"),
    Shape::new(
        "br_if and return of two to the function",
        [2, 2, 2],
        "{9} (local.get $x) (local.get $y)
        (br_if 0 (i32.eq (local.get $c) (i32.const 1)))
        (block (param {T} {T}) (result {T} {T}) (br_if 1 (local.get $c)) return)
        return",
    )
    .returning("(result {T} {T})", "{=2} {=1}"),
    Shape::new(
        "br_table of four, of several types",
        [5, 5, 5],
        "(block $a (result i64 {T} f32 {T})
            (block $b (result i64 {T} f32 {T})
                {9} (i64.const 6) (local.get $x) (f32.const 7) (local.get $y)
                (br_table $a $b $a (local.get $c)))
            (local.set $n (i32.const 1)))
        {=2} (i32.const 7) (call $check_f32) {=1} (i32.const 6) (call $check_i64)
        (local.get $n) (i32.eq (local.get $c) (i32.const 1)) (call $check_i32)",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "br_table of two, one of them computed",
        [3, 3, 3],
        "(block $a (result {T} {T})
            (block $b (result {T} {T})
                {9} (local.get $y) {x+7} (br_table $a $b $a (local.get $c)))
            (local.set $n (i32.const 1)))
        {=8} {=2}
        (local.get $n) (i32.eq (local.get $c) (i32.const 1)) (call $check_i32)",
    )
    .wrong_for(&NUMBERS),
];
