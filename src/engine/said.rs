//! What the controllers and the doors said, each at the line of the input that it belongs to.

use std::collections::{BTreeMap, BTreeSet};

use super::blame;
use super::settle::Record;
use crate::controllers::{self, Assumption, Creator, Decision};
use crate::diag::{FieldPath, Finding, Level, Place, Refusal};
use crate::inventory::{ObjectKey, Origin, World};

/// What a user should know.
#[derive(Default)]
pub(super) struct Findings {
    /// The given objects that were refused.
    refused: Vec<Finding>,
    /// Everything else, by the object at whose visit it was found.
    found: BTreeMap<(ObjectKey, Creator), Vec<Finding>>,
}

impl Findings {
    /// Takes in those of another part of the World.
    pub(super) fn extend(&mut self, other: Self) {
        self.refused.extend(other.refused);
        self.found.extend(other.found);
    }

    /// Those of refused objects in the order of the documents, then the others by object.
    pub(super) fn in_order(mut self) -> Vec<Finding> {
        self.refused.sort_by_key(|finding| finding.place.document);
        let others = self.found.into_values().flatten();
        self.refused.into_iter().chain(others).collect()
    }
}

/// All that there is to say about a World at rest.
pub(super) struct Said {
    pub(super) findings: Findings,
    /// The choices made, by the object they were made for.
    pub(super) decisions: BTreeMap<(ObjectKey, Creator), Vec<Decision>>,
    /// What was taken for granted, with the given objects that it concerns.
    pub(super) assumptions: BTreeMap<Assumption, BTreeSet<ObjectKey>>,
}

impl Said {
    /// What was noted on the way, and the given objects that were refused.
    pub(super) fn of(
        records: BTreeMap<(ObjectKey, Creator), Record>,
        refused: Vec<(ObjectKey, Origin, Refusal)>,
        world: &World,
    ) -> Self {
        let refused = refused.into_iter().map(|(key, origin, refusal)| {
            let mut place = Place::field(key, cause_path(&refusal));
            if let Origin::Given(document) = origin {
                place.document = Some(document);
            }
            refusal_finding(&refusal, &place, |place| place)
        });
        let refused = refused.collect();
        let mut found = BTreeMap::new();
        let mut decisions = BTreeMap::new();
        let mut assumptions: BTreeMap<Assumption, BTreeSet<ObjectKey>> = BTreeMap::new();
        for ((key, creator), record) in records {
            if world.entry(&key).is_none() {
                continue;
            }
            let remarks = controllers::by(creator).map(|by| by.remarks(&key, world));
            let mut notes = remarks.unwrap_or_default();
            notes.extend(record.notes);
            let mut findings = Vec::new();
            for mut finding in notes.findings {
                finding.place = blame::trace(finding.place, None, world);
                for related in &mut finding.related {
                    related.place = blame::trace(related.place.clone(), None, world);
                }
                findings.push(finding);
            }
            if let Some((stop, object)) = record.stop {
                let occasion = stop.write.as_ref().map(|write| {
                    format!(
                        "{} writes the {} {}",
                        creator.product(),
                        write.kind,
                        write.name
                    )
                });
                let about = stop.write.unwrap_or_else(|| key.clone());
                let origin = Origin::Made {
                    by: creator,
                    from: key.clone(),
                };
                let refused = object.as_deref().map(|object| (object, &origin));
                let place = Place::field(about, cause_path(&stop.refusal));
                let mut finding = refusal_finding(&stop.refusal, &place, |place| {
                    blame::trace(place, refused, world)
                });
                finding.occasion = occasion;
                findings.push(finding);
            }
            for assumption in notes.assumptions {
                assumptions
                    .entry(assumption)
                    .or_default()
                    .insert(blame::root(&key, world));
            }
            if !notes.decisions.is_empty() {
                decisions.insert((key.clone(), creator), notes.decisions);
            }
            if !findings.is_empty() {
                found.insert((key, creator), findings);
            }
        }
        Self {
            findings: Findings { refused, found },
            decisions,
            assumptions,
        }
    }
}

fn cause_path(refusal: &Refusal) -> FieldPath {
    refusal
        .causes
        .iter()
        .find(|cause| cause.field != "<nil>")
        .map_or_else(FieldPath::root, |cause| FieldPath::parse(&cause.field))
}

/// A refusal as a finding at a place; `trace` takes it, and those that belong to it, to the input.
fn refusal_finding(refusal: &Refusal, place: &Place, trace: impl Fn(Place) -> Place) -> Finding {
    let advice = &refusal.advice;
    let message = advice.summary.as_deref().unwrap_or(refusal.rule.title);
    let mut finding =
        Finding::new(refusal.rule, trace(place.clone()), message).refusal(refusal.message.clone());
    for (path, label) in &advice.related {
        let place = Place {
            path: path.clone(),
            ..place.clone()
        };
        finding = finding.related(trace(place), label);
    }
    finding.consequence.clone_from(&advice.consequence);
    finding.help.clone_from(&advice.help);
    finding.refuser = refusal.refuser;
    // Whatever the rule's level is where nobody refuses: this was refused.
    finding.level = Level::Error;
    finding
}
