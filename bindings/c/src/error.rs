//! What went wrong, as data.

use crate::{
    boundary::Out,
    guard::guard,
    handle::{self, Handle},
    json, output,
    status::{Failure, Status},
};
use fuelbox::{Advice, Blame, Error, Report, Stop};
use serde::Serialize;

/// `fuelbox_error`.
pub(crate) struct Problem {
    pub(crate) status: Status,
    pub(crate) cause: Cause,
}

/// What it comes from.
pub(crate) enum Cause {
    /// A status that says it all.
    Nothing,
    /// Of this interface, or an error of the library that is no [`Error`].
    Text(String),
    Refused(Error),
    Stopped {
        stop: Stop,
        report: Option<Box<Report>>,
    },
    /// The guest ended by itself, where it was to return something.
    Exited(Box<Report>),
}

impl Problem {
    pub(crate) fn new(failure: Failure) -> Self {
        match failure {
            Failure::Status(status) => Self {
                status,
                cause: Cause::Nothing,
            },
            Failure::Because(problem) => *problem,
        }
    }

    pub(crate) fn message(&self) -> String {
        match &self.cause {
            Cause::Nothing => self.status.message().to_string_lossy().into_owned(),
            Cause::Text(text) => text.clone(),
            Cause::Refused(error) => error.to_string(),
            Cause::Stopped { stop, .. } => stop.to_string(),
            Cause::Exited(report) => format!("the guest {}", report.outcome),
        }
    }

    fn advice(&self) -> Option<Advice> {
        match &self.cause {
            Cause::Refused(error) => error.advice(),
            Cause::Stopped { stop, .. } => stop.advice(),
            Cause::Nothing | Cause::Text(_) | Cause::Exited(_) => None,
        }
    }

    fn blame(&self) -> Blame {
        match &self.cause {
            Cause::Refused(error) => error.blame(),
            Cause::Stopped { stop, .. } => stop.blame(),
            Cause::Exited(_) => Blame::Guest,
            Cause::Nothing | Cause::Text(_) if self.status == Status::PANIC => Blame::Engine,
            Cause::Nothing | Cause::Text(_) => Blame::Host,
        }
    }

    fn is_transient(&self) -> bool {
        match &self.cause {
            Cause::Refused(error) => error.is_transient(),
            Cause::Stopped { stop, .. } => stop.is_transient(),
            Cause::Nothing | Cause::Text(_) | Cause::Exited(_) => self.status == Status::BUSY,
        }
    }

    fn document(&self) -> Document<'_> {
        let (error, stop) = match &self.cause {
            Cause::Refused(error) => (Some(error), None),
            Cause::Stopped { stop, .. } => (None, Some(stop)),
            Cause::Nothing | Cause::Text(_) | Cause::Exited(_) => (None, None),
        };
        Document {
            code: self.status.code(),
            status: self.status.0,
            message: self.message(),
            blame: self.blame(),
            is_transient: self.is_transient(),
            advice: self.advice(),
            error,
            stop,
        }
    }
}

/// An error as JSON.
#[derive(Serialize)]
struct Document<'a> {
    code: &'static str,
    status: i32,
    message: String,
    blame: Blame,
    is_transient: bool,
    advice: Option<Advice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Error>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop: Option<&'a Stop>,
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_status(
    error: Handle<Problem>,
    status: Out<Status>,
) -> Status {
    guard(|| {
        status.required()?;
        status.set(handle::open(error)?.status);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_code(
    error: Handle<Problem>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::text((&buf, cap, &len), handle::open(error)?.status.code()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_message(
    error: Handle<Problem>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::text((&buf, cap, &len), &handle::open(error)?.message()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_advice_code(
    error: Handle<Problem>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let advice = handle::open(error)?.advice().ok_or(Status::NOT_FOUND)?;
        output::text((&buf, cap, &len), advice.code())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_advice(
    error: Handle<Problem>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let advice = handle::open(error)?.advice().ok_or(Status::NOT_FOUND)?;
        output::text((&buf, cap, &len), &advice.to_string())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_blame(error: Handle<Problem>, blame: Out<i32>) -> Status {
    guard(|| {
        blame.required()?;
        blame.set(match handle::open(error)?.blame() {
            Blame::Guest => 0,
            Blame::Limit => 1,
            Blame::Host => 2,
            // Ours too, should there be another word one day.
            _ => 3,
        });
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_is_transient(
    error: Handle<Problem>,
    transient: Out<i32>,
) -> Status {
    guard(|| {
        transient.required()?;
        transient.set(i32::from(handle::open(error)?.is_transient()));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_json(
    error: Handle<Problem>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let text = json::text(&handle::open(error)?.document())?;
        output::text((&buf, cap, &len), &text)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_report(
    error: Handle<Problem>,
    report: Out<Handle<Report>>,
) -> Status {
    guard(|| {
        report.required()?;
        let found = match &handle::open(error)?.cause {
            Cause::Stopped {
                report: Some(report),
                ..
            }
            | Cause::Exited(report) => (**report).clone(),
            _ => return Err(Status::NOT_FOUND.into()),
        };
        report.set(handle::new(found)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_error_free(error: Handle<Problem>) -> Status {
    guard(|| Ok(handle::free(error)?))
}
