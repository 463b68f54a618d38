//! A place in a module, as it is shown to people.

use std::fmt;

/// A place in a module, with what it is called. Shown with `{}`, nothing in it can drive a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The number of the function in the module; those of imported functions are the first.
    pub function: u32,
    /// What the module calls the function, as it stands in the source; none where it has no names.
    pub name: Option<String>,
    /// Where in the bytes of the module the operator stands.
    pub offset: u64,
    /// Lines of the source, the innermost first: a function that was inlined has one of its own. None where the module
    /// has no debug information for the place.
    pub lines: Vec<Line>,
}

/// A line of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The function, as it stands in the source.
    pub function: Option<String>,
    /// The path of the file, as the compiler was given it.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1.
    pub column: Option<u32>,
}

/// How many characters of a name or a path are shown.
const SHOWN_CHARS: usize = 200;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (inlined, own) = match self.lines.split_last() {
            Some((own, inlined)) => (inlined, Some(own)),
            None => (&[][..], None),
        };
        for line in inlined {
            line.fmt_in(f, None)?;
            f.write_str(", inlined into ")?;
        }
        let name = self.name.as_deref();
        match own {
            Some(own) => own.fmt_in(f, name.or(own.function.as_deref()))?,
            None => match name {
                Some(name) => write!(f, "{}", Shown(name))?,
                None => write!(f, "function {}", self.function)?,
            },
        }
        write!(f, " at {:#x}", self.offset)
    }
}

impl Line {
    fn fmt_in(&self, f: &mut fmt::Formatter<'_>, name: Option<&str>) -> fmt::Result {
        match name.or(self.function.as_deref()) {
            Some(name) => write!(f, "{}", Shown(name))?,
            None => f.write_str("a function")?,
        }
        let Some(file) = &self.file else {
            return Ok(());
        };
        write!(f, " in {}", Shown(file))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match self.column {
            Some(column) if column > 0 => write!(f, ":{column}"),
            _ => Ok(()),
        }
    }
}

/// A text of the module, escaped and cut.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for c in chars.by_ref().take(SHOWN_CHARS) {
            match c {
                '\'' | '"' => fmt::Write::write_char(f, c)?,
                c => write!(f, "{}", c.escape_debug())?,
            }
        }
        match chars.next() {
            Some(_) => f.write_str("..."),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            function: 7,
            name: None,
            offset: 0x1f,
            lines: Vec::new(),
        }
    }

    #[test]
    fn a_place_is_shown_by_all_that_is_known_of_it() {
        assert_eq!(place().to_string(), "function 7 at 0x1f");
        let line = |function: &str, line| Line {
            function: Some(function.to_owned()),
            file: Some("src/a.rs".to_owned()),
            line: Some(line),
            column: Some(5),
        };
        let named = Place {
            name: Some("run".to_owned()),
            lines: vec![line("halve", 3), line("run", 9)],
            ..place()
        };
        assert_eq!(
            named.to_string(),
            "halve in src/a.rs:3:5, inlined into run in src/a.rs:9:5 at 0x1f"
        );
    }

    #[test]
    fn what_drives_a_terminal_is_escaped_and_long_names_are_cut() {
        let name = format!("\x1b[2J{}", "x".repeat(1_000));
        let shown = Place {
            name: Some(name),
            ..place()
        }
        .to_string();
        assert!(shown.starts_with("\\u{1b}[2Jxxx"), "{shown}");
        assert!(shown.ends_with("x... at 0x1f"), "{shown}");
    }
}
