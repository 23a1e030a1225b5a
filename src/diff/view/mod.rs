//! A report of differences, one file a format.

mod brief;
mod json;
mod markdown;
mod text;
mod unified;

pub use brief::brief;
pub use json::json;
pub use markdown::markdown;
pub use text::text;
pub use unified::unified;

use serde_json::Value;

use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// Values longer than this many characters are shown cut.
const LONGEST_VALUE: usize = 160;

/// A value on one line; text as it is where no reader could mistake it, everything else as JSON.
pub(super) fn one_line(value: &Value) -> String {
    short(&value.to_string())
}

/// A line that is not too long.
pub(super) fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(LONGEST_VALUE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// An object's name; of what only the cluster decides there is nothing to read.
pub(super) fn name(name: &str) -> String {
    name.replace(KNOWN_AFTER_APPLY, "…").replace("…-…", "…")
}
