//! Go's text templates, as far as a host name is made with one (KServe's `ingress.domainTemplate`, spec 3.8).
//!
//! Text, `{{ .Field }}`, `{{ .Map.key }}`, `{{ index .Map "key" }}`, `print`, `printf` with `%s`, pipelines, comments,
//! trim markers, and `if`/`else`/`end`. Whatever else the language has is [`TemplateError::Beyond`].

use std::collections::BTreeMap;

/// Why a template gives no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Go would refuse it, more or less in these words.
    #[error("{0}")]
    Refused(String),
    /// Go may know what to do with it; this tool does not.
    #[error("beyond what this tool evaluates: {0}")]
    Beyond(String),
}

/// A value in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A map of texts.
    Map(BTreeMap<String, String>),
    /// What a map gives for a key that it lacks.
    Nothing,
}

impl Value {
    fn print(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Map(map) => {
                let entries: Vec<String> = map.iter().map(|(k, v)| format!("{k}:{v}")).collect();
                format!("map[{}]", entries.join(" "))
            }
            Self::Nothing => "<no value>".to_owned(),
        }
    }

    fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Nothing => false,
        }
    }
}

/// Carries out a template over the fields of a struct.
///
/// # Errors
/// The template is wrong, or beyond this implementation.
pub fn execute(
    template: &str,
    fields: &BTreeMap<&'static str, Value>,
) -> Result<String, TemplateError> {
    let tokens = split(template)?;
    let mut rest = tokens.as_slice();
    let mut out = String::new();
    let end = run(&mut rest, fields, true, &mut out)?;
    match end {
        None => Ok(out),
        Some(word) => Err(refused(&format!("unexpected {{{{{word}}}}}"))),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    Action(Vec<Word>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Name(String),
    Field(Vec<String>),
    Text(String),
    Pipe,
}

fn refused(text: &str) -> TemplateError {
    TemplateError::Refused(format!("template: domain-template: {text}"))
}

fn split(template: &str) -> Result<Vec<Token>, TemplateError> {
    let mut tokens = Vec::new();
    let mut rest = template;
    let mut trim_left = false;
    loop {
        let (text, after) = match rest.split_once("{{") {
            Some((text, after)) => (text, Some(after)),
            None => (rest, None),
        };
        let mut text = if trim_left { text.trim_start() } else { text };
        let Some(after) = after else {
            tokens.push(Token::Text(text.to_owned()));
            return Ok(tokens);
        };
        let after = match after.strip_prefix('-') {
            Some(inner) if inner.starts_with(char::is_whitespace) => {
                text = text.trim_end();
                inner
            }
            _ => after,
        };
        tokens.push(Token::Text(text.to_owned()));
        let (action, next) = action_end(after).ok_or_else(|| refused("unclosed action"))?;
        rest = next;
        let action = match action.strip_suffix('-') {
            Some(inner) if inner.ends_with(char::is_whitespace) => {
                trim_left = true;
                inner
            }
            _ => {
                trim_left = false;
                action
            }
        };
        let action = action.trim();
        if !(action.starts_with("/*") && action.ends_with("*/")) {
            tokens.push(Token::Action(words(action)?));
        }
    }
}

/// The text up to `}}` outside quotes, and what follows.
fn action_end(text: &str) -> Option<(&str, &str)> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '`' => quote = Some(c),
            None => {
                if let Some(after) = text.get(at..).and_then(|rest| rest.strip_prefix("}}")) {
                    return Some((text.get(..at)?, after));
                }
            }
        }
    }
    None
}

fn words(action: &str) -> Result<Vec<Word>, TemplateError> {
    let mut words = Vec::new();
    let mut rest = action.trim_start();
    while let Some(first) = rest.chars().next() {
        match first {
            '|' => {
                words.push(Word::Pipe);
                rest = rest.get(1..).unwrap_or_default();
            }
            '"' | '`' => {
                let inner = rest.get(1..).unwrap_or_default();
                let (text, after) = inner
                    .split_once(first)
                    .ok_or_else(|| refused("unterminated quoted string"))?;
                if first == '"' && text.contains('\\') {
                    return Err(TemplateError::Beyond(rest.to_owned()));
                }
                words.push(Word::Text(text.to_owned()));
                rest = after;
            }
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || c == '|' || c == '"')
                    .unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                let plain = |text: &str| {
                    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
                };
                if let Some(path) = word.strip_prefix('.') {
                    let path: Vec<String> = path.split('.').map(str::to_owned).collect();
                    if !path.iter().all(|part| plain(part)) {
                        return Err(TemplateError::Beyond(word.to_owned()));
                    }
                    words.push(Word::Field(path));
                } else if plain(word) {
                    words.push(Word::Name(word.to_owned()));
                } else {
                    return Err(TemplateError::Beyond(word.to_owned()));
                }
                rest = after;
            }
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

/// Runs up to an `else` or `end` that belongs to the caller, and gives that word.
fn run(
    tokens: &mut &[Token],
    fields: &BTreeMap<&'static str, Value>,
    live: bool,
    out: &mut String,
) -> Result<Option<&'static str>, TemplateError> {
    while let Some((token, rest)) = tokens.split_first() {
        *tokens = rest;
        let action = match token {
            Token::Text(text) => {
                if live {
                    out.push_str(text);
                }
                continue;
            }
            Token::Action(action) => action,
        };
        match action.split_first() {
            None => return Err(refused("missing value for command")),
            Some((Word::Name(name), [])) if name == "end" => return Ok(Some("end")),
            Some((Word::Name(name), [])) if name == "else" => return Ok(Some("else")),
            Some((Word::Name(name), condition)) if name == "if" => {
                let holds = live && pipeline(condition, fields)?.is_true();
                let mut end = run(tokens, fields, live && holds, out)?;
                if end == Some("else") {
                    end = run(tokens, fields, live && !holds, out)?;
                }
                if end != Some("end") {
                    return Err(refused("unexpected EOF"));
                }
            }
            _ if live => out.push_str(&pipeline(action, fields)?.print()),
            _ => {}
        }
    }
    Ok(None)
}

fn pipeline(
    words: &[Word],
    fields: &BTreeMap<&'static str, Value>,
) -> Result<Value, TemplateError> {
    let mut value = None;
    for command in words.split(|word| *word == Word::Pipe) {
        value = Some(self::command(command, value, fields)?);
    }
    value.ok_or_else(|| refused("missing value for command"))
}

fn command(
    words: &[Word],
    last: Option<Value>,
    fields: &BTreeMap<&'static str, Value>,
) -> Result<Value, TemplateError> {
    let (first, arguments) = words
        .split_first()
        .ok_or_else(|| refused("missing value for command"))?;
    let Word::Name(function) = first else {
        if !arguments.is_empty() || last.is_some() {
            return Err(refused("can't give argument to non-function"));
        }
        return operand(first, fields);
    };
    let mut arguments = arguments
        .iter()
        .map(|word| operand(word, fields))
        .collect::<Result<Vec<Value>, _>>()?;
    arguments.extend(last);
    let beyond = || TemplateError::Beyond(function.clone());
    match (function.as_str(), arguments.as_slice()) {
        ("index", [Value::Map(map), Value::Text(key)]) => {
            Ok(Value::Text(map.get(key).cloned().unwrap_or_default()))
        }
        ("print", all) if all.iter().all(|v| matches!(v, Value::Text(_))) => {
            Ok(Value::Text(all.iter().map(Value::print).collect()))
        }
        ("printf", [Value::Text(format), rest @ ..])
            if format.replace("%s", "").find('%').is_none()
                && format.matches("%s").count() == rest.len()
                && rest.iter().all(|v| matches!(v, Value::Text(_))) =>
        {
            let mut text = String::new();
            let mut values = rest.iter();
            for (position, piece) in format.split("%s").enumerate() {
                if position > 0 {
                    text.push_str(&values.next().map(Value::print).unwrap_or_default());
                }
                text.push_str(piece);
            }
            Ok(Value::Text(text))
        }
        (
            "index" | "print" | "printf" | "println" | "len" | "and" | "or" | "not" | "eq" | "ne"
            | "lt" | "le" | "gt" | "ge" | "html" | "js" | "urlquery" | "slice" | "call" | "range"
            | "with" | "define" | "block" | "template" | "break" | "continue",
            _,
        ) => Err(beyond()),
        _ => Err(refused(&format!("function \"{function}\" not defined"))),
    }
}

fn operand(word: &Word, fields: &BTreeMap<&'static str, Value>) -> Result<Value, TemplateError> {
    match word {
        Word::Text(text) => Ok(Value::Text(text.clone())),
        Word::Field(path) => {
            let mut names = path.iter();
            let name = names.next().map(String::as_str).unwrap_or_default();
            let mut value = fields.get(name).cloned().ok_or_else(|| {
                refused(&format!(
                    "can't evaluate field {name} in type DomainTemplateValues"
                ))
            })?;
            for name in names {
                value = match value {
                    Value::Map(map) => map
                        .get(name)
                        .map_or(Value::Nothing, |text| Value::Text(text.clone())),
                    Value::Text(_) | Value::Nothing => {
                        return Err(refused(&format!(
                            "can't evaluate field {name} in type string"
                        )));
                    }
                };
            }
            Ok(value)
        }
        Word::Name(name) => Err(TemplateError::Beyond(name.clone())),
        Word::Pipe => Err(refused("missing value for command")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(template: &str) -> Result<String, TemplateError> {
        let labels = [("team".to_owned(), "a".to_owned())];
        execute(
            template,
            &BTreeMap::from([
                ("Name", Value::Text("qwen".to_owned())),
                ("Namespace", Value::Text("ns".to_owned())),
                ("Labels", Value::Map(labels.into())),
            ]),
        )
    }

    #[test]
    fn templates() {
        for (template, text) in [
            ("{{ .Name }}-{{ .Namespace }}.x", "qwen-ns.x"),
            ("{{.Name}}{{/* c */}}.x", "qwen.x"),
            ("a {{- .Name -}} b", "aqwenb"),
            (
                r#"{{ index .Labels "team" }}.{{ index .Labels "none" }}"#,
                "a.",
            ),
            ("{{ .Labels.team }}{{ .Labels.none }}", "a<no value>"),
            (
                r#"{{ printf "%s-%s" .Name .Namespace | print "x" }}"#,
                "xqwen-ns",
            ),
            ("{{ if .Labels.team }}t{{ else }}e{{ end }}", "t"),
            ("{{ if .Labels.none }}t{{ else }}e{{ end }}", "e"),
        ] {
            assert_eq!(host(template).as_deref(), Ok(text), "{template}");
        }
    }

    #[test]
    fn wrong_and_beyond() {
        assert!(matches!(host("{{ .Name"), Err(TemplateError::Refused(_))));
        assert!(matches!(
            host("{{ .Nope }}"),
            Err(TemplateError::Refused(_))
        ));
        assert!(matches!(
            host("{{ lower .Name }}"),
            Err(TemplateError::Refused(_))
        ));
        assert!(matches!(host("{{ end }}"), Err(TemplateError::Refused(_))));
        assert!(matches!(
            host("{{ range .Labels }}{{ end }}"),
            Err(TemplateError::Beyond(_))
        ));
    }
}
