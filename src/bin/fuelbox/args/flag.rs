//! Commands and flags, as the command line knows them.

/// A flag, such as `--fuel COUNT`.
pub(crate) struct Flag {
    /// Its name without the dashes.
    pub(crate) name: &'static str,
    pub(crate) short: Option<char>,
    /// What its value is called; a switch has none.
    pub(crate) value: Option<&'static str>,
    pub(crate) help: &'static str,
    /// Its value where nobody gives one, if that is worth saying.
    pub(crate) default: Option<fn() -> String>,
}

/// Flags that belong together.
pub(crate) struct Group {
    pub(crate) heading: &'static str,
    pub(crate) flags: &'static [&'static Flag],
}

/// A command, such as `run`.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    /// What follows its name.
    pub(crate) usage: &'static str,
    /// What is no flag: name and meaning.
    pub(crate) operands: &'static [(&'static str, &'static str)],
    pub(crate) groups: &'static [&'static Group],
    /// What follows the program's name.
    pub(crate) examples: &'static [&'static str],
    pub(crate) notes: &'static [&'static str],
    pub(crate) exit_codes: &'static [u8],
}

impl Flag {
    pub(crate) const fn switch(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            short: None,
            value: None,
            help,
            default: None,
        }
    }

    pub(crate) const fn option(
        name: &'static str,
        value: &'static str,
        help: &'static str,
    ) -> Self {
        Self {
            value: Some(value),
            ..Self::switch(name, help)
        }
    }

    pub(crate) const fn short(self, short: char) -> Self {
        Self {
            short: Some(short),
            ..self
        }
    }

    pub(crate) const fn default(self, default: fn() -> String) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }
}

impl Command {
    /// All its flags, in the order of its help text.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        let groups = self.groups.iter();
        groups.flat_map(|group| group.flags.iter().copied())
    }

    /// Whether arguments of the guest may follow.
    pub(crate) fn takes_arguments(&self) -> bool {
        self.operands.len() > 1
    }
}
