//! Native types: those that the interpreter passes unchanged.
//!
//! They stand between the public traits and the interpreter's, so that no bound of the API names the latter.

use crate::value::{Params, Results, WasmValue, for_each_arity};

/// A parameter of a host function.
pub(crate) trait Native: WasmValue + wasmi::WasmTy {}

impl<T: WasmValue + wasmi::WasmTy> Native for T {}

/// The results of a host function.
pub(crate) trait NativeResults: Results + Params + Copy {
    /// What the interpreter takes for them.
    type Returned: wasmi::WasmRet;

    fn returned(results: Result<Self, wasmi::Error>) -> Self::Returned;
}

macro_rules! native_values {
    ($($rust:ty)*) => { $(
        impl NativeResults for $rust {
            type Returned = Result<Self, wasmi::Error>;

            #[inline]
            fn returned(results: Result<Self, wasmi::Error>) -> Self::Returned {
                results
            }
        }
    )* };
}

native_values! { i32 u32 i64 u64 f32 f64 }

macro_rules! native_tuples {
    ($($name:ident)*) => {
        impl<$($name: Native),*> NativeResults for ($($name,)*) {
            type Returned = Result<Self, wasmi::Error>;

            #[inline]
            fn returned(results: Result<Self, wasmi::Error>) -> Self::Returned {
                results
            }
        }
    };
}

for_each_arity!(native_tuples);
