//! The known word that is nearest to a word that is unknown.

/// The known word that is most like `word`, if one is like it at all.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = word.chars().count().div_ceil(3);
    known
        .filter_map(|other| {
            let begins = word.chars().count() >= LEAST_PREFIX && other.starts_with(word);
            let apart = if begins { 0 } else { distance(word, other) };
            (apart <= most && apart < other.chars().count()).then_some((apart, other))
        })
        .min_by_key(|(apart, _)| *apart)
        .map(|(_, other)| other)
}

/// From so many characters on, the beginning of a word is enough.
const LEAST_PREFIX: usize = 3;

/// How many characters must be added, left out, changed or swapped with the next to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, of_a) in a.iter().enumerate() {
        let mut line = vec![row.saturating_add(1)];
        for (column, of_b) in b.iter().enumerate() {
            let at =
                |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX);
            let next = column.saturating_add(1);
            let changed = at(&last, column).saturating_add(usize::from(of_a != of_b));
            let mut least = changed
                .min(at(&last, next).saturating_add(1))
                .min(at(&line, column).saturating_add(1));
            let swapped = row
                .checked_sub(1)
                .zip(column.checked_sub(1))
                .is_some_and(|(r, c)| a.get(r) == Some(of_b) && b.get(c) == Some(of_a));
            if swapped {
                least = least.min(at(&before, column.saturating_sub(1)).saturating_add(1));
            }
            line.push(least);
        }
        before = std::mem::replace(&mut last, line);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_nearly_right_are_understood() {
        let known = ["run", "inspect", "bench", "selftest", "completions"];
        let near = |word| nearest(word, known.into_iter());
        for (word, meant) in [
            ("rum", "run"),
            ("isnpect", "inspect"),
            ("benhc", "bench"),
            ("self-test", "selftest"),
            ("comp", "completions"),
        ] {
            assert_eq!(near(word), Some(meant), "{word}");
        }
        for word in ["", "a.wasm", "x", "jump", "test"] {
            assert_eq!(near(word), None, "{word}");
        }
    }

    #[test]
    fn a_distance_counts_what_must_change() {
        for (a, b, apart) in [
            ("", "", 0),
            ("ab", "ba", 1),
            ("abc", "", 3),
            ("allow", "alow", 1),
            ("fuel", "fool", 2),
        ] {
            assert_eq!(distance(a, b), apart, "{a} {b}");
            assert_eq!(distance(b, a), apart, "{b} {a}");
        }
    }
}
