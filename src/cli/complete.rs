//! What a shell's Tab offers where only the program knows: rules, kinds, fields, images, the services of the input.
//!
//! The script that `completions --dynamic` prints calls the program again, with the words typed so far.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter as _};

use super::args::Cli;
use super::pipeline;
use crate::explain;
use crate::inventory::{Kind, catalog};
use crate::kube::gpu_model;
use crate::rules;
use crate::schema::publish;
use crate::source::{self, FileContent, Found, Sources};

/// Set by the scripts to the name of their shell.
pub const VARIABLE: &str = "AIMCTL_COMPLETE";

/// Answers a script's question; `false` when this is none.
///
/// # Errors
/// The shell is not known, or standard output is gone.
pub fn answer() -> clap::error::Result<bool> {
    let directory = env::current_dir().ok();
    clap_complete::CompleteEnv::with_factory(Cli::command)
        .var(VARIABLE)
        .bin("aimctl")
        .try_complete(env::args_os(), directory.as_deref())
}

/// Values of which those that begin as typed are offered, each with a word about it.
fn offered<'a>(
    current: &OsStr,
    values: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<CompletionCandidate> {
    let Some(typed) = current.to_str() else {
        return Vec::new();
    };
    values
        .filter(|(value, _)| {
            value
                .get(..typed.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(typed))
        })
        .map(|(value, about)| {
            let about = Some(about).filter(|about| !about.is_empty());
            CompletionCandidate::new(value).help(about.map(|about| about.to_owned().into()))
        })
        .collect()
}

/// Codes and names of rules, and `warnings`.
pub(super) fn rule_names(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, rule_words())
}

fn rule_words() -> impl Iterator<Item = (&'static str, &'static str)> {
    rules::ALL
        .iter()
        .flat_map(|rule| [(rule.code, rule.title), (rule.name, rule.title)])
}

/// Kinds that are rendered.
pub(super) fn rendered_kinds(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(
        current,
        Kind::ALL.iter().map(|kind| (kind.as_str(), kind.group())),
    )
}

/// What has a schema.
pub(super) fn schemas(current: &OsStr) -> Vec<CompletionCandidate> {
    let kinds: Vec<(String, &str)> = publish::kinds()
        .map(|kind| (kind.as_str().to_lowercase(), kind.group()))
        .collect();
    let own: Vec<(&str, &str)> = super::commands::schema::own_files().collect();
    let words = kinds
        .iter()
        .map(|(word, about)| (word.as_str(), *about))
        .chain(own.iter().copied());
    offered(current, words)
}

/// What can be explained: rules, kinds, and behind a dot the fields.
pub(super) fn topics(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some((parent, _)) = current.to_str().and_then(|typed| typed.rsplit_once('.')) else {
        let mut found = schemas(current);
        found.retain(|candidate| {
            let word = candidate.get_value().to_str().unwrap_or_default();
            publish::kinds().any(|kind| word.eq_ignore_ascii_case(kind.as_str()))
        });
        found.extend(rule_names(current));
        return found;
    };
    let fields: Vec<String> = explain::fields_below(parent)
        .into_iter()
        .map(|field| format!("{parent}.{field}"))
        .collect();
    offered(current, fields.iter().map(|field| (field.as_str(), "")))
}

/// Images of the catalog.
pub(super) fn images(current: &OsStr) -> Vec<CompletionCandidate> {
    let about = |image| catalog::find(image).map_or("", |found| found.canonical_name.as_str());
    offered(
        current,
        catalog::images().map(|image| (image, about(image))),
    )
}

/// GPU models.
pub(super) fn gpus(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, gpu_model::known().map(|model| (model, "")))
}

/// The commands.
pub(super) fn commands(current: &OsStr) -> Vec<CompletionCandidate> {
    let command = Cli::command();
    let names = command
        .get_subcommands()
        .map(|command| (command.get_name(), ""));
    offered(current, names)
}

/// Names of the services in the paths that are typed already, else in the current directory.
pub(super) fn services(current: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed_paths(current);
    let paths = if typed.is_empty() {
        vec![PathBuf::from(".")]
    } else {
        typed
    };
    let names = service_names(&paths);
    offered(
        current,
        names
            .iter()
            .map(|(name, namespace)| (name.as_str(), namespace.as_str())),
    )
}

/// Paths, and behind a path the services in it.
pub(super) fn paths_and_services(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut found = PathCompleter::any().complete(current);
    if !typed_paths(current).is_empty() {
        found.extend(services(current));
    }
    found
}

/// The words before the one that is being typed that are paths. The shell's script passes all words behind `--`.
fn typed_paths(current: &OsStr) -> Vec<PathBuf> {
    let mut words: Vec<OsString> = env::args_os()
        .skip_while(|word| word != "--")
        .skip(2)
        .collect();
    if words.last().is_some_and(|word| word == current) {
        words.pop();
    }
    words
        .into_iter()
        .skip(1)
        .map(PathBuf::from)
        .filter(|path| path.exists())
        .collect()
}

/// Name and namespace of each AIMService below the paths. What cannot be read is passed over.
fn service_names(paths: &[PathBuf]) -> Vec<(String, String)> {
    let relevance = pipeline::relevance();
    let read = |path: &Path| {
        let bytes = fs::read(path).ok()?;
        let concerns = |text: &str| relevance.concerns(text);
        Some(FileContent::read(String::new(), bytes, false, &concerns))
    };
    let files = source::discover(paths)
        .into_iter()
        .filter_map(|found| match found {
            Found::File { path, .. } => read(&path),
            Found::Stdin | Found::Problem { .. } => None,
        });
    let sources = Sources::new(files);
    let mut names: Vec<(String, String)> = sources
        .documents
        .iter()
        .filter(|document| {
            document
                .value
                .get("kind")
                .is_some_and(|kind| kind == Kind::AimService.as_str())
        })
        .filter_map(|document| {
            let text = |pointer| document.value.pointer(pointer)?.as_str().map(str::to_owned);
            Some((
                text("/metadata/name")?,
                text("/metadata/namespace").unwrap_or_default(),
            ))
        })
        .collect();
    names.sort();
    names.dedup();
    names
}
