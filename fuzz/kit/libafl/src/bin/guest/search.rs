//! The search: which parts of LibAFL are put together, and how long they run.

use crate::{arguments::Arguments, kept::Kept};
use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
use fuelbox_libafl::{CompareExecutor, Guest, GuestExecutor, Substitute};
use libafl::{
    corpus::{Corpus, InMemoryCorpus},
    events::{ProgressReporter, SimpleEventManager},
    executors::ExitKind,
    feedback_and_fast, feedback_not,
    feedbacks::{ExitKindFeedback, ExitKindLogic, MaxMapFeedback},
    fuzzer::{Evaluator, Fuzzer, StdFuzzer},
    inputs::BytesInput,
    monitors::SimpleMonitor,
    mutators::{HavocScheduledMutator, havoc_mutations},
    schedulers::QueueScheduler,
    stages::{StdMutationalStage, TracingStage},
    state::{HasCorpus, HasExecutions, HasMaxSize, HasSolutions, StdState},
};
use libafl_bolts::{
    rands::StdRand,
    tuples::{Handled, tuple_list},
};
use std::{
    borrow::Cow,
    error::Error,
    fs,
    time::{Duration, Instant},
};

/// Any run that does not come to its end.
struct Stopped;

impl ExitKindLogic for Stopped {
    const NAME: Cow<'static, str> = Cow::Borrowed("Stopped");

    fn check_exit_kind(kind: &ExitKind) -> Result<bool, libafl::Error> {
        Ok(*kind != ExitKind::Ok)
    }
}

/// Searches, tells how it went, and gives how much was found.
///
/// # Errors
/// What keeps files from being read and written, and the guest from being run.
pub(crate) fn search(arguments: &Arguments) -> Result<usize, Box<dyn Error>> {
    let wasm = fs::read(&arguments.guest)
        .map_err(|error| format!("{}: {error}", arguments.guest.display()))?;
    let sandbox = Sandbox::new(Limits::default().fuel(arguments.fuel)).grant(protocol());
    let guest = Guest::new(Target::new(&sandbox, &Module::builder(), &wasm)?);
    let mut kept = Kept::open(arguments, wasm)?;

    let ways = guest.ways("ways");
    // An input that fails is a find, and nothing to go on from.
    let mut feedback = feedback_and_fast!(
        feedback_not!(ExitKindFeedback::<Stopped>::new()),
        MaxMapFeedback::new(&ways)
    );
    let mut objective = feedback_and_fast!(
        ExitKindFeedback::<Stopped>::new(),
        MaxMapFeedback::with_name("finds", &ways)
    );
    let mut state = StdState::new(
        StdRand::with_seed(arguments.seed),
        InMemoryCorpus::new(),
        InMemoryCorpus::new(),
        &mut feedback,
        &mut objective,
    )?;
    state.set_max_size(arguments.most_input);
    // One that goes by time would do something else each time.
    let mut fuzzer = StdFuzzer::new(QueueScheduler::new(), feedback, objective);
    let mut manager = SimpleEventManager::new(SimpleMonitor::new(|line| eprintln!("{line}")));
    let mut executor = GuestExecutor::new(&guest, ways.handle(), tuple_list!(ways));

    let compares = guest.compares("compares");
    let tracer = CompareExecutor::new(&guest, compares.handle(), tuple_list!(compares));
    let change = HavocScheduledMutator::new(havoc_mutations());
    let mut stages = tuple_list!(
        TracingStage::new(tracer),
        StdMutationalStage::new(Substitute::new()),
        StdMutationalStage::new(change)
    );

    let begun = Instant::now();
    let given = kept.inputs()?;
    for input in given.into_iter().chain(FIRST.map(Vec::from)) {
        let input = BytesInput::new(input);
        fuzzer.evaluate_input(&mut state, &mut executor, &mut manager, &input)?;
    }
    if state.corpus().count() == 0 {
        // The guest fails on all of them: LibAFL needs one all the same.
        fuzzer.add_input(
            &mut state,
            &mut executor,
            &mut manager,
            BytesInput::new(FIRST.concat()),
        )?;
    }
    loop {
        kept.add_inputs(state.corpus())?;
        kept.add_finds(&state, &mut guest.target())?;
        let out_of_time = arguments.time.is_some_and(|most| begun.elapsed() >= most);
        if out_of_time || *state.executions() >= arguments.runs {
            break;
        }
        manager.maybe_report_progress(&mut state, PROGRESS)?;
        fuzzer.fuzz_one(&mut stages, &mut executor, &mut state, &mut manager)?;
    }
    let (inputs, finds) = (state.corpus().count(), state.solutions().count());
    eprintln!(
        "{} with {inputs} inputs, {finds} finds",
        speed(*state.executions(), begun.elapsed())
    );
    Ok(finds)
}

/// How often the guest ran, in words.
fn speed(runs: u64, took: Duration) -> String {
    let nanos = u128::from(runs).saturating_mul(1_000_000_000);
    let each_second = nanos.checked_div(took.as_nanos()).unwrap_or(0);
    format!("{runs} runs in {took:.1?}: {each_second} a second")
}

/// What is run in any case: nothing, and something to change. In that no byte comes twice, so that whatever the guest
/// compares of it stands there once, and in one order.
const FIRST: [&[u8]; 2] = [
    b"",
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_",
];

/// How often LibAFL tells how far it is.
const PROGRESS: Duration = Duration::from_secs(15);
