//! Laws of guests that live: what one does never depends on the others, nor on how its calls are sliced.

use super::{CASES, granting, limits, program::Program};
use crate::harness::same_but_for_time;
use fuelbox::{
    Call, CallLimits, Error, Execution, Finished, Instance, Limits, Module, Report, Sandbox, Slice,
    Step,
};
use proptest::{collection::vec, prelude::*};

/// What a host does to one of its guests.
#[derive(Clone, Debug)]
enum Act {
    /// Begins a call, if none is in progress.
    Begin(Vec<u8>),
    /// The same under so little fuel that many calls stop.
    BeginPoor(u16),
    /// Steps the call in progress.
    Step(u64),
    /// Runs it to its end.
    Finish,
    /// Drops it, and the instance with it.
    Drop,
    /// Goes on in an instance of a snapshot, between calls.
    Snapshot,
}

/// A guest, and what it did so far.
struct Guest {
    sandbox: Sandbox,
    instance: Option<Instance>,
    execution: Option<Execution>,
    seen: Vec<Seen>,
}

#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Report(Box<Report>, Option<Vec<u8>>),
    Refused(Error),
    Dropped,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn guests_that_live_side_by_side_are_as_alone(
        programs in vec(Program::any(), 1..4),
        limits in limits(),
        acts in vec((0_usize..4, act()), 1..40),
    ) {
        let modules: Vec<_> = programs.iter().map(Program::module_for_snapshots).collect();
        are_as_alone(&limits, &modules, &acts);
    }

    #[test]
    fn what_one_instance_did_is_nothing_to_the_next(program in Program::any(), limits in limits()) {
        let module = program.module();
        let seen = |calls: usize| {
            let mut guest = Guest::new(&limits, &module);
            for _ in 0..calls {
                guest.act(&Act::Begin(vec![7]), false);
                guest.act(&Act::Finish, false);
            }
            guest.seen
        };
        let first = seen(1);
        let more = seen(3);
        prop_assert_eq!(&first[..], &more[..first.len()]);
        prop_assert_eq!(seen(1), first);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(PAIRS))]

    #[test]
    fn nothing_leaks_between_two_instances_of_a_module(
        program in Program::any(), limits in limits(), acts in vec((0_usize..2, act()), 1..20),
    ) {
        let module = program.module_for_snapshots();
        are_as_alone(&limits, &[module.clone(), module], &acts);
    }
}

/// So many pairs of instances are compared with each of them alone.
const PAIRS: u32 = 1_000;

/// Asserts that guests that are acted on by turns, in steps and over snapshots, do what each does alone and at once.
fn are_as_alone(limits: &Limits, modules: &[Module], acts: &[(usize, Act)]) {
    let count = modules.len();
    let guests = modules.iter().map(|module| Guest::new(limits, module));
    let mut together: Vec<_> = guests.collect();
    for (which, act) in acts {
        let guest = together.get_mut(which % count);
        guest.expect("there is one").act(act, true);
    }
    for (index, (mut guest, module)) in together.into_iter().zip(modules).enumerate() {
        guest.act(&Act::Finish, true);
        let mut alone = Guest::new(limits, module);
        for (_, act) in acts.iter().filter(|(which, _)| which % count == index) {
            alone.act(act, false);
        }
        alone.act(&Act::Finish, false);
        assert_eq!(guest.seen, alone.seen);
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => vec(any::<u8>(), 0..5).prop_map(Act::Begin),
        1 => any::<u16>().prop_map(Act::BeginPoor),
        4 => prop_oneof![Just(1), Just(7), 8_u64..10_000].prop_map(Act::Step),
        4 => Just(Act::Finish),
        1 => Just(Act::Drop),
        1 => Just(Act::Snapshot),
    ]
}

impl Guest {
    fn new(limits: &Limits, module: &Module) -> Self {
        let sandbox = granting(limits, [true; 5]);
        let made = sandbox.instantiate(module);
        Self {
            sandbox,
            seen: match &made {
                Ok(instance) => {
                    let began = instance.initialization().expect("it was made ready");
                    vec![Seen::Report(
                        Box::new(same_but_for_time(began.clone())),
                        None,
                    )]
                }
                Err(fuelbox::CallError::Stopped(report)) => {
                    vec![Seen::Report(
                        Box::new(same_but_for_time((**report).clone())),
                        None,
                    )]
                }
                Err(error) => panic!("the module fits all limits of modules: {error}"),
            },
            instance: made.ok(),
            execution: None,
        }
    }

    /// Does what `act` says; what must not show only `with_all`.
    fn act(&mut self, act: &Act, with_all: bool) {
        match act {
            Act::Begin(input) => self.begin(Call::entry().input(input.as_slice())),
            Act::BeginPoor(fuel) => {
                let limits = CallLimits::default().fuel(u64::from(*fuel));
                self.begin(Call::entry().limits(limits));
            }
            Act::Step(fuel) if with_all => {
                if let Some(execution) = &mut self.execution {
                    let is_over = execution.step(Slice::fuel(*fuel)) == Step::Done;
                    assert_eq!(is_over, execution.is_over());
                }
            }
            Act::Snapshot if with_all => {
                if let Some(instance) = &mut self.instance {
                    let warm = instance.snapshot().expect("it can be written");
                    let made = self.sandbox.instantiate(&warm);
                    *instance = made.expect("it started before");
                }
            }
            Act::Step(_) | Act::Snapshot => {}
            Act::Finish => self.finish(),
            Act::Drop => {
                if self.execution.take().is_some() {
                    self.seen.push(Seen::Dropped);
                }
            }
        }
    }

    fn begin(&mut self, call: Call) {
        let Some(instance) = self.instance.take() else {
            return;
        };
        match instance.start(call) {
            Ok(execution) => self.execution = Some(execution),
            Err(refused) => {
                self.seen.push(Seen::Refused(refused.error));
                self.instance = Some(refused.instance);
            }
        }
    }

    fn finish(&mut self) {
        let Some(execution) = self.execution.take() else {
            return;
        };
        let Finished {
            report, instance, ..
        } = execution.finish();
        self.instance = instance;
        let memory = self.instance.as_mut().map(|instance| {
            let memory = instance.memory();
            memory
                .read(0, memory.size())
                .expect("it is all of it")
                .to_vec()
        });
        self.seen
            .push(Seen::Report(Box::new(same_but_for_time(report)), memory));
    }
}
