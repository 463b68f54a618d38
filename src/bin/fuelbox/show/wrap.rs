//! Wrapping of text into lines that fit.

/// How wide a line may be: what half a large screen, a pull request and a manual have room for.
pub(crate) const COLUMNS: usize = 100;

/// Breaks a line between words so that no part is wider than [`COLUMNS`]; parts after the first begin with `indent`
/// spaces. A word that is wider by itself is cut.
pub(crate) fn wrap(line: &str, indent: usize) -> String {
    let start: String = line.chars().take_while(|c| *c == ' ').collect();
    let room = COLUMNS.saturating_sub(indent);
    let mut lines = start;
    let mut width = lines.chars().count();
    let mut is_first = true;
    // What stands in columns stays there: only single spaces are places to break.
    for word in line.trim_start().split(' ') {
        let word = cut(word, room);
        let len = word.chars().count();
        let gap = usize::from(!is_first);
        if !is_first && width.saturating_add(gap).saturating_add(len) > COLUMNS {
            lines.truncate(lines.trim_end().len());
            lines.push('\n');
            lines.extend((0..indent).map(|_| ' '));
            width = indent;
        } else if !is_first {
            lines.push(' ');
            width = width.saturating_add(1);
        }
        lines.push_str(&word);
        width = width.saturating_add(len);
        is_first = false;
    }
    lines
}

fn cut(word: &str, room: usize) -> String {
    if word.chars().count() <= room {
        return word.to_owned();
    }
    let start: String = word.chars().take(room.saturating_sub(DOTS.len())).collect();
    start + DOTS
}

const DOTS: &str = "...";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_columns() {
        let word = "x".repeat(30);
        let line = format!("  {}", [word.as_str(); 7].join(" "));
        let wrapped = wrap(&line, 6);
        let lines: Vec<&str> = wrapped.lines().collect();
        assert_eq!(lines.len(), 3, "{wrapped}");
        assert!(lines.iter().all(|line| line.len() <= COLUMNS), "{wrapped}");
        assert!(lines[0].starts_with("  x") && lines[1].starts_with("      x"));
        assert_eq!(wrapped.matches(&word).count(), 7);
    }

    #[test]
    fn what_fits_stays_and_what_cannot_is_cut() {
        assert_eq!(wrap("  a   b", 4), "  a   b");
        let cut = wrap(&"y".repeat(500), 10);
        assert_eq!(cut.chars().count(), 90);
        assert!(cut.ends_with("y..."));
    }
}
