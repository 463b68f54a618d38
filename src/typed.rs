//! Typed input and output of a guest, as JSON.

use crate::{error::Error, module::Module, report::Report, sandbox::Sandbox};
use alloc::{
    boxed::Box,
    string::{String, ToString},
};
use serde::{Serialize, de::DeserializeOwned};

impl Sandbox {
    /// Runs `module` on `input` as JSON, and reads its output as JSON.
    ///
    /// Short for [`run`](Self::run) and [`Report::into_json`].
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox, protocol};
    /// use orders_types::{Invoice, Item, Order};
    ///
    /// let module = Module::new(std::fs::read("tests/guests/rust-orders.wasm")?)?;
    /// let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    ///
    /// let lamp = Item { name: "lamp".into(), amount: 2, cents: 1_999 };
    /// let order = Order { customer: "Ada".into(), items: vec![lamp] };
    /// let invoice: Invoice = sandbox.run_json(&module, &order)?;
    /// assert_eq!(invoice.total_cents, 3_998);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`JsonError`]: with the whole report where guest code ran.
    pub fn run_json<O: DeserializeOwned>(
        &self,
        module: &Module,
        input: &(impl Serialize + ?Sized),
    ) -> Result<O, JsonError> {
        let input = serde_json::to_vec(input).map_err(|error| JsonError::Input {
            message: error.to_string(),
        })?;
        self.run(module, input)?.into_json()
    }
}

impl Report {
    /// The output of a guest that finished with status 0, read as JSON.
    ///
    /// ```no_run
    /// use fuelbox::{Limits, Module, Sandbox, protocol};
    ///
    /// # let wasm = [];
    /// let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    /// let report = sandbox.run(&Module::new(&wasm)?, "[1, 2]")?;
    /// println!("{} fuel", report.usage.fuel);
    /// let sums: Vec<u64> = report.into_json()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`JsonError::Failed`] where the guest did not finish or its status is another,
    /// [`JsonError::Output`] where it wrote something else; both have the report.
    pub fn into_json<T: DeserializeOwned>(self) -> Result<T, JsonError> {
        if !self.is_success() {
            return Err(JsonError::Failed(Box::new(self)));
        }
        serde_json::from_slice(&self.output).map_err(|error| JsonError::Output {
            message: error.to_string(),
            report: Box::new(self),
        })
    }
}

/// Why there is no typed output.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The input cannot be written as JSON; no guest code ran.
    #[error("the input cannot be written as JSON: {message}")]
    Input {
        /// What the host's own type said.
        message: String,
    },
    /// We refused to start; no guest code ran.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The guest was stopped, or finished with a status other than 0.
    #[error("{}", .0.outcome)]
    Failed(Box<Report>),
    /// The guest finished, but its output is no JSON, or JSON of another type.
    #[error("the output is not the JSON that was expected: {message}")]
    Output {
        /// What was wrong with it, and where.
        message: String,
        /// Output, logs and usage.
        report: Box<Report>,
    },
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;
    use crate::{Limits, Outcome, protocol};
    use alloc::{format, vec::Vec};

    /// Runs a guest that writes its input to its output and returns `status`.
    fn run<T: DeserializeOwned>(input: &str, status: i32) -> Result<T, JsonError> {
        let module = Module::from_wat(&format!(
            r#"(module
                (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
                (import "env" "host_write_output" (func $write (param i32 i32)))
                (memory (export "memory") 1)
                (func (export "execute") (param i32 i32) (result i32)
                    (call $write (i32.const 0) (call $read (i32.const 0) (local.get 1)))
                    (i32.const {status})))"#
        ))
        .expect("the module is valid");
        let report = Sandbox::new(Limits::default())
            .grant(protocol())
            .run(&module, input)?;
        report.into_json()
    }

    #[test]
    fn output_is_read_as_json() {
        assert_eq!(run("[1, 2]", 0), Ok(Vec::from([1, 2])));
    }

    #[test]
    fn output_that_nests_without_end_is_an_error_and_stays_off_the_native_stack() {
        let deep = "[".repeat(60_000);
        let Err(JsonError::Output { message, .. }) = run::<serde_json::Value>(&deep, 0) else {
            panic!("nothing is closed");
        };
        assert!(message.contains("recursion limit"), "{message}");
    }

    #[test]
    fn other_output_and_other_statuses_keep_the_report() {
        let Err(JsonError::Output { message, report }) = run::<Vec<u32>>("[1, true]", 0) else {
            panic!("true is no number");
        };
        assert!(message.contains("line 1 column 8"), "{message}");
        assert_eq!(report.output, b"[1, true]");

        let Err(JsonError::Failed(report)) = run::<Vec<u32>>("[1, 2]", 7) else {
            panic!("a status is no success");
        };
        assert_eq!(report.outcome, Outcome::Finished { status: 7 });
        assert_eq!(report.output, b"[1, 2]");
    }
}
