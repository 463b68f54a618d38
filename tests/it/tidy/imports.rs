//! Who may import whom: imports point one way, in the library and in the program.

use super::{
    holds, seen,
    source::{Source, code, paths},
};

/// The modules of the crate in the order data flows: each may import those before it, and itself.
const LIBRARY: &[&str] = &[
    "text",
    "thread_number",
    "function_name",
    "json",
    "tree",
    "dir",
    "files",
    "blame",
    "clock",
    "guard",
    "proposal",
    "advice",
    "limits",
    "module_limits",
    "value",
    "worker_end",
    "extern_type",
    "stop",
    "error",
    "report",
    "exit_code",
    "recording",
    "module",
    "host",
    "call",
    "capability",
    "instance",
    "execution",
    "preflight",
    "sandbox",
    "replay",
    "observation",
    "profile",
    "coverage",
    "fuzz",
    "pool",
    "worker",
    "selftest",
    "typed",
    "_documentation",
];

/// The modules of the program, in the same way.
const PROGRAM: &[&str] = &[
    "exit",
    "stopwatch",
    "units",
    "nearest",
    "explanation",
    "failure",
    "files",
    "grant",
    "language",
    "args",
    "show",
    "interrupt",
    "guest",
    "isolated",
    "counted",
    "covered",
    "observed",
    "recorded",
    "run",
    "replay",
    "bench",
    "fuzz",
    "snapshot",
    "inspect",
    "new",
    "selftest",
    "completions",
];

#[test]
fn imports_point_one_way() {
    seen(imports, "src/value.rs", "use crate::module::Module;");
    seen(
        imports,
        "src/text.rs",
        "use crate::{\n    blame::Blame,\n    stop::{Stop, Trap},\n};",
    );
    seen(imports, "src/host/mod.rs", "fn f() { crate::sandbox::g() }");
    seen(imports, "src/host/mod.rs", "use crate::Stop;");
    seen(imports, "src/host/meter.rs", "use super::super::sandbox;");
    seen(imports, "src/value.rs", "use super::module;");
    seen(imports, "src/novelty.rs", "");
    holds(imports);
}

#[test]
fn imports_against_the_order_of_the_program_are_seen() {
    seen(
        imports,
        "src/bin/fuelbox/units.rs",
        "use crate::{exit, show::style};",
    );
    seen(
        imports,
        "src/bin/fuelbox/args/run.rs",
        "use crate::guest::wasi::Variable;",
    );
    seen(
        imports,
        "src/bin/fuelbox/show/help.rs",
        "use super::super::run;",
    );
    seen(imports, "src/bin/fuelbox/run.rs", "use super::bench;");
    seen(imports, "src/bin/fuelbox/novelty.rs", "");
}

/// Imports against the order.
fn imports(source: &Source) -> Vec<String> {
    let Some(place) = Place::of(&source.path) else {
        return Vec::new();
    };
    let Some(rank) = place.rank(place.module) else {
        return vec![format!("{} has no place in the order", place.module)];
    };
    let code = code(&source.text);
    // Tests may look around.
    let code = code.split("\n#[cfg(test)]").next().unwrap_or_default();
    let code = code.split("\n#[cfg(all(test").next().unwrap_or_default();
    let mut breaches: Vec<_> = paths(code, "crate::")
        .into_iter()
        .filter(|name| place.rank(name).is_none_or(|other| other > rank))
        .map(|name| format!("{} imports {name}", place.module))
        .collect();
    // `super` is the whole crate there.
    let goes_up = place.is_top && code.lines().any(|line| line.starts_with("use super::"));
    if goes_up || code.contains("super::super") {
        breaches.push("imports by way of super what crate:: should name".to_string());
    }
    breaches
}

/// Where a file is among the modules of the library or the program.
struct Place<'a> {
    order: &'static [&'static str],
    /// The module of the root that the file belongs to.
    module: &'a str,
    /// Whether the file is that module itself.
    is_top: bool,
}

impl<'a> Place<'a> {
    /// None for the roots themselves, and for what is not under src.
    fn of(path: &'a str) -> Option<Self> {
        let (order, rest) = match path.strip_prefix("src/bin/fuelbox/") {
            Some(rest) => (PROGRAM, rest),
            None => (LIBRARY, path.strip_prefix("src/")?),
        };
        let module = rest.split(['/', '.']).next()?;
        let is_top = rest == format!("{module}.rs") || rest == format!("{module}/mod.rs");
        let is_root = is_top && ["lib", "main"].contains(&module);
        (!is_root).then_some(Self {
            order,
            module,
            is_top,
        })
    }

    fn rank(&self, module: &str) -> Option<usize> {
        self.order.iter().position(|other| *other == module)
    }
}
