//! Choices by a comparison with zero, in the words of [`shapes`](super::shapes).

use super::{kinds::NUMBERS, shapes::Shape};

/// All of them.
pub(super) const CHOICES: &[Shape] = &[
    Shape::new(
        "select by eqz of a local",
        [1, 1, 1],
        "{1} {2} (local.get $c) i32.eqz (select (result {T})) {2:1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "select by eq of a local and zero",
        [1, 1, 1],
        "{1} {2} (i32.eq (local.get $c) (i32.const 0)) (select (result {T})) {2:1}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "select by ne of a local and zero",
        [1, 1, 1],
        "{1} {2} (i32.ne (local.get $c) (i32.const 0)) (select (result {T})) {1:2}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "select by eqz of eqz",
        [1, 1, 1],
        "{1} {2} (local.get $c) i32.eqz i32.eqz nop (select (result {T})) {1:2}",
    )
    .wrong_for(&NUMBERS),
    Shape::new(
        "select by eqz, of a computed one",
        [1, 1, 1],
        "{x+7} {2} (local.get $c) i32.eqz nop nop (select (result {T})) {2:8}",
    )
    .wrong_for(&NUMBERS),
];
