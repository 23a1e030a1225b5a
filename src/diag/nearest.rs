//! "Did you mean …?"

/// The candidate that `word` was most likely meant to be; `None` when nothing is close.
///
/// Distance counts insertions, deletions, substitutions and swapped neighbours, upper and lower case being equal;
/// up to a third of the longer word's length may differ. The first of equals wins.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    close(word, candidates)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The nearest candidate when no other is as near: only then it is certain what was meant.
#[must_use]
pub fn only_nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut all: Vec<(usize, &str)> = close(word, candidates).collect();
    all.sort_unstable();
    all.dedup();
    match all.as_slice() {
        [(near, _), (next, _), ..] if near == next => None,
        [(_, candidate), ..] => Some(candidate),
        [] => None,
    }
}

fn close<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = (usize, &'a str)> {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    candidates.into_iter().filter_map(move |candidate| {
        let other: Vec<char> = candidate.to_lowercase().chars().collect();
        let allowed = (word.len().max(other.len()) / 3).max(1);
        if word.len().abs_diff(other.len()) > allowed {
            return None;
        }
        let distance = distance(&word, &other);
        (distance <= allowed && distance < other.len()).then_some((distance, candidate))
    })
}

/// Optimal string alignment distance, row by row.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        let mut left = i + 1;
        row.push(left);
        for (j, &y) in b.iter().enumerate() {
            let at =
                |cells: &[usize], column: usize| cells.get(column).copied().unwrap_or(usize::MAX);
            let mut cell = (left + 1)
                .min(at(&above, j + 1).saturating_add(1))
                .min(at(&above, j).saturating_add(usize::from(x != y)));
            if i > 0 && j > 0 && a.get(i - 1) == Some(&y) && b.get(j - 1) == Some(&x) {
                cell = cell.min(at(&before, j - 1).saturating_add(1));
            }
            row.push(cell);
            left = cell;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::{nearest, only_nearest};

    #[test]
    fn finds_what_was_meant() {
        let fields = ["minReplicas", "maxReplicas", "replicas", "env"];
        assert_eq!(nearest("minReplica", fields), Some("minReplicas"));
        assert_eq!(nearest("maxrelpicas", fields), Some("maxReplicas"));
        assert_eq!(nearest("evn", fields), Some("env"));
        assert_eq!(nearest("gateway", fields), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(only_nearest("fp46", ["fp4", "fp16"]), None);
        assert_eq!(only_nearest("fp61", ["fp4", "fp16"]), Some("fp16"));
    }
}
