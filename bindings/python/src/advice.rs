//! Advice in the words of Python: what to write where, in place of the names of Rust.

use fuelbox::{Advice, Proposal};

/// What to change, as a sentence; names that a guest chose are escaped.
///
/// Advice that says nothing of Rust is in the library's own words.
pub(crate) fn words(advice: &Advice) -> String {
    match advice {
        Advice::RaiseLimit { limit } => format!("raise it: Limits({limit}=..)"),
        Advice::RaiseModuleLimit { limit } => format!("raise it: ModuleLimits({limit}=..)"),
        Advice::RaiseStack => {
            "raise ModuleLimits(call_depth=.., stack_bytes=..), unless the guest calls itself for ever".to_owned()
        }
        Advice::AllowProposal { proposal } => {
            format!("allow it: Module(.., allow=[{}])", quoted(*proposal))
        }
        Advice::CompileText => "read it by Module.from_wat".to_owned(),
        Advice::Grant { capability } => match &**capability {
            "Wasi" => "grant it: Sandbox(.., grants=[Wasi()])".to_owned(),
            "Random" => "grant it: Sandbox(.., grants=[\"random=SEED\"])".to_owned(),
            other => format!("grant it: Sandbox(.., grants=[{:?}])", other.to_lowercase()),
        },
        Advice::GrantFunction { module, name } => {
            format!("grant it: Sandbox(.., grants=[Function({module:?}, {name:?}, ..)])")
        }
        Advice::Answer => "call it by run_async, which answers functions of async def".to_owned(),
        Advice::BuildInterpreter => "build fuelbox with its own build profiles".to_owned(),
        other => other.to_string(),
    }
}

/// The name that `Module` takes, which is that of serde, in quotes.
fn quoted(proposal: Proposal) -> String {
    serde_json::to_string(&proposal).unwrap_or_else(|_| format!("{:?}", proposal.name()))
}
