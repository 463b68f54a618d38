//! Answers of the host to a guest that waits for them.

use super::{
    Execution,
    progress::Progress,
    running::{Running, watch},
};
use crate::{
    capability::panicked,
    guard::guard,
    host::{Asked, Found, Halt, Last, Request, values},
    instance::Guest,
    report::Outcome,
    stop::{HostError, Stop},
    value::{Params, Value, ValueType},
};
use alloc::vec::Vec;
use core::task::{Context, Poll};

/// Why an answer was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The guest asks nothing: it runs, waits for something else, has its answer, or has come to its end.
    #[error("the guest asks nothing")]
    NothingAsked,
    /// The values are of other types than the function was declared with, or of another number. The guest still waits.
    #[error("the answer is {found:?}, but {expected:?} is needed")]
    Types {
        /// The results that the function was declared with.
        expected: Vec<ValueType>,
        /// What was answered.
        found: Vec<ValueType>,
    },
    /// A reference other than null, which cannot be passed. The guest still waits.
    #[error("a reference other than null cannot be passed")]
    Reference,
    /// The call has been stopped, or had to be at the moment of the answer: it was cancelled, or waited too long.
    #[error("too late to answer: {stop}")]
    Stopped {
        /// What stopped it.
        stop: Stop,
    },
}

impl Execution {
    /// What the guest asks, while it waits for an answer: see [`Function::waiting`](crate::Function::waiting).
    ///
    /// ```
    /// use fuelbox::{Call, Value};
    ///
    /// # use fuelbox::{Function, Limits, Module, Sandbox, Slice, Step, ValueType, Wait};
    /// # let wasm = wat::parse_bytes(br#"(module (import "shop" "price" (func $price (param i32) (result i32)))
    /// #     (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $price (local.get 0)))))"#)?;
    /// # let price = Function::waiting("shop", "price", &[ValueType::I32], &[ValueType::I32]);
    /// # let sandbox = Sandbox::new(Limits::default()).grant(price);
    /// let call = Call::export("twice").args(7);
    /// let mut execution = sandbox.start(&Module::new(&wasm)?, call)?;
    /// while execution.step(Slice::fuel(100_000)) != Step::Waiting(Wait::Host) {}
    /// let request = execution.request().expect("it waits for an answer");
    /// assert_eq!((request.module(), request.name()), ("shop", "price"));
    /// assert_eq!(request.args(), [Value::I32(7)]);
    ///
    /// execution.answer(21)?;
    /// assert_eq!(execution.finish().report.values, [Value::I32(42)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&mut self) -> Option<Request<'_>> {
        let guest = &mut self.instance.as_mut()?.guest;
        let asked = self.running.asked()?;
        Some(Request::new(&mut guest.store, asked))
    }

    /// Answers what the guest asks: a number, a tuple of numbers, or `()`. It goes on with the next step.
    ///
    /// ```
    /// # use fuelbox::{Function, Limits, Module, Sandbox, Slice, Step, ValueType, Wait};
    /// # let wasm = wat::parse_bytes(br#"(module (import "shop" "price" (func $price (param i32) (result i32)))
    /// #     (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $price (local.get 0)))))"#)?;
    /// # let price = Function::waiting("shop", "price", &[ValueType::I32], &[ValueType::I32]);
    /// # let sandbox = Sandbox::new(Limits::default()).grant(price);
    /// # let mut execution = sandbox.start(&Module::new(&wasm)?, fuelbox::Call::export("twice").args(7))?;
    /// # while execution.step(Slice::fuel(100_000)) != Step::Waiting(Wait::Host) {}
    /// assert!(execution.answer("seven".len() as i64).is_err(), "a 32-bit number is expected");
    /// execution.answer(21)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AnswerError`]. Where the guest asks and the answer is wrong it still waits, and can be answered again.
    pub fn answer(&mut self, results: impl Params) -> Result<(), AnswerError> {
        self.answer_values(results.into_values().as_ref())
    }

    /// As [`answer`](Self::answer), for values whose types are known only at run time, vectors, and null references.
    ///
    /// ```
    /// # use fuelbox::Value;
    /// # use fuelbox::{Function, Limits, Module, Sandbox, Slice, Step, ValueType, Wait};
    /// # let wasm = wat::parse_bytes(br#"(module (import "shop" "price" (func $price (param i32) (result i32)))
    /// #     (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $price (local.get 0)))))"#)?;
    /// # let price = Function::waiting("shop", "price", &[ValueType::I32], &[ValueType::I32]);
    /// # let sandbox = Sandbox::new(Limits::default()).grant(price);
    /// # let mut execution = sandbox.start(&Module::new(&wasm)?, fuelbox::Call::export("twice").args(7))?;
    /// # while execution.step(Slice::fuel(100_000)) != Step::Waiting(Wait::Host) {}
    /// execution.answer_values(&[Value::I32(21)])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn answer_values(&mut self, results: &[Value]) -> Result<(), AnswerError> {
        let instance = self.instance.as_mut().ok_or(AnswerError::NothingAsked)?;
        self.running.answer(&mut instance.guest, results)
    }

    /// Ends the call, since what the guest asks cannot be answered: as [`Stop::HostFunction`], or for the reason that a
    /// [`Halt`] has.
    ///
    /// ```
    /// use fuelbox::HostError;
    ///
    /// # use fuelbox::{Function, Limits, Module, Sandbox, Slice, Step, ValueType, Wait};
    /// # let wasm = wat::parse_bytes(br#"(module (import "shop" "price" (func $price (param i32) (result i32)))
    /// #     (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $price (local.get 0)))))"#)?;
    /// # let price = Function::waiting("shop", "price", &[ValueType::I32], &[ValueType::I32]);
    /// # let sandbox = Sandbox::new(Limits::default()).grant(price);
    /// # let mut execution = sandbox.start(&Module::new(&wasm)?, fuelbox::Call::export("twice").args(7))?;
    /// # while execution.step(Slice::fuel(100_000)) != Step::Waiting(Wait::Host) {}
    /// execution.fail(HostError::message("the shop is closed"))?;
    /// let report = execution.finish().report;
    /// assert_eq!(report.outcome.to_string(), "host function shop.price failed: the shop is closed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AnswerError::NothingAsked`], [`AnswerError::Stopped`].
    pub fn fail(&mut self, error: impl Into<HostError>) -> Result<(), AnswerError> {
        let instance = self.instance.as_mut().ok_or(AnswerError::NothingAsked)?;
        self.running.fail_asked(&mut instance.guest, error.into())
    }

    /// Asks the future that finds out what the guest asks: whether it has been answered, or failed; none where there is
    /// no such future.
    pub(super) fn poll_answering(&mut self, context: &mut Context<'_>) -> Option<Poll<()>> {
        let answering = self.running.asked_mut()?.answering.as_mut()?;
        let found = match guard(|| answering.as_mut().poll(context)) {
            Ok(Poll::Pending) => return Some(Poll::Pending),
            Ok(Poll::Ready(found)) => found,
            Err(message) => Err(panicked(&message)),
        };
        let taken = match found {
            Ok(Found::Values(results)) => self.answer_values(&results),
            Ok(Found::Last(last)) => self.answer_last(last),
            Err(error) => self.fail(error),
        };
        // It has the types declared, so the only one that is not taken came too late, and the call is over.
        debug_assert!(taken.is_ok() || self.is_over());
        Some(Poll::Ready(()))
    }

    fn answer_last(&mut self, last: Last) -> Result<(), AnswerError> {
        let instance = self.instance.as_mut().ok_or(AnswerError::NothingAsked)?;
        self.running.must_be_asked(&mut instance.guest)?;
        let mut request = self.request().ok_or(AnswerError::NothingAsked)?;
        let results = guard(|| last(&mut request));
        match results.unwrap_or_else(|message| Err(panicked(&message))) {
            Ok(results) => self.answer_values(&results),
            Err(error) => self.fail(error),
        }
    }
}

impl Running {
    pub(super) fn asked(&self) -> Option<&Asked> {
        self.held()?.asked()
    }

    fn asked_mut(&mut self) -> Option<&mut Asked> {
        match &mut self.progress {
            Progress::Held(held) => held.asked_mut(),
            _ => None,
        }
    }

    fn answer(&mut self, guest: &mut Guest, results: &[Value]) -> Result<(), AnswerError> {
        self.must_be_asked(guest)?;
        let asked = self.asked().ok_or(AnswerError::NothingAsked)?;
        let found = results.iter().map(Value::ty);
        let expected = &asked.question.results;
        if !found.clone().eq(expected.iter().copied()) {
            return Err(AnswerError::Types {
                expected: expected.to_vec(),
                found: found.collect(),
            });
        }
        let values: Option<_> = results.iter().copied().map(values::to_wasmi).collect();
        let values = values.ok_or(AnswerError::Reference)?;
        if let Progress::Held(held) = &mut self.progress {
            held.answer(values);
        }
        // What passes from here to the next step is the host's own.
        self.is_waiting = false;
        Ok(())
    }

    fn fail_asked(&mut self, guest: &mut Guest, error: HostError) -> Result<(), AnswerError> {
        self.must_be_asked(guest)?;
        let question = &self.asked().ok_or(AnswerError::NothingAsked)?.question;
        let stop = match Halt::passed_up(&error) {
            Some(halt) => halt.into_stop(),
            None => Stop::HostFunction {
                module: question.module.clone(),
                name: question.name.clone(),
                error,
            },
        };
        self.stop(guest, stop);
        Ok(())
    }

    /// Ends a call that nobody can answer any more.
    pub(super) fn leave_unanswered(&mut self, guest: &mut Guest) {
        let Some(asked) = self.asked() else {
            return;
        };
        let stop = Stop::Unanswered {
            module: asked.question.module.clone(),
            name: asked.question.name.clone(),
        };
        self.stop(guest, stop);
    }

    /// Looks at the clock and the cancel token for an answer that has come; stops the call where it is too late.
    fn must_be_asked(&mut self, guest: &mut Guest) -> Result<(), AnswerError> {
        if let Some(Outcome::Stopped { stop, .. }) = self.outcome() {
            return Err(AnswerError::Stopped { stop: stop.clone() });
        }
        if self.asked().is_none() {
            return Err(AnswerError::NothingAsked);
        }
        watch(guest).look_for_answer();
        match watch(guest).stop_waiting() {
            None => Ok(()),
            Some(stop) => {
                self.stop(guest, stop.clone());
                Err(AnswerError::Stopped { stop })
            }
        }
    }
}
