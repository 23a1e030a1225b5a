//! The chain as a picture: what a service leads to, who makes it, live or expected, findings marked on their object.

mod dot;
mod mermaid;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Level;
use crate::engine::{Liveness, Plan};
use crate::inventory::{ObjectKey, Origin};

/// One object of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The object.
    pub key: ObjectKey,
    /// Who brings it into the cluster.
    pub liveness: Liveness,
    /// The product that makes it; empty when it was given.
    pub creator: &'static str,
    /// The worst finding on it, with the codes of all.
    pub mark: Option<(Level, Vec<&'static str>)>,
    /// Links from what it was made from in the beginning: 0 for given objects.
    pub depth: usize,
}

/// A picture: nodes by depth and key, and for each made object the node that it was made from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// The objects.
    pub nodes: Vec<Node>,
    /// From, to: positions in `nodes`.
    pub edges: Vec<(usize, usize)>,
}

/// The picture of these given objects, or of every one when there are none.
#[must_use]
pub fn graph(plan: &Plan, roots: &[ObjectKey]) -> Graph {
    let mut marks: BTreeMap<&ObjectKey, (Level, BTreeSet<&'static str>)> = BTreeMap::new();
    for finding in &plan.findings {
        if let Some(key) = &finding.place.object {
            let (level, codes) = marks.entry(key).or_insert((finding.level, BTreeSet::new()));
            *level = (*level).max(finding.level);
            codes.insert(finding.rule.code);
        }
    }
    let mut nodes: Vec<Node> = plan
        .objects
        .iter()
        .filter(|planned| roots.is_empty() || roots.contains(&planned.root))
        .map(|planned| Node {
            key: planned.key.clone(),
            liveness: planned.liveness,
            creator: match &planned.origin {
                Origin::Made { by, .. } => by.product(),
                Origin::Given(_) => "",
            },
            mark: marks
                .get(&planned.key)
                .map(|(level, codes)| (*level, codes.iter().copied().collect())),
            depth: depth(plan, &planned.key),
        })
        .collect();
    nodes.sort_by(|a, b| (a.depth, &a.key).cmp(&(b.depth, &b.key)));
    let at: BTreeMap<&ObjectKey, usize> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| (&node.key, index))
        .collect();
    let mut edges: Vec<(usize, usize)> = nodes
        .iter()
        .enumerate()
        .filter_map(|(to, node)| match &plan.world.entry(&node.key)?.origin {
            Origin::Made { from, .. } => Some((*at.get(from)?, to)),
            Origin::Given(_) => None,
        })
        .collect();
    edges.sort_unstable();
    Graph { nodes, edges }
}

fn depth(plan: &Plan, key: &ObjectKey) -> usize {
    let mut key = key;
    let mut depth = 0;
    while let Some(Origin::Made { from, .. }) = plan.world.entry(key).map(|entry| &entry.origin) {
        depth += 1;
        key = from;
        if depth > 32 {
            break;
        }
    }
    depth
}
