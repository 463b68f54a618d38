//! The bindings of every language say what `fuelbox_guest::protocol` says, and so does the host.

use super::built_guests::{TOOLCHAINS, module};
use fuelbox::{
    ExternType, FunctionType, ImportStatus, Limits, Module, Sandbox, ValueType,
    capability::{Clock, Random},
    protocol,
};
use fuelbox_guest::protocol::{ABI_VERSION, EXPORTS, IMPORTS, LOG_LEVELS, MODULE, Signature, Type};
use wasm_encoder::{EntityType, ImportSection, TypeSection, ValType};

const C: &str = include_str!("../../guest-abi/include/fuelbox_guest.h");
const ZIG: &str = include_str!("../../guest-abi/zig/fuelbox_guest.zig");
const ASSEMBLYSCRIPT: &str = include_str!("../../guest-abi/assemblyscript/fuelbox_guest.ts");
const RUST: &str = include_str!("../../guest-abi/src/sys.rs");

/// How a language declares what the host offers.
struct Language {
    name: &'static str,
    source: &'static str,
    /// Its declarations, one a line once line breaks between attribute and function are gone.
    is_declaration: fn(&str) -> bool,
    /// Stands between the name and the type of a parameter; `None` where the type comes first.
    colon: Option<&'static str>,
    /// Its names for the types of pointers, of 32 and of 64 bits.
    types: [&'static [&'static str]; 2],
    /// How the version stands in it.
    version: String,
}

fn languages() -> [Language; 4] {
    [
        Language {
            name: "C",
            source: C,
            is_declaration: |line| line.starts_with("FUELBOX_IMPORT("),
            colon: None,
            types: [&["const void *", "void *", "uint32_t "], &["uint64_t "]],
            version: format!("#define FUELBOX_ABI_VERSION {ABI_VERSION}\n"),
        },
        Language {
            name: "Zig",
            source: ZIG,
            is_declaration: |line| line.contains("extern \""),
            colon: Some(":"),
            types: [&["[*]const u8", "[*]u8", "usize"], &["u64"]],
            version: format!("pub const abi_version: i32 = {ABI_VERSION};\n"),
        },
        Language {
            name: "AssemblyScript",
            source: ASSEMBLYSCRIPT,
            is_declaration: |line| line.contains("declare function"),
            colon: Some(":"),
            types: [&["usize"], &["u64"]],
            version: format!("export const ABI_VERSION: i32 = {ABI_VERSION};\n"),
        },
        Language {
            name: "Rust",
            source: RUST,
            is_declaration: |line| line.trim_start().starts_with("fn host_"),
            colon: Some(":"),
            types: [&["*const u8", "*mut u8", "usize"], &["u64"]],
            // It has no number of its own: the entry macro returns the constant.
            version: String::new(),
        },
    ]
}

impl Language {
    /// Name, parameters and result of each function it declares, in its order.
    fn declarations(&self) -> Vec<(String, Vec<Type>, Vec<Type>)> {
        self.source
            .lines()
            .filter(|line| (self.is_declaration)(line))
            .map(|line| self.parse(line))
            .collect()
    }

    /// Takes a declaration apart: `.. name(params) -> result`, with the result first in C.
    fn parse(&self, line: &str) -> (String, Vec<Type>, Vec<Type>) {
        let start = line
            .rfind("host_")
            .expect("it declares a function of the host");
        let (before, rest) = line.split_at(start);
        let (name, rest) = rest.split_once('(').expect("parameters follow the name");
        let (params, after) = rest.rsplit_once(')').expect("parameters end");
        let params = params
            .split(',')
            .map(str::trim)
            .filter(|param| !param.is_empty() && *param != "void")
            .map(|param| self.parameter(param))
            .collect();
        let result = match self.colon {
            Some(_) => after.trim_matches([' ', ':', ';', '-', '>']),
            None => before.rsplit(')').next().unwrap_or_default().trim_start(),
        };
        let results = match result.trim_end() {
            "" | "void" => Vec::new(),
            _ => vec![self.ty(result)],
        };
        (name.to_owned(), params, results)
    }

    fn parameter(&self, param: &str) -> Type {
        match self.colon {
            Some(colon) => {
                let (_, ty) = param.split_once(colon).expect("a type follows the name");
                self.ty(ty.trim())
            }
            None => {
                let name = param.rfind([' ', '*']).expect("a name follows the type");
                self.ty(&param[..=name])
            }
        }
    }

    fn ty(&self, text: &str) -> Type {
        let [narrow, wide] = self.types;
        match (narrow.contains(&text), wide.contains(&text)) {
            (true, false) => Type::I32,
            (false, true) => Type::I64,
            _ => panic!("{}: unknown type {text:?}", self.name),
        }
    }
}

#[test]
fn every_binding_declares_what_the_protocol_offers_and_nothing_else() {
    let expected: Vec<_> = IMPORTS
        .iter()
        .map(
            |Signature {
                 name,
                 params,
                 results,
                 ..
             }| { (String::from(*name), params.to_vec(), results.to_vec()) },
        )
        .collect();
    for language in languages() {
        assert_eq!(language.declarations(), expected, "{}", language.name);
    }
}

#[test]
fn every_binding_imports_from_the_protocols_module_by_the_protocols_names() {
    for Signature { name, .. } in IMPORTS {
        assert!(
            C.contains(&format!("FUELBOX_IMPORT(\"{MODULE}\", \"{name}\")")),
            "{name}"
        );
        assert!(
            ZIG.contains(&format!("extern \"{MODULE}\" fn {name}(")),
            "{name}"
        );
        let external =
            format!("@external(\"{MODULE}\", \"{name}\")\nexport declare function {name}(");
        assert!(ASSEMBLYSCRIPT.contains(&external), "{name}");
    }
    assert!(RUST.contains(&format!("#[link(wasm_import_module = \"{MODULE}\")]")));
}

#[test]
fn every_binding_names_the_version_and_the_levels() {
    for language in languages() {
        assert!(
            language.source.contains(&language.version),
            "{}",
            language.name
        );
    }
    for level in LOG_LEVELS {
        assert!(
            C.contains(&format!("fuelbox_log_level(\"{level}\", text)")),
            "{level}"
        );
        assert!(
            ASSEMBLYSCRIPT.contains(&format!("log(\"{level}: \" + text)")),
            "{level}"
        );
    }
    let [error, warn, info, debug] = LOG_LEVELS;
    assert!(ZIG.contains(&format!("enum {{ @\"{error}\", {warn}, {info}, {debug} }}")));
}

#[test]
fn the_host_offers_every_function_with_the_type_that_the_protocol_says() {
    let module = Module::new(importing_everything()).expect("it is valid");
    let sandbox = Sandbox::new(Limits::default())
        .grant(protocol())
        .grant(Clock::fixed(std::time::Duration::ZERO))
        .grant(Random::seeded(0));
    let checks = sandbox.check(&module).imports;
    assert_eq!(checks.len(), IMPORTS.len());
    for check in checks {
        assert!(
            matches!(check.status, ImportStatus::Granted { .. }),
            "{}: {:?}",
            check.import,
            check.status
        );
    }
}

/// A module that imports every function of the protocol, as the protocol says.
fn importing_everything() -> Vec<u8> {
    let mut types = TypeSection::new();
    let mut imports = ImportSection::new();
    for (index, signature) in (0..).zip(IMPORTS) {
        types
            .ty()
            .function(val_types(signature.params), val_types(signature.results));
        imports.import(MODULE, signature.name, EntityType::Function(index));
    }
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&imports);
    module.finish()
}

fn val_types(types: &[Type]) -> Vec<ValType> {
    let to_wasm = |ty: &Type| match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
        _ => panic!("the protocol has no other type"),
    };
    types.iter().map(to_wasm).collect()
}

#[test]
fn guests_export_what_the_protocol_says() {
    let value_type = |ty: &Type| match ty {
        Type::I64 => ValueType::I64,
        _ => ValueType::I32,
    };
    for toolchain in TOOLCHAINS {
        let module = module(&format!("{toolchain}-hello"));
        let mut found = 0;
        for Signature {
            name,
            params,
            results,
            ..
        } in EXPORTS
        {
            let Some(ty) = module.export(name) else {
                continue;
            };
            let params: Vec<_> = params.iter().map(value_type).collect();
            let results: Vec<_> = results.iter().map(value_type).collect();
            let expected = ExternType::Function(FunctionType::new(&params, &results));
            assert_eq!(ty, expected, "{toolchain}: {name}");
            found += 1;
        }
        assert_eq!(found, 2, "{toolchain}: `execute` and the version");
    }
}

#[test]
fn the_document_shows_guests_that_are_built_and_run() {
    let document = include_str!("../../docs/write-a-guest.md");
    let guests = [
        ("rs", include_str!("../guests/src/rust/hello.rs")),
        ("c", include_str!("../guests/src/c/hello.c")),
        ("zig", include_str!("../guests/src/zig/hello.zig")),
        ("ts", include_str!("../guests/src/assemblyscript/hello.ts")),
        ("rs", include_str!("../guests/src/orders/guest/src/lib.rs")),
    ];
    for (language, source) in guests {
        // Without its tests, where they come last.
        let source = source.split("\n#[cfg(test)]").next().unwrap_or(source);
        let block = format!("```{language}\n{source}");
        assert!(
            document.contains(&block),
            "{language}: the document does not show\n{block}"
        );
    }
}
