//! How a module is made.

use crate::{
    boundary::{In, Out},
    guard::guard,
    handle::{self, Handle},
    names,
    status::{Failure, Status},
};
use fuelbox::{Module, ModuleBuilder, ModuleLimits};

/// `fuelbox_module_builder`.
#[derive(Clone, Default)]
pub(crate) struct Builder {
    pub(crate) limits: ModuleLimits,
    name: Option<String>,
    snapshots: bool,
    lazy: bool,
    lanes: Option<usize>,
}

impl Builder {
    /// The same for the library.
    pub(crate) fn builder(&self) -> ModuleBuilder {
        let mut builder = Module::builder()
            .limits(self.limits.clone())
            .snapshots(self.snapshots)
            .lazy(self.lazy);
        if let Some(name) = &self.name {
            builder = builder.name(name);
        }
        if let Some(lanes) = self.lanes {
            builder = builder.most_lanes(lanes);
        }
        builder
    }
}

/// Changes a builder.
fn change(
    builder: Handle<Builder>,
    change: impl FnOnce(&mut Builder) -> Result<(), Failure>,
) -> Status {
    guard(|| change(&mut *handle::open_mut(builder)?))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_new(builder: Out<Handle<Builder>>) -> Status {
    guard(|| {
        builder.required()?;
        builder.set(handle::new(Builder::default())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_set(
    builder: Handle<Builder>,
    name: In<u8>,
    name_len: usize,
    value: u64,
) -> Status {
    change(builder, |builder| {
        let limits = builder.limits.clone();
        builder.limits = names::set_module_limit(limits, name.text(name_len)?, value)?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_proposal(
    builder: Handle<Builder>,
    name: In<u8>,
    name_len: usize,
    allowed: i32,
) -> Status {
    change(builder, |builder| {
        let proposal = names::proposal(name.text(name_len)?)?;
        let limits = builder.limits.clone();
        builder.limits = if allowed == 0 {
            limits.deny(proposal)
        } else {
            limits.allow(proposal)
        };
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_name(
    builder: Handle<Builder>,
    name: In<u8>,
    name_len: usize,
) -> Status {
    change(builder, |builder| {
        builder.name = Some(name.text(name_len)?.to_owned());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_snapshots(
    builder: Handle<Builder>,
    snapshots: i32,
) -> Status {
    change(builder, |builder| {
        builder.snapshots = snapshots != 0;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_lazy(
    builder: Handle<Builder>,
    lazy: i32,
) -> Status {
    change(builder, |builder| {
        builder.lazy = lazy != 0;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_lanes(
    builder: Handle<Builder>,
    lanes: usize,
) -> Status {
    change(builder, |builder| {
        builder.lanes = Some(lanes);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_module_builder_free(builder: Handle<Builder>) -> Status {
    guard(|| Ok(handle::free(builder)?))
}
