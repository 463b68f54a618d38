//! What goes wrong is a status of HTTP, and never a whole answer.

use crate::{FAULTY, Running, UPPER, roomy, tenant};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, channel::Channel};
use http_server_example::client;
use hyper::StatusCode;
use std::{convert::Infallible, time::Duration};

#[tokio::test]
async fn what_the_guest_does_wrong_is_told_by_a_status() {
    let mut server = Running::new([("faulty", tenant(FAULTY, roomy()))]).await;
    for (body, status, code) in [
        ("n", StatusCode::NO_CONTENT, "finished"),
        ("p", StatusCode::IM_A_TEAPOT, "finished"),
        ("t", StatusCode::BAD_GATEWAY, "trap-unreachable"),
        ("m", StatusCode::BAD_GATEWAY, "fault"),
        ("s", StatusCode::BAD_GATEWAY, "host-function"),
    ] {
        let answer = client::ask(server.address, "/faulty", body).await;
        assert_eq!(answer.expect("it answers").0, status, "{body}");
        let report = server.ended().await.report;
        assert_eq!(report.outcome.code(), code, "{body}");
    }
    let answer = client::ask(server.address, "/nobody", "").await;
    assert_eq!(answer.expect("it answers").0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_answer_that_broke_off_is_not_taken_for_a_whole_one() {
    let mut server = Running::new([("faulty", tenant(FAULTY, roomy()))]).await;
    let body = Full::new(Bytes::from("c"));
    let answer = client::send(server.address, "/faulty", body).await;
    let answer = answer.expect("it begins");
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.into_body().collect().await.is_err());
    let report = server.ended().await.report;
    assert_eq!(report.outcome.code(), "trap-unreachable");
}

#[tokio::test]
async fn a_body_beyond_what_the_tenant_takes_is_too_large() {
    let tenants = [("upper", tenant(UPPER, roomy()).body_bytes(4))];
    let server = Running::new(tenants).await;
    for (body, status) in [
        ("four", StatusCode::OK),
        ("five!", StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = client::ask(server.address, "/upper", body).await;
        assert_eq!(answer.expect("it answers").0, status);
    }
}

#[tokio::test]
async fn a_client_that_sends_nothing_is_not_waited_for_without_end() {
    let limits = roomy().wait(Duration::from_millis(20));
    let mut server = Running::new([("upper", tenant(UPPER, limits))]).await;
    let (_pieces, body) = Channel::<Bytes, Infallible>::new(1);
    let answer = client::send(server.address, "/upper", body).await;
    let answer = answer.expect("it answers");
    assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
    let report = server.ended().await.report;
    assert_eq!(report.outcome.code(), "wait");
}
