//! Guests that run until their deadline.

use crate::{DEADLINE, Tasks};
use fuelbox::{Limits, Module, Run, Sandbox, Stop};
use std::{future::IntoFuture, time::Duration};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Guest {
    /// Does nothing, for ever.
    Endless,
    /// Reads 16 MiB across, where each read says where the next one is.
    Missing,
}

impl Guest {
    fn text(self) -> &'static str {
        match self {
            Self::Endless => r#"(module (func (export "_start") (loop $again (br $again))))"#,
            Self::Missing => {
                r#"(module (memory 256) (func (export "_start") (local $at i32)
                    (loop $again
                        (local.set $at (i32.and (i32.const 0xfffffc)
                            (i32.add (i32.load (local.get $at))
                                (i32.add (i32.const 1013904223)
                                    (i32.mul (local.get $at) (i32.const 1664525))))))
                        (br $again))))"#
            }
        }
    }
}

/// Runs one of each.
pub(crate) fn tasks(guests: &[Guest], poll_time: Option<Duration>) -> Tasks {
    let limits = Limits::default().fuel(u64::MAX).deadline(DEADLINE);
    let sandbox = Sandbox::new(limits);
    let run = |guest: &Guest| {
        let wasm = wat::parse_str(guest.text()).expect("the text is valid");
        let module = Module::new(wasm).expect("the guest is admitted");
        let run = sandbox.start(&module, []).expect("it starts").into_future();
        let run = match poll_time {
            Some(time) => run.poll_time(time),
            None => run,
        };
        Box::pin(run_out(run)) as _
    };
    guests.iter().map(run).collect()
}

/// Runs a guest until its deadline.
async fn run_out(run: Run) {
    let finished = run.await;
    let stop = finished.report.stop();
    assert_eq!(stop, Some(&Stop::Deadline { limit: DEADLINE }));
}
