//! Lists of members, each of whom is in one of them at the most. Only a new member takes an allocation.

use super::share::Priority;
use alloc::vec::Vec;

/// What members are in a list for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// They have something to run.
    Ready(Priority),
    /// They wait for standard input, and are asked in each turn.
    Input,
    /// They ask their host, which has not been told yet.
    Asking,
    /// They are over, and not handed out yet.
    Over,
}

/// All lists, linked through their members.
#[derive(Default)]
pub(super) struct Lists {
    links: Vec<Link>,
    high: Ends,
    normal: Ends,
    low: Ends,
    input: Ends,
    asking: Ends,
    over: Ends,
}

/// Where a member is, and who stands before and after it.
#[derive(Clone, Copy, Default)]
struct Link {
    list: Option<List>,
    before: Option<usize>,
    behind: Option<usize>,
}

#[derive(Clone, Copy, Default)]
struct Ends {
    first: Option<usize>,
    last: Option<usize>,
    len: usize,
}

impl Lists {
    /// Makes room for members up to `count`.
    pub(super) fn make_room(&mut self, count: usize) {
        if self.links.len() < count {
            self.links.resize(count, Link::default());
        }
    }

    /// Puts a member that is in no list at the end of one.
    pub(super) fn push_back(&mut self, list: List, index: usize) {
        let before = self.ends(list).last;
        *self.link(index) = Link {
            list: Some(list),
            before,
            behind: None,
        };
        if let Some(before) = before {
            self.link(before).behind = Some(index);
        }
        let ends = self.ends_mut(list);
        ends.last = Some(index);
        ends.first = ends.first.or(Some(index));
        ends.len = ends.len.saturating_add(1);
    }

    /// Puts a member that is in no list at the start of one.
    pub(super) fn push_front(&mut self, list: List, index: usize) {
        let behind = self.ends(list).first;
        *self.link(index) = Link {
            list: Some(list),
            before: None,
            behind,
        };
        if let Some(behind) = behind {
            self.link(behind).before = Some(index);
        }
        let ends = self.ends_mut(list);
        ends.first = Some(index);
        ends.last = ends.last.or(Some(index));
        ends.len = ends.len.saturating_add(1);
    }

    /// Takes the first member of a list.
    pub(super) fn pop_front(&mut self, list: List) -> Option<usize> {
        let index = self.ends(list).first?;
        self.remove(index);
        Some(index)
    }

    /// Takes a member out of the list that it is in, if it is in any.
    pub(super) fn remove(&mut self, index: usize) {
        let Link {
            list,
            before,
            behind,
        } = core::mem::take(self.link(index));
        let Some(list) = list else {
            return;
        };
        if let Some(before) = before {
            self.link(before).behind = behind;
        }
        if let Some(behind) = behind {
            self.link(behind).before = before;
        }
        let ends = self.ends_mut(list);
        if before.is_none() {
            ends.first = behind;
        }
        if behind.is_none() {
            ends.last = before;
        }
        ends.len = ends.len.saturating_sub(1);
    }

    /// The list that a member is in.
    pub(super) fn of(&self, index: usize) -> Option<List> {
        self.links.get(index)?.list
    }

    pub(super) fn len(&self, list: List) -> usize {
        self.ends(list).len
    }

    fn link(&mut self, index: usize) -> &mut Link {
        let link = self.links.get_mut(index);
        link.expect("there is room for every member")
    }

    fn ends(&self, list: List) -> Ends {
        match list {
            List::Ready(Priority::High) => self.high,
            List::Ready(Priority::Normal) => self.normal,
            List::Ready(Priority::Low) => self.low,
            List::Input => self.input,
            List::Asking => self.asking,
            List::Over => self.over,
        }
    }

    fn ends_mut(&mut self, list: List) -> &mut Ends {
        match list {
            List::Ready(Priority::High) => &mut self.high,
            List::Ready(Priority::Normal) => &mut self.normal,
            List::Ready(Priority::Low) => &mut self.low,
            List::Input => &mut self.input,
            List::Asking => &mut self.asking,
            List::Over => &mut self.over,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::VecDeque;
    use proptest::prelude::*;

    const OF: [List; 2] = [List::Over, List::Ready(Priority::Low)];

    proptest! {
        /// 0 and 1 push to the back and the front, 2 removes, 3 pops.
        #[test]
        fn they_are_as_lists_that_are_searched(
            acts in proptest::collection::vec((0_u8..4, 0_usize..2, 0_usize..6), 0..60),
        ) {
            let mut lists = Lists::default();
            lists.make_room(6);
            let mut expected = [VecDeque::new(), VecDeque::new()];
            for (act, at, index) in acts {
                let is_free = expected.iter().all(|list| !list.contains(&index));
                match act {
                    0 if is_free => {
                        lists.push_back(OF[at], index);
                        expected[at].push_back(index);
                    }
                    1 if is_free => {
                        lists.push_front(OF[at], index);
                        expected[at].push_front(index);
                    }
                    2 => {
                        lists.remove(index);
                        expected.iter_mut().for_each(|list| list.retain(|other| *other != index));
                    }
                    3 => prop_assert_eq!(lists.pop_front(OF[at]), expected[at].pop_front()),
                    _ => {}
                }
                for (list, expected) in OF.into_iter().zip(&expected) {
                    prop_assert_eq!(lists.len(list), expected.len());
                    prop_assert!(expected.iter().all(|index| lists.of(*index) == Some(list)));
                }
            }
            for (list, expected) in OF.into_iter().zip(expected) {
                let left: Vec<_> = core::iter::from_fn(|| lists.pop_front(list)).collect();
                prop_assert_eq!(left, Vec::from(expected));
            }
        }
    }
}
