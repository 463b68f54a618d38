//! `--module-limit`: the limits of a module, by the size that it may have.

use fuelbox::{ModuleLimits, Proposal};

/// How large a module may be by default. More than the library's own default, for the user named the file.
pub(crate) const DEFAULT_MODULE_BYTES: u64 = 256 << 20;

/// Limits for a module of up to `module_bytes`: what bounds its parts grows in proportion.
pub(crate) fn module_limits(module_bytes: u64, proposals: &[Proposal]) -> ModuleLimits {
    let base = ModuleLimits::default();
    let parts = |limit: u64| grown(limit, module_bytes, base.module_bytes);
    let limits = base
        .clone()
        .module_bytes(module_bytes)
        .function_bytes(parts(base.function_bytes))
        .types(parts(base.types))
        .imports(parts(base.imports))
        .functions(parts(base.functions))
        .tables(parts(base.tables))
        .memories(parts(base.memories))
        .globals(parts(base.globals))
        .exports(parts(base.exports))
        .element_segments(parts(base.element_segments))
        .data_segments(parts(base.data_segments))
        .elements(parts(base.elements))
        .locals(parts(base.locals))
        .carried_values(parts(base.carried_values))
        .block_depth(parts(base.block_depth));
    proposals
        .iter()
        .fold(limits, |limits, &proposal| limits.allow(proposal))
}

/// `limit` times as often as `whole` goes into `bytes`, and at least once.
fn grown(limit: u64, bytes: u64, whole: u64) -> u64 {
    limit.saturating_mul(bytes.checked_div(whole).unwrap_or(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bounds_the_parts_grows_with_the_whole_and_never_shrinks() {
        let base = ModuleLimits::default();
        let large = module_limits(base.module_bytes * 4, &[Proposal::TailCall]);
        assert_eq!(large.functions, base.functions * 4);
        assert_eq!(large.locals, base.locals * 4);
        assert!(large.proposals.contains(Proposal::TailCall));
        assert_eq!(module_limits(1, &[]), base.clone().module_bytes(1));
        assert_eq!(module_limits(u64::MAX, &[]).call_depth, base.call_depth);
    }
}
