//! A body of 100 MB goes through a guest, and at no time is more of it in memory than a few pieces. In a process of its
//! own, whose memory is measured.

use bytes::Bytes;
use fuelbox::Limits;
use http_body_util::{BodyExt, channel::Channel};
use http_server_example::{Server, Tenant, client, serve};
use std::{collections::BTreeMap, convert::Infallible, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::mpsc};

/// What is sent, in bytes.
const BODY_BYTES: usize = 2_000 * PIECE_BYTES;

const PIECE_BYTES: usize = 50_000;

/// How much memory client, server and guest together may take for it, in KiB. An eighth of the body, and ten times what
/// was measured.
const MOST_KIB: u64 = 12_000;

static PIECE: [u8; PIECE_BYTES] = [b'x'; PIECE_BYTES];

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_100_mb_streams_through_a_guest_in_constant_memory() {
    let limits = Limits::default()
        .fuel(u64::MAX)
        .deadline(Duration::from_secs(3_600))
        .memory_bytes(1 << 16);
    let tenant = Tenant::new(include_str!("../guests/upper.wat"), limits).expect("it is admitted");
    let (sender, mut ended) = mpsc::unbounded_channel();
    let server = Server {
        tenants: Arc::new(BTreeMap::from([("upper".to_owned(), tenant)])),
        ended: sender,
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("it has one");
    tokio::spawn(serve(listener, server));

    // A first one, so that all that stays is there.
    assert_eq!(stream(address, 1).await, PIECE_BYTES);
    ended.recv().await.expect("it ends");
    let before = peak_kib();
    assert_eq!(stream(address, 2_000).await, BODY_BYTES);
    let report = ended.recv().await.expect("it ends").report;
    assert_eq!(report.stop(), None);
    assert_eq!(report.usage.peak_memory_bytes, 1 << 16);

    let Some((before, after)) = before.zip(peak_kib()) else {
        return; // this system does not tell
    };
    let taken = after.saturating_sub(before);
    println!("{taken} KiB were taken");
    assert!(taken <= MOST_KIB, "{taken} KiB were taken");
}

/// Sends so many pieces, while it reads the answer; returns how many capital letters that was.
async fn stream(server: std::net::SocketAddr, count: usize) -> usize {
    let (mut pieces, body) = Channel::<Bytes, Infallible>::new(1);
    let sending = tokio::spawn(async move {
        for _ in 0..count {
            let piece = Bytes::from_static(&PIECE);
            pieces.send_data(piece).await.expect("it is taken");
        }
    });
    let answer = client::send(server, "/upper", body).await;
    let mut body = answer.expect("it answers").into_body();
    let mut letters = 0_usize;
    while let Some(frame) = body.frame().await {
        let data = frame.expect("it arrives").into_data().unwrap_or_default();
        assert!(data.iter().all(|letter| *letter == b'X'));
        letters = letters.saturating_add(data.len());
    }
    sending.await.expect("it does not panic");
    letters
}

/// The most memory that the process has had, in KiB, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
