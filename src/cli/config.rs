//! `aimctl.toml`: defaults of flags, levels of rules, ignores with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::args::Cluster;
use super::color::ColorChoice;
use super::error::CliError;
use crate::diag::{Level, nearest};
use crate::rules;

/// The name of the file.
pub const FILE_NAME: &str = "aimctl.toml";

/// The file's content. Paths are relative to the file's directory.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Namespace of documents that name none (`--namespace`).
    pub namespace: Option<String>,
    /// Documents that are facts only (`--facts`).
    pub facts: Vec<PathBuf>,
    /// GPUs that the cluster has, `MODEL[:VRAM]` (`--gpu`).
    pub gpu: Vec<String>,
    /// Which controllers run where the output is applied (`--cluster`).
    pub cluster: Option<Cluster>,
    /// The set of versions to reproduce (`--stack`).
    pub stack: Option<String>,
    /// Do not use the built-in catalog of images (`--no-catalog`).
    pub no_catalog: Option<bool>,
    /// The OTel add-on is installed with its chart's own admission policy (`--add-on-policy`).
    pub add_on_policy: Option<bool>,
    /// Input without any AIMService is fine (`--allow-empty`).
    pub allow_empty: Option<bool>,
    /// Number of threads (`--threads`).
    pub threads: Option<NonZeroUsize>,
    /// When to colour (`--color`).
    pub color: Option<ColorChoice>,
    /// Level of rules, by code, prefix of codes, or name.
    pub rules: BTreeMap<String, RuleLevel>,
    /// Findings to leave out, each with its reason.
    pub ignore: Vec<Ignore>,
}

/// What a rule is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleLevel {
    /// Not shown.
    Allow,
    /// Worth knowing.
    Note,
    /// A warning.
    #[serde(alias = "warn")]
    Warning,
    /// An error.
    #[serde(alias = "deny")]
    Error,
}

impl RuleLevel {
    /// The level; `None` when the rule is allowed.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Allow => None,
            Self::Note => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }
}

/// Findings to leave out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ignore {
    /// Codes or names of rules.
    pub rules: Vec<String>,
    /// Globs of files; all files when left out.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Why.
    pub reason: String,
}

/// A configuration and where it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LoadedConfig {
    /// The file; `None` when there is none.
    pub path: Option<PathBuf>,
    /// Its content.
    pub config: Config,
}

impl LoadedConfig {
    /// A path of the configuration, relative to the file's directory.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        let directory = self.path.as_deref().and_then(Path::parent);
        directory.map_or_else(|| path.to_owned(), |directory| directory.join(path))
    }
}

/// The nearest `aimctl.toml` in `directory` and above, up to the directory that holds `.git`.
#[must_use]
pub fn find(directory: &Path) -> Option<PathBuf> {
    for ancestor in directory.ancestors() {
        let file = ancestor.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        if ancestor.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Reads and checks a configuration.
///
/// # Errors
/// The file cannot be read, is no TOML, has an unknown key or a value of the wrong type, or names an unknown rule.
pub fn load(path: &Path) -> Result<LoadedConfig, CliError> {
    let whole = |message: String| CliError::Config {
        path: path.to_owned(),
        line: 0,
        column: 0,
        message,
        help: None,
    };
    let text =
        fs::read_to_string(path).map_err(|error| whole(format!("cannot read it: {error}")))?;
    let config: Config = toml::from_str(&text).map_err(|error| {
        let (line, column) = error
            .span()
            .map_or((0, 0), |span| crate::source::line_column(&text, span.start));
        let (message, help) = explain(error.message());
        CliError::Config {
            path: path.to_owned(),
            line,
            column,
            message,
            help,
        }
    })?;
    let ignored = config.ignore.iter().flat_map(|ignore| &ignore.rules);
    for name in config.rules.keys().chain(ignored) {
        if !names_rules(name) {
            let error = whole(format!("`{name}` is no rule"));
            let names = rules::ALL.iter().flat_map(|rule| [rule.code, rule.name]);
            return Err(match nearest(name, names) {
                Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                None => error.with_help("`aimctl explain --list` shows all rules"),
            });
        }
    }
    Ok(LoadedConfig {
        path: Some(path.to_owned()),
        config,
    })
}

/// Whether a text is the code or name of a rule, or the beginning of codes.
#[must_use]
pub fn names_rules(text: &str) -> bool {
    rules::find(text).is_some()
        || (!text.is_empty() && rules::ALL.iter().any(|rule| rule.code.starts_with(text)))
}

/// serde's "unknown field" in our words, with the nearest key.
fn explain(message: &str) -> (String, Option<String>) {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message
        .starts_with("unknown field")
        .then(|| quoted.next())
        .flatten();
    match unknown {
        Some(key) => {
            let known: Vec<&str> = quoted.collect();
            let help = nearest(key, known.iter().copied()).map_or_else(
                || format!("known keys: {}", known.join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            );
            (format!("unknown key `{key}`"), Some(help))
        }
        None => (message.to_owned(), None),
    }
}
