//! What is reported, and how bad it is: flags, the configuration, suppressions.

use std::env;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::cli::CliError;
use crate::cli::config::{self, LoadedConfig};
use crate::cli::pipeline::Run;
use crate::diag::levels::Levels;
use crate::diag::suppress::{Ignore, suppress};
use crate::diag::{Level, Locator, Refuser, Report, nearest};
use crate::rules;
use crate::source::{FileId, Sources};

/// What is reported, and how bad it is.
#[derive(Debug)]
pub(in crate::cli) struct Policy {
    levels: Levels,
    ignores: Vec<Configured>,
}

/// An entry of the configuration's `ignore`.
#[derive(Debug)]
struct Configured {
    rules: Vec<String>,
    /// `None`: all files.
    paths: Option<GlobSet>,
    /// What the globs are relative to.
    directory: PathBuf,
}

impl Policy {
    /// Flags stand over the configuration.
    pub(in crate::cli) fn new(
        deny: &[String],
        warn: &[String],
        allow: &[String],
        loaded: &LoadedConfig,
    ) -> Result<Self, CliError> {
        let mut levels = Levels::default();
        let configured = loaded.config.rules.iter();
        levels.layer(configured.map(|(selector, level)| (selector.clone(), level.level())));
        let mut layer = Vec::new();
        for (flags, level) in [
            (allow, None),
            (warn, Some(Level::Warning)),
            (deny, Some(Level::Error)),
        ] {
            for selector in flags {
                if selector == "warnings" && level == Some(Level::Error) {
                    levels.deny_warnings = true;
                    continue;
                }
                known(selector)?;
                if level != Some(Level::Error) {
                    not_certain(selector)?;
                }
                layer.push((selector.clone(), level));
            }
        }
        levels.layer(layer);
        let ignores = loaded.config.ignore.iter().map(|ignore| {
            Ok(Configured {
                rules: ignore.rules.clone(),
                paths: globs(&ignore.paths)?,
                directory: directory(loaded),
            })
        });
        Ok(Self {
            levels,
            ignores: ignores.collect::<Result<_, CliError>>()?,
        })
    }

    /// The findings of a run that are to be reported.
    pub(in crate::cli) fn report<'a, P>(&self, run: &'a Run<P>) -> Report<'a> {
        let sources = &run.input.sources;
        let mut findings: Vec<_> = run
            .findings
            .iter()
            .filter_map(|finding| self.levels.apply(finding.clone()))
            .collect();
        // Document by document, so that each is walked once.
        findings.sort_by_key(|finding| finding.place.document);
        let mut locator = Locator::new(sources);
        let located = findings
            .into_iter()
            .map(|finding| locator.locate(finding))
            .collect();
        let ignores: Vec<Ignore> = self
            .ignores
            .iter()
            .map(|configured| configured.resolve(sources))
            .collect();
        let mut kept = suppress(located, &ignores, sources, &mut locator);
        // The complaints about suppressions have a level, too.
        kept.retain_mut(|located| {
            let rule = located.finding.rule;
            if rule.code != rules::L507.code {
                return true;
            }
            let level = self.levels.of(rule, located.finding.level);
            located.finding.level = level.unwrap_or(located.finding.level);
            level.is_some()
        });
        Report::new(sources, run.input.stack, run.input.loaded.services, kept)
    }
}

fn known(selector: &str) -> Result<(), CliError> {
    if config::names_rules(selector) {
        return Ok(());
    }
    let error = CliError::usage(format!("`{selector}` is no rule"));
    let names = rules::ALL.iter().flat_map(|rule| [rule.code, rule.name]);
    Err(match nearest(selector, names) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error.with_help("`aimctl explain --list` shows all rules"),
    })
}

/// What is named exactly and cannot be hidden is refused rather than overlooked.
fn not_certain(selector: &str) -> Result<(), CliError> {
    match rules::find(selector) {
        Some(rule) if rule.refuser == Refuser::KubeApiserver && rule.level == Level::Error => {
            Err(CliError::usage(format!(
                "{selector} cannot be allowed: the API server refuses it whatever is said here"
            )))
        }
        _ => Ok(()),
    }
}

fn globs(paths: &[String]) -> Result<Option<GlobSet>, CliError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for path in paths {
        let glob = GlobBuilder::new(path)
            .literal_separator(true)
            .build()
            .map_err(|error| CliError::usage(format!("ignore in the configuration: {error}")))?;
        set.add(glob);
    }
    let set = set.build();
    set.map(Some)
        .map_err(|error| CliError::usage(format!("ignore in the configuration: {error}")))
}

fn directory(loaded: &LoadedConfig) -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    match loaded.path.as_deref().and_then(Path::parent) {
        Some(parent) => normal(&here.join(parent)),
        None => here,
    }
}

/// A path without `.` and `..`, by its text.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

impl Configured {
    fn resolve(&self, sources: &Sources) -> Ignore {
        let here = env::current_dir().unwrap_or_default();
        let covers = |name: &str| {
            let Some(globs) = &self.paths else {
                return true;
            };
            let path = normal(&here.join(name));
            globs.is_match(path.strip_prefix(&self.directory).unwrap_or(&path))
        };
        Ignore {
            rules: self.rules.clone(),
            files: sources
                .files
                .iter()
                .enumerate()
                .filter(|(_, file)| covers(&file.name))
                .map(|(index, _)| FileId(index))
                .collect(),
        }
    }
}
