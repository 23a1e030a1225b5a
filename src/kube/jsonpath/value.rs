//! Values as a Go program holds them, as far as JSONPath and `fmt` can tell them apart.

use std::collections::BTreeMap;
use std::fmt;

use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// A Go value.
#[derive(Debug, Clone, PartialEq)]
pub enum GoValue {
    /// A string, or a type made from one.
    Text(String),
    /// An integer.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// A float64.
    Float(f64),
    /// A pointer, nil or not.
    Pointer(Option<Box<GoValue>>),
    /// A pointer to a type of Kubernetes' own API, whose generated code prints itself.
    Generated(Option<Box<GoValue>>),
    /// A slice; a nil one is empty.
    Slice(Vec<GoValue>),
    /// A map with text keys; a nil one is empty.
    Map(BTreeMap<String, GoValue>),
    /// A struct, its fields in their declared order.
    Struct(Vec<Field>),
    /// Something whose print only the running program knows (an address, a time).
    Opaque,
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in Go.
    pub go: &'static str,
    /// Its name in JSON; empty for an inlined struct.
    pub json: &'static str,
    /// Its value.
    pub value: GoValue,
}

impl Field {
    /// A field.
    #[must_use]
    pub fn new(go: &'static str, json: &'static str, value: impl Into<GoValue>) -> Self {
        Self {
            go,
            json,
            value: value.into(),
        }
    }

    /// A struct whose fields count as those of the struct around it.
    #[must_use]
    pub fn inline(go: &'static str, value: GoValue) -> Self {
        Self {
            go,
            json: "",
            value,
        }
    }
}

impl GoValue {
    /// A pointer to what is there, else nil.
    #[must_use]
    pub fn pointer(to: Option<impl Into<GoValue>>) -> Self {
        Self::Pointer(to.map(|value| Box::new(value.into())))
    }

    /// A string field: empty when absent.
    #[must_use]
    pub fn text(text: Option<&str>) -> Self {
        Self::Text(text.unwrap_or_default().to_owned())
    }

    /// The value behind pointers; `None` behind a nil one.
    #[must_use]
    pub fn behind(&self) -> Option<&GoValue> {
        match self {
            Self::Pointer(inner) | Self::Generated(inner) => inner.as_deref()?.behind(),
            value => Some(value),
        }
    }

    /// What `*` and `..` step into: fields, values in the order of their keys, items, bytes of a text.
    pub(super) fn children(&self) -> Vec<GoValue> {
        match self {
            Self::Struct(fields) => fields.iter().map(|field| field.value.clone()).collect(),
            Self::Map(map) => map.values().cloned().collect(),
            Self::Slice(items) => items.clone(),
            Self::Text(text) => text.bytes().map(|byte| Self::Int(byte.into())).collect(),
            _ => Vec::new(),
        }
    }

    /// Finds a field of a struct: by its JSON name, else in the last inlined struct, else by its Go name.
    pub(super) fn field(fields: &[Field], name: &str) -> Option<GoValue> {
        if let Some(field) = fields.iter().find(|field| field.json == name) {
            return Some(field.value.clone());
        }
        let inlined = fields.iter().rfind(|field| field.json.is_empty());
        if let Some(GoValue::Struct(inner)) = inlined.map(|field| &field.value)
            && let Some(found) = Self::field(inner, name)
        {
            return Some(found);
        }
        Self::go_field(fields, name)
    }

    /// Go's `FieldByName`: the struct's own fields before those of the structs embedded in it.
    fn go_field(fields: &[Field], name: &str) -> Option<GoValue> {
        if let Some(field) = fields.iter().find(|field| field.go == name) {
            return Some(field.value.clone());
        }
        fields
            .iter()
            .filter(|field| field.json.is_empty() || field.go == "ObjectMeta")
            .find_map(|field| match &field.value {
                GoValue::Struct(inner) => Self::go_field(inner, name),
                _ => None,
            })
    }

    /// Go's name for the kind of value, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Int(_) => "int",
            Self::Bool(_) => "bool",
            Self::Float(_) => "float64",
            Self::Pointer(_) | Self::Generated(_) => "pointer",
            Self::Slice(_) => "slice",
            Self::Map(_) => "map[string]string",
            Self::Struct(_) | Self::Opaque => "struct",
        }
    }
}

impl From<&str> for GoValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for GoValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for GoValue {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}

impl From<i64> for GoValue {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for GoValue {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

/// Go's `%v`. A pointer inside a struct prints as its address, which nobody knows beforehand.
impl fmt::Display for GoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Int(number) => write!(f, "{number}"),
            Self::Bool(flag) => write!(f, "{flag}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Pointer(None) => f.write_str("<nil>"),
            Self::Generated(None) => f.write_str("nil"),
            Self::Pointer(Some(_)) | Self::Generated(Some(_)) | Self::Opaque => {
                f.write_str(KNOWN_AFTER_APPLY)
            }
            Self::Slice(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    let gap = if index > 0 { " " } else { "" };
                    write!(f, "{gap}{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("map[")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    let gap = if index > 0 { " " } else { "" };
                    write!(f, "{gap}{key}:{value}")?;
                }
                f.write_str("]")
            }
            Self::Struct(fields) => {
                f.write_str("{")?;
                for (index, field) in fields.iter().enumerate() {
                    let gap = if index > 0 { " " } else { "" };
                    write!(f, "{gap}{}", field.value)?;
                }
                f.write_str("}")
            }
        }
    }
}
