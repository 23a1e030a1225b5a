//! What names, labels and keys may look like (Kubernetes 1.34.4, `k8s.io/apimachinery/pkg/util/validation`).
//!
//! Each function gives Kubernetes' complaints, none when the text is fine. A text of which a part only the cluster
//! decides is fine.

use crate::kube::unknown::is_unknown;

const DNS_LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_SUBDOMAIN: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const QUALIFIED_PART: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const QUALIFIED_WORDS: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/// Longest DNS label, label value and name part of a key.
pub const MAX_LABEL: usize = 63;
/// Longest DNS subdomain.
pub const MAX_SUBDOMAIN: usize = 253;

fn too_long(limit: usize) -> String {
    format!("must be no more than {limit} characters")
}

fn pattern(words: &str, regex: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples
        .iter()
        .map(|example| format!("'{example}', "))
        .collect();
    format!(
        "{words} (e.g. {}regex used for validation is '{regex}')",
        examples.join(" or ")
    )
}

fn edges_and_middle(text: &str, edge: impl Fn(u8) -> bool, middle: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => {
            edge(*first) && edge(*last) && bytes.iter().all(|b| edge(*b) || middle(*b))
        }
        _ => false,
    }
}

fn lower_alphanumeric(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

fn is_label_form(text: &str) -> bool {
    edges_and_middle(text, lower_alphanumeric, |b| b == b'-')
}

fn is_qualified_form(text: &str) -> bool {
    edges_and_middle(
        text,
        |b| b.is_ascii_alphanumeric(),
        |b| matches!(b, b'-' | b'_' | b'.'),
    )
}

/// A DNS label of RFC 1123: at most 63 of `a-z`, `0-9`, `-`.
#[must_use]
pub fn dns1123_label(text: &str) -> Vec<String> {
    if is_unknown(text) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    if text.len() > MAX_LABEL {
        errors.push(too_long(MAX_LABEL));
    }
    if !is_label_form(text) {
        errors.push(if dns1123_subdomain(text).is_empty() {
            "must not contain dots".to_owned()
        } else {
            pattern(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
                DNS_LABEL,
                &["my-name", "123-abc"],
            )
        });
    }
    errors
}

/// A DNS subdomain of RFC 1123: labels with dots between, at most 253 characters.
#[must_use]
pub fn dns1123_subdomain(text: &str) -> Vec<String> {
    if is_unknown(text) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    if text.len() > MAX_SUBDOMAIN {
        errors.push(too_long(MAX_SUBDOMAIN));
    }
    if !text.split('.').all(is_label_form) {
        errors.push(pattern(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
            DNS_SUBDOMAIN,
            &["example.com"],
        ));
    }
    errors
}

/// A DNS label of RFC 1035, as Services need it: it starts with a letter.
#[must_use]
pub fn dns1035_label(text: &str) -> Vec<String> {
    if is_unknown(text) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    if text.len() > MAX_LABEL {
        errors.push(too_long(MAX_LABEL));
    }
    if !is_label_form(text) || text.starts_with(|c: char| c.is_ascii_digit()) {
        errors.push(pattern(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
            "[a-z]([-a-z0-9]*[a-z0-9])?",
            &["my-name", "abc-123"],
        ));
    }
    errors
}

/// The key of a label, an annotation (lower-cased first), a finalizer or a resource: `name` or `prefix/name`.
#[must_use]
pub fn qualified_name(text: &str) -> Vec<String> {
    if is_unknown(text) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => *name,
        [prefix, name] => {
            if prefix.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            } else {
                errors.extend(
                    dns1123_subdomain(prefix)
                        .iter()
                        .map(|error| format!("prefix part {error}")),
                );
            }
            *name
        }
        _ => {
            let words = format!("a qualified name {QUALIFIED_WORDS}");
            let shape = pattern(&words, QUALIFIED_PART, &["MyName", "my.name", "123-abc"]);
            return vec![format!(
                "{shape} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > MAX_LABEL {
        errors.push(format!("name part {}", too_long(MAX_LABEL)));
    }
    if !is_qualified_form(name) {
        let words = format!("name part {QUALIFIED_WORDS}");
        errors.push(pattern(
            &words,
            QUALIFIED_PART,
            &["MyName", "my.name", "123-abc"],
        ));
    }
    errors
}

/// The value of a label: empty, or at most 63 characters with a letter or digit at both ends.
#[must_use]
pub fn label_value(text: &str) -> Vec<String> {
    if is_unknown(text) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    if text.len() > MAX_LABEL {
        errors.push(too_long(MAX_LABEL));
    }
    if !text.is_empty() && !is_qualified_form(text) {
        errors.push(pattern(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
            &format!("({QUALIFIED_PART})?"),
            &["MyValue", "my_value", "12345"],
        ));
    }
    errors
}

/// A key of a ConfigMap or a Secret.
#[must_use]
pub fn config_map_key(text: &str) -> Vec<String> {
    if is_unknown(text) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    if text.len() > MAX_SUBDOMAIN {
        errors.push(too_long(MAX_SUBDOMAIN));
    }
    if text.is_empty()
        || !text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    {
        errors.push(pattern(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            "[-._a-zA-Z0-9]+",
            &["key.name", "KEY_NAME", "key-name"],
        ));
    }
    match text {
        "." | ".." => errors.push(format!("must not be '{text}'")),
        _ if text.starts_with("..") => errors.push("must not start with '..'".to_owned()),
        _ => {}
    }
    errors
}

/// A port's number: 1 to 65535.
#[must_use]
pub fn port_number(number: i32) -> Vec<String> {
    if (1..=65_535).contains(&number) {
        Vec::new()
    } else {
        vec!["must be between 1 and 65535, inclusive".to_owned()]
    }
}

/// The name of a port of a container.
#[must_use]
pub fn port_name(text: &str) -> Vec<String> {
    const MAX_PORT_NAME: usize = 15;
    let mut errors = Vec::new();
    if text.len() > MAX_PORT_NAME {
        errors.push(too_long(MAX_PORT_NAME));
    }
    let allowed = |b: u8| lower_alphanumeric(b) || b == b'-';
    if text.is_empty() || !text.bytes().all(allowed) {
        errors.push(
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned(),
        );
    }
    if !text.bytes().any(|b| b.is_ascii_lowercase()) {
        errors.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        errors.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        errors.push("must not begin or end with a hyphen".to_owned());
    }
    errors
}

/// A per cent text: digits and `%`.
#[must_use]
pub fn percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    vec![pattern(
        "a valid percent string must be a numeric string followed by an ending '%'",
        "[0-9]+%",
        &["1%", "93%"],
    )]
}

/// A domain name with at least two labels, each of RFC 1123 (`IsFullyQualifiedDomainName`): what is wrong, and with
/// which part of it. The empty text is left to the caller.
#[must_use]
pub fn domain_name(text: &str) -> Vec<(String, String)> {
    if is_unknown(text) {
        return Vec::new();
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let errors = dns1123_subdomain(name);
    if !errors.is_empty() {
        return vec![(name.to_owned(), errors.join(","))];
    }
    if !name.contains('.') {
        let words = "should be a domain with at least two segments separated by dots";
        return vec![(name.to_owned(), words.to_owned())];
    }
    name.split('.')
        .filter_map(|label| {
            let errors = dns1123_label(label);
            (!errors.is_empty()).then(|| (label.to_owned(), errors.join(",")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kubernetes_own() {
        assert_eq!(
            label_value("a b"),
            [
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            ]
        );
        assert_eq!(
            dns1123_subdomain("A"),
            [
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            ]
        );
        assert!(dns1123_label("a-1").is_empty());
        assert!(!dns1035_label("1a").is_empty());
        assert!(qualified_name("example.com/App_Name.x").is_empty());
        assert_eq!(qualified_name("a/b/c").len(), 1);
        assert_eq!(qualified_name("").len(), 2);
    }
}
