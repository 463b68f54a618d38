//! Imports of an instance that is replayed.

use crate::{
    extern_type::ExternType,
    host::{Halt, Store, StoreMut, tape, values},
    module::{Import, Module},
    value::{Value, ValueType},
};
use alloc::{string::String, sync::Arc, vec::Vec};
use wasmi::AsContextMut;

/// What serves each import of `module` in a replay, in their order.
pub(crate) fn played(module: &Module, store: &mut Store) -> Vec<wasmi::Extern> {
    let functions = module
        .imports()
        .iter()
        .filter_map(|import| match &import.ty {
            ExternType::Function(ty) => Some((import, ty)),
            _ => None,
        });
    functions
        .map(|(import, ty)| play(store, import, &ty.params, &ty.results).into())
        .collect()
}

fn play(
    store: &mut Store,
    import: &Import,
    params: &[ValueType],
    results: &[ValueType],
) -> wasmi::Func {
    let of = |types: &[ValueType]| {
        let types = types.iter().copied().map(values::type_to_wasmi);
        types.collect::<Vec<_>>()
    };
    let ty = wasmi::FuncType::new(of(params), of(results));
    let names: Arc<(String, String)> = Arc::new((import.module.clone(), import.name.clone()));
    let expected: Arc<[ValueType]> = results.into();
    wasmi::Func::new(store, ty, move |mut caller, params, results| {
        let import = (names.0.as_str(), names.1.as_str());
        let args: Vec<_> = params.iter().map(values::from_wasmi).collect();
        let given = tape::play(&mut caller.as_context_mut(), import, &args)?;
        let types = given.iter().map(Value::ty);
        let is_typed = types.eq(expected.iter().copied());
        let given: Option<Vec<_>> = given.into_iter().map(values::to_wasmi).collect();
        let given = given.filter(|_| is_typed);
        let given =
            given.ok_or_else(|| differ(&mut caller.as_context_mut(), import, &args).raise())?;
        results.clone_from_slice(&given);
        Ok(())
    })
}

#[cold]
fn differ(caller: &mut StoreMut<'_>, import: (&str, &str), args: &[Value]) -> Halt {
    tape::differ_in_results(caller.data_mut(), import, args)
}
