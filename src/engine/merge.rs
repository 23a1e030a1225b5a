//! Merging what a writer wants into a stored object, knowing what it and the others wrote before.

use serde_json::{Map, Value};

/// The lists whose items are told apart by keys. The names are enough: no kind uses one of them otherwise.
pub(super) fn list_keys(field: &str) -> Option<&'static [&'static str]> {
    match field {
        "env" => Some(&["name"]),
        "volumeMounts" => Some(&["mountPath"]),
        // The UID would do, were it known.
        "ownerReferences" => Some(&["uid", "kind", "name"]),
        _ => None,
    }
}

pub(super) fn item_key(item: &Value, keys: &[&str]) -> Vec<Value> {
    keys.iter()
        .map(|key| item.get(key).cloned().unwrap_or_default())
        .collect()
}

/// The merged value: `config` over `live`; what only `before` has goes, unless one of the others has it, too.
pub(super) fn merge(
    live: Option<&Value>,
    before: Option<&Value>,
    config: Option<&Value>,
    others: &[&Value],
) -> Option<Value> {
    match (live, config) {
        (_, Some(Value::Object(wanted))) => {
            let live = live.and_then(Value::as_object);
            Some(Value::Object(merge_maps(live, before, wanted, others)))
        }
        (_, Some(wanted)) => Some(wanted.clone()),
        (Some(Value::Object(live)), None) if before.is_some() => {
            let rest = merge_maps(Some(live), before, &Map::new(), others);
            (!rest.is_empty() || !others.is_empty()).then_some(Value::Object(rest))
        }
        (Some(live), None) => (before.is_none() || !others.is_empty()).then(|| live.clone()),
        (None, None) => None,
    }
}

fn merge_maps(
    live: Option<&Map<String, Value>>,
    before: Option<&Value>,
    config: &Map<String, Value>,
    others: &[&Value],
) -> Map<String, Value> {
    let mut merged = Map::new();
    let live_keys = live.into_iter().flat_map(Map::keys);
    for key in live_keys.chain(config.keys()) {
        if merged.contains_key(key) {
            continue;
        }
        let live = live.and_then(|live| live.get(key));
        let before = before.and_then(|before| before.get(key));
        let wanted = config.get(key);
        let others: Vec<&Value> = others.iter().filter_map(|other| other.get(key)).collect();
        let value = match list_keys(key) {
            Some(keys) => merge_lists(live, before, wanted, &others, keys),
            None => merge(live, before, wanted, &others),
        };
        if let Some(value) = value {
            merged.insert(key.clone(), value);
        }
    }
    merged
}

/// Lists with keys: items that somebody else has, or nobody, stay where they are; the controller's follow its order.
fn merge_lists(
    live: Option<&Value>,
    before: Option<&Value>,
    config: Option<&Value>,
    others: &[&Value],
    keys: &[&str],
) -> Option<Value> {
    let items = |list: Option<&Value>| -> Vec<Value> {
        list.and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let find = |list: &[Value], key: &[Value]| -> Option<Value> {
        list.iter()
            .find(|item| item_key(item, keys) == key)
            .cloned()
    };
    let (live_items, before_items, wanted) = (items(live), items(before), items(config));
    let others: Vec<Vec<Value>> = others.iter().map(|other| items(Some(other))).collect();
    let mut merged = Vec::new();
    for item in &live_items {
        let key = item_key(item, keys);
        if find(&wanted, &key).is_some() {
            continue;
        }
        let theirs: Vec<Value> = others.iter().filter_map(|list| find(list, &key)).collect();
        let theirs: Vec<&Value> = theirs.iter().collect();
        let before = find(&before_items, &key);
        merged.extend(merge(Some(item), before.as_ref(), None, &theirs));
    }
    for item in &wanted {
        let key = item_key(item, keys);
        let (live, before) = (find(&live_items, &key), find(&before_items, &key));
        let theirs: Vec<Value> = others.iter().filter_map(|list| find(list, &key)).collect();
        let theirs: Vec<&Value> = theirs.iter().collect();
        merged.extend(merge(live.as_ref(), before.as_ref(), Some(item), &theirs));
    }
    let empty_on_purpose = config.is_some() || before.is_none() && live.is_some();
    (!merged.is_empty() || empty_on_purpose).then_some(Value::Array(merged))
}
