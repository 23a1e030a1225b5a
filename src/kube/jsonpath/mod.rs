//! JSONPath as client-go has it (client-go 0.34): on Go values, not on JSON, which shows in what it finds and prints.

mod eval;
mod parse;
mod value;

pub use value::{Field, GoValue};

/// Why an expression has no single value; the text is that of AIM Engine and client-go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonPathError {
    /// Not a JSONPath.
    #[error("invalid jsonpath expression: {0}")]
    Syntax(String),
    /// Finds nothing, or cannot be evaluated.
    #[error("jsonpath evaluation error: {0}")]
    Evaluation(String),
    /// The outcome is no single value.
    #[error("{0}")]
    Outcome(&'static str),
}

/// The one value that an expression (without its braces) finds in `data`, printed as Go prints it.
///
/// # Errors
/// No JSONPath; nothing, nil or more than one value found.
pub fn evaluate(expression: &str, data: &GoValue) -> Result<String, JsonPathError> {
    let nodes = parse::action(expression).map_err(JsonPathError::Syntax)?;
    let results = eval::list(vec![data.clone()], &nodes).map_err(JsonPathError::Evaluation)?;
    // A `range` without a body gives no results at all.
    if eval::has_range(&nodes) || results.is_empty() {
        return Err(JsonPathError::Outcome("jsonpath returned no results"));
    }
    let [result] = results.as_slice() else {
        return Err(JsonPathError::Outcome("jsonpath returned multiple results"));
    };
    match result {
        GoValue::Pointer(None) | GoValue::Generated(None) => {
            Err(JsonPathError::Outcome("jsonpath returned nil value"))
        }
        result => result
            .behind()
            .map(ToString::to_string)
            .ok_or(JsonPathError::Outcome("jsonpath returned nil pointer")),
    }
}
