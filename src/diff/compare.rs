//! Two values compared field by field.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::diag::{FieldPath, Segment};
use crate::kube::merge_keys as keys;

/// One step to a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// An item of a list by its position.
    Index(usize),
    /// An item of a list by what identifies it.
    Item {
        /// The identifying field.
        field: &'static str,
        /// Its value.
        value: String,
    },
}

/// The way to a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Steps(pub Vec<Step>);

impl Steps {
    fn with(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// Whether the keys on the way begin with these.
    #[must_use]
    pub fn begins_with(&self, keys: &[&str]) -> bool {
        let mut steps = self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) | Step::Item { .. } => None,
        });
        keys.iter().all(|key| steps.next() == Some(key))
    }

    /// The same way in a given object, where identified items have their position.
    #[must_use]
    pub fn path(&self, object: &Value) -> FieldPath {
        let mut at = Some(object);
        let mut segments = Vec::with_capacity(self.0.len());
        for step in &self.0 {
            let segment = match step {
                Step::Key(key) => Segment::Key(key.clone()),
                Step::Index(index) => Segment::Index(*index),
                Step::Item { field, value } => {
                    let items = at.and_then(Value::as_array).into_iter().flatten();
                    let found = items.into_iter().position(|item| {
                        keys::item_key(item, &[field]).is_some_and(|(_, key)| key == *value)
                    });
                    Segment::Index(found.unwrap_or_default())
                }
            };
            at = match &segment {
                Segment::Key(key) => at.and_then(|value| value.get(key)),
                Segment::Index(index) => at.and_then(|value| value.get(index)),
            };
            segments.push(segment);
        }
        FieldPath(segments)
    }
}

/// `spec.template.spec.containers[kserve-container].env[HF_TOKEN].value`.
impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Item { value, .. } => write!(f, "[{value}]")?,
                Step::Key(key) if key.contains(['.', '/', '[']) => write!(f, "[{key}]")?,
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// What happened to a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// It is new.
    Added(Value),
    /// It is gone.
    Removed(Value),
    /// It has another value.
    Changed {
        /// Before.
        old: Value,
        /// Now.
        new: Value,
    },
    /// The same items stand in another order.
    Reordered {
        /// The items' keys before.
        old: Vec<String>,
        /// And now.
        new: Vec<String>,
    },
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Where.
    pub at: Steps,
    /// What happened.
    pub edit: Edit,
}

/// Every field in which two values differ, in the order of their keys. A whole map or list that is new or gone is one
/// change; `null` is the same as absent.
#[must_use]
pub fn compare(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    values(&Steps::default(), old, new, &mut changes);
    changes
}

fn values(at: &Steps, old: &Value, new: &Value, changes: &mut Vec<FieldChange>) {
    let edit = match (old, new) {
        (old, new) if old == new => return,
        (Value::Object(old), Value::Object(new)) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                let null = Value::Null;
                let (old, new) = (old.get(key).unwrap_or(&null), new.get(key).unwrap_or(&null));
                values(&at.with(Step::Key(key.clone())), old, new, changes);
            }
            return;
        }
        (Value::Array(old), Value::Array(new)) => return lists(at, old, new, changes),
        (Value::Null, new) => Edit::Added(new.clone()),
        (old, Value::Null) => Edit::Removed(old.clone()),
        (old, new) => Edit::Changed {
            old: old.clone(),
            new: new.clone(),
        },
    };
    changes.push(FieldChange {
        at: at.clone(),
        edit,
    });
}

fn lists(at: &Steps, old: &[Value], new: &[Value], changes: &mut Vec<FieldChange>) {
    let fields = match at.0.last() {
        Some(Step::Key(key)) => keys::merge_key(key),
        _ => None,
    };
    let keyed = fields.and_then(|fields| Some((by_key(old, fields)?, by_key(new, fields)?)));
    let Some((old_items, new_items)) = keyed else {
        for index in 0..old.len().max(new.len()) {
            let null = Value::Null;
            let (old, new) = (
                old.get(index).unwrap_or(&null),
                new.get(index).unwrap_or(&null),
            );
            values(&at.with(Step::Index(index)), old, new, changes);
        }
        return;
    };
    let null = Value::Null;
    let old_at: BTreeMap<&str, &Value> = old_items
        .iter()
        .map(|item| (item.value.as_str(), item.item))
        .collect();
    let new_at: BTreeMap<&str, &Value> = new_items
        .iter()
        .map(|item| (item.value.as_str(), item.item))
        .collect();
    let gone = old_items
        .iter()
        .filter(|item| !new_at.contains_key(item.value.as_str()));
    for item in new_items.iter().chain(gone) {
        let step = Step::Item {
            field: item.field,
            value: item.value.clone(),
        };
        let old = old_at.get(item.value.as_str()).copied().unwrap_or(&null);
        let new = new_at.get(item.value.as_str()).copied().unwrap_or(&null);
        values(&at.with(step), old, new, changes);
    }
    let common = |items: &[Item<'_>], other: &BTreeMap<&str, &Value>| -> Vec<String> {
        items
            .iter()
            .filter(|item| other.contains_key(item.value.as_str()))
            .map(|item| item.value.clone())
            .collect()
    };
    let (old, new) = (common(&old_items, &new_at), common(&new_items, &old_at));
    if old != new {
        changes.push(FieldChange {
            at: at.clone(),
            edit: Edit::Reordered { old, new },
        });
    }
}

struct Item<'a> {
    field: &'static str,
    value: String,
    item: &'a Value,
}

/// The items with their keys; `None` when one has none, or two share one.
fn by_key<'a>(items: &'a [Value], fields: &[&'static str]) -> Option<Vec<Item<'a>>> {
    let mut seen = BTreeMap::new();
    items
        .iter()
        .map(|item| {
            let (field, value) = keys::item_key(item, fields)?;
            seen.insert(value.clone(), ())
                .is_none()
                .then_some(Item { field, value, item })
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::compare;

    fn said(old: serde_json::Value, new: serde_json::Value) -> Vec<String> {
        compare(&old, &new)
            .iter()
            .map(|change| format!("{} {:?}", change.at, change.edit))
            .collect()
    }

    #[test]
    fn items_are_found_by_their_key() {
        let old = json!({"env": [{"name": "A", "value": "1"}, {"name": "B"}]});
        let new = json!({"env": [{"name": "B"}, {"name": "A", "value": "2"}]});
        let said = said(old, new);
        assert_eq!(
            said[0],
            r#"env[A].value Changed { old: String("1"), new: String("2") }"#
        );
        assert_eq!(
            said[1],
            r#"env Reordered { old: ["A", "B"], new: ["B", "A"] }"#
        );
        assert_eq!(said.len(), 2);
    }

    #[test]
    fn a_key_that_stands_twice_falls_back_to_positions() {
        let old = json!({"env": [{"name": "A"}, {"name": "A"}]});
        let new = json!({"env": [{"name": "A"}]});
        assert_eq!(
            said(old, new),
            [r#"env[1] Removed(Object {"name": String("A")})"#]
        );
    }

    #[test]
    fn null_is_absent_and_an_empty_map_is_not() {
        assert!(said(json!({"a": null}), json!({})).is_empty());
        assert_eq!(said(json!({}), json!({"a": {}})), ["a Added(Object {})"]);
    }
}
