//! Field errors in Kubernetes' words, and the refusal that they add up to.
//!
//! Kubernetes 1.34.4, `k8s.io/apimachinery/pkg/util/validation/field`: each error has a field, a reason and a message
//! that begins with the offending value. Every door speaks through these types.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Advice, FieldPath, Refusal, RefusalCause, Refuser, Segment, Target};
use crate::inventory::Kind;
use crate::rules::Rule;

/// What Kubernetes finds wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It is missing.
    Required,
    /// Its value is not allowed.
    Invalid,
    /// Its value has another type.
    TypeInvalid,
    /// Its value is not in the enumeration.
    NotSupported,
    /// The same entry stands there already.
    Duplicate,
    /// The text is too long.
    TooLong,
    /// The list has too many items.
    TooMany,
    /// It must not be set, or not be changed.
    Forbidden,
    /// What it names does not exist.
    NotFound,
}

impl Reason {
    /// The code in the API's status (`causes[].reason`).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Duplicate => "FieldValueDuplicate",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::Forbidden => "FieldValueForbidden",
            Self::NotFound => "FieldValueNotFound",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Duplicate => "Duplicate value",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "Not found",
        }
    }
}

/// One field error.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// Where it stands in the document.
    pub path: FieldPath,
    /// What of that entry is meant.
    pub target: Target,
    /// The field as Kubernetes writes it: `spec.env[0].name`, `metadata.labels` for any label, `<nil>`.
    pub field: String,
    /// What is wrong.
    pub reason: Reason,
    /// Kubernetes' text, without the field.
    pub message: String,
    /// The rule that it breaks.
    pub rule: &'static Rule,
}

impl FieldError {
    fn new(rule: &'static Rule, path: &FieldPath, reason: Reason, message: String) -> Self {
        Self {
            path: path.clone(),
            target: Target::Entry,
            field: dotted(path),
            reason,
            message,
            rule,
        }
    }

    /// `Required value`, with a detail unless it is empty.
    #[must_use]
    pub fn required(rule: &'static Rule, path: &FieldPath, detail: &str) -> Self {
        Self::new(
            rule,
            path,
            Reason::Required,
            sentence(Reason::Required, None, detail),
        )
    }

    /// `Invalid value: <value>: <detail>`.
    #[must_use]
    pub fn invalid(rule: &'static Rule, path: &FieldPath, value: &Value, detail: &str) -> Self {
        Self::new(
            rule,
            path,
            Reason::Invalid,
            sentence(Reason::Invalid, Some(&go_value(value)), detail),
        )
    }

    /// [`FieldError::invalid`] for a text.
    #[must_use]
    pub fn invalid_text(rule: &'static Rule, path: &FieldPath, value: &str, detail: &str) -> Self {
        Self::new(
            rule,
            path,
            Reason::Invalid,
            sentence(Reason::Invalid, Some(&go_quote(value)), detail),
        )
    }

    /// `Unsupported value: <value>: supported values: "a", "b"`.
    #[must_use]
    pub fn not_supported(
        rule: &'static Rule,
        path: &FieldPath,
        value: &Value,
        supported: &[&str],
    ) -> Self {
        let supported: Vec<String> = supported.iter().map(|text| go_quote(text)).collect();
        let detail = format!("supported values: {}", supported.join(", "));
        Self::new(
            rule,
            path,
            Reason::NotSupported,
            sentence(Reason::NotSupported, Some(&go_value(value)), &detail),
        )
    }

    /// `Duplicate value: <value>`.
    #[must_use]
    pub fn duplicate(rule: &'static Rule, path: &FieldPath, value: &Value) -> Self {
        Self::new(
            rule,
            path,
            Reason::Duplicate,
            sentence(Reason::Duplicate, Some(&go_value(value)), ""),
        )
    }

    /// `Too long: may not be more than <max> bytes` (the limit counts characters all the same where a schema sets it).
    #[must_use]
    pub fn too_long(rule: &'static Rule, path: &FieldPath, max: u64) -> Self {
        let detail = format!("may not be more than {max} bytes");
        Self::new(
            rule,
            path,
            Reason::TooLong,
            sentence(Reason::TooLong, None, &detail),
        )
    }

    /// `Too many: <actual>: must have at most <max> items`.
    #[must_use]
    pub fn too_many(rule: &'static Rule, path: &FieldPath, actual: usize, max: u64) -> Self {
        let items = if max == 1 { "item" } else { "items" };
        let detail = format!("must have at most {max} {items}");
        Self::new(
            rule,
            path,
            Reason::TooMany,
            sentence(Reason::TooMany, Some(&actual.to_string()), &detail),
        )
    }

    /// `Forbidden: <detail>`.
    #[must_use]
    pub fn forbidden(rule: &'static Rule, path: &FieldPath, detail: &str) -> Self {
        Self::new(
            rule,
            path,
            Reason::Forbidden,
            sentence(Reason::Forbidden, None, detail),
        )
    }

    /// `Not found: <value>`.
    #[must_use]
    pub fn not_found(rule: &'static Rule, path: &FieldPath, value: &Value) -> Self {
        Self::new(
            rule,
            path,
            Reason::NotFound,
            sentence(Reason::NotFound, Some(&go_value(value)), ""),
        )
    }

    /// A value of the wrong type, in the words of the schema's validator.
    #[must_use]
    pub fn wrong_type(rule: &'static Rule, path: &FieldPath, expected: &str, actual: &str) -> Self {
        let field = dotted(path);
        let detail = format!("{field} in body must be of type {expected}: \"{actual}\"");
        let message = sentence(Reason::TypeInvalid, Some(&go_quote(actual)), &detail);
        Self::new(rule, path, Reason::TypeInvalid, message)
    }

    /// The same error about another field name than the path's own.
    #[must_use]
    pub fn named(mut self, field: &str) -> Self {
        field.clone_into(&mut self.field);
        self
    }

    /// The same error about the key, or the value, alone.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// `field: message`, as in the whole message of a refusal.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}: {}", self.field, self.message)
    }
}

fn sentence(reason: Reason, value: Option<&str>, detail: &str) -> String {
    let mut text = reason.words().to_owned();
    for part in [value.unwrap_or_default(), detail] {
        if !part.is_empty() {
            text.push_str(": ");
            text.push_str(part);
        }
    }
    text
}

/// The 422 that these errors add up to. The rule is the first error's.
///
/// Several errors stand in brackets, each different text once, as Kubernetes aggregates them.
#[must_use]
pub fn refusal(kind: Kind, name: &str, errors: &[FieldError]) -> Option<Refusal> {
    let first = errors.first()?;
    let mut texts: Vec<String> = Vec::new();
    for error in errors {
        let text = error.text();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let list = match texts.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(Refusal {
        rule: first.rule,
        refuser: Refuser::KubeApiserver,
        code: 422,
        reason: "Invalid",
        message: format!("{} {} is invalid: {list}", group_kind(kind), go_quote(name)),
        causes: errors
            .iter()
            .map(|error| RefusalCause {
                field: error.field.clone(),
                reason: error.reason.code(),
                message: error.message.clone(),
            })
            .collect(),
        advice: Advice::default(),
    })
}

/// `AIMService.aim.eai.amd.com`; the kind alone for the core group.
#[must_use]
pub fn group_kind(kind: Kind) -> String {
    match kind.group() {
        "" => kind.as_str().to_owned(),
        group => format!("{}.{group}", kind.as_str()),
    }
}

/// A path as the schema's validator writes it: every key after a dot, whatever its characters.
#[must_use]
pub fn dotted(path: &FieldPath) -> String {
    let mut out = String::new();
    for segment in &path.0 {
        match segment {
            Segment::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
            Segment::Index(index) => {
                let _ = write!(out, "[{index}]");
            }
        }
    }
    out
}

/// A value as Kubernetes prints it in a field error: texts quoted as Go's `%q` does, lists and maps as JSON.
#[must_use]
pub fn go_value(value: &Value) -> String {
    match value {
        Value::String(text) => go_quote(text),
        other => other.to_string(),
    }
}

/// A text as Go's `%q` prints it.
#[must_use]
pub fn go_quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            ' '..='~' => out.push(c),
            c if c.is_ascii() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if c.is_alphanumeric() || !(c.is_whitespace() || c.is_control() || invisible(c)) => {
                out.push(c)
            }
            c if u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Format characters, private use and noncharacters: what Go does not count as printable beside white space and
/// controls (unassigned code points apart).
fn invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0xe000..=0xf8ff | 0xfeff | 0xfff0..=0xfffb | 0xfffe | 0xffff | 0xe0000..=0xe0fff | 0xf0000..=0x10_ffff)
}
