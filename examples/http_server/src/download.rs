//! The body of an answer, as the guest writes it.

use bytes::Bytes;
use hyper::body::{Body, Frame};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};
use tokio::sync::mpsc;

/// How many pieces may be on their way: a guest that writes faster than its client reads waits.
const PIECES: usize = 4;

/// The end that a guest writes.
#[derive(Clone)]
pub(crate) struct Sink {
    pieces: mpsc::Sender<Bytes>,
    is_whole: Arc<AtomicBool>,
}

/// The body of an answer. It is dropped when the client goes.
pub(crate) struct Download {
    pieces: mpsc::Receiver<Bytes>,
    is_whole: Arc<AtomicBool>,
}

/// The guest was stopped in the middle of its answer: the client shall not take what came for all there is.
#[derive(Debug, thiserror::Error)]
#[error("the guest was stopped")]
pub(crate) struct Cut;

pub(crate) fn download() -> (Sink, Download) {
    let (sender, pieces) = mpsc::channel(PIECES);
    let is_whole = Arc::<AtomicBool>::default();
    let sink = Sink {
        pieces: sender,
        is_whole: is_whole.clone(),
    };
    (sink, Download { pieces, is_whole })
}

impl Sink {
    /// Writes a piece; whether there is still a client.
    pub(crate) async fn send(&self, piece: Bytes) -> bool {
        self.pieces.send(piece).await.is_ok()
    }

    /// Waits until the client goes.
    pub(crate) async fn client_gone(&self) {
        self.pieces.closed().await;
    }

    /// Says that what was written is all there is.
    pub(crate) fn finish(&self) {
        self.is_whole.store(true, Ordering::Release);
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        self.pieces.poll_recv(context).map(|piece| match piece {
            Some(piece) => Some(Ok(Frame::data(piece))),
            None if self.is_whole.load(Ordering::Acquire) => None,
            None => Some(Err(Cut)),
        })
    }
}
