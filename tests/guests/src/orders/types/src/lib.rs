//! What host and guest say to each other: the host sends an [`Order`], the guest answers with an
//! [`Invoice`].
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// What a customer wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Who orders.
    pub customer: String,
    /// What is ordered.
    pub items: Vec<Item>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is.
    pub name: String,
    /// How many.
    pub amount: u32,
    /// Price of one, in cents.
    pub cents: u32,
}

/// What a customer pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Who pays.
    pub customer: String,
    /// What was taken off, in percent.
    pub discount_percent: u8,
    /// What is left to pay, in cents.
    pub total_cents: u64,
}
