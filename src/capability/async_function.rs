//! Functions of the host that are answered by a future.

use super::{
    Function,
    function::{Names, WithCaller},
    reply::Replies,
    waiting_function::{Begin, waiting},
};
use crate::{
    host::Caller,
    value::{Results, ValueType, WasmValue, for_each_arity},
};
use alloc::{borrow::Cow, boxed::Box, sync::Arc};
use core::future::Future;

impl Function {
    /// A function that is answered by a future, for guests that are awaited: the guest waits meanwhile, and other tasks
    /// run.
    ///
    /// As [`Function::new`], but that the closure returns a future of the answer. It owns what it uses: the arguments,
    /// and what was read of the guest's memory before it began. With a [`Reply`](super::Reply) it reaches the memory
    /// once more at its end. The future is polled by the future of the [`Execution`](crate::Execution), so it may use
    /// what the executor offers. An error or a panic of it stops the run as
    /// [`Stop::HostFunction`](crate::Stop::HostFunction); it is dropped where the run is.
    ///
    /// A call that is stepped can be answered as for [`Function::waiting`], which also says what bounds the waiting;
    /// one that is run to its end and not awaited stops as [`Stop::Unanswered`](crate::Stop::Unanswered).
    ///
    /// ```
    /// use fuelbox::{Caller, Function, HostError};
    ///
    /// # async fn look_up(sku: u32) -> Result<u64, std::io::Error> { Ok(u64::from(sku) * 100) }
    /// # async fn status(url: Vec<u8>) -> u32 { 200 }
    /// let price = Function::from_async("env", "price", |sku: u32| async move { look_up(sku).await });
    ///
    /// // With memory of the guest, read before it waits:
    /// let get = Function::from_async("env", "get", |caller: &mut Caller<'_>, ptr: u32, len: u32| {
    ///     let url = caller.read(ptr, len).map(<[u8]>::to_vec);
    ///     async move { Ok::<_, HostError>(status(url?).await) }
    /// });
    /// # let _ = (price, get);
    /// ```
    pub fn from_async<Signature>(
        module: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        function: impl AsyncHostFunction<Signature>,
    ) -> Self {
        function.into_function(Names {
            module: module.into(),
            name: name.into(),
        })
    }
}

/// A closure that can become a [`Function`] answered by a future: see [`Function::from_async`]. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a host function that is answered by a future",
    label = "not a closure that returns such a future",
    note = "it takes up to 16 of i32, u32, i64, u64, f32 and f64, each with its type written out, and before them \
            `&mut Caller<'_>` if it wants the guest's memory",
    note = "it returns a future that is Send and 'static, `async move {{ .. }}`, of (), one of these numbers, a tuple of them, a \
            Reply of these, or a Result of any of these"
)]
pub trait AsyncHostFunction<Signature>: Send + Sync + 'static {
    #[doc(hidden)]
    fn into_function(self, names: Names) -> Function;
}

macro_rules! async_functions {
    ($($param:ident)*) => {
        #[doc(hidden)]
        impl<Closure, Answering, $($param),*> AsyncHostFunction<($($param,)*)> for Closure
        where
            Closure: Fn($($param),*) -> Answering + Send + Sync + 'static,
            Answering: Future<Output: Replies> + Send + 'static,
            $($param: WasmValue,)*
        {
            fn into_function(self, names: Names) -> Function {
                AsyncHostFunction::<(WithCaller, $($param,)*)>::into_function(
                    move |_: &mut Caller<'_>, $($param: $param),*| self($($param),*),
                    names,
                )
            }
        }

        #[doc(hidden)]
        impl<Closure, Answering, $($param),*> AsyncHostFunction<(WithCaller, $($param,)*)> for Closure
        where
            Closure: Fn(&mut Caller<'_>, $($param),*) -> Answering + Send + Sync + 'static,
            Answering: Future<Output: Replies> + Send + 'static,
            $($param: WasmValue,)*
        {
            fn into_function(self, names: Names) -> Function {
                let begin: Begin = Arc::new(move |caller, args| {
                    let args = <($($param,)*) as Results>::from_values(args.iter().copied());
                    let ($($param,)*) = args.expect("the guest is linked by these types");
                    let answering = self(caller, $($param),*);
                    Box::pin(async move { answering.await.into_found() })
                });
                let params: &[ValueType] = &[$(<$param as WasmValue>::TYPE),*];
                waiting(names, params, <Answered<Answering> as Results>::TYPES, Some(begin))
            }
        }
    };
}

/// What a future of an answer gives to the guest.
type Answered<F> = <<F as Future>::Output as Replies>::Values;

#[expect(non_snake_case, reason = "the macro names values after their types")]
mod each_arity {
    use super::{
        Answered, Arc, AsyncHostFunction, Begin, Box, Caller, Function, Future, Names, Replies,
        Results, ValueType, WasmValue, WithCaller, for_each_arity, waiting,
    };

    for_each_arity!(async_functions);
}
