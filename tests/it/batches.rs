//! Record batches: guests in Rust and C read them and write them, and say which row they are at.

use super::built_guests::{SLICES, logs, module, run_sliced, sandbox};
use fuelbox::{Call, Execution, Limits, Sandbox, Slice, Value, protocol};
use fuelbox_guest::batch::{
    Batch, Columns, NewBytes, NewValues,
    layout::{NO_ROW, ROW_EXPORT},
};

const GUESTS: [&str; 3] = ["c-batch", "rust-batch", "rust163-batch"];

/// Rows with these counts; each third name is null, and each fifth price.
fn orders(counts: &[Option<i64>]) -> Vec<u8> {
    let mut prices = NewValues::<f64>::with_rows(counts.len());
    let mut new_counts = NewValues::<i64>::with_rows(counts.len());
    let mut names = NewBytes::texts();
    for (row, count) in counts.iter().enumerate() {
        prices.push((row % 5 != 4).then_some(0.5));
        new_counts.push(*count);
        names.push_text((row % 3 != 2).then_some("Zoë"));
    }
    Columns::new()
        .with("price", prices)
        .with("count", new_counts)
        .with("name", names)
        .to_vec()
        .expect("it is small")
}

#[test]
fn guests_reply_with_a_batch() {
    let counts: Vec<_> = (0..100)
        .map(|row| (row % 7 != 6).then_some(100 + row))
        .collect();
    for rows in [0, 1, 7, 8, 9, 100] {
        let input = orders(&counts[..rows]);
        for name in GUESTS {
            let report = run_sliced(&sandbox(), name, &input, &SLICES);
            assert_eq!(report.status(), Some(0), "{name}: {report:?}");
            let reply = Batch::read(&report.output).expect("it is a batch");
            reply.check().expect("it is what it says");
            assert_eq!((reply.rows(), reply.columns()), (rows, 2), "{name}");
            let totals = reply
                .named("total")
                .and_then(|column| column.values::<f64>());
            let labels = reply.named("label").and_then(|column| column.bytes());
            let (totals, labels) = (totals.expect("numbers"), labels.expect("texts"));
            for (row, count) in counts[..rows].iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "they are small")]
                let total = count
                    .filter(|_| row % 5 != 4)
                    .map(|count| 0.5 * count as f64);
                assert_eq!(totals.get(row), total, "{name}: {row}");
                assert_eq!(
                    labels.text(row),
                    (row % 3 != 2).then_some("Zoë!"),
                    "{name}: {row}"
                );
            }
        }
    }
}

#[test]
fn a_batch_is_what_calls_by_name_are() {
    for name in ["c-total", "rust-total", "rust163-total"] {
        let mut instance = sandbox().instantiate(&module(name)).expect("it starts");
        let counts = [Some(9), None, Some(10), Some(-1)];
        let report = instance.run(orders(&counts)).expect("it is ready");
        let reply = Batch::read(&report.output).expect("it is a batch");
        reply.check().expect("it is what it says");
        let column = reply.named("total").expect("it is there");
        let totals = column.values::<f64>().expect("numbers");
        for (row, count) in counts.into_iter().enumerate() {
            let total = count.map(|count: i64| instance.call::<_, f64>("total", (0.5, count)));
            let total = total.transpose().expect("it returns");
            assert_eq!(totals.get(row), total, "{name}: {row}");
        }
        assert_eq!(totals.get(2), Some(4.5), "{name}");
    }
}

#[test]
fn no_batch_is_a_failure() {
    for name in GUESTS {
        for input in [b"".as_slice(), b"FBRB", b"no batch, but long enough"] {
            let report = run_sliced(&sandbox(), name, input, &SLICES);
            assert_eq!(report.status(), Some(1), "{name}");
            assert!(logs(&report)[0].starts_with("error: "), "{name}");
        }
    }
}

#[test]
fn the_row_of_a_guest_that_stops_can_be_read() {
    for name in GUESTS {
        for (count, code) in [
            (13, "trap-unreachable"),
            (14, "out-of-fuel"),
            (15, "finished"),
        ] {
            let limits = Limits::default().fuel(10_000_000);
            let sandbox = Sandbox::new(limits).grant(protocol());
            let mut instance = sandbox.instantiate(&module(name)).expect("it starts");
            let report = instance
                .run(Call::export(ROW_EXPORT))
                .expect("it is exported");
            let [Value::I32(address)] = report.values[..] else {
                panic!("{name}: {:?}", report.values);
            };
            let row = |execution: &Execution| {
                let bytes = execution.memory_range(u64::from(address.cast_unsigned()), 4);
                u32::from_le_bytes(bytes.expect("it is in memory").try_into().expect("4 bytes"))
            };
            let fine = orders(&[Some(1); 3]);
            let mut execution = instance
                .start(Call::entry().input(fine))
                .expect("it is ready");
            while !execution.step(Slice::fuel(1_000_000)).is_done() {}
            assert_eq!(row(&execution), NO_ROW, "{name}");
            let instance = execution.finish().instance.expect("it finished");

            let bad = orders(&[Some(1), Some(1), Some(1), Some(count), Some(1)]);
            let mut execution = instance
                .start(Call::entry().input(bad))
                .expect("it is ready");
            while !execution.step(Slice::fuel(1_000_000)).is_done() {}
            assert_eq!(row(&execution), 3, "{name} {count}");
            let report = execution.finish().report;
            assert_eq!(report.outcome.code(), code, "{name} {count}");
            assert!(!report.is_success(), "{name} {count}");
        }
    }
}

#[test]
fn an_instance_takes_any_number_of_batches_in_the_same_memory() {
    for name in GUESTS {
        let mut instance = sandbox().instantiate(&module(name)).expect("it starts");
        let input = orders(&[Some(2); 1_000]);
        let mut peak = || {
            instance
                .run(input.clone())
                .expect("it is ready")
                .usage
                .peak_memory_bytes
        };
        let (_, second) = (peak(), peak());
        let last = (0..50).map(|_| peak()).last();
        assert_eq!(last, Some(second), "{name}");
    }
}
