//! A module in a sandbox.

use super::{Answer, Asked, Effects, End, FUEL, MOST_BYTES, MOST_ELEMENTS, Run};
use crate::guest::DIGEST;
use fuelbox::{
    Call, Caller, Error, Extensions, ExternType, Finished, Function, GrowthDenial, Halt, Import,
    Limits, Module, Outcome, Report, Sandbox, Slice, Stop, Trap, Value,
};
use std::time::Duration;

/// What the host was asked.
#[derive(Default)]
struct Calls(Vec<String>);

/// What it did, given slices of these sizes; `None` where it cannot start.
pub(super) fn run(module: &Module, mut size: impl FnMut() -> u64) -> Option<Run> {
    let limits = Limits::default()
        .fuel(FUEL)
        .deadline(Duration::MAX)
        .memory_bytes(MOST_BYTES)
        .table_elements(MOST_ELEMENTS)
        .growth_denial(GrowthDenial::Refuse);
    let mut sandbox = Sandbox::with_clock(limits, || Duration::ZERO);
    for import in module.imports() {
        sandbox = sandbox.grant(recording(import)?);
    }
    let call = Call::export(DIGEST).extensions(Extensions::new().with(Calls::default()));
    let Finished {
        report,
        mut extensions,
        ..
    } = match sandbox.start(module, call) {
        Ok(mut execution) => {
            while !execution.step(Slice::fuel(size())).is_done() {}
            execution.finish()
        }
        Err(Error::Segment) => {
            let effects = Some(Effects::new(Vec::new(), End::SegmentOutside));
            return Some(Run { effects, fuel: 0 });
        }
        Err(_) => return None,
    };
    let calls = extensions.get_mut::<Calls>().map(std::mem::take);
    Some(Run {
        effects: end(&report).map(|end| Effects::new(calls.unwrap_or_default().0, end)),
        fuel: report.usage.fuel,
    })
}

/// A host function that keeps what it is asked.
fn recording(import: &Import) -> Option<Function> {
    let ExternType::Function(ty) = import.ty.clone() else {
        return None;
    };
    let (module, name) = (import.module.clone(), import.name.clone());
    let (params, results) = (ty.params.clone(), ty.results.clone());
    let function = move |caller: &mut Caller<'_>, arguments: &[Value]| {
        let asked = Asked::new(&module, &name, arguments);
        let read = reach(caller, &asked)?;
        let Answer { words, values, .. } = asked.answer(read.as_deref(), &ty.results);
        let calls = caller.get_mut::<Calls>();
        calls.expect("every run has them").0.push(words);
        Ok::<_, Halt>(values)
    };
    Some(Function::dynamic(
        import.module.clone(),
        import.name.clone(),
        &params,
        &results,
        function,
    ))
}

/// Reads what the call reaches and writes there, if the guest's memory has it.
fn reach(caller: &mut Caller<'_>, asked: &Asked) -> Result<Option<Vec<u8>>, Halt> {
    let range = asked.reach();
    match caller.read(range.ptr, range.len).map(<[u8]>::to_vec) {
        Ok(read) => {
            caller.write(range.ptr, &asked.written(&read))?;
            Ok(Some(read))
        }
        Err(halt) if matches!(halt.stop(), Stop::Fault { .. }) => Ok(None),
        Err(halt) => Err(halt),
    }
}

fn end(report: &Report) -> Option<End> {
    match &report.outcome {
        Outcome::Finished { .. } => match report.values[..] {
            [Value::I64(digest)] => Some(End::Finished(digest)),
            _ => panic!("{:?} is no digest", report.values),
        },
        // Growths are in functions of their own here, so the stack ends elsewhere.
        Outcome::Stopped {
            stop: Stop::OutOfFuel { .. } | Stop::Trapped(Trap::StackOverflow),
            ..
        } => None,
        Outcome::Stopped {
            stop: Stop::Trapped(trap),
            ..
        } => Some(End::Trapped(*trap)),
        other => panic!("{other:?} is not listed"),
    }
}
