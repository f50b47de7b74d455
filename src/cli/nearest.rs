//! The name that was probably meant.

/// The candidate that is nearest to what was typed, if one is near enough to be
/// meant: a slip in every three characters of the shorter one.
pub(super) fn nearest<'a>(typed: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let folded = typed.to_lowercase();
    candidates
        .iter()
        .map(|candidate| (distance(&folded, &candidate.to_lowercase()), *candidate))
        .filter(|(slips, candidate)| {
            let shorter = candidate.chars().count().min(folded.chars().count());
            *slips * 3 <= shorter
        })
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// How many characters are to be put in, taken out, changed or swapped with their
/// neighbour (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    // The last two rows of the table of distances between beginnings.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut left_before = None;
    for (row, from) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        let mut right_before = None;
        for (column, to) in right.iter().copied().enumerate() {
            let cell = |cells: &[usize], at: usize| cells.get(at).copied().unwrap_or(usize::MAX);
            let changed = cell(&above, column) + usize::from(from != to);
            let mut best = changed
                .min(cell(&above, column + 1) + 1)
                .min(cell(&current, column) + 1);
            if left_before == Some(to) && right_before == Some(from) {
                best = best.min(cell(&before, column.saturating_sub(1)).saturating_add(1));
            }
            current.push(best);
            right_before = Some(to);
        }
        before = std::mem::replace(&mut above, current);
        left_before = Some(from);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        assert_eq!(distance("wiki", "wiki"), 0);
        assert_eq!(distance("wki", "wiki"), 1);
        assert_eq!(distance("wkii", "wiki"), 1);
        assert_eq!(distance("", "wiki"), 4);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn the_nearest_name_is_found_and_a_stranger_is_not() {
        let names = ["wiki", "github", "create_issue"];
        assert_eq!(nearest("Wikki", &names), Some("wiki"));
        assert_eq!(nearest("gihtub", &names), Some("github"));
        assert_eq!(nearest("createissue", &names), Some("create_issue"));
        assert_eq!(nearest("crm", &names), None);
        assert_eq!(nearest("c", &["a", "b"]), None);
        assert_eq!(nearest("ab", &["abc"]), None);
    }
}
