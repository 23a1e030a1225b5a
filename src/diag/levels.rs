//! At what level each rule is reported, and which findings nobody can wish away.

use super::{Finding, Level, Refuser};
use crate::rules::Rule;

/// What is asked for of some rules: by code, by the beginning of codes, or by name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    selector: String,
    /// `None`: not reported.
    level: Option<Level>,
}

/// The levels that were asked for. Later layers stand over earlier ones; in a layer the more exact selector wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    layers: Vec<Vec<Choice>>,
    /// Every warning is an error (`--deny warnings`).
    pub deny_warnings: bool,
}

impl Levels {
    /// Lays a layer of selectors and levels over what is there; no level means that the rule is not reported.
    pub fn layer(&mut self, choices: impl IntoIterator<Item = (String, Option<Level>)>) {
        self.layers.push(
            choices
                .into_iter()
                .map(|(selector, level)| Choice { selector, level })
                .collect(),
        );
    }

    /// The level of a rule; `None` when it is not reported.
    #[must_use]
    pub fn of(&self, rule: &Rule, default: Level) -> Option<Level> {
        let chosen = self.layers.iter().rev().find_map(|layer| {
            layer
                .iter()
                .filter_map(|choice| Some((exactness(&choice.selector, rule)?, choice.level)))
                .max_by_key(|(exactness, _)| *exactness)
        });
        let level = chosen.map_or(Some(default), |(_, level)| level);
        if self.deny_warnings && level == Some(Level::Warning) {
            return Some(Level::Error);
        }
        level
    }

    /// Gives a finding its level; `None` when it is not reported. What is refused at the door stays an error.
    #[must_use]
    pub fn apply(&self, mut finding: Finding) -> Option<Finding> {
        if is_certain(&finding) {
            return Some(finding);
        }
        finding.level = self.of(finding.rule, finding.level)?;
        Some(finding)
    }
}

/// How exactly a selector names a rule: the length of what agrees, whole codes and names above all prefixes.
fn exactness(selector: &str, rule: &Rule) -> Option<usize> {
    if rule.is(selector) {
        Some(usize::MAX)
    } else {
        is_prefix(selector, rule).then_some(selector.len())
    }
}

fn is_prefix(selector: &str, rule: &Rule) -> bool {
    rule.code
        .get(..selector.len())
        .is_some_and(|start| !selector.is_empty() && start.eq_ignore_ascii_case(selector))
}

/// Whether a selector (code, beginning of codes, or name) means a rule.
#[must_use]
pub fn selects(selector: &str, rule: &Rule) -> bool {
    exactness(selector, rule).is_some()
}

/// Whether nothing can hide a finding: kubectl or the API server refuses what was written, so the text decides, not
/// the reader.
#[must_use]
pub fn is_certain(finding: &Finding) -> bool {
    finding.level == Level::Error
        && (finding.refuser == Refuser::KubeApiserver || finding.rule.code == "Y001")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{FieldPath, Place};
    use crate::rules::{D301, L501, L503, M109};
    use crate::source::DocumentId;

    fn levels(layers: &[&[(&str, Option<Level>)]]) -> Levels {
        let mut levels = Levels::default();
        for layer in layers {
            levels.layer(layer.iter().map(|(s, l)| ((*s).to_owned(), *l)));
        }
        levels
    }

    #[test]
    fn the_more_exact_selector_wins_within_a_layer_and_the_later_layer_over_all() {
        let one = levels(&[&[("L", None), ("L501", Some(Level::Error))]]);
        assert_eq!(one.of(&L501, L501.level), Some(Level::Error));
        assert_eq!(one.of(&L503, L503.level), None);
        let two = levels(&[&[("floating-tag", Some(Level::Error))], &[("L", None)]]);
        assert_eq!(two.of(&L501, L501.level), None);
    }

    #[test]
    fn denied_warnings_are_errors_and_notes_are_not() {
        let mut levels = levels(&[&[("L501", Some(Level::Warning))]]);
        levels.deny_warnings = true;
        assert_eq!(levels.of(&M109, M109.level), Some(Level::Error));
        assert_eq!(levels.of(&L501, L501.level), Some(Level::Error));
        assert_eq!(levels.of(&L503, L503.level), Some(Level::Note));
    }

    #[test]
    fn what_the_api_server_refuses_stays() {
        let finding =
            |rule| Finding::new(rule, Place::document(DocumentId(0), FieldPath::root()), "x");
        let all = levels(&[&[("D", None), ("M", None)]]);
        assert!(all.apply(finding(&D301)).is_some());
        assert!(all.apply(finding(&M109)).is_none());
    }
}
