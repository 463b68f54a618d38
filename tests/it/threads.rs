//! Runs may share a module and a sandbox, and move between threads.

use crate::harness::{clock::Hand, code, module, roomy, same_but_for_time, timeless};
use fuelbox::{
    Call, CancelToken, Error, Execution, Extensions, Finished, Function, Instance, Limits, Module,
    Pool, Report, Run, Sandbox, Scheduler, Slice, Step, Stop,
};
use std::{
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

#[test]
fn what_is_shared_may_be_shared_and_what_moves_may_move() {
    fn shared<T: Clone + Send + Sync>() {}
    fn data<T: Send + Sync>() {}
    fn moved<T: Send>() {}
    shared::<Module>();
    shared::<Sandbox>();
    shared::<Function>();
    shared::<CancelToken>();
    shared::<Limits>();
    data::<Report>();
    data::<Error>();
    data::<Stop>();
    moved::<Call>();
    moved::<Extensions>();
    moved::<Instance>();
    moved::<Pool>();
    moved::<Execution>();
    moved::<Finished>();
    moved::<Run>();
    moved::<Scheduler>();
}

#[test]
fn one_of_two_runs_is_cancelled_and_the_other_goes_on() {
    let module = module(
        r#"(module (import "host" "running" (func $running))
            (func (export "execute") (param i32 i32) (result i32)
                (call $running)
                (if (i32.eqz (local.get 1)) (then (loop $again (br $again))))
                (loop $count
                    (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                    (br_if $count (i32.lt_u (local.get 0) (i32.const 1000000))))
                (i32.const 9)))"#,
    );
    let (running, is_running) = mpsc::channel();
    let running = Mutex::new(running);
    let sandbox = timeless(roomy()).grant(Function::new("host", "running", move || {
        running
            .lock()
            .expect("nobody panics")
            .send(())
            .expect("it is received");
    }));
    let mut endless = sandbox.start(&module, []).expect("it starts");
    let cancel = endless.cancel_token();
    thread::scope(|scope| {
        let endless = scope.spawn(|| endless.finish().report);
        is_running.recv().expect("it runs");
        let other = scope.spawn(|| sandbox.run(&module, b"x").expect("it starts"));
        is_running.recv().expect("it runs");
        cancel.cancel();
        assert_eq!(code(&endless.join().expect("it ends")), "cancelled");
        assert_eq!(other.join().expect("it ends").status(), Some(9));
    });
}

#[test]
fn runs_with_different_deadlines_do_not_disturb_each_other() {
    let module = module(r#"(module (func (export "_start") (loop $again (br $again))))"#);
    let hand = Hand::default();
    let start = |deadline| {
        let limits = roomy().deadline(Duration::from_millis(deadline));
        Sandbox::with_clock(limits, {
            let hand = hand.clone();
            move || hand.advance(Duration::from_millis(1))
        })
        .start(&module, [])
        .expect("it starts")
    };
    let (mut short, mut long) = (start(500), start(20_000));
    let mut steps = 0;
    while !short.step(Slice::fuel(1_000)).is_done() {
        assert_eq!(long.step(Slice::fuel(1_000)), Step::Paused);
        steps += 1;
    }
    assert!(steps > 10, "{steps} steps");
    assert_eq!(code(&short.finish().report), "deadline");
    assert_eq!(long.step(Slice::fuel(1_000)), Step::Paused);
    assert!(long.usage().time < Duration::from_secs(2));
}

#[test]
fn a_run_may_move_to_another_thread_at_any_step() {
    let module = module(
        r#"(module (func (export "execute") (param i32 i32) (result i32)
            (loop $count
                (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                (br_if $count (i32.lt_u (local.get 0) (i32.const 1000))))
            (local.get 0)))"#,
    );
    let sandbox = timeless(roomy());
    let expected = same_but_for_time(sandbox.run(&module, []).expect("it starts"));
    let mut execution = sandbox.start(&module, []).expect("it starts");
    for _ in 0..4 {
        execution = thread::spawn(move || {
            assert_eq!(execution.step(Slice::fuel(500)), Step::Paused);
            execution
        })
        .join()
        .expect("it ends");
    }
    assert_eq!(same_but_for_time(execution.finish().report), expected);
}

#[test]
fn many_threads_get_the_same_report() {
    let module = module(
        r#"(module (memory 1) (func (export "_start")
            (memory.fill (i32.const 0) (i32.const 1) (i32.const 60000))
            (drop (memory.grow (i32.const 3)))))"#,
    );
    let sandbox = timeless(roomy());
    let run = || same_but_for_time(sandbox.run(&module, []).expect("it starts"));
    let expected = run();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(run(), expected)));
        }
    });
}
