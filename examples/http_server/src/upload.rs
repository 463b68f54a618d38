//! The body of a request, as it arrives.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// The body of a request. No more of it is in memory than what came last.
pub(crate) struct Upload {
    body: Incoming,
    /// What has arrived and was not read yet.
    rest: Bytes,
    left_bytes: u64,
}

/// Why there is no more of a body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    #[error("the body is too large")]
    TooLarge,
    #[error("the body broke off")]
    Broken,
}

impl Upload {
    pub(crate) fn new(body: Incoming, most_bytes: u64) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            left_bytes: most_bytes,
        }
    }

    /// What comes next, `most` bytes at the most; nothing where it is over.
    pub(crate) async fn next(&mut self, most: u32) -> Result<Bytes, UploadError> {
        while self.rest.is_empty() {
            let Some(frame) = self.body.frame().await else {
                return Ok(Bytes::new());
            };
            let frame = frame.map_err(|_| UploadError::Broken)?;
            let Ok(data) = frame.into_data() else {
                continue; // trailers
            };
            let left = self.left_bytes.checked_sub(data.len() as u64);
            self.left_bytes = left.ok_or(UploadError::TooLarge)?;
            self.rest = data;
        }
        let len = self.rest.len().min(most as usize);
        Ok(self.rest.split_to(len))
    }
}
