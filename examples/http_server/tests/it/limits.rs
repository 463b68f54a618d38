//! Each tenant has limits of its own.

use crate::{ENDLESS, HUNGRY, Running, UPPER, roomy, tenant};
use http_server_example::client;
use hyper::StatusCode;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(20);

#[tokio::test(flavor = "multi_thread")]
async fn one_guest_does_for_each_tenant_what_its_limits_allow() {
    let limits = [
        ("roomy", roomy(), StatusCode::OK, None),
        (
            "little-memory",
            roomy().memory_bytes(1 << 20),
            StatusCode::SERVICE_UNAVAILABLE,
            Some("out-of-memory"),
        ),
        (
            "little-fuel",
            roomy().fuel(20_000),
            StatusCode::SERVICE_UNAVAILABLE,
            Some("out-of-fuel"),
        ),
    ];
    let tenants = limits
        .iter()
        .map(|(name, limits, ..)| (*name, tenant(HUNGRY, limits.clone())));
    let mut server = Running::new(tenants).await;
    for (name, _, status, stop) in limits {
        let body = http_body_util::Empty::<&[u8]>::new();
        let answer = client::send(server.address, &format!("/{name}"), body).await;
        let answer = answer.expect("it answers");
        assert_eq!(answer.status(), status, "{name}");
        let header = answer.headers().get("guest-stop");
        assert_eq!(header.and_then(|stop| stop.to_str().ok()), stop, "{name}");
        let ended = server.ended().await;
        assert_eq!(ended.tenant, name);
        assert_eq!(ended.report.stop().map(fuelbox::Stop::code), stop);
    }
}

#[tokio::test]
async fn an_endless_guest_is_stopped_and_no_other_waits_for_it() {
    let mut server = Running::new([
        ("endless", tenant(ENDLESS, roomy())),
        ("late", tenant(ENDLESS, roomy().deadline(DEADLINE))),
        ("upper", tenant(UPPER, roomy())),
    ])
    .await;
    let body = http_body_util::Full::new(&b"begun"[..]);
    let endless = client::send(server.address, "/endless", body).await;
    let endless = endless.expect("it begins");
    assert_eq!(endless.status(), StatusCode::OK);

    // All on one thread, beside the guest that runs for ever.
    for _ in 0..10 {
        let (status, body) = client::ask(server.address, "/upper", "ahoy")
            .await
            .expect("it answers");
        assert_eq!((status, &*body), (StatusCode::OK, &b"AHOY"[..]));
        assert_eq!(server.ended().await.tenant, "upper");
    }
    let late = client::ask(server.address, "/late", "").await;
    let (status, _) = late.expect("it answers");
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    let ended = server.ended().await;
    assert_eq!(ended.tenant, "late");
    assert!(ended.report.usage.time >= DEADLINE);
    drop(endless);
}

#[tokio::test]
async fn more_runs_at_once_than_a_tenant_has_are_refused() {
    let mut server = Running::new([
        ("one", tenant(ENDLESS, roomy()).runs(1)),
        ("other", tenant(UPPER, roomy()).runs(1)),
    ])
    .await;
    let body = || http_body_util::Full::new(&b"begun"[..]);
    let first = client::send(server.address, "/one", body()).await;
    let first = first.expect("it begins");
    assert_eq!(first.status(), StatusCode::OK);
    let second = client::ask(server.address, "/one", "begun").await;
    let (status, _) = second.expect("it answers");
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    let other = client::ask(server.address, "/other", "").await;
    assert_eq!(other.expect("it answers").0, StatusCode::NO_CONTENT);
    assert_eq!(server.ended().await.tenant, "other");

    drop(first);
    assert_eq!(server.ended().await.tenant, "one");
    let third = client::send(server.address, "/one", body()).await;
    assert_eq!(third.expect("it begins").status(), StatusCode::OK);
}
