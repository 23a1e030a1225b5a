//! Leaving out what a change cannot concern.

use std::collections::{BTreeMap, BTreeSet};

use crate::controllers;
use crate::diag::Finding;
use crate::engine::Given;

/// Takes out of both sides the chain's documents of every namespace that is the same on both.
///
/// Nothing that the controllers look up crosses a namespace but the cluster-scoped objects and the cluster's own facts
/// (ConfigMaps, Nodes, Gateways), so such a namespace leads to the same objects and findings twice. With a difference in
/// one of those everything stays. So it does where an object hides later ones of every namespace from its operator, and
/// so does a namespace that a finding of the new documents is about: what was refused there left the old documents.
pub fn narrow(old: &mut Vec<Given>, new: &mut Vec<Given>, findings: &[Finding]) {
    let mut all = old.iter().chain(new.iter());
    if all.any(|given| controllers::aim::ends_listing(&given.object)) {
        return;
    }
    let (before, after) = (by_namespace(old), by_namespace(new));
    let concerned: BTreeSet<&str> = findings
        .iter()
        .filter_map(|finding| finding.place.object.as_ref())
        .map(|key| key.namespace.as_str())
        .collect();
    let mut same: BTreeSet<String> = BTreeSet::new();
    for (namespace, documents) in &before {
        let untouched = *namespace == SHARED || !concerned.contains(namespace);
        let now = after.get(namespace);
        if untouched && now.is_some_and(|now| equal(documents, now)) {
            same.insert((*namespace).to_owned());
        }
    }
    if before.contains_key(SHARED) != after.contains_key(SHARED)
        || (before.contains_key(SHARED) && !same.remove(SHARED))
    {
        return;
    }
    for given in [old, new] {
        given.retain(|given| !same.contains(place(given)));
    }
}

/// Where a document counts that every namespace can see; no namespace has this name.
const SHARED: &str = "";

fn by_namespace(given: &[Given]) -> BTreeMap<&str, Vec<&Given>> {
    let mut namespaces: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
    for given in given {
        namespaces.entry(place(given)).or_default().push(given);
    }
    namespaces
}

fn place(given: &Given) -> &str {
    let local = !given.fact && given.object.kind().is_of_the_chain();
    let namespace = given.object.metadata().namespace.as_deref();
    namespace.filter(|_| local).unwrap_or(SHARED)
}

/// The same documents in the same order, wherever they stand. The order counts: of services that share a model the first
/// makes it.
fn equal(old: &[&Given], new: &[&Given]) -> bool {
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| old.fact == new.fact && old.object == new.object)
}
