//! The outline: what one pass over the bytes learns of a module, and whether it is valid.
//!
//! The bytes are judged as they came, with exactly the proposals that are allowed, and before anything is changed: so
//! nothing that a rewriting adds can make an invalid module valid. What is expensive is counted before it is
//! validated.

use super::{
    abi,
    bodies::{self, Bodies, Rewritten},
    constants, convert, entries,
    facts::Facts,
    foreign,
    interface::{Import, Interface},
    location,
    needs::{self, Needs},
    proposals,
    signatures::Signatures,
    weight::{Weight, allow, count, len},
};
use crate::{
    error::Error,
    extern_type::{ExternType, MemoryType, TableType},
    module_limits::ModuleLimits,
    proposal::{Proposal, Proposals},
};
use alloc::{string::ToString, vec::Vec};
use fuelbox_guest::protocol;
use wasmparser::{
    BinaryReaderError, ExternalKind, FuncToValidate, FuncType, FunctionBody, Parser, Payload,
    ValidPayload, Validator, ValidatorResources, WasmFeatures, types::Types,
};

/// A valid module, as far as admission has to know it.
pub(super) struct Outline {
    /// The start function, if there is one.
    pub(super) start: Option<u32>,
    imports: Vec<Import>,
    /// Memories, imported ones first.
    memories: Vec<MemoryType>,
    /// Tables, imported ones first.
    tables: Vec<TableType>,
    /// What the guest says of its protocol.
    abi_version: abi::AbiVersion,
    weight: Weight,
    pub(super) bodies: Bodies,
    /// The most values that a call or a branch to any block could carry.
    most_carried: u64,
    /// The proposals that it cannot do without, those of its sections only where they were asked for.
    needs: Proposals,
    /// The types of all that is defined and imported.
    pub(super) types: Types,
}

/// Reads and validates `wasm`.
///
/// # Errors
/// [`Error::ModuleLimit`]; [`Error::Proposal`] where one more proposal would make it valid, else
/// [`Error::InvalidModule`].
pub(super) fn outline(wasm: &[u8], limits: &ModuleLimits) -> Result<Outline, Error> {
    judge(wasm, limits, false)
}

/// The proposals that `wasm` cannot do without.
///
/// # Errors
/// As [`outline`].
pub(super) fn proposals_used(wasm: &[u8], limits: &ModuleLimits) -> Result<Proposals, Error> {
    judge(wasm, limits, true).map(|outline| outline.needs)
}

fn judge(wasm: &[u8], limits: &ModuleLimits, notes_sections: bool) -> Result<Outline, Error> {
    allow("module_bytes", limits.module_bytes, len(wasm))?;
    foreign::recognise(wasm)?;
    let features = proposals::allowed(limits.proposals);
    match Pass::new(wasm, limits, features, notes_sections).run() {
        Ok(outline) => Ok(outline),
        Err((Refusal::Limit(error), _)) => Err(missing_anyway(wasm, limits, error)),
        Err((Refusal::Invalid(error), _)) => Err(why_invalid(wasm, limits, &error, None)),
        Err((Refusal::Unreadable(error, at), _)) => {
            Err(why_invalid(wasm, limits, &error, wasm.get(at).copied()))
        }
    }
}

/// Why the validator refuses `wasm`: a proposal is missing, or it is invalid under every one.
///
/// `opcode` is the first byte of the operator that could not be read, if that was it.
fn why_invalid(
    wasm: &[u8],
    limits: &ModuleLimits,
    error: &BinaryReaderError,
    opcode: Option<u8>,
) -> Error {
    let invalid = Error::InvalidModule {
        offset: count(error.offset()),
        message: error.message().to_string(),
        function: location::function_at(wasm, error.offset()),
    };
    match Pass::new(wasm, limits, proposals::everything(), true).run() {
        Ok(outline) => {
            let missing = proposals::missing(outline.needs, limits.proposals);
            match missing.or_else(|| opcode.and_then(proposals::of_long_number)) {
                Some(proposal) => Error::Proposal { proposal },
                None => invalid,
            }
        }
        Err((Refusal::Limit(error), _)) => missing_anyway(wasm, limits, error),
        Err((Refusal::Invalid(later) | Refusal::Unreadable(later, _), needs)) => {
            match never_runs(wasm, needs) {
                Some(proposal) if later.offset() > error.offset() => Error::Proposal { proposal },
                _ => invalid,
            }
        }
    }
}

/// The proposal among those that were needed up to a fault, or that a section needs, that never runs here.
///
/// Of such the parser does not know all: what is a fault to it may be valid. What it refused first is not, which was
/// no fault once all proposals were on.
fn never_runs(wasm: &[u8], needs: Proposals) -> Option<Proposal> {
    let never = |needs: Proposals| needs.iter().find(|one| !one.is_supported());
    never(needs).or_else(|| never(needs::of_sections(wasm)))
}

/// Why a module is refused that is beyond a limit: for a proposal, if it lacks one too, so that nobody raises the
/// limit first and is refused again.
fn missing_anyway(wasm: &[u8], limits: &ModuleLimits, error: Error) -> Error {
    // Too many types are not read at all.
    if matches!(&error, Error::ModuleLimit { limit, .. } if limit == "types") {
        return error;
    }
    match proposals::missing(needs::of_sections(wasm), limits.proposals) {
        Some(proposal) => Error::Proposal { proposal },
        None => error,
    }
}

/// Why a pass does not come to an end.
enum Refusal {
    Limit(Error),
    Invalid(BinaryReaderError),
    /// With the place of the operator that could not be read.
    Unreadable(BinaryReaderError, usize),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Limit(error)
    }
}

impl From<BinaryReaderError> for Refusal {
    fn from(error: BinaryReaderError) -> Self {
        Self::Invalid(error)
    }
}

/// The pass, somewhere in the module.
struct Pass<'a> {
    wasm: &'a [u8],
    limits: &'a ModuleLimits,
    features: WasmFeatures,
    validator: Validator,
    signatures: Signatures,
    needs: Needs,
    /// Whether sections are read once more for what they need: admission does not ask.
    notes_sections: bool,
    bodies: Bodies,
    weight: Weight,
    start: Option<u32>,
    imports: Vec<Import>,
    memories: Vec<MemoryType>,
    tables: Vec<TableType>,
    abi_version: abi::AbiVersion,
    /// Index of the function that tells the version.
    abi_function: Option<u32>,
}

impl<'a> Pass<'a> {
    fn new(
        wasm: &'a [u8],
        limits: &'a ModuleLimits,
        features: WasmFeatures,
        notes_sections: bool,
    ) -> Self {
        Self {
            wasm,
            limits,
            features,
            validator: Validator::new_with_features(features),
            signatures: Signatures::default(),
            needs: Needs::default(),
            notes_sections,
            bodies: Bodies::new(limits),
            weight: Weight::default(),
            start: None,
            imports: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            abi_version: abi::AbiVersion::default(),
            abi_function: None,
        }
    }

    /// # Errors
    /// Why it does not come to an end, with the proposals that were needed up to there.
    fn run(mut self) -> Result<Outline, (Refusal, Proposals)> {
        match self.read() {
            Ok(types) => Ok(self.finish(types)),
            Err(refusal) => Err((refusal, self.needs.found())),
        }
    }

    fn read(&mut self) -> Result<Types, Refusal> {
        let mut parser = Parser::new(0);
        parser.set_features(self.features);
        for payload in parser.parse_all(self.wasm) {
            let payload = payload?;
            self.count(&payload)?;
            match self.validator.payload(&payload)? {
                ValidPayload::Func(function, body) => {
                    if self.abi_function == Some(function.index) {
                        self.note_version(&body);
                    }
                    self.read_body(function, &body)?;
                }
                ValidPayload::End(types) => {
                    self.may_carry_and_nest()?;
                    self.bodies.finish();
                    return Ok(types);
                }
                _ => {
                    if self.notes_sections {
                        self.needs.note_section(&payload);
                    }
                    self.note(payload)?;
                }
            }
        }
        unreachable!("the parser says where a module ends, or why it cannot be read")
    }

    /// Counts what `payload` has, before the validator makes anything of it.
    fn count(&mut self, payload: &Payload<'_>) -> Result<(), Refusal> {
        entries::bound(payload, self.limits)?;
        if let Payload::TypeSection(types) = payload {
            let section = self.wasm.get(types.range()).unwrap_or_default();
            self.signatures
                .read_types(section, self.limits, &mut self.needs)?;
        }
        self.signatures.read_functions(payload)?;
        self.weight.add(payload, &self.signatures, self.limits)?;
        constants::bound(payload, self.limits)?;
        Ok(())
    }

    fn read_body(
        &mut self,
        function: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), Refusal> {
        let Self {
            bodies,
            signatures,
            limits,
            needs,
            ..
        } = self;
        let read = bodies.read(function, body, signatures, limits, needs);
        read.or_else(|refusal| {
            // What is only counted is refused for that, whatever else is wrong with it.
            self.may_carry_and_nest()?;
            Err(match refusal {
                bodies::Refusal::Invalid(error) => Refusal::Invalid(error),
                bodies::Refusal::Unreadable(error, at) => Refusal::Unreadable(error, at),
                bodies::Refusal::Limit(error) => Refusal::Limit(error),
            })
        })
    }

    fn may_carry_and_nest(&self) -> Result<(), Error> {
        let limits = self.limits;
        allow("block_depth", limits.block_depth, self.bodies.deepest())?;
        allow("carried_values", limits.carried_values, self.bodies.carried)
    }

    fn note(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ImportSection(imports) => {
                let types = self.validator.types(0).expect("it reads a module");
                for import in imports {
                    let Some(import) = Import::new(&import?, types) else {
                        continue;
                    };
                    match import.ty {
                        ExternType::Memory(ty) => self.memories.push(ty),
                        ExternType::Table(ty) => self.tables.push(ty),
                        ExternType::Function(_) | ExternType::Global(_) => {}
                    }
                    self.imports.push(import);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(convert::declared_memory(memory?));
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(convert::declared_table(table?.ty));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.name == protocol::ABI_VERSION_EXPORT
                        && export.kind == ExternalKind::Func
                    {
                        self.abi_version = abi::AbiVersion::Computed;
                        self.abi_function = Some(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            _ => {}
        }
        Ok(())
    }

    fn note_version(&mut self, body: &FunctionBody<'_>) {
        if let Some(version) = abi::constant(body) {
            self.abi_version = abi::AbiVersion::Constant(version);
        }
    }

    fn finish(self, types: Types) -> Outline {
        Outline {
            start: self.start,
            imports: self.imports,
            memories: self.memories,
            tables: self.tables,
            abi_version: self.abi_version,
            weight: self.weight,
            bodies: self.bodies,
            most_carried: self.signatures.widest(),
            needs: self.needs.found(),
            types,
        }
    }
}

impl Outline {
    /// The type of a function that there is.
    pub(super) fn function_type(&self, function: u32) -> &FuncType {
        let types = self.types.as_ref();
        let ty = types.get(types.core_function_at(function));
        ty.expect("the validator found it").unwrap_func()
    }

    pub(super) fn into_facts(self) -> Facts {
        Facts {
            interface: Interface::new(self.imports, self.types.as_ref()),
            memories: self.memories.into(),
            tables: self.tables.into(),
            abi_version: self.abi_version,
            is_repaired: self.bodies.rewritten.iter().any(Rewritten::is_repaired),
            most_locals: self.weight.most_locals,
            most_carried: self.most_carried,
        }
    }
}
