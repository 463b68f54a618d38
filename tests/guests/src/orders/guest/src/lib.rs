//! Turns an order into an invoice; types, not bytes, on both sides.
#![forbid(unsafe_code)]

use fuelbox_guest::{Failure, entry, fail, info};
use orders_types::{Invoice, Order};

/// Orders from this sum on, in cents, are cheaper.
const LARGE_CENTS: u64 = 10_000;

/// What is taken off large orders, in percent.
const DISCOUNT_PERCENT: u8 = 5;

fn run(order: Order) -> Result<Invoice, Failure> {
    if order.items.is_empty() {
        return Err(fail(2, "an order needs at least one item"));
    }
    let sum = order
        .items
        .iter()
        .map(|item| u64::from(item.amount).checked_mul(u64::from(item.cents)))
        .try_fold(0_u64, |sum, cents| sum.checked_add(cents?))
        .ok_or_else(|| fail(3, "the order is too large"))?;
    let discount_percent = if sum < LARGE_CENTS {
        0
    } else {
        DISCOUNT_PERCENT
    };
    let discount = sum.saturating_mul(u64::from(discount_percent)) / 100;
    info!("{} items, {sum} cents", order.items.len());
    Ok(Invoice {
        customer: order.customer,
        discount_percent,
        total_cents: sum.saturating_sub(discount),
    })
}

entry!(json run);

#[cfg(test)]
mod tests {
    use super::*;
    use fuelbox_guest::mock::Host;

    fn invoice(order: &str) -> (Option<i32>, Option<Invoice>, Vec<String>) {
        let report = Host::new().input(order).run(execute);
        let invoice = serde_json::from_slice(&report.output).ok();
        (report.status, invoice, report.logs)
    }

    #[test]
    fn a_large_order_is_cheaper() {
        let (status, invoice, _) = invoice(
            r#"{"customer": "Ada", "items": [{"name": "lamp", "amount": 4, "cents": 5000}]}"#,
        );
        let invoice = invoice.expect("the output is an invoice");
        assert_eq!(status, Some(0));
        assert_eq!((invoice.discount_percent, invoice.total_cents), (5, 19_000));
    }

    #[test]
    fn bytes_that_are_no_order_are_refused() {
        let (status, invoice, logs) = invoice(r#"{"customer": "Ada"}"#);
        assert_eq!((status, invoice), (Some(1), None));
        assert!(
            logs[0].starts_with("error: missing field `items`"),
            "{logs:?}"
        );

        let (status, ..) = self::invoice(r#"{"customer": "Ada", "items": []}"#);
        assert_eq!(status, Some(2));
    }
}
