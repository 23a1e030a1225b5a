//! Where a field came from, link by link.

use serde_json::Value;

use super::Target;
use crate::diag::secret::{self, cover_value};
use crate::diag::{FieldPath, Place, Segment};
use crate::engine::Plan;
use crate::inventory::{ObjectKey, Origin};

/// Links after which the search ends; the chain itself has six.
const MOST_LINKS: usize = 32;

/// Parts of a value that are looked at one by one.
const MOST_PARTS: usize = 60;

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue {
    /// The object.
    pub key: ObjectKey,
    /// The field.
    pub path: FieldPath,
    /// Its value, when the object has one there.
    pub value: Option<Value>,
    /// The place in the input, when the object was given.
    pub place: Option<Place>,
    /// The name of the variable whose value it is says that it is a secret.
    is_secret: bool,
}

/// One link of a trail.
#[derive(Debug, Clone, PartialEq)]
pub struct TrailStep {
    /// The field.
    pub field: FieldValue,
    /// What happened on the way from here to the link before.
    pub note: String,
    /// Fields that had a say as well, in the order of their weight, and lost against this one or were merged below it.
    pub over: Vec<FieldValue>,
}

/// The links from a field up to where its value was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// The field asked for, then what it came from.
    pub steps: Vec<TrailStep>,
    /// The last link's object was made, and nothing says from what its field came: a controller's own default.
    pub own: Option<&'static str>,
}

impl Trail {
    /// The same with secrets covered: tokens anywhere, and values of variables whose names say that they are secrets.
    #[must_use]
    pub fn covered(mut self) -> Self {
        for step in &mut self.steps {
            for field in std::iter::once(&mut step.field).chain(&mut step.over) {
                if let Some(value) = &mut field.value {
                    cover_value(value, field.is_secret);
                }
            }
        }
        self
    }
}

/// Follows a field up the chain.
#[must_use]
pub fn trail(plan: &Plan, target: &Target) -> Trail {
    let mut steps = Vec::new();
    let mut at = (target.key.clone(), target.path.clone());
    let mut note = String::new();
    let mut over = Vec::new();
    let mut own = None;
    for _ in 0..MOST_LINKS {
        let (key, path) = at;
        let field = field(plan, &key, &path);
        let given = field.place.is_some();
        steps.push(TrailStep { field, note, over });
        let mut origins = plan.origins(&key, &path).into_iter();
        // Made of nothing: a controller's own, or what the API server fills in.
        let first = origins
            .next()
            .filter(|origin| is_there(plan, &origin.object, &origin.path));
        let Some(origin) = first else {
            own = plan
                .world
                .entry(&key)
                .filter(|_| !given)
                .and_then(|entry| match &entry.origin {
                    Origin::Made { by, .. } => Some(by.product()),
                    Origin::Given(_) => None,
                });
            break;
        };
        at = (origin.object, origin.path);
        note = origin.note;
        over = origins
            .map(|lower| field_of_given(plan, &lower.object, &lower.path))
            .collect();
    }
    Trail { steps, own }
}

/// Whether a field can be what another one was made from: it has a value, or a user may write one.
fn is_there(plan: &Plan, key: &ObjectKey, path: &FieldPath) -> bool {
    plan.world.entry(key).is_some_and(|entry| {
        matches!(entry.origin, Origin::Given(_))
            || value_at(&entry.object.to_value(), path).is_some()
    })
}

/// A trail for each part of a value whose own trail ends nowhere, down to the parts that have one or have no parts.
#[must_use]
pub fn parts(plan: &Plan, target: &Target) -> Vec<Trail> {
    let mut found = Vec::new();
    collect_parts(plan, target, &mut found);
    found
}

fn collect_parts(plan: &Plan, target: &Target, found: &mut Vec<Trail>) {
    let value = field(plan, &target.key, &target.path).value;
    let below: Vec<FieldPath> = match &value {
        Some(Value::Array(items)) => (0..items.len())
            .map(|index| target.path.index(index))
            .collect(),
        Some(Value::Object(map)) => map.keys().map(|key| target.path.key(key)).collect(),
        _ => Vec::new(),
    };
    for path in below {
        if found.len() == MOST_PARTS {
            return;
        }
        let part = Target {
            key: target.key.clone(),
            path,
        };
        let trail = trail(plan, &part);
        let before = found.len();
        // A variable is one thing, whoever sets it.
        let is_variable = || {
            let value = trail.steps.first().and_then(|s| s.field.value.as_ref());
            value.is_some_and(|v| v.get("name").is_some() && v.get("image").is_none())
        };
        if trail.own.is_some() && !is_variable() {
            collect_parts(plan, &part, found);
        }
        if found.len() == before {
            found.push(trail);
        }
    }
}

/// A field and what is known of it.
fn field(plan: &Plan, key: &ObjectKey, path: &FieldPath) -> FieldValue {
    let entry = plan.world.entry(key);
    let object = entry.map(|entry| entry.object.to_value());
    let value = object.as_ref().and_then(|object| value_at(object, path));
    let is_secret = path.0.last() == Some(&Segment::Key("value".to_owned()))
        && path
            .parent()
            .zip(object.as_ref())
            .and_then(|(parent, object)| value_at(object, &parent))
            .and_then(|variable| Some(secret::names_secret(variable.get("name")?.as_str()?)))
            .unwrap_or_default();
    let document = match entry.map(|entry| &entry.origin) {
        Some(Origin::Given(document)) => Some(*document),
        _ => None,
    };
    let place = document.map(|document| {
        let mut place = Place::field(key.clone(), path.clone());
        place.document = Some(document);
        place
    });
    FieldValue {
        key: key.clone(),
        path: path.clone(),
        value: value.cloned(),
        place,
        is_secret,
    }
}

/// The field, and where it is written: of an object that was made, the field of the input that it came from.
fn field_of_given(plan: &Plan, key: &ObjectKey, path: &FieldPath) -> FieldValue {
    let mut field = field(plan, key, path);
    if field.place.is_none() {
        let place = plan.trace(Place::field(key.clone(), path.clone()));
        field.place = place.document.is_some().then_some(place);
    }
    field
}

fn value_at<'v>(value: &'v Value, path: &FieldPath) -> Option<&'v Value> {
    path.0.iter().try_fold(value, |at, segment| match segment {
        Segment::Key(key) => at.get(key),
        Segment::Index(index) => at.get(index),
    })
}
