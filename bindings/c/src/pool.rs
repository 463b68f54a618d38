//! Instances made ahead.

use crate::{
    alone::Alone,
    boundary::Out,
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    instance::{self, Living},
    status::Status,
};
use fuelbox::{Module, Pool, Sandbox};

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pool_new(
    sandbox: Handle<Sandbox>,
    module: Handle<Module>,
    size: usize,
    pool: Out<Handle<Alone<Pool>>>,
) -> Status {
    guard(|| {
        pool.required()?;
        let made = Pool::new(&*handle::open(sandbox)?, &*handle::open(module)?, size);
        pool.set(handle::new(Alone::new(made))?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pool_refill_one(
    pool: Handle<Alone<Pool>>,
    made: Out<i32>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        made.required()?;
        made.set(i32::from(handle::open_mut(pool)?.get().refill_one()?));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pool_refill(
    pool: Handle<Alone<Pool>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || Ok(handle::open_mut(pool)?.get().refill()?))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pool_take(
    pool: Handle<Alone<Pool>>,
    instance: Out<Handle<Living>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        instance.required()?;
        let place = handle::reserve()?;
        let taken = handle::open_mut(pool)?.get().take()?;
        instance.set(place.fill(instance::living(taken)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pool_ready(
    pool: Handle<Alone<Pool>>,
    count: Out<usize>,
) -> Status {
    guard(|| {
        count.required()?;
        count.set(handle::open_mut(pool)?.get().ready());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pool_free(pool: Handle<Alone<Pool>>) -> Status {
    guard(|| Ok(handle::free(pool)?))
}
