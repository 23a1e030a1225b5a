//! The Plan as manifests.
