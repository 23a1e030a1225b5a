//! What holds for every input, however broken. Driven by arbitrary services (`properties`), by the kept inputs of
//! `tests/fuzz`, and by the targets of `fuzz/`, which share this folder.

mod editor;
mod languages;
mod planning;
mod reading;
mod references;
mod services;

use aimctl::source::{FileContent, Sources};

pub(crate) use editor::language_server;
pub(crate) use languages::{engine_args, path_templates, quantities, queries};
pub(crate) use planning::{planning, whole};
pub(crate) use reading::{reading, suppressions};
pub(crate) use references::Set;
pub(crate) use services::services;

/// What looks at bytes and panics when something does not hold.
type Look = fn(&[u8]);

/// Every look by its name, which also names its target in `fuzz/` and its folder in `tests/fuzz/`.
pub(crate) const ALL: [(&str, Look); 9] = [
    ("reading", reading),
    ("planning", planning),
    ("services", services),
    ("suppressions", suppressions),
    ("queries", queries),
    ("quantities", quantities),
    ("path_templates", path_templates),
    ("engine_args", engine_args),
    ("language_server", language_server),
];

/// The documents of a file's bytes.
pub(crate) fn sources(bytes: &[u8]) -> Sources {
    let content = FileContent::read("in.yaml".to_owned(), bytes.to_vec(), false, &|_: &str| true);
    Sources::new([content])
}
