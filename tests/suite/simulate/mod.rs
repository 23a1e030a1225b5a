//! The scaling chain against recordings of the real programs (`tests/vectors`), and the views of a simulation.

mod addon;
mod chain;
mod command;
mod hpa;
mod properties;
mod schema;
mod service;

use std::path::Path;

use serde_json::Value;

/// A file of recorded vectors.
fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}
