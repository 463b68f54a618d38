//! Greets whoever the input names.

use fuelbox_guest::{Failure, entry, fail, info};

fn run(input: &[u8]) -> Result<String, Failure> {
    let name = std::str::from_utf8(input)?.trim();
    if name.is_empty() {
        return Err(fail(2, "the input is empty: a name was expected"));
    }
    info!("a name of {} bytes", name.len());
    Ok(format!("Hello, {name}!"))
}

entry!(run);

#[cfg(test)]
mod tests {
    use super::execute;
    use fuelbox_guest::mock::Host;

    #[test]
    fn a_name_is_greeted() {
        let report = Host::new().input("World").run(execute);
        assert_eq!(report.output, b"Hello, World!");
        assert_eq!(report.logs, ["info: a name of 5 bytes"]);
    }

    #[test]
    fn an_empty_name_is_not_greeted() {
        let report = Host::new().run(execute);
        assert_eq!(report.status, Some(2));
        assert_eq!(report.output, b"");
    }
}
