//! The path of a service's route, from its path template (AIM Engine 0.2.1, spec 2.13).

use std::sync::LazyLock;

use regex::Regex;

use super::go_view;
use crate::api::aim::AimService;
use crate::kube::jsonpath::{self, JsonPathError};
use crate::kube::names::dns_with;
use crate::kube::unknown::{KNOWN_AFTER_APPLY, Uid};

/// Longest path in bytes.
pub const MAX_PATH: usize = 200;

/// Why a path template gives no path; the service then gets its default path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathTemplateError {
    /// An expression in braces cannot be evaluated.
    #[error("failed to evaluate route template {expression:?}: {reason}")]
    Expression {
        /// The expression, trimmed.
        expression: String,
        /// Why.
        reason: String,
    },
    /// Nothing but blanks.
    #[error("route template produced an empty path")]
    Empty,
    /// Over [`MAX_PATH`] bytes.
    #[error("route path \"{0}\" exceeds {MAX_PATH} characters")]
    TooLong(String),
}

/// Renders a path template against a service. An empty template gives the default path.
///
/// # Errors
/// An expression fails, or the path is empty or too long.
pub fn render(
    template: &str,
    service: &AimService,
    uid: &Uid,
) -> Result<String, PathTemplateError> {
    if template.is_empty() {
        return Ok(default_path(service, uid));
    }
    let mut rendered = String::new();
    let mut rest = template;
    while let Some((before, expression, after)) = next_expression(rest) {
        rendered.push_str(before);
        let expression = expression.trim();
        let value =
            evaluate(expression, service, uid).map_err(|reason| PathTemplateError::Expression {
                expression: expression.to_owned(),
                reason,
            })?;
        rendered.push_str(&value);
        rest = after;
    }
    rendered.push_str(rest);
    normalize(&rendered)
}

/// The path of a service without a usable template: its namespace and UID.
#[must_use]
pub fn default_path(service: &AimService, uid: &Uid) -> String {
    let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
    normalize(&format!("/{namespace}/{}", uid.display())).unwrap_or_else(|_| "/".to_owned())
}

/// The first `{…}` with something inside and no brace in it; everything else is text.
fn next_expression(text: &str) -> Option<(&str, &str, &str)> {
    let mut open = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('{', _) => open = Some(at),
            ('}', Some(start)) if at > start + 1 => {
                return Some((
                    text.get(..start)?,
                    text.get(start + 1..at)?,
                    text.get(at + 1..)?,
                ));
            }
            ('}', _) => open = None,
            _ => {}
        }
    }
    None
}

/// The text that an expression puts into the path. Only an annotation keeps its slashes.
fn evaluate(expression: &str, service: &AimService, uid: &Uid) -> Result<String, String> {
    if expression.is_empty() {
        return Err("jsonpath expression is empty".to_owned());
    }
    let metadata = &service.metadata;
    let (value, verbatim) = if let Some(key) = key_of("labels", expression) {
        let value = metadata.labels.as_ref().and_then(|labels| labels.get(key));
        let value =
            value.ok_or_else(|| format!("jsonpath evaluation error: label {key:?} not found"))?;
        (value.clone(), false)
    } else if let Some(key) = key_of("annotations", expression) {
        let annotations = metadata.annotations.as_ref();
        let value = annotations.and_then(|annotations| annotations.get(key));
        let value = value
            .ok_or_else(|| format!("jsonpath evaluation error: annotation {key:?} not found"))?;
        (value.clone(), true)
    } else {
        let value = jsonpath::evaluate(
            &double_quoted_keys(expression),
            &go_view::service(service, uid),
        )
        .map_err(|error: JsonPathError| error.to_string())?;
        (value, false)
    };
    let value = value.trim();
    Ok(if verbatim {
        value.to_owned()
    } else {
        sanitize(value)
    })
}

/// The key of `.metadata.<map>['key']`, in either quotes.
fn key_of<'a>(map: &str, expression: &'a str) -> Option<&'a str> {
    let quotes = ['\'', '"'];
    let key = expression
        .strip_prefix(".metadata.")?
        .strip_prefix(map)?
        .strip_prefix('[')?
        .strip_prefix(quotes)?
        .strip_suffix(']')?
        .strip_suffix(quotes)?;
    (!key.is_empty() && !key.contains(quotes)).then_some(key)
}

/// AIM Engine writes `['key']` as `["key"]` first, which client-go does not read.
fn double_quoted_keys(expression: &str) -> String {
    static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\['([^']*)'\]").ok());
    let Some(key) = KEY.as_ref() else {
        return expression.to_owned();
    };
    key.replace_all(expression, |captures: &regex::Captures<'_>| {
        let key = captures.get(1).map_or("", |key| key.as_str());
        format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\\\""))
    })
    .into_owned()
}

fn normalize(raw: &str) -> Result<String, PathTemplateError> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(PathTemplateError::Empty);
    }
    let slash = if raw.starts_with('/') { "" } else { "/" };
    let path = format!("{slash}{}", raw.trim_end_matches('/'));
    bounded(&path)?;
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| sanitize(segment.trim()))
        .filter(|segment| !segment.is_empty())
        .collect();
    let path = format!("/{}", segments.join("/"));
    bounded(&path)?;
    Ok(path)
}

fn bounded(path: &str) -> Result<(), PathTemplateError> {
    // What the cluster decides is a UID, as far as it can stand in a path whole.
    let unknown = path.matches(KNOWN_AFTER_APPLY).count();
    let length = path.len() - unknown * KNOWN_AFTER_APPLY.len() + unknown * UID_LEN;
    if length > MAX_PATH {
        return Err(PathTemplateError::TooLong(path.to_owned()));
    }
    Ok(())
}

const UID_LEN: usize = 36;

fn sanitize(text: &str) -> String {
    dns_with(text, UID_LEN)
}
