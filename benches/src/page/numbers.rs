//! Numbers as people read them: three digits that mean something, and a unit.

/// A time.
pub fn time(nanos: f64) -> String {
    scaled(nanos, &[(1e9, "s"), (1e6, "ms"), (1e3, "us"), (1.0, "ns")])
}

/// Bytes, by 1,000s.
pub fn bytes(count: f64) -> String {
    scaled(count, &[(1e6, "MB"), (1e3, "KB"), (1.0, "B")])
}

/// A ratio.
pub fn times(ratio: f64) -> String {
    format!("{}x", digits(ratio))
}

/// A ratio where the third decimal counts, with its quartiles.
pub fn close([low, middle, high]: [f64; 3]) -> String {
    format!("{middle:.3}x ({low:.3} to {high:.3})")
}

/// A plain number: three digits that mean something, with commas between thousands.
pub fn digits(number: f64) -> String {
    match number.abs() {
        n if n < 9.995 => format!("{number:.2}"),
        n if n < 99.95 => format!("{number:.1}"),
        _ => grouped(number.round() as i64),
    }
}

fn scaled(number: f64, units: &[(f64, &str)]) -> String {
    let (size, unit) = units
        .iter()
        .find(|(size, _)| number.abs() >= *size)
        .or(units.last())
        .expect("there is a unit");
    format!("{} {unit}", digits(number / size))
}

fn grouped(number: i64) -> String {
    let plain = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
