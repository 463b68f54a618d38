//! A run ends when its client goes.

use crate::{ENDLESS, Running, UPPER, roomy, tenant};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, channel::Channel};
use http_server_example::client;
use hyper::StatusCode;
use std::{convert::Infallible, time::Duration};

#[tokio::test]
async fn a_run_whose_answer_has_not_begun_is_cancelled_when_its_client_goes() {
    let mut server = Running::new([("endless", tenant(ENDLESS, roomy()))]).await;
    // It never comes to an answer, so this ends by the clock.
    let body = Full::new(Bytes::new());
    let asking = client::send(server.address, "/endless", body);
    let answer = tokio::time::timeout(Duration::from_millis(50), asking).await;
    assert!(answer.is_err(), "{answer:?}");
    let report = server.ended().await.report;
    assert_eq!(report.outcome.code(), "cancelled");
}

#[tokio::test]
async fn a_run_that_answers_is_cancelled_when_its_client_goes() {
    let mut server = Running::new([("endless", tenant(ENDLESS, roomy()))]).await;
    let body = Full::new(Bytes::from("first"));
    let answer = client::send(server.address, "/endless", body).await;
    let mut answer = answer.expect("it begins");
    assert_eq!(answer.status(), StatusCode::OK);
    let frame = answer.body_mut().frame().await.expect("there is one");
    let data = frame.expect("it arrives").into_data();
    assert_eq!(data.expect("it is data"), "first");
    drop(answer);
    let report = server.ended().await.report;
    assert_eq!(report.outcome.code(), "cancelled");
}

#[tokio::test]
async fn a_run_that_waits_for_its_client_ends_when_it_goes() {
    let mut server = Running::new([("upper", tenant(UPPER, roomy()))]).await;
    let (mut pieces, body) = Channel::<Bytes, Infallible>::new(1);
    pieces.send_data("one".into()).await.expect("it is taken");
    let answer = client::send(server.address, "/upper", body).await;
    let mut answer = answer.expect("it begins");
    let frame = answer.body_mut().frame().await.expect("there is one");
    let data = frame.expect("it arrives").into_data();
    assert_eq!(data.expect("it is data"), "ONE");
    // The guest has asked for more by now, or does so next.
    drop((pieces, answer));
    let report = server.ended().await.report;
    assert!(report.stop().is_some(), "{report:?}");
}
