//! Objects as YAML that any reader takes back to the same values.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// Apart from these, the keys of an object follow in the order of their bytes.
const FIRST: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// One document, without `---`, ending with a line break.
#[must_use]
pub fn document(value: &Value) -> String {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    // Values hold only maps with text keys and finite numbers, so this cannot fail.
    let mut text =
        serde_saphyr::to_string_with_options(&Ordered(value), options).unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The same, commented out.
#[must_use]
pub fn commented(document: &str) -> String {
    document
        .lines()
        .map(|line| {
            if line.is_empty() {
                "#\n".to_owned()
            } else {
                format!("# {line}\n")
            }
        })
        .collect()
}

struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Value::Object(object) = self.0 else {
            return self.0.serialize(serializer);
        };
        let mut map = serializer.serialize_map(Some(object.len()))?;
        for key in FIRST {
            if let Some(value) = object.get(key) {
                map.serialize_entry(key, value)?;
            }
        }
        for (key, value) in object
            .iter()
            .filter(|(key, _)| !FIRST.contains(&key.as_str()))
        {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
