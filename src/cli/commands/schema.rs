//! `schema`.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::Value;

use crate::cli::config::Config;
use crate::cli::{CliError, Context, ExitStatus};
use crate::diag::nearest;
use crate::diag::render::json::ReportDocument;
use crate::diff::Report as Diff;
use crate::inventory::Kind;
use crate::schema::publish::{self, Flavour};
use crate::simulate::report::Report as Simulation;

/// Print a JSON Schema (2020-12): of a kind, of a report, of aimctl.toml; without argument, what there is
///
/// An editor with a YAML language server completes and checks documents by it; kubeconform and other validators take the
/// flavour kubeconform, in which null stands wherever the API server drops it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A kind (any case, singular or plural), `report`, `diff`, `simulation` or `config`
    #[arg(value_name = "KIND|report|diff|simulation|config", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::schemas))]
    pub what: Option<String>,

    /// For whom the schema of a kind is
    #[arg(long, value_name = "WHOM", value_enum, default_value_t)]
    pub flavour: FlavourArg,
}

/// `--flavour` as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum FlavourArg {
    /// Editors
    #[default]
    Editor,
    /// kubeconform and other validators
    Kubeconform,
}

/// The schemas of what aimctl itself reads and writes: the word on the command line, what it is, the file.
const OWN: [(&str, &str, &str); 4] = [
    (
        "report",
        "what `validate --format json` prints",
        "report.v1.json",
    ),
    ("diff", "what `diff --format json` prints", "diff.v1.json"),
    (
        "simulation",
        "what `simulate -o json` prints",
        "simulation.v1.json",
    ),
    ("config", "aimctl.toml", "aimctl.toml.json"),
];

/// Prints the schema, or the list of them.
///
/// # Errors
/// There is no such schema.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let Some(what) = &args.what else {
        context.print(list().as_bytes())?;
        return Ok(ExitStatus::Clean);
    };
    let flavour = match args.flavour {
        FlavourArg::Editor => Flavour::Editor,
        FlavourArg::Kubeconform => Flavour::Kubeconform,
    };
    let schema = own(what).or_else(|| publish::published(kind(what)?, flavour));
    let Some(schema) = schema else {
        return Err(unknown(what));
    };
    context.print(format!("{schema:#}\n").as_bytes())?;
    Ok(ExitStatus::Clean)
}

/// The schema of something that aimctl itself reads or writes.
#[must_use]
pub fn own(word: &str) -> Option<Value> {
    let schema = match word.to_lowercase().as_str() {
        "report" => schemars::schema_for!(ReportDocument),
        "diff" => schemars::schema_for!(Diff),
        "simulation" => schemars::schema_for!(Simulation),
        "config" | "aimctl.toml" => schemars::schema_for!(Config),
        _ => return None,
    };
    Some(schema.to_value())
}

/// The files below `schemas/` that hold the schemas of [`own`], by their word.
pub fn own_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    OWN.iter().map(|(word, _, file)| (*word, *file))
}

fn kind(word: &str) -> Option<Kind> {
    publish::kinds().find(|kind| {
        word.eq_ignore_ascii_case(kind.as_str()) || word.eq_ignore_ascii_case(kind.plural())
    })
}

fn unknown(what: &str) -> CliError {
    let words = OWN
        .iter()
        .map(|(word, _, _)| *word)
        .chain(publish::kinds().map(Kind::as_str));
    let error = CliError::usage(format!("there is no schema of `{what}`"));
    match nearest(what, words) {
        Some(meant) => error.with_help(format!("did you mean `{}`?", meant.to_lowercase())),
        None => error.with_help("`aimctl schema` lists them"),
    }
}

fn list() -> String {
    let mut out = String::new();
    let mut row = |word: &str, what: &str, file: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{word:<25} {what:<50} {file}");
    };
    row("NAME", "OF", "FILE");
    for kind in publish::kinds() {
        let what = format!("{} {kind}", kind.api_version());
        row(
            &kind.as_str().to_lowercase(),
            &what,
            &publish::file_name(kind),
        );
    }
    for (word, what, file) in OWN {
        row(word, what, file);
    }
    out
}
