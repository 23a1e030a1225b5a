//! The integration tests: one binary, one module a subject.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod agreement;
mod cli_input;
mod cli_validate;
mod completions;
mod crds;
mod diff_fields;
mod diff_git;
mod documents;
mod fix_edits;
mod golden;
mod invariants;
mod krm;
mod kustomize;
mod limits;
mod limits_files;
mod lsp;
mod names;
mod otel_config;
mod packaging;
mod pictures;
mod properties;
mod quantity;
mod rendered_sets;
mod report_formats;
mod report_schemas;
mod rule_examples;
mod rule_pages;
mod rule_recordings;
mod schema_command;
mod schema_files;
mod simulate;
mod source;
mod structural;
mod tools;
mod verdicts;
mod why;
mod yaml_server;
mod yaml_write;
