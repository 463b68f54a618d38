//! What an order costs, by a batch of them and one by one: a tenth less from ten pieces on.

use fuelbox_guest::{
    batch::{Batch, BatchError, Columns, NewValues},
    entry,
};

fn run(batch: Batch<'_>) -> Result<Columns<'_>, BatchError> {
    let prices = batch.named("price")?.values::<f64>()?;
    let counts = batch.named("count")?.values::<i64>()?;
    let mut totals = NewValues::<f64>::with_rows(batch.rows());
    for row in batch.each_row() {
        let order = prices.get(row).zip(counts.get(row));
        totals.push(order.map(|(price, count)| total(price, count)));
    }
    Ok(Columns::new().with("total", totals))
}

/// The same of one order, for a host that calls it by name.
#[no_mangle]
pub extern "C" fn total(price: f64, count: i64) -> f64 {
    let whole = price * count as f64;
    if count >= 10 {
        whole * 0.9
    } else {
        whole
    }
}

entry!(batch run);
