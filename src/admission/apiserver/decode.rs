//! Metadata as Go's decoder takes it: fields that it does not know, values of a wrong type (spec 6.2, step 1; the texts
//! are those of `encoding/json` and of the API server's strict decoder).

use serde_json::{Map, Value};

use crate::diag::FieldPath;

/// What decoding found.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// Fields that metadata does not have.
    pub(super) unknown: Vec<FieldPath>,
    /// The first value of a wrong type; the others are not reached.
    pub(super) error: Option<DecodeError>,
    /// Labels and annotations that were null and are empty now.
    pub(super) emptied: Vec<FieldPath>,
}

/// A value that Go cannot decode.
#[derive(Debug)]
pub(super) struct DecodeError {
    pub(super) path: FieldPath,
    /// Go's text.
    pub(super) text: String,
    /// What is due, in plain words.
    pub(super) due: &'static str,
}

#[derive(Clone, Copy)]
enum Shape {
    Text(&'static str),
    Bool,
    Int64,
    Time,
    TextMap,
    Texts,
    /// Structs of a Go type with these fields.
    Structs(&'static str, &'static [(&'static str, Shape)]),
    Anything,
}

const META: &[(&str, Shape)] = &[
    ("annotations", Shape::TextMap),
    ("creationTimestamp", Shape::Time),
    ("deletionGracePeriodSeconds", Shape::Int64),
    ("deletionTimestamp", Shape::Time),
    ("finalizers", Shape::Texts),
    ("generateName", Shape::Text("string")),
    ("generation", Shape::Int64),
    ("labels", Shape::TextMap),
    (
        "managedFields",
        Shape::Structs("ManagedFieldsEntry", MANAGED),
    ),
    ("name", Shape::Text("string")),
    ("namespace", Shape::Text("string")),
    ("ownerReferences", Shape::Structs("OwnerReference", OWNER)),
    ("resourceVersion", Shape::Text("string")),
    ("selfLink", Shape::Text("string")),
    ("uid", Shape::Text("types.UID")),
];

const OWNER: &[(&str, Shape)] = &[
    ("apiVersion", Shape::Text("string")),
    ("blockOwnerDeletion", Shape::Bool),
    ("controller", Shape::Bool),
    ("kind", Shape::Text("string")),
    ("name", Shape::Text("string")),
    ("uid", Shape::Text("types.UID")),
];

const MANAGED: &[(&str, Shape)] = &[
    ("apiVersion", Shape::Text("string")),
    ("fieldsType", Shape::Text("string")),
    ("fieldsV1", Shape::Anything),
    ("manager", Shape::Text("string")),
    ("operation", Shape::Text("string")),
    ("subresource", Shape::Text("string")),
    ("time", Shape::Time),
];

/// The fields of metadata.
pub(super) fn meta_fields() -> impl Iterator<Item = &'static str> {
    META.iter().map(|(name, _)| *name)
}

/// Checks metadata and brings it into the form that is stored: nulls dropped, in label and annotation values made
/// empty, empty maps and lists dropped.
pub(super) fn metadata(document: &mut Value) -> Decoded {
    let mut decoded = Decoded::default();
    let path = FieldPath::root().key("metadata");
    let Some(root) = document.as_object_mut() else {
        return decoded;
    };
    match root.entry("metadata").or_insert(Value::Null) {
        Value::Object(map) => {
            let at = At {
                go_struct: "ObjectMeta",
                go_field: "",
                path,
            };
            fields(map, META, &at, &mut decoded);
        }
        null @ Value::Null => *null = Value::Object(Map::new()),
        other => {
            let text = format!(
                "json: cannot unmarshal {} into Go value of type v1.ObjectMeta",
                go_name(other)
            );
            decoded.error = Some(DecodeError {
                path,
                text,
                due: "a map",
            });
        }
    }
    decoded
}

/// Where the decoder is.
struct At<'a> {
    go_struct: &'a str,
    /// The Go field's path so far, with a dot behind; empty at the top.
    go_field: &'a str,
    path: FieldPath,
}

fn fields(
    map: &mut Map<String, Value>,
    known: &[(&str, Shape)],
    at: &At<'_>,
    decoded: &mut Decoded,
) {
    map.retain(|name, value| {
        let Some((_, shape)) = known.iter().find(|(other, _)| other == name) else {
            decoded.unknown.push(at.path.key(name));
            return true;
        };
        if value.is_null() {
            return false;
        }
        let go_field = format!("{}{name}", at.go_field);
        let at = At {
            go_struct: at.go_struct,
            go_field: &go_field,
            path: at.path.key(name),
        };
        field(value, *shape, &at, decoded);
        !is_empty(value)
    });
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn field(value: &mut Value, shape: Shape, at: &At<'_>, decoded: &mut Decoded) {
    match (shape, &mut *value) {
        (Shape::Text(_), Value::String(_))
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Anything, _) => {}
        (Shape::Int64, Value::Number(number)) if number.is_i64() => {}
        (Shape::Time, Value::String(text)) => {
            if let Err(text) = rfc3339(text) {
                refuse(
                    decoded,
                    at.path.clone(),
                    text,
                    "a time such as 2026-01-31T12:00:00Z",
                );
            }
        }
        (Shape::TextMap, Value::Object(map)) => {
            for (key, value) in map.iter_mut() {
                let path = at.path.key(key);
                if value.is_null() {
                    *value = Value::String(String::new());
                    decoded.emptied.push(path);
                } else if !value.is_string() {
                    refuse(decoded, path, mismatch(value, at, "string"), "a text");
                }
            }
        }
        (Shape::Texts, Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                if item.is_null() {
                    *item = Value::String(String::new());
                } else if !item.is_string() {
                    refuse(
                        decoded,
                        at.path.index(index),
                        mismatch(item, at, "string"),
                        "a text",
                    );
                }
            }
        }
        (Shape::Structs(go_struct, known), Value::Array(items)) => {
            let go_field = format!("{}.", at.go_field);
            for (index, item) in items.iter_mut().enumerate() {
                let path = at.path.index(index);
                if let Value::Object(map) = item {
                    fields(
                        map,
                        known,
                        &At {
                            go_struct,
                            go_field: &go_field,
                            path,
                        },
                        decoded,
                    );
                } else if item.is_null() {
                    *item = Value::Object(Map::new());
                } else {
                    let text = mismatch(item, at, &format!("v1.{go_struct}"));
                    refuse(decoded, path, text, "a map");
                }
            }
        }
        (shape, value) => {
            let (go_type, due) = match shape {
                Shape::Text(name) => (name.to_owned(), "a text"),
                Shape::Bool => ("bool".to_owned(), "true or false"),
                Shape::Int64 => ("int64".to_owned(), "an integer"),
                Shape::Time => ("string".to_owned(), "a time such as 2026-01-31T12:00:00Z"),
                Shape::TextMap => ("map[string]string".to_owned(), "a map of texts"),
                Shape::Texts => ("[]string".to_owned(), "a list of texts"),
                Shape::Structs(name, _) => (format!("[]v1.{name}"), "a list"),
                Shape::Anything => return,
            };
            refuse(decoded, at.path.clone(), mismatch(value, at, &go_type), due);
        }
    }
}

fn refuse(decoded: &mut Decoded, path: FieldPath, text: String, due: &'static str) {
    decoded.error.get_or_insert(DecodeError { path, text, due });
}

fn mismatch(value: &Value, at: &At<'_>, go_type: &str) -> String {
    let mut name = go_name(value).to_owned();
    if go_type == "int64" && value.is_number() {
        name = format!("number {value}");
    }
    format!(
        "json: cannot unmarshal {name} into Go struct field {}.{} of type {go_type}",
        at.go_struct, at.go_field
    )
}

/// The name of a value's type in the errors of `encoding/json`.
fn go_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Reads a time as Go's `time.Parse(time.RFC3339, …)`; the error is Go's.
fn rfc3339(text: &str) -> Result<(), String> {
    const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";
    let fail = |rest: &str, element: &str| {
        Err(format!(
            "parsing time \"{text}\" as \"{LAYOUT}\": cannot parse \"{rest}\" as \"{element}\""
        ))
    };
    let mut rest = text;
    let parts = [
        ("2006", 4),
        ("-", 0),
        ("01", 2),
        ("-", 0),
        ("02", 2),
        ("T", 0),
        ("15", 2),
        (":", 0),
        ("04", 2),
        (":", 0),
        ("05", 2),
    ];
    for (element, digits) in parts {
        let after = match digits {
            0 => rest.strip_prefix(element),
            digits => rest
                .get(..digits)
                .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|_| rest.get(digits..)),
        };
        match after {
            Some(after) => rest = after,
            None => return fail(rest, element),
        }
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            rest = fraction.get(digits..).unwrap_or_default();
        }
    }
    let zone = rest.as_bytes();
    let is_offset = matches!(zone, [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].iter().all(|b| b.is_ascii_digit()));
    if rest == "Z" || is_offset {
        Ok(())
    } else if let Some(extra) = rest.strip_prefix('Z') {
        Err(format!("parsing time \"{text}\": extra text: \"{extra}\""))
    } else {
        fail(rest, "Z07:00")
    }
}
