//! `--json` and `--report`: one valid document, whatever the guest wrote.

use super::{ECHO, FAILS_MIDWAY, Folder, fuelbox, fuelbox_reading};
use fuelbox::{Outcome, Report, Stop, Trap, Value};

#[test]
fn the_document_of_a_run_reads_back_as_its_report() {
    let folder = Folder::new("report");
    let module = folder.file("guest.wat", FAILS_MIDWAY);
    let ended = fuelbox(&["run", &module, "--allow", "protocol", "--json"]);
    assert_eq!(ended.code, Some(8));
    let document = ended.json();
    assert_eq!(document["code"], "trap-unreachable");
    assert_eq!(document["usage"]["host_calls"], 2);
    let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(report.stop(), Some(&Stop::Trapped(Trap::Unreachable)));
    assert_eq!(report.output, b"part");
    assert_eq!(report.logs[0].text, "part");
}

#[test]
fn any_output_makes_one_line_of_printable_json() {
    let folder = Folder::new("any-output");
    let module = folder.file("guest.wat", ECHO);
    let arguments = ["run", &module, "--allow", "protocol", "--json"];
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    for output in [
        &bytes[..],
        b"\0\x1b[2J\"\\\n\r\x7f",
        "\u{9b}\u{202e}é\u{feff}".as_bytes(),
        b"",
    ] {
        let ended = fuelbox_reading(&arguments, output);
        let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!(report.output, output);
        let text = ended.stdout().strip_suffix('\n').unwrap();
        assert!(text.chars().all(|c| matches!(c, ' '..='~' | 'é')), "{text}");
    }
    let binary = fuelbox_reading(&arguments, b"\xff");
    assert_eq!(binary.json()["output"]["base64"], "/w==");
    let text = fuelbox_reading(&arguments, "é".as_bytes());
    assert_eq!(text.json()["output"], "é");
}

#[test]
#[cfg(target_endian = "little")]
fn values_come_back_to_the_bit() {
    const VALUES: &str = r#"(module (func (export "values") (result v128 f32 f64 i64)
        (v128.const i64x2 1 -1) (f32.const nan:0x200001) (f64.const -inf) (i64.const -1)))"#;

    let folder = Folder::new("values");
    let module = folder.file("guest.wat", VALUES);
    let ended = fuelbox(&["run", &module, "--invoke", "values", "--json"]);
    // A number of that size would be rounded by most readers.
    let vector = &ended.json()["values"][0]["v128"];
    assert_eq!(vector, "0xffffffffffffffff0000000000000001");
    let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(
        report.values,
        [
            Value::V128(u128::from(u64::MAX) << 64 | 1),
            Value::F32(f32::from_bits(0x7fa0_0001)),
            Value::F64(f64::NEG_INFINITY),
            Value::I64(-1),
        ]
    );
}

#[test]
fn a_refusal_is_a_document_too() {
    let folder = Folder::new("refusal");
    let module = folder.file("guest.wat", ECHO);
    let none = folder.path("none.wasm");
    let report = folder.path("report.json");
    for (path, code, exit_code) in [(&module, "import-not-granted", 5), (&none, "read", 1)] {
        let ended = fuelbox(&["run", path, "--json", "--report", &report]);
        assert_eq!(ended.code, Some(exit_code), "{ended:?}");
        let document = ended.json();
        assert_eq!(document["code"], code);
        assert!(document["message"].is_string());
        assert_eq!(folder.read("report.json"), ended.stdout);
    }
    let document = fuelbox(&["run", &module, "--json"]).json();
    assert_eq!(document["advice"], "--allow protocol");
    assert_eq!(
        document["error"]["import_not_granted"]["capability"],
        "Input"
    );
}

#[test]
fn a_report_is_written_beside_the_output() {
    let folder = Folder::new("beside");
    let module = folder.file("guest.wat", ECHO);
    let path = folder.path("report.json");
    let ended = fuelbox(&[
        "run", &module, "--allow", "protocol", "--text", "hello", "--report", &path,
    ]);
    assert_eq!(ended.stdout(), "hello");
    let report: Report = serde_json::from_slice(&folder.read("report.json")).unwrap();
    assert_eq!(report.output, b"hello");
    assert_eq!(report.outcome, Outcome::Finished { status: 0 });
    let nowhere = folder.path("none/report.json");
    let arguments = ["run", &module, "--allow", "protocol", "--report", &nowhere];
    assert_eq!(fuelbox(&arguments).code, Some(1));
}
