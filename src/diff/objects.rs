//! Two plans compared object by object.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{FieldChange, compare};
use super::effect::{self, Effect};
use super::normal::normal;
use crate::engine::{Liveness, Plan, Planned};
use crate::inventory::{Kind, ObjectKey};

/// What happens to an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It is new.
    Created,
    /// It is gone.
    Deleted,
    /// Some of its fields differ.
    Changed(Vec<(FieldChange, Effect)>),
}

/// One object that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectChange {
    /// The object.
    pub key: ObjectKey,
    /// The given object that it comes from.
    pub root: ObjectKey,
    /// Who brings it into the cluster.
    pub liveness: Liveness,
    /// What happens to it.
    pub change: Change,
}

impl ObjectChange {
    /// The worst that it does.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match &self.change {
            Change::Created => Effect::Creates,
            Change::Deleted => Effect::Deletes,
            Change::Changed(fields) => fields
                .iter()
                .map(|(_, effect)| *effect)
                .max()
                .unwrap_or(Effect::Harmless),
        }
    }
}

/// How two plans differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The objects that differ, by root, then by key.
    pub objects: Vec<ObjectChange>,
    /// Services that only have another name or namespace: before and now.
    pub renamed: BTreeMap<ObjectKey, ObjectKey>,
}

/// Compares what two plans would bring into the cluster.
#[must_use]
pub fn compare_plans(old: &Plan, new: &Plan) -> Comparison {
    let before = shown(old);
    let after = shown(new);
    let keys: BTreeSet<&ObjectKey> = before.keys().chain(after.keys()).copied().collect();
    let mut objects = Vec::new();
    for key in keys {
        let (planned, change) = match (before.get(key), after.get(key)) {
            (Some(old), Some(new)) => {
                if std::sync::Arc::ptr_eq(&old.object, &new.object) {
                    continue;
                }
                let fields = fields(key.kind, old, new);
                if fields.is_empty() {
                    continue;
                }
                (*new, Change::Changed(fields))
            }
            (None, Some(new)) => (*new, Change::Created),
            (Some(old), None) => (*old, Change::Deleted),
            (None, None) => continue,
        };
        objects.push(ObjectChange {
            key: key.clone(),
            root: planned.root.clone(),
            liveness: planned.liveness,
            change,
        });
    }
    objects.sort_by(|a, b| (&a.root, &a.key).cmp(&(&b.root, &b.key)));
    Comparison {
        renamed: renamed(old, new),
        objects,
    }
}

fn shown(plan: &Plan) -> BTreeMap<&ObjectKey, &Planned> {
    let shown = plan
        .objects
        .iter()
        .filter(|planned| planned.liveness != Liveness::Absent);
    shown.map(|planned| (&planned.key, planned)).collect()
}

fn fields(kind: Kind, old: &Planned, new: &Planned) -> Vec<(FieldChange, Effect)> {
    let old = normal(kind, old.object.to_value());
    let new = normal(kind, new.object.to_value());
    let immutable = effect::refused(kind, &old, &new);
    compare(&old, &new)
        .into_iter()
        .map(|change| {
            let path = change.at.path(&new);
            let is_refused = immutable.iter().any(|field| path.0.starts_with(&field.0));
            let effect = if is_refused {
                Effect::Refused
            } else {
                effect::of_field(kind, &change)
            };
            (change, effect)
        })
        .collect()
}

/// Services of which one is gone and one is new, with the same spec.
fn renamed(old: &Plan, new: &Plan) -> BTreeMap<ObjectKey, ObjectKey> {
    let services = |plan: &Plan, other: &Plan| -> Vec<ObjectKey> {
        let services = plan.given().filter(|key| key.kind == Kind::AimService);
        services
            .filter(|key| other.world.entry(key).is_none())
            .cloned()
            .collect()
    };
    let spec = |plan: &Plan, key: &ObjectKey| {
        plan.world
            .object(key)
            .map(|object| object.to_value().get("spec").cloned())
    };
    let mut gone = services(old, new);
    let mut pairs = BTreeMap::new();
    for key in services(new, old) {
        // Of several with the same spec the one that keeps its name.
        let same = |candidate: &ObjectKey| spec(old, candidate) == spec(new, &key);
        let same = gone
            .iter()
            .position(|candidate| candidate.name == key.name && same(candidate))
            .or_else(|| gone.iter().position(same));
        if let Some(at) = same {
            pairs.insert(gone.remove(at), key);
        }
    }
    pairs
}
