//! What of a document does not fit its schema: found by the jsonschema crate, worded as Kubernetes words it.
//!
//! Only this file knows the crate. Its own texts are never shown (spec 6.3 has the right ones).

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Keyword, PatternOptions, ValidationError, Validator};
use serde_json::{Value, json};

use super::structural::{Format, Type};
use crate::diag::field::{dotted, go_value};
use crate::diag::{FieldError, FieldPath};
use crate::rules::{S001, S002, S003, S004, S005};

/// A schema that can say what is wrong.
#[derive(Debug)]
pub(super) struct Violations {
    validator: Validator,
}

impl Violations {
    /// Prepares the `openAPIV3Schema` of a CRD; `None` when the crate cannot read it.
    pub(super) fn of(schema: &Value) -> Option<Self> {
        let mut schema = schema.clone();
        spell_out(&mut schema);
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(PatternOptions::regex())
            .should_validate_formats(true)
            .with_keyword("type", |_, names, _| Ok(Box::new(Types::new(names))))
            .with_format("duration", |text| Format::Duration.admits(text))
            .with_format("date-time", |text| Format::DateTime.admits(text))
            .build(&schema)
            .ok()
            .map(|validator| Self { validator })
    }

    /// Every error, in the order of the document's fields.
    pub(super) fn errors(&self, document: &Value) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = Vec::new();
        for error in self.validator.iter_errors(document) {
            for error in words(&error, document) {
                if !errors.contains(&error) {
                    errors.push(error);
                }
            }
        }
        // Kubernetes asks a text for its length first, and for the pattern only when that is right.
        let lengths: Vec<FieldPath> = errors
            .iter()
            .filter(|error| std::ptr::eq(error.rule, &S005))
            .map(|error| error.path.clone())
            .collect();
        errors.retain(|error| !std::ptr::eq(error.rule, &S004) || !lengths.contains(&error.path));
        errors
    }
}

/// The keyword `type` as Kubernetes understands it: which floats are integers is its own idea.
struct Types {
    nullable: bool,
    types: Vec<Type>,
    /// The types as Kubernetes lists them.
    names: String,
}

impl Types {
    fn new(names: &Value) -> Self {
        let one = std::slice::from_ref(names);
        let list = names.as_array().map_or(one, Vec::as_slice);
        let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        let kinds: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| *name != "null")
            .collect();
        Self {
            nullable: kinds.len() < names.len(),
            types: kinds.iter().copied().filter_map(Type::parse).collect(),
            names: kinds.join(","),
        }
    }
}

impl<'i> Keyword<'i> for Types {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(value) {
            Ok(())
        } else {
            Err(ValidationError::custom(self.names.clone()))
        }
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        (self.nullable && value.is_null()) || self.types.iter().any(|kind| kind.admits(value))
    }
}

/// Turns what only Kubernetes understands into JSON Schema.
fn spell_out(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if map.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) {
        map.insert("type".to_owned(), json!(["integer", "string"]));
    }
    if map.get("nullable") == Some(&Value::Bool(true))
        && let Some(Value::String(name)) = map.get("type").cloned()
    {
        map.insert("type".to_owned(), json!([name, "null"]));
    }
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(spell_out)
            }
            ("items" | "additionalProperties" | "not", value) => spell_out(value),
            ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
                schemas.iter_mut().for_each(spell_out)
            }
            _ => {}
        }
    }
}

/// An error in Kubernetes' words. Some of the crate's errors are several of Kubernetes'.
fn words(error: &ValidationError<'_>, document: &Value) -> Vec<FieldError> {
    let path = path_of(error.instance_path().as_str(), document);
    let value: &Value = error.instance();
    let field = dotted(&path);
    let invalid = |rule, detail: &str| {
        FieldError::invalid(rule, &path, value, &format!("{field} in body {detail}"))
    };
    let one = match error.kind() {
        ValidationErrorKind::Custom { message: names, .. } => {
            FieldError::wrong_type(&S001, &path, names, type_of(value))
        }
        ValidationErrorKind::Required { property } => {
            FieldError::required(&S002, &path.key(property.as_str().unwrap_or_default()), "")
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<&str> = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let error_of_value = FieldError::not_supported(&S003, &path, value, &options);
            if error.schema_path().as_str().contains("/allOf/") {
                // Both branches hold the same list, so both fail.
                let detail =
                    format!("\"{field}\" must validate all the schemas (allOf). None validated");
                let whole = FieldError::invalid_text(&S003, &path, "", &detail).named("<nil>");
                return vec![error_of_value, whole];
            }
            error_of_value
        }
        ValidationErrorKind::AnyOf { context } => {
            let detail = format!("\"{field}\" must validate at least one schema (anyOf)");
            let whole = FieldError::invalid_text(&S001, &path, "", &detail).named("<nil>");
            // Kubernetes adds what is wrong with the branch that comes nearest, the first among equals.
            let nearest = context.iter().min_by_key(|errors| errors.len());
            let nearest = nearest
                .into_iter()
                .flatten()
                .flat_map(|inner| words(inner, document));
            return std::iter::once(whole).chain(nearest).collect();
        }
        ValidationErrorKind::Pattern { pattern } => {
            invalid(&S004, &format!("should match '{pattern}'"))
        }
        ValidationErrorKind::Format { format } => invalid(
            &S004,
            &format!("must be of type {format}: {}", go_value(value)),
        ),
        ValidationErrorKind::Minimum { limit } => invalid(
            &S005,
            &format!("should be greater than or equal to {limit}"),
        ),
        ValidationErrorKind::Maximum { limit } => {
            invalid(&S005, &format!("should be less than or equal to {limit}"))
        }
        ValidationErrorKind::MinLength { limit } => {
            invalid(&S005, &format!("should be at least {limit} chars long"))
        }
        ValidationErrorKind::MaxLength { limit } => FieldError::too_long(&S005, &path, *limit),
        ValidationErrorKind::MinItems { limit } => {
            let count = json!(value.as_array().map_or(0, Vec::len));
            let detail = format!("{field} in body should have at least {limit} items");
            FieldError::invalid(&S005, &path, &count, &detail)
        }
        ValidationErrorKind::MaxItems { limit } => {
            FieldError::too_many(&S005, &path, value.as_array().map_or(0, Vec::len), *limit)
        }
        other => invalid(&S005, &format!("does not satisfy {}", other.keyword())),
    };
    vec![one]
}

/// The type of a value, as Kubernetes names it.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if !number.is_i64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A JSON Pointer as a path; whether a number is an index shows in the document.
fn path_of(pointer: &str, document: &Value) -> FieldPath {
    let mut path = FieldPath::root();
    let mut at = Some(document);
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        match (at, token.parse::<usize>()) {
            (Some(Value::Array(items)), Ok(index)) => {
                path = path.index(index);
                at = items.get(index);
            }
            (value, _) => {
                at = value.and_then(|value| value.get(&token));
                path = path.key(&token);
            }
        }
    }
    path
}
