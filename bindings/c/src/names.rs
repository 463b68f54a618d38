//! Names of proposals and of limits of modules.

use crate::status::Status;
use fuelbox::{ModuleLimits, Proposal};
use serde::{Deserialize, de::value::StrDeserializer};

/// The proposal that JSON calls `name`.
pub(crate) fn proposal(name: &str) -> Result<Proposal, Status> {
    let name: StrDeserializer<'_, serde::de::value::Error> = StrDeserializer::new(name);
    Proposal::deserialize(name).map_err(|_| Status::UNKNOWN_NAME)
}

macro_rules! module_limits {
    ($($name:ident)*) => {
        /// Sets the limit of modules called `name`.
        pub(crate) fn set_module_limit(
            limits: ModuleLimits,
            name: &str,
            value: u64,
        ) -> Result<ModuleLimits, Status> {
            Ok(match name {
                $(stringify!($name) => limits.$name(value),)*
                _ => return Err(Status::UNKNOWN_NAME),
            })
        }

        /// All of them, for a test that compares them with those of the library.
        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

module_limits! {
    module_bytes function_bytes types imports functions tables memories globals exports element_segments data_segments
    elements locals carried_values block_depth constant_operators stretch_operands call_depth stack_bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_of_modules_can_be_set() {
        let document = serde_json::to_value(ModuleLimits::default()).expect("limits are JSON");
        let fields = document.as_object().expect("they are an object");
        for (name, _) in fields.iter().filter(|(name, _)| *name != "proposals") {
            let set = set_module_limit(ModuleLimits::default(), name, 7).expect("it has a name");
            let set = serde_json::to_value(set).expect("limits are JSON");
            assert_eq!(set[name], 7, "{name}");
        }
        assert_eq!(NAMES.len() + 1, fields.len());
        assert!(set_module_limit(ModuleLimits::default(), "proposals", 7).is_err());
    }

    #[test]
    fn proposals_have_the_names_of_json() {
        assert_eq!(proposal("tail-call"), Ok(Proposal::TailCall));
        assert_eq!(proposal("memory64"), Ok(Proposal::Memory64));
        assert_eq!(proposal("tail calls"), Err(Status::UNKNOWN_NAME));
    }
}
