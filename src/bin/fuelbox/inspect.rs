//! `fuelbox inspect`: shows what a module consists of and whether it would run.

use crate::{
    args::Inspect,
    exit,
    explanation::Explanation,
    grant::{allow, proposals},
    guest::{module_file::ModuleFile, values},
    show::{explain, json, print, style::Style, wrap::wrap},
    units,
};
use fuelbox::{
    ABI_VERSION, AbiVersion, Call, Error, Export, ExternType, ImportCheck, ImportStatus,
    MemoryType, Module, ModuleLimits, Preflight, Proposals, Sandbox, TableType, capability::Wasi,
};
use serde::Serialize;
use std::fmt::{self, Write};

/// What a module is made of, and whether it would run.
#[derive(Serialize)]
struct Inspection<'a> {
    would_run: bool,
    /// Size in the binary format.
    bytes: usize,
    fingerprint: String,
    proposals: Vec<String>,
    memories: &'a [MemoryType],
    tables: &'a [TableType],
    has_start: bool,
    abi_version: AbiVersion,
    exports: Vec<Export<'a>>,
    #[serde(flatten)]
    preflight: Preflight,
}

/// Describes a module; returns the exit code that `run` would have before the guest starts.
pub(crate) fn inspect(arguments: &Inspect) -> u8 {
    let limits = &arguments.module_limits;
    let inspected = ModuleFile::open(&arguments.module, limits, false).and_then(|file| {
        let used = Module::proposals_used(&file.wasm, limits)?;
        Ok((file, used))
    });
    match inspected {
        Ok((file, used)) => {
            let preflight = check(&file.module, arguments);
            Inspection::new(&file, used, preflight).show(arguments.json, limits)
        }
        Err(failure) => {
            let explanation = explain::failure(&failure, limits);
            print::explanation(&explanation, Style::Wrong);
            if arguments.json {
                print::text(&json::failure(&failure, &explanation));
            }
            failure.exit_code()
        }
    }
}

/// Asks about the call that is meant: of the entry, or of an export with arguments of its types.
fn check(module: &Module, arguments: &Inspect) -> Preflight {
    let mut sandbox = Sandbox::new(arguments.limits.clone());
    if arguments.stub_unknown {
        sandbox = sandbox.stub_unknown();
    }
    let sandbox = allow::grant_all(sandbox, &arguments.allow, Wasi::new());
    let Some(name) = &arguments.invoke else {
        return sandbox.check(module);
    };
    let values = match module.export(name) {
        Some(ExternType::Function(ty)) => ty
            .params
            .iter()
            .filter_map(|ty| values::zero(*ty))
            .collect(),
        _ => Vec::new(),
    };
    sandbox.check_call(module, &Call::export(name).values(values))
}

impl<'a> Inspection<'a> {
    fn new(file: &'a ModuleFile, used: Proposals, preflight: Preflight) -> Self {
        let module = &file.module;
        Self {
            would_run: preflight.would_run(),
            bytes: file.wasm.len(),
            fingerprint: format!("{:016x}", module.fingerprint()),
            proposals: used.iter().map(proposals::word_of).collect(),
            memories: module.memories(),
            tables: module.tables(),
            has_start: module.has_start(),
            abi_version: module.abi_version(),
            exports: module.exports().collect(),
            preflight,
        }
    }

    fn show(&self, as_json: bool, limits: &ModuleLimits) -> u8 {
        let verdict = self.verdict(limits);
        let refusal = self.preflight.refusals.first();
        let shown = if as_json {
            let code = refusal.map_or("would-run", Error::code);
            json::document(code, &verdict, self)
        } else {
            self.describe(&verdict).expect("a String takes everything")
        };
        match print::text(&shown) {
            exit::FINISHED => refusal.map_or(exit::FINISHED, Error::exit_code),
            failed => failed,
        }
    }

    /// "would run", or everything that is missing.
    fn verdict(&self, limits: &ModuleLimits) -> Explanation {
        if self.would_run {
            return Explanation::only("would run");
        }
        let missing = allow::missing(&self.preflight);
        let mut reasons: Vec<String> = missing.iter().map(|flag| format!("needs {flag}")).collect();
        let mut change = missing;
        for error in &self.preflight.refusals {
            if !matches!(error, Error::ImportNotGranted { .. }) {
                let explanation = explain::refusal(error, None, limits);
                reasons.push(explanation.what);
                change = change.or(explanation.change);
            }
        }
        let more = reasons.len().saturating_sub(SHOWN_REASONS);
        reasons.truncate(SHOWN_REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        Explanation {
            what: format!("would not run: {}", reasons.join("; ")),
            change,
        }
    }

    fn describe(&self, verdict: &Explanation) -> Result<String, fmt::Error> {
        let mut text = String::new();
        writeln!(
            text,
            "size         {} bytes",
            units::grouped(len(self.bytes))
        )?;
        writeln!(text, "fingerprint  {}", self.fingerprint)?;
        writeln!(text, "proposals    {}", or_none(&self.proposals))?;
        writeln!(text, "memories     {}", or_none(self.memories))?;
        writeln!(text, "tables       {}", or_none(self.tables))?;
        let start = if self.has_start {
            "yes, runs first"
        } else {
            "none"
        };
        writeln!(text, "start        {start}")?;
        writeln!(text, "abi version  {}", Version(self.abi_version))?;
        writeln!(
            text,
            "exports      {}",
            units::grouped(len(self.exports.len()))
        )?;
        for export in &self.exports {
            writeln!(text, "{}", wrap(&format!("  {export}"), INDENT))?;
        }
        let imports = &self.preflight.imports;
        writeln!(text, "imports      {}", units::grouped(len(imports.len())))?;
        for ImportCheck { import, status, .. } in imports {
            let line = format!("  {import}: {}", Status(status, &import.ty));
            writeln!(text, "{}", wrap(&line, INDENT))?;
        }
        writeln!(text, "{}", wrap(&verdict.what, INDENT))?;
        if let Some(change) = &verdict.change
            && !verdict.what.contains(change)
        {
            writeln!(text, "{}", wrap(&format!("try: {change}"), INDENT))?;
        }
        Ok(text)
    }
}

/// What does not fit on a line goes on this far in.
const INDENT: usize = 6;

/// How many reasons the verdict gives: a module can import a thousand things.
const SHOWN_REASONS: usize = 5;

fn or_none(things: &[impl ToString]) -> String {
    if things.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> = things.iter().map(ToString::to_string).collect();
    shown.join(", ")
}

fn len(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

struct Version(AbiVersion);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            AbiVersion::Absent => f.write_str("not stated"),
            AbiVersion::Constant(version) => write!(f, "{version}, this host speaks {ABI_VERSION}"),
            _ => f.write_str("not known without running the guest"),
        }
    }
}

struct Status<'a>(&'a ImportStatus, &'a ExternType);

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ImportStatus::Granted { .. } => f.write_str("granted"),
            ImportStatus::Denied { capability } => match allow::word_of(capability) {
                Some(word) => write!(f, "needs --allow {word}"),
                None => write!(f, "needs {capability}"),
            },
            ImportStatus::WrongType { expected } => {
                write!(f, "of another type, the host has {expected}")
            }
            ImportStatus::Stub => f.write_str("unknown, stops the run where it is called"),
            _ if matches!(self.1, ExternType::Function(_)) => f.write_str("unknown"),
            _ => f.write_str("cannot be provided"),
        }
    }
}
