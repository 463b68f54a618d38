//! Which report is which status of HTTP.

use crate::{
    exchange::{ExchangeError, Head},
    upload::UploadError,
};
use fuelbox::{Blame, Outcome, Report, Stop};
use hyper::StatusCode;

/// The head of an answer that the guest has not begun.
pub(crate) fn head(report: &Report) -> Head {
    let (status, stop) = match &report.outcome {
        Outcome::Finished { status: 0 } => (StatusCode::NO_CONTENT, None),
        Outcome::Stopped { stop, .. } => (of_stop(stop), Some(stop.code())),
        _ => (StatusCode::BAD_GATEWAY, Some("failed")),
    };
    Head { status, stop }
}

fn of_stop(stop: &Stop) -> StatusCode {
    match stop {
        Stop::HostFunction { error, .. } => error
            .downcast_ref()
            .map_or(StatusCode::INTERNAL_SERVER_ERROR, of_error),
        // All that it waits for is its client.
        Stop::Wait { .. } => StatusCode::REQUEST_TIMEOUT,
        Stop::Deadline { .. } => StatusCode::GATEWAY_TIMEOUT,
        stop => match stop.blame() {
            Blame::Guest => StatusCode::BAD_GATEWAY,
            Blame::Limit => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

fn of_error(error: &ExchangeError) -> StatusCode {
    match error {
        ExchangeError::Upload(UploadError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        ExchangeError::Upload(UploadError::Broken) => StatusCode::BAD_REQUEST,
        ExchangeError::NoStatus(_) | ExchangeError::Begun => StatusCode::BAD_GATEWAY,
        ExchangeError::ClientGone | ExchangeError::NoRequest => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
