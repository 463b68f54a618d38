//! `--env`: a variable of the environment of a WASI guest.

/// A variable of the guest's environment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Reads `NAME=VALUE`.
///
/// # Errors
/// A text for the user.
pub(crate) fn parse(text: &str) -> Result<Variable, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Variable {
            name: name.to_owned(),
            value: value.to_owned(),
        }),
        _ => Err(format!("{text:?} is not a variable: write NAME=VALUE")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_ends_its_name_at_the_first_equals_sign() {
        let found = parse("A=b=c").expect("it is one");
        assert_eq!((found.name.as_str(), found.value.as_str()), ("A", "b=c"));
        assert!(parse("A=").is_ok_and(|found| found.value.is_empty()));
        assert!(parse("A").is_err() && parse("=b").is_err());
    }
}
