//! Names and label values as AIM Engine derives them (AIM Engine 0.2.1, spec 2.1).

use sha2::{Digest, Sha256};

use super::unknown::KNOWN_AFTER_APPLY;

/// Longest DNS label, and longest label value.
pub const MAX_LABEL: usize = 63;

/// `dns(text)`: lower-case, everything outside `[a-z0-9-]` to `-`, trimmed, cut to 63 characters.
#[must_use]
pub fn dns(text: &str) -> String {
    let mapped: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let trimmed = mapped.trim_matches('-');
    let cut = trimmed.get(..MAX_LABEL).unwrap_or(trimmed);
    cut.trim_end_matches('-').to_owned()
}

/// `label(text)`: lower-case, runs outside `[a-z0-9._-]` to one `_`, trimmed, cut to 63; `None` when nothing is left.
#[must_use]
pub fn label(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut in_run = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-') {
            out.push(c);
            in_run = false;
        } else if !in_run {
            out.push('_');
            in_run = true;
        }
    }
    let ends = ['_', '.', '-'];
    let trimmed = out.trim_matches(ends);
    let cut = trimmed
        .get(..MAX_LABEL)
        .unwrap_or(trimmed)
        .trim_end_matches(ends);
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// What a derived name's suffix is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HashInputs {
    /// No suffix at all.
    None,
    /// Each input already encoded as Go's encoding/json does.
    Json(Vec<String>),
    /// The inputs hold a value that only the cluster decides, so the suffix does, too.
    Unknown,
}

/// Why no name can be derived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// No parts were given.
    #[error("no name parts")]
    NoParts,
    /// The limit is outside 1..=63.
    #[error("maximum length {0} is outside 1..63")]
    Limit(usize),
}

/// `derived(parts, hash_inputs, hash_len, max_len)`: a DNS label from parts and a hash suffix.
///
/// # Errors
/// No parts, or a `max_len` outside 1..=63.
pub fn derived(
    parts: &[&str],
    inputs: &HashInputs,
    hash_len: usize,
    max_len: usize,
) -> Result<String, NameError> {
    if parts.is_empty() {
        return Err(NameError::NoParts);
    }
    if !(1..=MAX_LABEL).contains(&max_len) {
        return Err(NameError::Limit(max_len));
    }
    let mut parts: Vec<String> = parts
        .iter()
        .map(|part| {
            let part = dns(part);
            if part.is_empty() {
                "part".to_owned()
            } else {
                part
            }
        })
        .collect();
    let suffix = match inputs {
        HashInputs::None => None,
        HashInputs::Json(inputs) => Some(hash(inputs, hash_len)),
        HashInputs::Unknown => Some(KNOWN_AFTER_APPLY.to_owned()),
    };
    let suffix_len = suffix.as_ref().map_or(0, |_| hash_len + 1);
    loop {
        let total = parts.iter().map(String::len).sum::<usize>() + parts.len() - 1 + suffix_len;
        if total <= max_len {
            break;
        }
        let Some(longest) = parts
            .iter_mut()
            .reduce(|a, b| if b.len() > a.len() { b } else { a })
        else {
            break;
        };
        if longest.len() <= 1 {
            break;
        }
        longest.pop();
        let kept = longest.trim_end_matches('-').len();
        longest.truncate(kept);
    }
    let mut name = parts.join("-");
    if let Some(suffix) = suffix {
        name.push('-');
        name.push_str(&suffix);
    }
    Ok(name)
}

/// First `len` hex characters of the SHA-256 over the inputs joined with `|`.
#[must_use]
pub fn hash(json_inputs: &[String], len: usize) -> String {
    let mut digest = Sha256::new();
    for (index, input) in json_inputs.iter().enumerate() {
        if index > 0 {
            digest.update("|");
        }
        digest.update(input);
    }
    let mut hex: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hex.truncate(len);
    hex
}
