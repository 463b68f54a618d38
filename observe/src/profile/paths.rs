//! Paths from the host's calls to each function, where a form writes each of them whole.

use super::{Node, Profile};

/// Together the paths are written in so many bytes, or less: calls that nest deep would take the square of that.
const MOST_BYTES: usize = 64 << 20;

/// The functions that have a path of their own in a form that writes them whole, and the fuel of each.
pub(super) struct Written {
    /// By the place of a node: the fuel that is written for it, if it is written.
    pub(super) fuel: Vec<Option<u64>>,
}

impl Profile {
    /// What is written where each path is: down to where all paths would take too much room. What is called deeper
    /// counts as part of its caller.
    pub(super) fn written(&self, most_bytes: usize) -> Written {
        // Of each node: how deep it is, and the bytes of its path.
        let mut paths: Vec<(usize, usize)> = Vec::with_capacity(self.nodes.len());
        let mut bytes_at = Vec::new();
        for node in &self.nodes {
            let above = node.parent.and_then(|parent| paths.get(parent));
            let (depth, bytes) = above.map_or((0, 0), |(depth, bytes)| {
                (usize::saturating_add(*depth, 1), *bytes)
            });
            let bytes = bytes
                .saturating_add(self.name(node).len())
                .saturating_add(1);
            paths.push((depth, bytes));
            if bytes_at.len() <= depth {
                bytes_at.resize(depth.saturating_add(1), 0_usize);
            }
            if let Some(all) = bytes_at.get_mut(depth) {
                *all = all.saturating_add(bytes);
            }
        }
        let mut all = 0_usize;
        let fitting = bytes_at.iter().skip(1).take_while(|bytes| {
            all = all.saturating_add(**bytes);
            all <= most_bytes
        });
        let deepest = fitting.count();
        let mut fuel: Vec<_> = self.nodes.iter().map(|node| Some(node.fuel)).collect();
        for (place, (node, (depth, _))) in self.nodes.iter().zip(&paths).enumerate().rev() {
            if *depth > deepest {
                let own = fuel.get_mut(place).and_then(Option::take).unwrap_or(0);
                let above = node.parent.and_then(|parent| fuel.get_mut(parent));
                if let Some(Some(above)) = above {
                    *above = above.saturating_add(own);
                }
            }
        }
        Written { fuel }
    }

    /// The nodes whose paths are written, with the fuel that is written for each.
    pub(super) fn with_paths(&self) -> Vec<(usize, u64)> {
        let fuel = self.written(MOST_BYTES).fuel.into_iter().enumerate();
        fuel.filter_map(|(place, fuel)| Some((place, fuel.filter(|fuel| *fuel > 0)?)))
            .collect()
    }

    /// A node and those above it, up to what the host called.
    pub(super) fn path(&self, place: usize) -> impl Iterator<Item = &Node> {
        let mut next = self.nodes.get(place);
        std::iter::from_fn(move || {
            let node = next?;
            next = node.parent.and_then(|parent| self.nodes.get(parent));
            Some(node)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::profile, MOST_BYTES};

    #[test]
    fn what_is_called_too_deep_counts_as_part_of_its_caller() {
        let nodes: Vec<_> = (0..6_usize)
            .zip(10..)
            .map(|(depth, fuel)| (depth.checked_sub(1), 0, fuel, 1))
            .collect();
        let profile = profile(&nodes);
        // The names are one byte long: paths take 2, 4, 6 .. bytes, the first is always written.
        for (room, expected) in [
            (usize::MAX, vec![10, 11, 12, 13, 14, 15]),
            (10, vec![10, 11, 12 + 13 + 14 + 15]),
            (9, vec![10, 11 + 12 + 13 + 14 + 15]),
            (0, vec![10 + 11 + 12 + 13 + 14 + 15]),
        ] {
            let written: Vec<_> = profile.written(room).fuel.into_iter().flatten().collect();
            assert_eq!(written, expected, "{room}");
        }
    }

    #[test]
    fn a_tree_without_bounds_is_written_in_bounds() {
        // Each is called by the one before.
        let mut nodes = vec![(None, 0, 1, 1)];
        nodes.extend((0..200_000).map(|parent| (Some(parent), 0, 1, 1)));
        let profile = profile(&nodes);
        let written = profile.with_paths();
        // A path of so many functions takes twice as many bytes.
        let bytes: usize = (1..=written.len()).map(|functions| 2 * functions).sum();
        assert!((MOST_BYTES / 2..=MOST_BYTES).contains(&bytes), "{bytes}");
        let fuel: u64 = written.iter().map(|(_, fuel)| fuel).sum();
        assert_eq!(fuel, 200_001);
        assert_eq!(profile.functions().len(), 1);
    }
}
