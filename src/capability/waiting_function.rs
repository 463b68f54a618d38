//! Functions of the host that are answered later.

use super::{
    Function,
    function::{Maker, Names, panicked},
};
use crate::{
    extern_type::FunctionType,
    guard::guard,
    host::{Answering, Asked, Caller, Halt, Question, Signal, values},
    stop::Stop,
    value::{Value, ValueType},
};
use alloc::{borrow::Cow, sync::Arc, vec::Vec};

impl Function {
    /// A function that the host answers later: a guest that calls it waits meanwhile.
    ///
    /// [`Execution::step`](crate::Execution::step) then returns
    /// [`Step::Waiting`](crate::Step::Waiting)`(`[`Wait::Host`](crate::Wait::Host)`)`,
    /// [`Execution::request`](crate::Execution::request) says what the guest asks, and it goes on with
    /// [`Execution::answer`](crate::Execution::answer) or ends with [`Execution::fail`](crate::Execution::fail).
    /// Waiting is bounded by [`Limits::wait`](crate::Limits::wait). A call that is not stepped but run to its end, as
    /// by [`Sandbox::run`](crate::Sandbox::run), stops as [`Stop::Unanswered`](crate::Stop::Unanswered): nobody could
    /// answer.
    ///
    /// ```
    /// use fuelbox::{Call, Function, Limits, Module, Sandbox, Slice, Step, Value, ValueType, Wait};
    ///
    /// let module = Module::from_wat(
    ///     r#"(module (import "env" "price" (func $price (param i32) (result i64)))
    ///         (func (export "double") (param i32) (result i64)
    ///             (i64.mul (i64.const 2) (call $price (local.get 0)))))"#,
    /// )?;
    /// let price = Function::waiting("env", "price", &[ValueType::I32], &[ValueType::I64]);
    /// let sandbox = Sandbox::new(Limits::default()).grant(price);
    /// let mut execution = sandbox.start(&module, Call::export("double").args(7))?;
    ///
    /// assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Waiting(Wait::Host));
    /// let request = execution.request().expect("the guest asks");
    /// assert_eq!((request.name(), request.args()), ("price", &[Value::I32(7)][..]));
    ///
    /// execution.answer(250_u64)?;
    /// assert_eq!(execution.finish().report.values, [Value::I64(500)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn waiting(
        module: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        params: &[ValueType],
        results: &[ValueType],
    ) -> Self {
        let names = Names {
            module: module.into(),
            name: name.into(),
        };
        waiting(names, params, results, None)
    }
}

/// What begins to find out an answer.
pub(super) type Begin = Arc<dyn Fn(&mut Caller<'_>, &[Value]) -> Answering + Send + Sync>;

/// A function that is answered later: by what `begin` begins, else by hand.
pub(super) fn waiting(
    names: Names,
    params: &[ValueType],
    results: &[ValueType],
    begin: Option<Begin>,
) -> Function {
    let question = Arc::new(Question {
        module: names.module.clone(),
        name: names.name.clone(),
        results: results.into(),
    });
    let wasmi_ty = wasmi::FuncType::new(
        params.iter().copied().map(values::type_to_wasmi),
        results.iter().copied().map(values::type_to_wasmi),
    );
    let link: Maker = Arc::new(move |import, _| {
        let (question, begin) = (question.clone(), begin.clone());
        import.dynamic(wasmi_ty.clone(), move |caller, params, _| {
            let mut caller = Caller::enter(caller, &question.name).map_err(Halt::raise)?;
            let args: Vec<_> = params.iter().map(values::from_wasmi).collect();
            let answering = match &begin {
                None => None,
                Some(begin) => {
                    let begun = guard(|| begin(&mut caller, &args));
                    Some(begun.map_err(|message| failed(&question, &message).raise())?)
                }
            };
            caller.host_mut().asked = Some(Asked {
                question: question.clone(),
                args,
                answering,
            });
            Err(Signal::Ask.into())
        })
    });
    Function {
        names: Arc::new(names),
        ty: FunctionType::new(params, results),
        link,
        needs_memory: false,
    }
}

#[cold]
fn failed(question: &Question, message: &str) -> Halt {
    Halt::new(Stop::HostFunction {
        module: question.module.clone(),
        name: question.name.clone(),
        error: panicked(message),
    })
}
