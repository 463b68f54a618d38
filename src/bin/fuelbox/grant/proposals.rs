//! `--proposal`: the proposals that are off unless asked for, by word.

use crate::nearest::nearest;
use fuelbox::{Proposal, Proposals};

/// Reads one word.
///
/// # Errors
/// A text for the user that lists the known words.
pub(crate) fn parse(word: &str) -> Result<Proposal, String> {
    Proposals::optional()
        .iter()
        .find(|&proposal| word_of(proposal) == word)
        .ok_or_else(|| {
            let known = known();
            let meant = nearest(word, known.iter().map(String::as_str));
            let known = known.join(", ");
            match meant {
                Some(meant) => {
                    format!("{word:?} is unknown: did you mean {meant}? Known are {known}")
                }
                None => format!("{word:?} is unknown; known are {known}"),
            }
        })
}

fn known() -> Vec<String> {
    Proposals::optional().iter().map(word_of).collect()
}

/// The word for a proposal.
pub(crate) fn word_of(proposal: Proposal) -> String {
    proposal.name().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_help_text() {
        let help = known().join(", ");
        assert_eq!(
            help,
            "tail-calls, multi-memory, memory64, relaxed-simd, custom-page-sizes, wide-arithmetic"
        );
        assert_eq!(parse("wide-arithmetic"), Ok(Proposal::WideArithmetic));
        assert!(parse("threads").is_err_and(|text| text.contains("tail-calls")));
    }
}
