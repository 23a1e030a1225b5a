//! Values that look like secrets, and texts in which they are covered.
//!
//! A report is copied into tickets and build logs, so nothing that prints text of the input may carry a token along.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

/// Stands for a value whose name says that it is a secret.
pub const COVERED: &str = "********";

/// How the tokens of well-known issuers begin, and how many characters at least follow.
const SHAPES: &[(&str, usize)] = &[
    ("hf_", 12),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghs_", 16),
    ("ghu_", 16),
    ("github_pat_", 16),
    ("glpat-", 16),
    ("sk-", 20),
    ("nvapi-", 16),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("eyJ", 30),
];

/// Last words of a name that say the value only points to the secret (`HF_TOKEN_PATH`).
const POINTERS: &[&str] = &["PATH", "FILE", "DIR", "URL", "NAME", "ID", "REF"];

/// Whether a variable of that name and value keeps a secret in plain text.
#[must_use]
pub fn looks_secret(name: &str, value: &str) -> bool {
    !tokens(value).is_empty() || (names_secret(name) && value.len() >= 8 && !value.contains("$("))
}

/// Whether a variable's name says that its value is a secret.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split(['_', '-', '.']).collect();
    if words.last().is_some_and(|last| POINTERS.contains(last)) {
        return false;
    }
    let single = words.iter().any(|word| {
        matches!(
            *word,
            "TOKEN"
                | "SECRET"
                | "PASSWORD"
                | "PASSWD"
                | "PASSPHRASE"
                | "CREDENTIAL"
                | "CREDENTIALS"
        )
    });
    let pair = words
        .windows(2)
        .any(|pair| matches!(pair, ["API" | "ACCESS" | "PRIVATE" | "AUTH", "KEY"]));
    single || pair || words.contains(&"APIKEY")
}

/// The text with every token in it covered by stars, as many as the token has characters after its issuer's mark.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    cover(text, tokens(text))
}

/// Covers the secrets in a value: tokens anywhere, the values of variables whose names say that they are secrets, and with
/// `named` every text.
pub fn cover_value(value: &mut Value, named: bool) {
    match value {
        Value::String(text) if named && !text.is_empty() => COVERED.clone_into(text),
        Value::String(text) => *text = mask(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| cover_value(item, named)),
        Value::Object(map) => {
            let name = map.get("name").and_then(Value::as_str);
            let secret = name.is_some_and(names_secret);
            for (key, value) in map {
                cover_value(value, named || (secret && key == "value"));
            }
        }
        _ => {}
    }
}

/// The text with the given byte ranges covered by stars, one a character.
#[must_use]
pub fn cover(text: &str, ranges: Vec<Range<usize>>) -> Cow<'_, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.char_indices()
            .map(|(at, c)| {
                if ranges.iter().any(|range| range.contains(&at)) {
                    '*'
                } else {
                    c
                }
            })
            .collect(),
    )
}

/// The byte ranges of the tokens in a text, without their issuers' marks.
#[must_use]
pub fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (mark, least) in SHAPES {
        for (at, _) in text.match_indices(mark) {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            let start = at + mark.len();
            let length = text
                .get(start..)
                .map_or(0, |rest| token_length(rest, *mark == "hf_"));
            if length >= *least {
                found.push(start..start + length);
            }
        }
    }
    found
}

/// The byte ranges, relative to the line's start, of what a line of YAML should not show: tokens, and the value of a
/// variable whose name, on the same line or a neighbouring one, says that it is a secret.
#[must_use]
pub fn in_yaml(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let shown = text.get(line.clone()).unwrap_or_default();
    let mut ranges = tokens(shown);
    if let Some(value) = value_after(shown, "value:")
        && is_named(text, &line)
    {
        ranges.push(value);
    }
    ranges
}

/// Whether a variable's name on a line or a neighbouring one says that it is a secret.
fn is_named(text: &str, line: &Range<usize>) -> bool {
    let above = text.get(..line.start).map(str::trim_end);
    let above = above.and_then(|head| head.rsplit(['\n', '\r']).next());
    let below = text.get(line.end..).map(str::trim_start);
    let below = below.and_then(|tail| tail.split(['\n', '\r']).next());
    [text.get(line.clone()), above, below]
        .into_iter()
        .flatten()
        .filter_map(|line| value_after(line, "name:").and_then(|name| line.get(name)))
        .any(names_secret)
}

/// A text of YAML with everything covered that no report should show; each line stays a line.
#[must_use]
pub fn cover_yaml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    // How far the key is indented whose block of several lines is covered.
    let mut block = None;
    for whole in text.split_inclusive('\n') {
        let line = start..start + whole.trim_end_matches(['\n', '\r']).len();
        start += whole.len();
        let shown = text.get(line.clone()).unwrap_or_default();
        let end = whole.get(shown.len()..).unwrap_or_default();
        let body = shown.trim_start_matches(' ');
        let indent = shown.len() - body.len();
        if block.is_some_and(|block| indent > block || body.is_empty()) {
            out.push_str(&cover(
                shown,
                std::iter::once(indent..shown.len()).collect(),
            ));
            out.push_str(end);
            continue;
        }
        block = None;
        let key = body.trim_start_matches("- ").trim_start();
        let value = key.strip_prefix("value:").map(str::trim_start);
        if value.is_some_and(|value| value.starts_with(['|', '>'])) && is_named(text, &line) {
            block = Some(shown.len() - key.len());
        }
        out.push_str(&cover(shown, in_yaml(text, line)));
        out.push_str(end);
    }
    out
}

/// The plain or quoted scalar after a key on a line.
fn value_after(line: &str, key: &str) -> Option<Range<usize>> {
    let after = line.match_indices(key).find_map(|(at, _)| {
        let before = line.get(..at)?.chars().next_back();
        before
            .is_none_or(|c| matches!(c, ' ' | '{' | ','))
            .then_some(at + key.len())
    })?;
    let rest = line.get(after..)?;
    let start = after + (rest.len() - rest.trim_start().len());
    let value = line.get(start..)?;
    let length = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.find(quote)? + 2,
        '|' | '>' | '&' | '*' => return None,
        _ => value
            .find([',', '}', '#'])
            .unwrap_or(value.len())
            .min(value.trim_end().len()),
    };
    let inner = value.get(..length)?.trim_end();
    let quotes = usize::from(inner.starts_with(['"', '\'']));
    let end = start + inner.len() - quotes;
    (start + quotes < end).then_some(start + quotes..end)
}

/// How many characters of a token a text begins with. `plain`: letters and digits only, so that `hf_hub_download` is
/// none.
fn token_length(text: &str, plain: bool) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || (!plain && matches!(c, '_' | '-' | '.'))))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_covered_and_ordinary_words_are_not() {
        assert_eq!(
            mask("value: hf_abcdefghijKLMN # mine"),
            "value: hf_************** # mine"
        );
        for plain in [
            "hf_transfer",
            "hf_hub_download_of_all",
            "self_hf_abcdefghijkl",
            "sk-learn",
            "task-runner-of-the-whole-team",
        ] {
            assert_eq!(mask(plain), plain);
        }
    }

    #[test]
    fn the_value_beside_a_secret_name_is_covered() {
        let covered = |text: &str, line: usize| {
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let line = text
                .get(start..)
                .and_then(|rest| rest.lines().next())
                .unwrap_or_default();
            cover(line, in_yaml(text, start..start + line.len())).into_owned()
        };
        let env = "  - name: DB_PASSWORD\n    value: \"correct horse\" # x\n  - name: MODE\n    value: fast\n";
        assert_eq!(covered(env, 1), "    value: \"*************\" # x");
        assert_eq!(covered(env, 3), "    value: fast");
        let flow = "env: [{name: API_KEY, value: abc}]";
        assert_eq!(covered(flow, 0), "env: [{name: API_KEY, value: ***}]");
    }

    #[test]
    fn blocks_of_several_lines_are_covered_and_lines_stay() {
        let text = "- name: DB_PASSWORD\r\n  value: |\r\n    correct\r\n\r\n      horse\r\n- name: MODE\r\n  value: |\r\n    fast\r\n";
        assert_eq!(
            cover_yaml(text),
            text.replace("correct", "*******").replace("horse", "*****")
        );
    }

    #[test]
    fn names_tell_secrets_from_counts_and_places() {
        for secret in [
            "HF_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "DB_PASSWORD",
            "OPENAI_API_KEY",
        ] {
            assert!(names_secret(secret), "{secret}");
        }
        for plain in [
            "MAX_TOKENS",
            "TOKENIZERS_PARALLELISM",
            "HF_TOKEN_PATH",
            "AWS_ACCESS_KEY_ID",
        ] {
            assert!(!names_secret(plain), "{plain}");
        }
    }
}
