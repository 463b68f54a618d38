//! A client, one connection for each request.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Body, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use std::{error::Error, net::SocketAddr};
use tokio::net::TcpStream;

/// What goes wrong on the way.
pub type ClientError = Box<dyn Error + Send + Sync>;

/// Sends a request, and returns the answer as soon as its head is there. Dropping it closes the connection.
///
/// # Errors
/// Those of connecting and sending, and that there is no answer.
pub async fn send<B>(
    server: SocketAddr,
    path: &str,
    body: B,
) -> Result<Response<Incoming>, ClientError>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<ClientError>,
{
    let mut sender = connect(server).await?;
    let request = Request::post(path).header("host", "localhost").body(body)?;
    Ok(sender.send_request(request).await?)
}

/// Sends a request with a body that is there as a whole; returns the whole answer.
///
/// # Errors
/// As [`send`], and that the answer broke off.
pub async fn ask(
    server: SocketAddr,
    path: &str,
    body: impl Into<Bytes>,
) -> Result<(StatusCode, Bytes), ClientError> {
    let answer = send(server, path, Full::new(body.into())).await?;
    let status = answer.status();
    Ok((status, answer.into_body().collect().await?.to_bytes()))
}

async fn connect<B>(server: SocketAddr) -> Result<SendRequest<B>, ClientError>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<ClientError>,
{
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
