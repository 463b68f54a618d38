//! Guest code that passed every check.

use crate::{
    boundary::{In, Out},
    builder::Builder,
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    json, output,
    status::{Failure, Status},
    value,
};
use fuelbox::{Error, ExternType, FunctionType, Import, MemoryType, Module, TableType};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Makes a module as `builder` says, or by default.
fn build(builder: Handle<Builder>, wasm: &[u8]) -> Result<Module, Failure> {
    let builder = handle::open_if_any(builder)?;
    let made = match &builder {
        Some(builder) => builder.builder().build(wasm),
        None => Module::new(wasm),
    };
    Ok(made?)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_new(
    builder: Handle<Builder>,
    wasm: In<u8>,
    wasm_len: usize,
    module: Out<Handle<Module>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        module.required()?;
        module.set(handle::new(build(builder, wasm.slice(wasm_len)?)?)?);
        Ok(())
    })
}

/// Makes a module of the text format, where that is built in.
#[cfg(feature = "wat")]
fn assemble(builder: Handle<Builder>, text: &str) -> Result<Module, Failure> {
    let builder = handle::open_if_any(builder)?;
    let made = match &builder {
        Some(builder) => builder.builder().build_wat(text),
        None => Module::from_wat(text),
    };
    Ok(made?)
}

#[cfg(not(feature = "wat"))]
fn assemble(_: Handle<Builder>, _: &str) -> Result<Module, Failure> {
    Err(Status::NOT_BUILT.into())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_new_text(
    builder: Handle<Builder>,
    text: In<u8>,
    text_len: usize,
    module: Out<Handle<Module>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        module.required()?;
        module.set(handle::new(assemble(builder, text.text(text_len)?)?)?);
        Ok(())
    })
}

/// Length of a SHA-256 in bytes.
const SHA256_BYTES: usize = 32;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_new_checked(
    builder: Handle<Builder>,
    wasm: In<u8>,
    wasm_len: usize,
    sha256: In<u8>,
    sha256_len: usize,
    module: Out<Handle<Module>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        module.required()?;
        let (wasm, expected) = (wasm.slice(wasm_len)?, sha256.slice(sha256_len)?);
        if expected.len() != SHA256_BYTES {
            return Err(Status::INVALID_ARGUMENT.into());
        }
        // Before anything is parsed.
        if Sha256::digest(wasm).as_slice() != expected {
            return Err(Status::HASH.into());
        }
        module.set(handle::new(build(builder, wasm)?)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_proposals_used(
    builder: Handle<Builder>,
    wasm: In<u8>,
    wasm_len: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        let limits = handle::open_if_any(builder)?.map(|builder| builder.limits.clone());
        let wasm = wasm.slice(wasm_len)?;
        let proposals = Module::proposals_used(wasm, &limits.unwrap_or_default())?;
        output::text((&buf, cap, &len), &json::text(&proposals)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_clone(
    module: Handle<Module>,
    clone: Out<Handle<Module>>,
) -> Status {
    guard(|| {
        clone.required()?;
        let module = handle::open(module)?.clone();
        clone.set(handle::new(module)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_name(
    module: Handle<Module>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let module = handle::open(module)?;
        output::text((&buf, cap, &len), module.name().ok_or(Status::NOT_FOUND)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_fingerprint(
    module: Handle<Module>,
    fingerprint: Out<u64>,
) -> Status {
    guard(|| {
        fingerprint.required()?;
        fingerprint.set(handle::open(module)?.fingerprint());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_import_count(
    module: Handle<Module>,
    count: Out<usize>,
) -> Status {
    guard(|| {
        count.required()?;
        count.set(handle::open(module)?.imports().len());
        Ok(())
    })
}

/// Writes what `part` says of the import at `index`.
fn import(
    module: Handle<Module>,
    index: usize,
    buffer: (&Out<u8>, usize, &Out<usize>),
    part: impl FnOnce(&Import) -> String,
) -> Status {
    guard(|| {
        let module = handle::open(module)?;
        let import = module.imports().get(index).ok_or(Status::NOT_FOUND)?;
        output::text(buffer, &part(import))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_import_module(
    module: Handle<Module>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    import(module, index, (&buf, cap, &len), |import| {
        import.module.clone()
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_import_name(
    module: Handle<Module>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    import(module, index, (&buf, cap, &len), |import| {
        import.name.clone()
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_import_type(
    module: Handle<Module>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    import(module, index, (&buf, cap, &len), |import| {
        import.ty.to_string()
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_export_count(
    module: Handle<Module>,
    count: Out<usize>,
) -> Status {
    guard(|| {
        count.required()?;
        count.set(handle::open(module)?.exports().count());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_export_name(
    module: Handle<Module>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let module = handle::open(module)?;
        let export = module.exports().nth(index).ok_or(Status::NOT_FOUND)?;
        output::text((&buf, cap, &len), export.name)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_export_type(
    module: Handle<Module>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let module = handle::open(module)?;
        let export = module.exports().nth(index).ok_or(Status::NOT_FOUND)?;
        output::text((&buf, cap, &len), &export.ty.to_string())
    })
}

/// The type of the function that is exported as `name`.
fn function_type(module: &Module, name: &str) -> Result<FunctionType, Error> {
    match module.export(name) {
        Some(ExternType::Function(ty)) => Ok(ty),
        Some(found) => Err(Error::ExportType {
            name: name.into(),
            expected: ExternType::Function(FunctionType::default()),
            found,
        }),
        None => Err(Error::ExportMissing { name: name.into() }),
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_function_params(
    module: Handle<Module>,
    name: In<u8>,
    name_len: usize,
    buf: Out<u32>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let ty = function_type(&*handle::open(module)?, name.text(name_len)?)?;
        output::fill((&buf, cap, &len), &value::numbers(&ty.params))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_function_results(
    module: Handle<Module>,
    name: In<u8>,
    name_len: usize,
    buf: Out<u32>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let ty = function_type(&*handle::open(module)?, name.text(name_len)?)?;
        output::fill((&buf, cap, &len), &value::numbers(&ty.results))
    })
}

/// What can be said of a module, as JSON.
#[derive(Serialize)]
struct Document<'a> {
    name: Option<&'a str>,
    fingerprint: String,
    imports: &'a [Import],
    exports: Vec<fuelbox::Export<'a>>,
    memories: &'a [MemoryType],
    tables: &'a [TableType],
    has_start: bool,
    abi_version: fuelbox::AbiVersion,
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_json(
    module: Handle<Module>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let module = handle::open(module)?;
        let document = Document {
            name: module.name(),
            fingerprint: format!("{:016x}", module.fingerprint()),
            imports: module.imports(),
            exports: module.exports().collect(),
            memories: module.memories(),
            tables: module.tables(),
            has_start: module.has_start(),
            abi_version: module.abi_version(),
        };
        output::text((&buf, cap, &len), &json::text(&document)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_wasm(
    module: Handle<Module>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let module = handle::open(module)?;
        output::fill((&buf, cap, &len), module.wasm().ok_or(Status::NOT_FOUND)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_make_lanes(
    module: Handle<Module>,
    lanes: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || Ok(handle::open(module)?.make_lanes(lanes)?))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_free(module: Handle<Module>) -> Status {
    guard(|| Ok(handle::free(module)?))
}
