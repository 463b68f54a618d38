//! `fuelbox selftest`: runs the attacks that are built in.

use crate::{
    args, exit,
    explanation::Explanation,
    isolated,
    show::{json, print},
};
use fuelbox::SelfTest;

/// Runs the attacks that are built in; exits with a code of its own where one was not contained.
pub(crate) fn selftest(arguments: &args::SelfTest) -> u8 {
    let proof = if arguments.isolate {
        isolated::selftest()
    } else {
        Ok(fuelbox::selftest())
    };
    match proof {
        Ok(proof) => show(&proof, arguments.json),
        Err(failure) => {
            print::message(&failure.to_string());
            failure.exit_code()
        }
    }
}

fn show(proof: &SelfTest, as_json: bool) -> u8 {
    match print::text(&shown(proof, as_json)) {
        exit::FINISHED if !proof.is_contained() => exit::NOT_CONTAINED,
        code => code,
    }
}

fn shown(proof: &SelfTest, as_json: bool) -> String {
    if !as_json {
        return format!("{proof}\n");
    }
    let not_contained: Vec<&str> = proof.not_contained().map(|check| &*check.attack).collect();
    let (code, what) = if proof.is_contained() {
        ("contained", "every attack was contained".to_owned())
    } else {
        (
            "not-contained",
            format!("not contained: {}", not_contained.join(", ")),
        )
    };
    json::document(code, &Explanation::only(what), proof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// What a sandbox would show that does not hold deadlines.
    fn broken() -> SelfTest {
        let check = |attack, contained: bool| {
            json!({
                "attack": attack, "tries": "an endless loop", "limit": "deadline 20ms",
                "expected": "deadline", "observed": if contained { "deadline" } else { "out-of-fuel" },
                "usage": null, "overrun": null, "contained": contained,
                "problem": if contained { Value::Null } else { "must be deadline".into() },
            })
        };
        let checks = [check("divisions", true), check("copies", false)];
        serde_json::from_value(json!({ "version": "0.1.0", "checks": checks }))
            .expect("it has every field")
    }

    #[test]
    fn what_was_not_contained_has_an_exit_code_and_a_line_that_says_why() {
        assert_eq!(show(&broken(), false), exit::NOT_CONTAINED);
        let table = shown(&broken(), false);
        let line = "not contained: copies, an endless loop: out-of-fuel; must be deadline\n";
        assert!(table.contains(line), "{table}");
        assert!(
            table.ends_with("fuelbox 0.1.0: 1 of 2 attacks were contained\n"),
            "{table}"
        );
    }

    #[test]
    fn the_document_of_what_was_not_contained_says_so() {
        assert_eq!(show(&broken(), true), exit::NOT_CONTAINED);
        let document: Value = serde_json::from_str(&shown(&broken(), true)).expect("it is JSON");
        assert_eq!(document["code"], "not-contained");
        assert_eq!(document["message"], "not contained: copies");
        assert_eq!(document["checks"][1]["contained"], false);
    }

    #[test]
    fn a_self_test_without_attacks_shows_nothing() {
        let empty = json!({ "version": "0.1.0", "checks": [] });
        let empty: SelfTest = serde_json::from_value(empty).expect("it has every field");
        assert_eq!(show(&empty, false), exit::NOT_CONTAINED);
    }
}
