//! A request and its answer, as the guest sees them.

use crate::{
    download::Sink,
    upload::{Upload, UploadError},
};
use bytes::Bytes;
use fuelbox::{Caller, Function, HostError, Reply, Request};
use hyper::StatusCode;
use std::sync::Arc;
use tokio::sync::{Mutex, oneshot};

/// The most that a guest writes at once, in bytes: so much of the host's memory it can hold for each piece on its way.
const MOST_BYTES: u32 = 64 << 10;

/// What one run has of its request: an extension of its call.
pub(crate) struct Exchange {
    request: Arc<Mutex<Upload>>,
    head: Option<oneshot::Sender<Head>>,
    answer: Sink,
}

/// What comes before the body of an answer.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    /// Why there is no answer of the guest.
    pub(crate) stop: Option<&'static str>,
}

/// Why a guest cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExchangeError {
    #[error(transparent)]
    Upload(#[from] UploadError),
    #[error("the client has gone")]
    ClientGone,
    #[error("{0} is no status of HTTP")]
    NoStatus(u32),
    #[error("the answer has begun")]
    Begun,
    #[error("this run belongs to no request")]
    NoRequest,
}

impl Exchange {
    pub(crate) fn new(request: Upload, head: oneshot::Sender<Head>, answer: Sink) -> Self {
        Self {
            request: Arc::new(Mutex::new(request)),
            head: Some(head),
            answer,
        }
    }

    /// Begins the answer; whether it had not begun.
    pub(crate) fn begin(&mut self, head: Head) -> bool {
        match self.head.take() {
            Some(sender) => sender.send(head).is_ok(),
            None => false,
        }
    }
}

pub(crate) fn functions() -> [Function; 3] {
    [
        Function::from_async("http", "read", read),
        Function::new("http", "status", status),
        Function::from_async("http", "write", write),
    ]
}

/// `(buffer, len) -> len`: waits for more of the body, and puts it into the buffer; 0 at its end.
fn read(
    caller: &mut Caller<'_>,
    ptr: u32,
    most: u32,
) -> impl Future<Output = Result<Reply<u32>, HostError>> + use<> {
    let request = of(caller).map(|exchange| exchange.request.clone());
    async move {
        let bytes = request?.lock().await.next(most).await;
        let bytes = bytes.map_err(ExchangeError::from)?;
        Ok(Reply::with(move |guest: &mut Request<'_>| {
            guest.write(ptr, &bytes)?;
            Ok::<_, HostError>(u32::try_from(bytes.len())?)
        }))
    }
}

/// `(status)`: begins the answer with a status other than 200.
fn status(caller: &mut Caller<'_>, status: u32) -> Result<(), HostError> {
    let code = u16::try_from(status).ok();
    let code = code.and_then(|code| StatusCode::from_u16(code).ok());
    let head = Head {
        status: code.ok_or(ExchangeError::NoStatus(status))?,
        stop: None,
    };
    if of(caller)?.begin(head) {
        Ok(())
    } else {
        Err(ExchangeError::Begun.into())
    }
}

/// `(buffer, len) -> len`: writes to the body of the answer, and waits while the client is slower; returns how much was
/// taken.
fn write(
    caller: &mut Caller<'_>,
    ptr: u32,
    len: u32,
) -> impl Future<Output = Result<u32, HostError>> + use<> {
    let len = len.min(MOST_BYTES);
    let bytes = caller.read(ptr, len).map(Bytes::copy_from_slice);
    let answer = of(caller).map(|exchange| {
        exchange.begin(Head {
            status: StatusCode::OK,
            stop: None,
        });
        exchange.answer.clone()
    });
    async move {
        if answer?.send(bytes?).await {
            Ok(len)
        } else {
            Err(ExchangeError::ClientGone.into())
        }
    }
}

fn of<'a>(caller: &'a mut Caller<'_>) -> Result<&'a mut Exchange, ExchangeError> {
    caller.get_mut().ok_or(ExchangeError::NoRequest)
}
