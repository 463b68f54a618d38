//! `--proposal`: the proposals that are off unless asked for, by word.

use crate::nearest::nearest;
use fuelbox::Proposal;

const OPTIONAL: [Proposal; 6] = [
    Proposal::TailCall,
    Proposal::MultiMemory,
    Proposal::Memory64,
    Proposal::RelaxedSimd,
    Proposal::CustomPageSizes,
    Proposal::WideArithmetic,
];

/// Reads one word.
///
/// # Errors
/// A text for the user that lists the known words.
pub(crate) fn parse(word: &str) -> Result<Proposal, String> {
    OPTIONAL
        .into_iter()
        .find(|&proposal| word_of(proposal) == word)
        .ok_or_else(|| {
            let known = OPTIONAL.map(word_of);
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

/// The word for a proposal.
pub(crate) fn word_of(proposal: Proposal) -> String {
    proposal.name().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_help_text() {
        let help = OPTIONAL.map(word_of).join(", ");
        assert_eq!(
            help,
            "tail-calls, multi-memory, memory64, relaxed-simd, custom-page-sizes, wide-arithmetic"
        );
        assert_eq!(parse("wide-arithmetic"), Ok(Proposal::WideArithmetic));
        assert!(parse("threads").is_err_and(|text| text.contains("tail-calls")));
    }
}
