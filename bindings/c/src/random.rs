//! Sources of random bytes of the host.

use crate::{
    boundary::{RawRandom, UserData},
    status::Status,
};
use fuelbox::capability::Random;

/// The source that C handed in.
pub(crate) fn random(random: RawRandom, data: UserData) -> Result<Random, Status> {
    let random = random.ok_or(Status::NULL)?;
    Ok(Random::from_source(move |buffer| {
        data.random(random, buffer);
    }))
}
