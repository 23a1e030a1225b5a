//! Names and label values as AIM Engine derives them (AIM Engine 0.2.1, spec 2.1).

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::go_json;
use super::unknown::{KNOWN_AFTER_APPLY, Uid, is_unknown};

/// Longest DNS label, and longest label value.
pub const MAX_LABEL: usize = 63;

/// Usual length of a hash suffix.
pub const HASH_LEN: usize = 8;

/// Lower case as Go's `strings.ToLower` has it: one character for one, so that `İ` is `i` and not `i` with a dot above.
pub(crate) fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|c| c.to_lowercase().next())
}

/// Stands for each character of a text that only the cluster decides, while names are cut.
const UNKNOWN_CHAR: char = '\u{1}';
/// Length of the unknown hash in an artifact's name, the one unknown text that other names are made from.
const UNKNOWN_LEN: usize = 10;

/// Puts stand-ins of a length in place of what the cluster decides.
fn mask_unknown(text: &str, length: usize) -> Cow<'_, str> {
    if !is_unknown(text) && !text.contains(UNKNOWN_CHAR) {
        return text.into();
    }
    let stand_in = UNKNOWN_CHAR.to_string().repeat(length);
    text.replace(UNKNOWN_CHAR, " ")
        .replace(KNOWN_AFTER_APPLY, &stand_in)
        .into()
}

/// What is left of the stand-ins becomes unknown again.
fn unmask_unknown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match (c, before) {
            (UNKNOWN_CHAR, UNKNOWN_CHAR) => {}
            (UNKNOWN_CHAR, _) => out.push_str(KNOWN_AFTER_APPLY),
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// `dns(text)`: lower-case, everything outside `[a-z0-9-]` to `-`, trimmed, cut to 63 characters.
///
/// What only the cluster decides is kept.
#[must_use]
pub fn dns(text: &str) -> String {
    dns_with(text, UNKNOWN_LEN)
}

/// `dns`, where what only the cluster decides has that length.
#[must_use]
pub fn dns_with(text: &str, unknown_len: usize) -> String {
    unmask_unknown(&masked_dns(&mask_unknown(text, unknown_len)))
}

fn masked_dns(text: &str) -> String {
    let mapped: String = lower(text)
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '-' | UNKNOWN_CHAR => c,
            _ => '-',
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
    for c in lower(&mask_unknown(text, UNKNOWN_LEN)) {
        if matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-' | UNKNOWN_CHAR) {
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
    (!cut.is_empty()).then(|| unmask_unknown(cut))
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

impl HashInputs {
    /// Texts, each encoded as Go does.
    #[must_use]
    pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Json(texts.into_iter().map(go_json::string).collect())
    }

    /// A UID alone; unknown when the cluster has not told it yet.
    #[must_use]
    pub fn uid(uid: &Uid) -> Self {
        uid.known().map_or(Self::Unknown, |uid| Self::texts([uid]))
    }
}

/// Why no name can be derived, in AIM Engine's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// No parts were given.
    #[error("nameParts cannot be empty")]
    NoParts,
    /// The limit is outside 1..=63.
    #[error("maxLength must be between 1 and 63, got {0}")]
    Limit(i64),
}

/// `derived(parts, hash_inputs, hash_len, max_len)`: a DNS label from parts and a hash suffix.
///
/// # Errors
/// No parts, or a `max_len` outside 1..=63.
pub fn derived(
    parts: &[&str],
    inputs: &HashInputs,
    hash_len: usize,
    max_len: i64,
) -> Result<String, NameError> {
    if parts.is_empty() {
        return Err(NameError::NoParts);
    }
    match usize::try_from(max_len) {
        Ok(limit @ 1..=MAX_LABEL) => Ok(joined(parts, inputs, hash_len, limit)),
        _ => Err(NameError::Limit(max_len)),
    }
}

/// `derived` with the usual limits: 63 characters, and a hash of 8.
#[must_use]
pub fn derived_name(parts: &[&str], inputs: &HashInputs) -> String {
    joined(parts, inputs, HASH_LEN, MAX_LABEL)
}

/// `derived` with 63 characters and a hash of another length.
#[must_use]
pub fn derived_name_with_hash(parts: &[&str], inputs: &HashInputs, hash_len: usize) -> String {
    joined(parts, inputs, hash_len, MAX_LABEL)
}

fn joined(parts: &[&str], inputs: &HashInputs, hash_len: usize, max_len: usize) -> String {
    let mut parts: Vec<String> = parts
        .iter()
        .map(|part| {
            let part = masked_dns(&mask_unknown(part, UNKNOWN_LEN));
            if part.is_empty() {
                "part".to_owned()
            } else {
                part
            }
        })
        .collect();
    let suffix = match inputs {
        HashInputs::None => None,
        HashInputs::Json(inputs) if inputs.is_empty() || hash_len == 0 => None,
        HashInputs::Json(inputs) => Some(hash(inputs, hash_len)),
        HashInputs::Unknown => Some(KNOWN_AFTER_APPLY.to_owned()),
    };
    let suffix_len = suffix.as_ref().map_or(0, |_| hash_len + 1);
    loop {
        let total = parts
            .iter()
            .map(|part| part.len() + 1)
            .sum::<usize>()
            .saturating_sub(1)
            + suffix_len;
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
    let mut name = unmask_unknown(&parts.join("-"));
    if let Some(suffix) = suffix {
        name.push('-');
        name.push_str(&suffix);
    }
    name
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
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
    digest
        .finalize()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(digit)
        .take(len)
        .collect()
}
