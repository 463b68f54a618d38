//! Prices times counts, and names with a mark: null where one of them is.
//!
//! A count of 13 panics, one of 14 never ends, and one of 15 fails with the status 3.

use fuelbox_guest::{
    Failure,
    batch::{Batch, Columns, NewBytes, NewValues},
    entry, fail,
};

fn run(batch: Batch<'_>) -> Result<Columns<'_>, Failure> {
    let prices = batch.named("price")?.values::<f64>()?;
    let counts = batch.named("count")?.values::<i64>()?;
    let names = batch.named("name")?.bytes()?;
    let mut totals = NewValues::<f64>::with_rows(batch.rows());
    let mut labels = NewBytes::texts();
    for row in batch.each_row() {
        let count = counts.get(row);
        match count {
            Some(13) => panic!("thirteen"),
            Some(14) => loop {},
            Some(15) => return Err(fail(3, "fifteen")),
            _ => {}
        }
        let total = prices.get(row).zip(count);
        totals.push(total.map(|(price, count)| price * count as f64));
        let label = names.text(row).map(|name| name.to_owned() + "!");
        labels.push_text(label.as_deref());
    }
    Ok(Columns::new().with("total", totals).with("label", labels))
}

entry!(batch run);
