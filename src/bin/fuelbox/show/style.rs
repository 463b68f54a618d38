//! Colour, where a terminal shows it.

use std::{
    env,
    io::{self, IsTerminal},
};

/// How a word of the program's own stands out.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    /// What went wrong.
    Wrong,
    /// What to change.
    Change,
    Heading,
}

/// Whether standard error shows colours.
pub(crate) fn on_stderr() -> bool {
    io::stderr().is_terminal() && is_wanted()
}

/// Whether standard output shows colours.
pub(crate) fn on_stdout() -> bool {
    io::stdout().is_terminal() && is_wanted()
}

/// The text in its style, if `wanted`.
pub(crate) fn styled(text: &str, style: Style, wanted: bool) -> String {
    if !wanted {
        return text.to_owned();
    }
    let code = match style {
        Style::Wrong => "1;31",
        Style::Change => "1;32",
        Style::Heading => "1",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// Whether terminals can do more than write on.
pub(crate) fn can_move() -> bool {
    env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// As <https://no-color.org> says.
fn is_wanted() -> bool {
    can_move() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_wanted_leaves_no_trace() {
        assert_eq!(styled("try:", Style::Change, false), "try:");
        assert_eq!(styled("try:", Style::Change, true), "\x1b[1;32mtry:\x1b[0m");
    }
}
