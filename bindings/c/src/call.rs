//! What to run, and with what.

use crate::{
    boundary::{Context, In, Out, RawValue},
    guard::guard,
    handle::{self, Handle},
    status::{Failure, Status},
    value,
};
use fuelbox::{Call, CallLimits, CancelToken, Extensions, Limits, Value};

/// `fuelbox_call`: a call of the library is used up by one run, this is not.
#[derive(Default)]
pub(crate) struct CallSetting {
    export: Option<String>,
    args: Vec<Value>,
    input: Vec<u8>,
    limits: Option<CallLimits>,
    token: Option<CancelToken>,
    context: Option<Context>,
}

impl CallSetting {
    /// The same for one run.
    pub(crate) fn call(&self) -> Call {
        let mut call = match &self.export {
            Some(name) => Call::export(name.as_str()),
            None => Call::entry(),
        };
        call = call
            .values(self.args.as_slice())
            .input(self.input.as_slice());
        if let Some(limits) = &self.limits {
            call = call.limits(limits.clone());
        }
        if let Some(token) = &self.token {
            call = call.cancel(token.clone());
        }
        if let Some(context) = self.context {
            call = call.extensions(Extensions::new().with(context));
        }
        call
    }
}

/// The call behind a handle; without one it is the entry.
pub(crate) fn call(call: Handle<CallSetting>) -> Result<Call, Status> {
    let setting = handle::open_if_any(call)?;
    Ok(setting.map_or_else(Call::entry, |setting| setting.call()))
}

/// Changes a call.
fn change(
    call: Handle<CallSetting>,
    change: impl FnOnce(&mut CallSetting) -> Result<(), Failure>,
) -> Status {
    guard(|| change(&mut *handle::open_mut(call)?))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_new_entry(call: Out<Handle<CallSetting>>) -> Status {
    guard(|| {
        call.required()?;
        call.set(handle::new(CallSetting::default())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_new_export(
    name: In<u8>,
    name_len: usize,
    call: Out<Handle<CallSetting>>,
) -> Status {
    guard(|| {
        call.required()?;
        let setting = CallSetting {
            export: Some(name.text(name_len)?.to_owned()),
            ..CallSetting::default()
        };
        call.set(handle::new(setting)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_set_args(
    call: Handle<CallSetting>,
    args: In<RawValue>,
    args_len: usize,
) -> Status {
    change(call, |call| {
        call.args = value::read(args.slice(args_len)?)?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_set_input(
    call: Handle<CallSetting>,
    input: In<u8>,
    input_len: usize,
) -> Status {
    change(call, |call| {
        call.input = input.slice(input_len)?.to_vec();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_set_limits(
    call: Handle<CallSetting>,
    limits: Handle<Limits>,
) -> Status {
    change(call, |call| {
        call.limits = Some(handle::open(limits)?.call.clone());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_set_cancel_token(
    call: Handle<CallSetting>,
    token: Handle<CancelToken>,
) -> Status {
    change(call, |call| {
        call.token = Some(handle::open(token)?.clone());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_set_context(
    call: Handle<CallSetting>,
    context: Context,
) -> Status {
    change(call, |call| {
        call.context = Some(context);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_call_free(call: Handle<CallSetting>) -> Status {
    guard(|| Ok(handle::free(call)?))
}
