//! Where a field came from, link by link.

use serde_json::Value;

use super::Target;
use crate::diag::{FieldPath, Place, Segment};
use crate::engine::Plan;
use crate::inventory::{ObjectKey, Origin};

/// Links after which the search ends; the chain itself has six.
const MOST_LINKS: usize = 32;

/// One link: a field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct TrailStep {
    /// The object.
    pub key: ObjectKey,
    /// The field.
    pub path: FieldPath,
    /// Its value, when the object has one there.
    pub value: Option<Value>,
    /// What happened on the way from here to the link before.
    pub note: String,
    /// The place in the input, when the object was given.
    pub place: Option<Place>,
}

/// The links from a field up to where its value was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// The field asked for, then what it came from.
    pub steps: Vec<TrailStep>,
    /// The last link's object was made, and nothing says from what its field came: a controller's own default.
    pub own: Option<&'static str>,
}

/// Follows a field up the chain.
#[must_use]
pub fn trail(plan: &Plan, target: &Target) -> Trail {
    let mut steps = Vec::new();
    let mut at = (target.key.clone(), target.path.clone(), String::new());
    let mut own = None;
    for _ in 0..MOST_LINKS {
        let (key, path, note) = at;
        let entry = plan.world.entry(&key);
        let value = entry.and_then(|entry| value_at(&entry.object.to_value(), &path));
        let document = match entry.map(|entry| &entry.origin) {
            Some(Origin::Given(document)) => Some(*document),
            _ => None,
        };
        let place = document.map(|document| {
            let mut place = Place::field(key.clone(), path.clone());
            place.document = Some(document);
            place
        });
        let given = place.is_some();
        steps.push(TrailStep {
            key: key.clone(),
            path: path.clone(),
            value,
            note,
            place,
        });
        let origin = plan.origins(&key, &path).into_iter().next();
        match origin {
            Some(origin) => at = (origin.object, origin.path, origin.note),
            None => {
                own = entry
                    .filter(|_| !given)
                    .and_then(|entry| match &entry.origin {
                        Origin::Made { by, .. } => Some(by.product()),
                        Origin::Given(_) => None,
                    });
                break;
            }
        }
    }
    Trail { steps, own }
}

fn value_at(value: &Value, path: &FieldPath) -> Option<Value> {
    let mut at = value;
    for segment in &path.0 {
        at = match segment {
            Segment::Key(key) => at.get(key)?,
            Segment::Index(index) => at.get(index)?,
        };
    }
    Some(at.clone())
}
