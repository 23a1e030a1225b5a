//! What `--version` prints.

use std::fmt::Write;
use std::sync::LazyLock;

use crate::inventory::{STACKS, Stack};

/// The tool's version.
#[must_use]
pub fn short() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The tool's version and the table of the default stack.
#[must_use]
pub fn long() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let stack = STACKS.first().map(table).unwrap_or_default();
        format!("{}\n{stack}", short())
    });
    &TEXT
}

/// The parts of a stack, one a line.
#[must_use]
pub fn table(stack: &Stack) -> String {
    let width = stack
        .components
        .iter()
        .map(|component| component.name.len())
        .max()
        .unwrap_or_default();
    let mut text = format!("stack {}", stack.version);
    for component in stack.components {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {:width$}  {}", component.name, component.version);
    }
    text
}
