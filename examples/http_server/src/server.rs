//! From a connection to a run, and from its report to the answer.

use crate::{
    download::{Download, Sink, download},
    exchange::{Exchange, Head},
    status,
    tenant::Tenant,
    upload::Upload,
};
use fuelbox::{Call, Execution, Extensions, Finished, Report};
use hyper::{
    Request, Response, StatusCode, body::Incoming, header::HeaderValue, server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{
    collections::BTreeMap, convert::Infallible, future::IntoFuture, io, pin::pin, sync::Arc,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
};

/// Who is on the server, and who is told how runs ended.
#[derive(Clone)]
pub struct Server {
    /// The first part of a path says whose guest answers.
    pub tenants: Arc<BTreeMap<String, Tenant>>,
    /// For bills and logs.
    pub ended: mpsc::UnboundedSender<Ended>,
}

/// A run that is over, however it ended.
#[derive(Debug)]
pub struct Ended {
    /// Whose it was.
    pub tenant: String,
    /// What it used, among others.
    pub report: Report,
}

/// Serves for ever.
///
/// # Errors
/// That no connection can be taken any more.
pub async fn serve(listener: TcpListener, server: Server) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        // Pieces of a body shall not wait for each other. Where it fails, they do.
        let _ = stream.set_nodelay(true);
        let server = server.clone();
        tokio::spawn(async move {
            let answer = service_fn(|request| {
                let server = server.clone();
                async move { Ok::<_, Infallible>(server.answer(request).await) }
            });
            // A client that goes is no error of ours.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

impl Server {
    async fn answer(&self, request: Request<Incoming>) -> Response<Download> {
        let path = request.uri().path();
        let name = path.split('/').nth(1).unwrap_or_default().to_owned();
        let Some(tenant) = self.tenants.get(&name) else {
            return empty(StatusCode::NOT_FOUND);
        };
        let Ok(permit) = tenant.runs.clone().try_acquire_owned() else {
            return empty(StatusCode::TOO_MANY_REQUESTS);
        };
        let (head, begun) = oneshot::channel();
        let (sink, body) = download();
        let upload = Upload::new(request.into_body(), tenant.body_bytes);
        let exchange = Exchange::new(upload, head, sink.clone());
        let call = Call::entry().extensions(Extensions::new().with(exchange));
        let Ok(execution) = tenant.sandbox.start(&tenant.module, call) else {
            return empty(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let ended = self.ended.clone();
        tokio::spawn(async move {
            let report = run(execution, sink).await;
            drop(permit);
            let tenant = name;
            let _ = ended.send(Ended { tenant, report }); // nobody has to listen
        });
        // Where the client goes, hyper drops what is below, and the body with it.
        match begun.await {
            Ok(head) => answer(head, body),
            Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

/// Runs a guest to its end, or until its client goes.
async fn run(mut execution: Execution, sink: Sink) -> Report {
    let token = execution.cancel_token();
    let mut run = pin!(execution.into_future().timer(tokio::time::sleep));
    let finished = tokio::select! {
        finished = &mut run => finished,
        () = sink.client_gone() => {
            token.cancel();
            run.await
        }
    };
    let Finished {
        report,
        mut extensions,
        ..
    } = finished;
    let head = status::head(&report);
    let is_good = head.stop.is_none();
    let exchange = extensions.get_mut::<Exchange>();
    let begins = exchange.is_some_and(|exchange| exchange.begin(head));
    if is_good || begins {
        sink.finish();
    }
    report
}

fn answer(head: Head, body: Download) -> Response<Download> {
    let mut answer = Response::new(body);
    *answer.status_mut() = head.status;
    if let Some(stop) = head.stop {
        let stop = HeaderValue::from_static(stop);
        answer.headers_mut().insert("guest-stop", stop);
    }
    answer
}

fn empty(status: StatusCode) -> Response<Download> {
    let (sink, body) = download();
    sink.finish();
    answer(Head { status, stop: None }, body)
}
