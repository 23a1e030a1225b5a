//! Patterns and formats that schemas ask for.

use std::sync::OnceLock;

use regex::Regex;

use crate::api::QUANTITY_PATTERN;

/// A regular expression, compiled when a text first needs it.
#[derive(Debug)]
pub(super) struct Pattern {
    source: Box<str>,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            regex: OnceLock::new(),
        }
    }

    /// Whether the text matches; an expression that cannot be read matches everything.
    pub(super) fn matches(&self, text: &str) -> bool {
        if self.source.as_ref() == QUANTITY_PATTERN {
            return is_quantity(text);
        }
        self.regex
            .get_or_init(|| Regex::new(&self.source).ok())
            .as_ref()
            .is_none_or(|regex| regex.is_match(text))
    }
}

/// [`QUANTITY_PATTERN`], by hand: it is asked more often than all other patterns together.
#[must_use]
pub fn is_quantity(text: &str) -> bool {
    let Some(suffix) = after_decimal(unsigned(text)) else {
        return false;
    };
    match suffix.as_bytes() {
        [] => true,
        [b'K' | b'M' | b'G' | b'T' | b'P' | b'E', b'i'] => true,
        [b'n' | b'u' | b'm' | b'k' | b'M' | b'G' | b'T' | b'P' | b'E'] => true,
        [b'e' | b'E', ..] => suffix
            .get(1..)
            .is_some_and(|exponent| after_decimal(unsigned(exponent)) == Some("")),
        _ => false,
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// What follows digits with at most one dot among them; `None` when there is no digit.
fn after_decimal(text: &str) -> Option<&str> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let rest = text.get(whole..)?;
    let Some(after_dot) = rest.strip_prefix('.') else {
        return (whole > 0).then_some(rest);
    };
    let fraction = digits(after_dot);
    (whole + fraction > 0)
        .then(|| after_dot.get(fraction..))
        .flatten()
}

/// What the API server takes for a duration: Go's form (`1h30m`), or a number and a word (`2 days`).
pub(super) fn is_duration(text: &str) -> bool {
    let mut rest = unsigned(text.trim());
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    const UNITS: [&str; 28] = [
        "ns",
        "nanos",
        "nano",
        "nanoseconds",
        "nanosecond",
        "us",
        "µs",
        "μs",
        "micros",
        "micro",
        "microseconds",
        "microsecond",
        "ms",
        "millis",
        "milli",
        "milliseconds",
        "millisecond",
        "s",
        "secs",
        "sec",
        "seconds",
        "second",
        "m",
        "mins",
        "min",
        "h",
        "d",
        "w",
    ];
    const LONG: [&str; 8] = [
        "minutes", "minute", "hours", "hour", "days", "day", "weeks", "week",
    ];
    while !rest.is_empty() {
        let Some(after) = after_decimal(rest) else {
            return false;
        };
        let after = after.trim_start();
        let end = after
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(after.len());
        let (unit, more) = after.split_at(end);
        if !UNITS.contains(&unit) && !LONG.contains(&unit) {
            return false;
        }
        rest = more.trim_start();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn by_hand_and_by_pattern_agree(text in "[-+]?[0-9.]{0,3}[KMGTPEinumkeE+-]{0,3}[0-9.]{0,3}") {
            let regex = Regex::new(QUANTITY_PATTERN).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(is_quantity(&text), regex.is_match(&text));
        }
    }
}
