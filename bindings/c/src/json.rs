//! What is told as JSON.

use crate::status::{Failure, Status};
use serde::Serialize;

/// `value` as JSON.
pub(crate) fn text(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::text(Status::OTHER, error.to_string()))
}
