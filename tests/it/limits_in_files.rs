//! Limits can be kept in a file: what it leaves out has its default, and what is no limit is refused.

use fuelbox::{GrowthDenial, Limits, ModuleLimits, Proposal};
use std::time::Duration;

#[test]
fn limits_come_back_as_they_were_written() {
    let limits = Limits::default()
        .fuel(u64::MAX)
        .deadline(Duration::from_millis(1_500))
        .wait_counts(true)
        .growth_denial(GrowthDenial::Refuse);
    let json = serde_json::to_string(&limits).expect("limits are JSON");
    assert_eq!(serde_json::from_str::<Limits>(&json).ok(), Some(limits));

    let limits = ModuleLimits::default()
        .allow(Proposal::TailCall)
        .deny(Proposal::Simd)
        .functions(7);
    let json = serde_json::to_string(&limits).expect("limits are JSON");
    assert_eq!(
        serde_json::from_str::<ModuleLimits>(&json).ok(),
        Some(limits)
    );
}

#[test]
fn what_a_file_leaves_out_has_its_default() {
    let read = |json| serde_json::from_str::<Limits>(json).ok();
    assert_eq!(read("{}"), Some(Limits::default()));
    let some = r#"{"call": {"fuel": 5}, "instance": {"growth_denial": "refuse"}}"#;
    let expected = Limits::default()
        .fuel(5)
        .growth_denial(GrowthDenial::Refuse);
    assert_eq!(read(some), Some(expected));

    let some = r#"{"proposals": ["tail-call"], "types": 3}"#;
    let limits: ModuleLimits = serde_json::from_str(some).expect("they are limits");
    let names: Vec<_> = limits.proposals.iter().collect();
    assert_eq!((names, limits.types), (vec![Proposal::TailCall], 3));
    let rest = limits.types(ModuleLimits::default().types);
    assert_eq!(rest.call_depth, ModuleLimits::default().call_depth);
}

#[test]
fn a_name_that_is_no_limit_is_refused_and_never_leaves_one_at_its_default() {
    for json in [
        r#"{"fuel": 5}"#,
        r#"{"call": {"feul": 5}}"#,
        r#"{"instance": {"memory": 5}}"#,
        r#"{"call": {"fuel": -1}}"#,
        r#"{"call": {"fuel": null}}"#,
    ] {
        assert!(serde_json::from_str::<Limits>(json).is_err(), "{json}");
    }
    for json in [
        r#"{"stretch_fuel": 5}"#,
        r#"{"proposals": ["no-such"]}"#,
        r#"{"call_depth": 1.5}"#,
    ] {
        assert!(
            serde_json::from_str::<ModuleLimits>(json).is_err(),
            "{json}"
        );
    }
}
