//! The capability `Function`: a function that the host writes itself.

use super::{Grants, Opening, linking::Linking};
use crate::{
    extern_type::{ExternType, FunctionType},
    guard::guard,
    host::{Caller, Halt, Native, NativeResults, StoreMut, values},
    stop::{HostError, Stop},
    value::{Results, Value, ValueType, WasmValue, for_each_arity},
};
use alloc::{borrow::Cow, sync::Arc};
use core::fmt;

/// A function of the host that guests may import.
///
/// ```
/// use fuelbox::{Caller, Function, HostError};
///
/// // Only numbers:
/// let double = Function::new("env", "double", |n: i32| n.wrapping_mul(2));
///
/// // With the caller's memory, and an error of its own:
/// let shout = Function::new("env", "shout", |caller: &mut Caller<'_>, ptr: u32, len: u32| {
///     let mut text = caller.read(ptr, len)?.to_vec();
///     if !text.is_ascii() {
///         return Err(HostError::message("only ASCII can be shouted"));
///     }
///     text.make_ascii_uppercase();
///     caller.write(ptr, &text)?;
///     Ok(())
/// });
/// # let _ = (double, shout);
/// ```
///
/// It can say what guests import it by, and ask for a memory:
///
/// ```
/// use fuelbox::{Caller, Function};
///
/// let measure = Function::new("env", "measure", |_: &mut Caller<'_>, _ptr: u32, len: u32| len).needs_memory();
/// assert_eq!((measure.module(), measure.name()), ("env", "measure"));
/// assert_eq!(measure.ty().to_string(), "(i32, i32) -> i32");
/// ```
#[derive(Clone)]
pub struct Function {
    pub(super) names: Arc<Names>,
    pub(super) ty: FunctionType,
    pub(super) link: Maker,
    /// Whether a guest that exports no memory is refused.
    pub(super) needs_memory: bool,
}

pub(super) type Maker = Arc<dyn Fn(Linking<'_>, &Arc<Names>) -> wasmi::Func + Send + Sync>;

/// What guests import a function by.
pub struct Names {
    pub(super) module: Cow<'static, str>,
    pub(super) name: Cow<'static, str>,
}

impl Function {
    /// A function of up to 16 numbers, with [`&mut Caller`](Caller) before them where it wants the
    /// caller's memory, fuel or extensions.
    ///
    /// It returns nothing, a number, or a tuple of numbers, or a `Result` of these. An error stops
    /// the run as [`Stop::HostFunction`](crate::Stop::HostFunction), and so does a panic; a [`Halt`]
    /// passed up with `?` stops it as what it is. It may be called from several runs at once. The
    /// time it takes counts towards the deadline, but nothing interrupts it.
    pub fn new<Signature>(
        module: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        function: impl HostFunction<Signature>,
    ) -> Self {
        function.into_function(Names {
            module: module.into(),
            name: name.into(),
        })
    }

    /// A function of any type, on [`Value`]s.
    ///
    /// It returns its results as an array, which takes no allocation, or as a `Vec`. Results of other types than
    /// `results`, or references other than null, stop the run as an error of the function.
    ///
    /// ```
    /// use fuelbox::{Function, HostError, Value, ValueType};
    ///
    /// let types = [ValueType::I64; 3];
    /// let sum = Function::dynamic("env", "sum", &types, &[ValueType::I64], |_, args| {
    ///     let numbers = args.iter().map(|arg| match arg {
    ///         Value::I64(number) => *number,
    ///         _ => unreachable!("as declared"),
    ///     });
    ///     Ok::<_, HostError>([Value::I64(numbers.fold(0, i64::wrapping_add))])
    /// });
    /// # let _ = sum;
    /// ```
    pub fn dynamic<R: AsRef<[Value]>, E: Into<HostError>>(
        module: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        params: &[ValueType],
        results: &[ValueType],
        function: impl Fn(&mut Caller<'_>, &[Value]) -> Result<R, E> + Send + Sync + 'static,
    ) -> Self {
        let ty = FunctionType::new(params, results);
        let function = Arc::new(function);
        let wasmi_ty = wasmi::FuncType::new(
            params.iter().copied().map(values::type_to_wasmi),
            results.iter().copied().map(values::type_to_wasmi),
        );
        let expected = ty.clone();
        let link: Maker = Arc::new(move |import, names| {
            let (function, names, expected) = (function.clone(), names.clone(), expected.clone());
            import.dynamic(wasmi_ty.clone(), move |caller, params, results| {
                run(caller, &names, |caller| {
                    let returned = values::with_values(params, |params| function(caller, params));
                    let returned = returned.map_err(Into::into)?;
                    pass_back(returned.as_ref(), &expected.results, results)
                })
            })
        });
        Self {
            names: Arc::new(Names {
                module: module.into(),
                name: name.into(),
            }),
            ty,
            link,
            needs_memory: false,
        }
    }

    /// Refuses guests that import the function and export no memory called `memory`, before they run.
    ///
    /// For one that is of no use without, such as one that takes addresses. By default its first read or
    /// write stops the run as [`Stop::Fault`](crate::Stop::Fault).
    #[must_use]
    pub fn needs_memory(mut self) -> Self {
        self.needs_memory = true;
        self
    }

    /// The first part of the name that guests import it by.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.names.module
    }

    /// The second part of the name that guests import it by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.names.name
    }

    /// Its parameters and results.
    #[must_use]
    pub fn ty(&self) -> &FunctionType {
        &self.ty
    }

    pub(super) fn is_named(&self, module: &str, name: &str) -> bool {
        self.names.name == name && self.names.module == module
    }

    pub(super) fn fits(&self, ty: &ExternType) -> bool {
        matches!(ty, ExternType::Function(ty) if *ty == self.ty)
    }

    pub(super) fn extern_type(&self) -> ExternType {
        ExternType::Function(self.ty.clone())
    }

    pub(super) fn link(&self, import: Linking<'_>) -> wasmi::Func {
        (self.link)(import, &self.names)
    }
}

impl Opening for Function {
    fn open(self, grants: &mut Grants) {
        grants.grant_function(self);
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Function({}.{} {})",
            self.names.module, self.names.name, self.ty
        )
    }
}

/// A closure that can become a [`Function`]: see [`Function::new`]. Sealed.
///
/// ```compile_fail,E0277
/// // A guest cannot pass a `String`: it passes where in its memory the text lies.
/// fuelbox::Function::new("env", "shout", |text: String| {});
/// ```
///
/// ```compile_fail,E0603
/// struct Mine;
/// impl fuelbox::capability::HostFunction<()> for Mine {
///     fn into_function(self, names: fuelbox::capability::function::Names) -> fuelbox::Function {
///         panic!()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a host function",
    label = "not a closure that guests can call",
    note = "it takes up to 16 of i32, u32, i64, u64, f32 and f64, each with its type written out, and before them \
            `&mut Caller<'_>` if it wants the guest's memory",
    note = "it returns (), one of these numbers, a tuple of them, or a Result of any of these with an error that is \
            `std::error::Error + Send + Sync`",
    note = "it is Send, Sync and 'static, and called by shared reference: state goes into a Mutex or an atomic, and \
            `move` takes what it uses with it",
    note = "for vectors, references, and types that are known only at run time there is Function::dynamic"
)]
pub trait HostFunction<Signature>: Send + Sync + 'static {
    #[doc(hidden)]
    fn into_function(self, names: Names) -> Function;
}

/// What a closure may return: [`Results`], or a `Result` of them. Sealed.
///
/// ```compile_fail,E0277
/// struct Mine;
/// impl fuelbox::capability::Returns for Mine {
///     type Values = ();
///     fn into_result(self) -> Result<(), fuelbox::HostError> {
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a host function cannot return `{Self}`",
    label = "not something that a guest can take",
    note = "it returns (), one of i32, u32, i64, u64, f32 and f64, a tuple of up to 16 of them, or a Result of any of \
            these with an error that is `std::error::Error + Send + Sync`",
    note = "text and bytes are written into the guest's memory with Caller::write"
)]
pub trait Returns: Returned {
    #[doc(hidden)]
    type Values: Results;

    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Values, HostError>;
}

impl<R: Results> Returns for R {
    type Values = R;

    fn into_result(self) -> Result<R, HostError> {
        Ok(self)
    }
}

impl<R: Results, E: Into<HostError>> Returns for Result<R, E> {
    type Values = R;

    fn into_result(self) -> Result<R, HostError> {
        self.map_err(Into::into)
    }
}

/// Seals [`Returns`]: it cannot be named elsewhere.
pub trait Returned {}

impl<R: Results> Returned for R {}

impl<R: Results, E: Into<HostError>> Returned for Result<R, E> {}

/// Marks closures that take the caller first.
pub struct WithCaller;

macro_rules! host_functions {
    ($($param:ident)*) => {
        #[doc(hidden)]
        impl<Closure, Answer, $($param),*> HostFunction<($($param,)*)> for Closure
        where
            Closure: Fn($($param),*) -> Answer + Send + Sync + 'static,
            Answer: Returns<Values: NativeResults> + 'static,
            $($param: Native,)*
        {
            fn into_function(self, names: Names) -> Function {
                HostFunction::<(WithCaller, $($param,)*)>::into_function(
                    move |_: &mut Caller<'_>, $($param: $param),*| self($($param),*),
                    names,
                )
            }
        }

        #[doc(hidden)]
        impl<Closure, Answer, $($param),*> HostFunction<(WithCaller, $($param,)*)> for Closure
        where
            Closure: Fn(&mut Caller<'_>, $($param),*) -> Answer + Send + Sync + 'static,
            Answer: Returns<Values: NativeResults> + 'static,
            $($param: Native,)*
        {
            fn into_function(self, names: Names) -> Function {
                let function = Arc::new(self);
                let link: Maker = Arc::new(move |import, names| {
                    let (function, names) = (function.clone(), names.clone());
                    import.wrap(move |caller: StoreMut<'_>, $($param: $param),*| {
                        run(caller, &names, |caller| function(caller, $($param),*).into_result())
                    })
                });
                let params: &[ValueType] = &[$(<$param as WasmValue>::TYPE),*];
                let ty = FunctionType::new(params, <Answer::Values as Results>::TYPES);
                Function { names: Arc::new(names), ty, link, needs_memory: false }
            }
        }
    };
}

#[expect(non_snake_case, reason = "the macro names values after their types")]
mod each_arity {
    use super::{
        Arc, Caller, Function, FunctionType, HostFunction, Maker, Names, Native, NativeResults,
        StoreMut,
    };
    use super::{Results, Returns, ValueType, WasmValue, WithCaller, for_each_arity, run};

    for_each_arity!(host_functions);
}

/// Calls a host function for a guest; whatever goes wrong in it stops the run and nothing else.
fn run<T>(
    caller: StoreMut<'_>,
    names: &Names,
    function: impl FnOnce(&mut Caller<'_>) -> Result<T, HostError>,
) -> Result<T, wasmi::Error> {
    let mut caller = Caller::enter(caller, &names.name).map_err(Halt::raise)?;
    let returned =
        guard(|| function(&mut caller)).unwrap_or_else(|message| Err(panicked(&message)));
    let values = returned.map_err(|error| {
        let halt = Halt::passed_up(&error).unwrap_or_else(|| {
            Halt::new(Stop::HostFunction {
                module: names.module.clone(),
                name: names.name.clone(),
                error,
            })
        });
        halt.raise()
    })?;
    // It may have taken any time.
    caller.look().map_err(Halt::raise)?;
    Ok(values)
}

/// Gives a guest what a function has returned, if it is of the types that it was declared with.
fn pass_back(
    returned: &[Value],
    types: &[ValueType],
    results: &mut [wasmi::Val],
) -> Result<(), HostError> {
    if !returned.iter().map(Value::ty).eq(types.iter().copied()) {
        return Err(HostError::message(
            "the results are of other types than declared",
        ));
    }
    for (to, from) in results.iter_mut().zip(returned) {
        *to = values::to_wasmi(*from)
            .ok_or_else(|| HostError::message("a reference other than null cannot be passed"))?;
    }
    Ok(())
}

#[cold]
pub(crate) fn panicked(message: &str) -> HostError {
    HostError::message(alloc::format!("panicked: {message}"))
}
