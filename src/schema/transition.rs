//! What an update is judged by beside the new object: rules about the old value, and the leave that unchanged values
//! have (Kubernetes 1.34.4; spec 6.5).

use serde_json::Value;

use super::cel::Broken;
use super::structural::{Node, Schema};
use crate::diag::{FieldPath, Segment};

/// The transition rules that do not hold between two completed objects.
///
/// A rule is asked only where the value is there on both sides; items of lists are matched by their keys, and not at
/// all where the list has none.
#[must_use]
pub fn broken(schema: &Schema, new: &Value, old: &Value) -> Vec<Broken> {
    let mut found = Vec::new();
    walk(schema.root(), new, old, &FieldPath::root(), &mut found);
    found
}

fn walk(node: &Node, new: &Value, old: &Value, path: &FieldPath, found: &mut Vec<Broken>) {
    if new == old {
        return;
    }
    for rule in node.rules().iter().filter(|rule| rule.is_transition()) {
        found.push(rule.broken(path.clone(), node.type_name()));
    }
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (key, value) in new {
                if let (Some(child), Some(old)) = (node.child(key), old.get(key)) {
                    walk(child, value, old, &path.key(key), found);
                }
            }
        }
        (Value::Array(items), Value::Array(_)) => {
            let Some(child) = node.items() else { return };
            for (index, item) in items.iter().enumerate() {
                if let Some(old) = counterpart(node, item, old) {
                    walk(child, item, old, &path.index(index), found);
                }
            }
        }
        _ => {}
    }
}

/// Whether the update leaves the value at this path, or one that holds it, as it was. What was bad before and has not
/// been touched is no error on an update.
#[must_use]
pub fn unchanged(schema: &Schema, path: &FieldPath, new: &Value, old: &Value) -> bool {
    let (mut node, mut new, mut old) = (schema.root(), new, old);
    for segment in &path.0 {
        if new == old {
            return true;
        }
        let step = match segment {
            Segment::Key(key) => node.child(key).zip(new.get(key)).zip(old.get(key)),
            Segment::Index(index) => new
                .get(index)
                .and_then(|item| Some(((node.items()?, item), counterpart(node, item, old)?))),
        };
        let Some(((next_node, next_new), next_old)) = step else {
            return false;
        };
        (node, new, old) = (next_node, next_new, next_old);
    }
    new == old
}

/// The item of the old list that has the same keys.
fn counterpart<'a>(list: &Node, item: &Value, old: &'a Value) -> Option<&'a Value> {
    let keys = list.list_keys()?;
    old.as_array()?
        .iter()
        .find(|other| keys.iter().all(|key| other.get(*key) == item.get(*key)))
}
