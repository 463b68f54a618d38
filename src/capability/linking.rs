//! Linking: makes a closure of the host what serves one import of an instance.
//!
//! Where the instance is recorded, what crosses the boundary is taken down around the closure, in the same function of
//! the interpreter: a function around it, which calls it through the interpreter again, takes 1,300 instructions more.

use crate::{
    host::{Host, Native, NativeResults, Signal, Store, StoreMut, tape, values},
    value::{Value, for_each_arity},
};
use wasmi::AsContextMut;

/// One import of an instance, while what serves it is made.
pub(super) struct Linking<'a> {
    store: &'a mut Store,
    /// The number of the import, where the instance is recorded.
    recorded: Option<u32>,
}

impl<'a> Linking<'a> {
    /// Of import `number` of the instance that `store` is for.
    pub(super) fn new(store: &'a mut Store, number: u32) -> Self {
        let recorded = store.data_mut().recorder().map(|_| number);
        Self { store, recorded }
    }

    /// A function whose type is that of `closure`.
    pub(super) fn wrap<Signature>(self, closure: impl HostClosure<Signature>) -> wasmi::Func {
        closure.link(self)
    }

    /// A function of a type that is known only at run time.
    pub(super) fn dynamic(
        self,
        ty: wasmi::FuncType,
        closure: impl Fn(StoreMut<'_>, &[wasmi::Val], &mut [wasmi::Val]) -> Result<(), wasmi::Error>
        + Send
        + Sync
        + 'static,
    ) -> wasmi::Func {
        let recorded = self.recorded;
        wasmi::Func::new(self.store, ty, move |mut caller, params, results| {
            let mut store = caller.as_context_mut();
            if let Some(number) = recorded {
                values::with_values(params, |params| {
                    tape::begin_host_call(&mut store, number, params);
                });
            }
            let returned = closure(store.as_context_mut(), params, results);
            if recorded.is_some() {
                values::with_values(results, |results| {
                    end(&mut store, returned.as_ref().map(|()| results));
                });
            }
            returned
        })
    }
}

/// A closure that takes the store of the instance that calls it, and then numbers.
pub(super) trait HostClosure<Signature>: Send + Sync + 'static {
    /// Makes it the function that serves an import.
    fn link(self, import: Linking<'_>) -> wasmi::Func;
}

macro_rules! host_closures {
    ($($param:ident)*) => {
        impl<Closure, Returned, $($param),*> HostClosure<(Returned, $($param,)*)> for Closure
        where
            Closure: Fn(StoreMut<'_>, $($param),*) -> Result<Returned, wasmi::Error> + Send + Sync + 'static,
            Returned: NativeResults,
            $($param: Native,)*
        {
            fn link(self, import: Linking<'_>) -> wasmi::Func {
                let recorded = import.recorded;
                wasmi::Func::wrap(import.store, move |mut caller: wasmi::Caller<'_, Host>, $($param: $param),*| {
                    let mut store = caller.as_context_mut();
                    if let Some(number) = recorded {
                        tape::begin_host_call(&mut store, number, &[$($param.into_value()),*]);
                    }
                    let returned = self(store.as_context_mut(), $($param),*);
                    if recorded.is_some() {
                        end(&mut store, returned.as_ref().map(|&values| values.into_values()));
                    }
                    Returned::returned(returned)
                })
            }
        }
    };
}

#[expect(non_snake_case, reason = "the macro names values after their types")]
mod each_arity {
    use super::{AsContextMut, Host, Native, NativeResults, StoreMut, end, for_each_arity, tape};
    use super::{HostClosure, Linking};

    for_each_arity!(host_closures);
}

/// Takes down that a host call is over, unless it returns later.
fn end(store: &mut StoreMut<'_>, returned: Result<impl AsRef<[Value]>, &wasmi::Error>) {
    match returned {
        Ok(results) => tape::end_host_call(store, Some(results.as_ref())),
        Err(error) if waits(error) => {}
        Err(_) => tape::end_host_call(store, None),
    }
}

/// Whether a host call that broke off goes on later.
fn waits(error: &wasmi::Error) -> bool {
    let signal = error.downcast_ref::<Signal>();
    signal.is_some_and(|signal| !matches!(signal, Signal::Exit(_)))
}
