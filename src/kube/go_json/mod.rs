//! JSON as Go's `encoding/json` writes it. Names and merged values hang on every byte of it.

mod read;

pub use read::{SyntaxError, parse};

use k8s_openapi::api::core::v1::EnvVar;
use serde_json::Value;

/// A text with its quotes: HTML characters, control characters, U+2028 and U+2029 escaped (Go 1.25, spec 2.1).
#[must_use]
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A number that Go holds as `float64`: the shortest decimal, with an exponent below 1e-6 and from 1e21 on.
#[must_use]
pub fn float(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        // Rust writes the same shortest digits, but no plus sign in the exponent.
        let text = format!("{number:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                format!("{digits}e+{exponent}")
            }
            _ => text,
        };
    }
    format!("{number}")
}

/// A value that Go decoded into `any`: keys sorted by bytes, every number a `float64`.
#[must_use]
pub fn value(value: &Value) -> String {
    let mut out = String::new();
    push_value(&mut out, value);
    out
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&float(number.as_f64().unwrap_or_default())),
        Value::String(text) => push_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_value(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            // serde_json keeps keys sorted by bytes, as Go does.
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_string(out, key);
                out.push(':');
                push_value(out, item);
            }
            out.push('}');
        }
    }
}

/// A list of environment variables as `[]corev1.EnvVar`: `null` when there are none, else the fields in their declared
/// order, empty ones left out (Kubernetes 1.34).
#[must_use]
pub fn env_list(env: &[EnvVar]) -> String {
    if env.is_empty() {
        return "null".to_owned();
    }
    let items: Vec<String> = env.iter().map(env_var).collect();
    format!("[{}]", items.join(","))
}

fn env_var(env: &EnvVar) -> String {
    let mut fields = Fields::default();
    fields.text("name", &env.name);
    fields.text_unless_empty("value", env.value.as_deref());
    if let Some(source) = &env.value_from {
        let mut from = Fields::default();
        if let Some(field) = &source.field_ref {
            let mut inner = Fields::default();
            inner.text_unless_empty("apiVersion", field.api_version.as_deref());
            inner.text("fieldPath", &field.field_path);
            from.raw("fieldRef", &inner.close());
        }
        if let Some(resource) = &source.resource_field_ref {
            let mut inner = Fields::default();
            inner.text_unless_empty("containerName", resource.container_name.as_deref());
            inner.text("resource", &resource.resource);
            // A struct is never empty for Go, so the divisor is always there.
            let divisor = resource.divisor.as_ref().map_or("0", |q| q.0.as_str());
            inner.text("divisor", divisor);
            from.raw("resourceFieldRef", &inner.close());
        }
        if let Some(key) = &source.config_map_key_ref {
            from.raw(
                "configMapKeyRef",
                &key_selector(&key.name, &key.key, key.optional),
            );
        }
        if let Some(key) = &source.secret_key_ref {
            from.raw(
                "secretKeyRef",
                &key_selector(&key.name, &key.key, key.optional),
            );
        }
        if let Some(file) = &source.file_key_ref {
            let mut inner = Fields::default();
            inner.text("volumeName", &file.volume_name);
            inner.text("path", &file.path);
            inner.text("key", &file.key);
            inner.flag("optional", file.optional);
            from.raw("fileKeyRef", &inner.close());
        }
        fields.raw("valueFrom", &from.close());
    }
    fields.close()
}

fn key_selector(name: &str, key: &str, optional: Option<bool>) -> String {
    let mut fields = Fields::default();
    fields.text_unless_empty("name", Some(name));
    fields.text("key", key);
    fields.flag("optional", optional);
    fields.close()
}

/// The fields of one JSON object, in the order in which they are added.
#[derive(Default)]
struct Fields(String);

impl Fields {
    fn raw(&mut self, key: &str, json: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        push_string(&mut self.0, key);
        self.0.push(':');
        self.0.push_str(json);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.raw(key, &string(text));
    }

    fn text_unless_empty(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.text(key, text);
        }
    }

    fn flag(&mut self, key: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.raw(key, if flag { "true" } else { "false" });
        }
    }

    fn close(mut self) -> String {
        if self.0.is_empty() {
            self.0.push('{');
        }
        self.0.push('}');
        self.0
    }
}
