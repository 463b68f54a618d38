//! `fuelbox completions`: scripts with which shells complete commands and flags, made from the same table as the help.

use crate::{
    args::{
        COMMANDS, Completions, GENERAL, Shell,
        flag::{Command, Flag},
    },
    show::print,
};

/// Prints the script; returns the exit code.
pub(crate) fn completions(arguments: &Completions) -> u8 {
    print::text(&match arguments.shell {
        Shell::Bash => bash(),
        Shell::Zsh => zsh(),
        Shell::Fish => fish(),
    })
}

fn flags(command: &Command) -> impl Iterator<Item = &'static Flag> {
    command.flags().chain(GENERAL.flags.iter().copied())
}

fn bash() -> String {
    let names = COMMANDS.map(|command| command.name).join(" ");
    let mut script = format!(
        "_fuelbox() {{\n    local word=${{COMP_WORDS[COMP_CWORD]}} words\n    COMPREPLY=()\n    \
         case $COMP_CWORD:${{COMP_WORDS[1]}} in\n        1:*) words='{names} --help --version' ;;\n"
    );
    for command in COMMANDS {
        let flags = flags(command).map(|flag| format!("--{}", flag.name));
        let operands = match command.name {
            "completions" => " bash zsh fish",
            _ => "",
        };
        let flags: Vec<String> = flags.collect();
        script.push_str(&format!(
            "        *:{}) words='{}{operands}' ;;\n",
            command.name,
            flags.join(" ")
        ));
    }
    script.push_str(
        "    esac\n    if [[ $word == -* || $COMP_CWORD == 1 || ${COMP_WORDS[1]} == completions ]]; then\n        \
         COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    fi\n}\ncomplete -o default -F _fuelbox fuelbox\n",
    );
    script
}

fn zsh() -> String {
    let mut script =
        "#compdef fuelbox\n_fuelbox() {\n    if ((CURRENT == 2)); then\n        local commands=(\n"
            .to_owned();
    for command in COMMANDS {
        script.push_str(&format!(
            "            '{}:{}'\n",
            command.name,
            quoted(command.summary)
        ));
    }
    script.push_str("        )\n        _describe command commands\n        return\n    fi\n    case $words[2] in\n");
    for command in COMMANDS {
        script.push_str(&format!(
            "        {})\n            _arguments",
            command.name
        ));
        for flag in flags(command) {
            let help = quoted(flag.help).replace('[', "(").replace(']', ")");
            let value = flag.value.map_or_else(String::new, |value| {
                format!(":{}:_files", value.replace(':', " "))
            });
            script.push_str(&format!(
                " \\\n                '*--{}[{help}]{value}'",
                flag.name
            ));
        }
        script.push_str(match command.name {
            "completions" => " \\\n                '*:shell:(bash zsh fish)' ;;\n",
            _ => " \\\n                '*:file:_files' ;;\n",
        });
    }
    script.push_str("    esac\n}\n_fuelbox \"$@\"\n");
    script
}

fn fish() -> String {
    let mut script = String::new();
    for command in COMMANDS {
        script.push_str(&format!(
            "complete -c fuelbox -n __fish_use_subcommand -a {} -d '{}'\n",
            command.name,
            quoted(command.summary)
        ));
        for flag in flags(command) {
            let short = flag
                .short
                .map_or_else(String::new, |short| format!(" -s {short}"));
            let takes = if flag.value.is_some() { " -r" } else { "" };
            script.push_str(&format!(
                "complete -c fuelbox -n '__fish_seen_subcommand_from {}' -l {}{short}{takes} -d '{}'\n",
                command.name,
                flag.name,
                quoted(flag.help)
            ));
        }
    }
    script.push_str(
        "complete -c fuelbox -n '__fish_seen_subcommand_from completions' -f -a 'bash zsh fish'\n",
    );
    script
}

/// Our own words within single quotes of a shell.
fn quoted(text: &str) -> String {
    text.replace('\'', "")
}
