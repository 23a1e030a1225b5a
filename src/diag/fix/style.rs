//! How a text is written: its indentation, its quotes, its line ends.

use serde_json::{Map, Value};

/// The habits of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Blanks of one level.
    pub(super) step: usize,
    /// A list's dashes stand under its key, not indented.
    pub(super) flush_lists: bool,
    /// It is JSON: every text is quoted.
    pub(super) json: bool,
    /// What ends a line.
    pub(super) newline: &'static str,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            step: 2,
            flush_lists: true,
            json: false,
            newline: "\n",
        }
    }
}

impl Style {
    /// Reads the habits off a document.
    pub(super) fn of(document: &str) -> Self {
        let mut style = Self {
            json: document.trim_start().starts_with(['{', '[']),
            newline: if document.contains("\r\n") {
                "\r\n"
            } else {
                "\n"
            },
            ..Self::default()
        };
        let mut above: Option<(usize, bool)> = None;
        let mut step = None;
        let mut flush = None;
        for line in document.lines() {
            let body = line.trim_start();
            if body.is_empty() || body.starts_with('#') {
                continue;
            }
            let indent = line.len() - body.len();
            if let Some((outer, true)) = above {
                if body.starts_with("- ") {
                    flush = flush.or(Some(indent == outer));
                } else if indent > outer {
                    step = step.or(Some(indent - outer));
                }
            }
            let opens = body
                .split(" #")
                .next()
                .is_some_and(|body| body.trim_end().ends_with(':'));
            // The key of an item stands two behind its dash.
            let column = indent + if body.starts_with("- ") { 2 } else { 0 };
            above = Some((column, opens));
        }
        style.step = step.unwrap_or(style.step);
        style.flush_lists = flush.unwrap_or(style.flush_lists);
        style
    }

    /// How far a list's dashes are indented under its key.
    pub(super) fn list_step(self) -> usize {
        if self.flush_lists { 0 } else { self.step }
    }

    /// A value on one line.
    pub(super) fn scalar_or_flow(self, value: &Value) -> String {
        if self.json {
            value.to_string()
        } else {
            inline(value)
        }
    }

    /// A value in the quotes of the text that it replaces.
    pub(super) fn like(self, old: &str, value: &Value) -> String {
        match (old.chars().next(), value) {
            (Some('"'), Value::String(_)) => value.to_string(),
            (Some('\''), Value::String(text)) if !text.contains(['\n', '\r']) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            _ => self.scalar_or_flow(value),
        }
    }
}

/// A value on one line, in YAML's flow form; texts are quoted only where they have to be.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = in_order(map)
                .into_iter()
                .map(|(key, value)| format!("{}: {}", text(key, true), inline(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::String(string) => text(string, true),
        other => other.to_string(),
    }
}

/// A map's entries as people write them: what tells things apart comes first.
pub(super) fn in_order(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    const FIRST: &[&str] = &["apiVersion", "kind", "metadata", "name", "type"];
    let mut entries: Vec<(&String, &Value)> = map.iter().collect();
    entries.sort_by_key(|(key, _)| {
        let rank = FIRST.iter().position(|first| first == key);
        (rank.unwrap_or(FIRST.len()), *key)
    });
    entries
}

/// A text as a scalar that every YAML reader takes for this text.
pub(super) fn text(text: &str, flow: bool) -> String {
    let quoted = || Value::from(text).to_string();
    if text.contains(['\n', '\r', '\t']) || (flow && text.contains(['{', '}', '[', ']', ','])) {
        return quoted();
    }
    serde_saphyr::to_string(&text).map_or_else(|_| quoted(), |yaml| yaml.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_habits_of_a_document() {
        let flush = Style::of("spec:\n    env:\n    - name: A\n");
        assert_eq!((flush.step, flush.flush_lists), (4, true));
        let indented = Style::of("spec:\r\n  env: # x\r\n    - name: A\r\n");
        assert_eq!((indented.step, indented.flush_lists), (2, false));
        assert_eq!(indented.newline, "\r\n");
    }

    #[test]
    fn texts_are_quoted_where_a_reader_would_retype_them() {
        assert_eq!(text("10", false), "\"10\"");
        assert_eq!(text("minReplicas", false), "minReplicas");
        assert_eq!(text("a,b", true), "\"a,b\"");
        assert_eq!(
            text("vllm:num_requests_running", true),
            "vllm:num_requests_running"
        );
    }
}
