//! The choices that controllers made for a service.

use crate::controllers::Decision;
use crate::engine::Plan;
use crate::inventory::ObjectKey;

/// A decision, and the objects that it was made for in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared<'a> {
    /// The objects, the one it was made for first.
    pub keys: Vec<&'a ObjectKey>,
    /// The decision.
    pub decision: &'a Decision,
}

/// The decisions behind a given object, its own first, then those behind what was made from it, by key; equal ones once.
#[must_use]
pub fn decisions<'a>(plan: &'a Plan, root: &ObjectKey) -> Vec<Shared<'a>> {
    let of_root = |key: &ObjectKey| key == root || plan.root(key) == *root;
    let mut found: Vec<(&ObjectKey, &Decision)> = plan
        .decisions
        .iter()
        .filter(|((key, _), _)| of_root(key))
        .flat_map(|((key, _), decisions)| decisions.iter().map(move |decision| (key, decision)))
        .collect();
    found.sort_by_key(|(key, _)| (*key != root, *key));
    let mut shared: Vec<Shared<'a>> = Vec::new();
    for (key, decision) in found {
        match shared.iter_mut().find(|other| other.decision == decision) {
            Some(other) => other.keys.push(key),
            None => shared.push(Shared {
                keys: vec![key],
                decision,
            }),
        }
    }
    shared
}
