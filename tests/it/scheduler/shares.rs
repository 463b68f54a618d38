//! Who gets how much of a turn, and how long it is.

use super::{MICRO, MILLI, Workshop, count};
use fuelbox::{Priority, Share};
use std::time::Duration;

#[test]
fn a_turn_takes_its_time_and_no_more_however_many_take_part() {
    for workers in [1, 2, 7, 100] {
        let mut workshop = Workshop::new(|_| 10 * MICRO);
        for n in 0..workers {
            workshop.add(n, Share::default());
        }
        for _ in 0..20 {
            let (took, _) = workshop.turn(2 * MILLI);
            assert!(
                took >= 2 * MILLI && took <= 2 * MILLI + 10 * MICRO,
                "{took:?}"
            );
        }
        assert_eq!(workshop.turn(Duration::ZERO).0, Duration::ZERO);
    }
}

#[test]
fn each_gets_time_by_its_weight() {
    let mut workshop = Workshop::new(|_| 10 * MICRO);
    for (n, weight) in [(1, 1), (2, 2), (5, 5), (0, 0)] {
        workshop.add(n, Share::default().weight(weight));
    }
    let calls: Vec<_> = (0..90).flat_map(|_| workshop.turn(MILLI).1).collect();
    // 90 ms for nine shares, in calls of 10 us; a round is 900 us.
    for (n, expected) in [(1, 1_000), (2, 2_000), (5, 5_000), (0, 1_000)] {
        let calls = count(&calls, n);
        assert!(calls.abs_diff(expected) <= 60, "{n}: {calls} of {expected}");
    }
}

#[test]
fn many_take_turns_over_several_turns() {
    let mut workshop = Workshop::new(|_| 10 * MICRO);
    for n in 0..100 {
        workshop.add(n, Share::default());
    }
    // A round takes 10 ms.
    let calls: Vec<_> = (0..5).flat_map(|_| workshop.turn(2 * MILLI).1).collect();
    for n in 0..100 {
        assert_eq!(count(&calls, n), 10, "{n}");
    }
}

#[test]
fn a_turn_that_ends_in_the_middle_of_a_share_is_gone_on_with_there() {
    let mut workshop = Workshop::new(|_| 10 * MICRO);
    for n in 0..2 {
        workshop.add(n, Share::default().weight(5));
    }
    // A share takes 500 us, so two turns.
    for expected in [0, 0, 1, 1, 0] {
        let (_, calls) = workshop.turn(250 * MICRO);
        assert_eq!(calls, [expected; 25]);
    }
}

#[test]
fn a_guest_that_took_more_than_its_share_gets_less_later() {
    let mut workshop = Workshop::new(|n| if n == 1 { 10 * MICRO } else { MILLI });
    workshop.add(1, Share::default());
    workshop.add(2, Share::default());
    let calls: Vec<_> = (0..100).flat_map(|_| workshop.turn(MILLI).1).collect();
    let (short, long) = (count(&calls, 1), count(&calls, 2) * 100);
    assert!(
        short.abs_diff(long) <= 110,
        "{short} and {long} times 10 us"
    );
}

#[test]
fn what_was_taken_more_is_forgotten_after_a_while() {
    let mut workshop = Workshop::new(|n| if n == 1 { 10 * MICRO } else { 10 * MILLI });
    workshop.add(1, Share::default());
    workshop.add(2, Share::default());
    let calls: Vec<_> = (0..300).flat_map(|_| workshop.turn(MILLI).1).collect();
    let gaps = calls.split(|n| *n == 2);
    let most = gaps.map(<[i32]>::len).max().expect("there is one");
    assert!(
        (150..=180).contains(&most),
        "{most} calls between, 16 rounds of 10"
    );
}

#[test]
fn one_of_a_lower_priority_runs_only_while_no_other_can() {
    let mut workshop = Workshop::new(|_| 10 * MICRO);
    workshop.add(0, Share::default().priority(Priority::Low));
    let high = workshop.add(2, Share::default().priority(Priority::High));
    let normal = workshop.add(1, Share::default());
    let all = |calls: &[i32], n| !calls.is_empty() && calls.iter().all(|call| *call == n);
    assert!(all(&workshop.turn(MILLI).1, 2));
    workshop.scheduler.remove(high);
    assert!(all(&workshop.turn(MILLI).1, 1));
    workshop
        .scheduler
        .set_share(normal, Share::default().priority(Priority::Low));
    let (_, calls) = workshop.turn(MILLI);
    assert_eq!(calls.first(), Some(&0), "it has come behind");
    assert!(
        count(&calls, 0).abs_diff(count(&calls, 1)) <= 10,
        "{calls:?}"
    );
    workshop
        .scheduler
        .set_share(normal, Share::default().priority(Priority::High));
    assert!(all(&workshop.turn(MILLI).1, 1));
}

#[test]
fn a_round_runs_every_priority_the_highest_first_and_fuel_by_weight() {
    let mut workshop = Workshop::new(|_| Duration::ZERO);
    let mut ids = Vec::new();
    for (n, priority) in [
        (0, Priority::Low),
        (1, Priority::Normal),
        (2, Priority::High),
    ] {
        ids.push(workshop.add(n, Share::default().priority(priority)));
    }
    let heavy = workshop.add(3, Share::default().weight(10));
    for _ in 0..100 {
        workshop.scheduler.round(10_000);
    }
    let calls = workshop.take_calls();
    let mut order = calls.clone();
    order.dedup();
    assert_eq!(order.get(..5), Some(&[2, 1, 3, 0, 2][..]));
    let fuel = |id| {
        workshop
            .scheduler
            .get(id)
            .expect("it is there")
            .usage()
            .fuel
    };
    let (one, ten) = (fuel(ids[0]), fuel(heavy));
    assert!(one.abs_diff(1_000_000) < 100_000 && ten.abs_diff(10_000_000) < 1_000_000);
}
