//! A guest on the mock host behaves as it would in fuelbox.

use fuelbox_guest::{fail, mock::Host, Failure, Input, Output};

fn shout(input: &[u8]) -> Result<Vec<u8>, Failure> {
    match input {
        b"" => Err(fail(0, "nothing to shout")),
        b"panic" => panic!("out of\nbreath"),
        text => Ok(text.to_ascii_uppercase()),
    }
}
fuelbox_guest::entry!(shout);

#[test]
fn output_comes_back() {
    let report = Host::new().input("hello").run(execute);
    assert_eq!(
        (report.status, &*report.output),
        (Some(0), b"HELLO".as_slice())
    );
    assert!(report.logs.is_empty());
}

#[test]
fn a_failure_is_logged_and_never_has_status_0() {
    let report = Host::new().run(execute);
    assert_eq!(report.status, Some(1));
    assert_eq!(report.logs, ["error: nothing to shout"]);
}

#[test]
fn a_panic_is_logged_in_one_line() {
    let report = Host::new().input("panic").run(execute);
    assert_eq!(report.status, None);
    assert_eq!(report.logs, ["error: panicked: out of breath"]);
}

#[test]
fn a_run_in_a_run_has_a_host_of_its_own() {
    fn nested(_: i32, _: i32) -> i32 {
        let inner = Host::new().input("inner").run(execute);
        assert_eq!(inner.output, b"INNER");
        execute(0, 0)
    }
    let outer = Host::new().input("outer").run(nested);
    assert_eq!(outer.output, b"OUTER");
}

#[test]
fn a_short_buffer_gets_the_start() {
    fn start(_: i32, _: i32) -> i32 {
        let mut buffer = [0; 3];
        Output.write(Input.read(&mut buffer));
        Output.write(Input.read(&mut [0; 9]));
        0
    }
    let report = Host::new().input("hello").run(start);
    assert_eq!(report.output, b"helhello");
}
