//! What the flags mean: flag over environment over configuration, everything resolved and checked.

use std::env;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::thread;

use super::args::{ClusterArgs, GlobalArgs, PathArgs};
use super::color::{self, Color};
use super::config::{self, LoadedConfig};
use super::error::CliError;
use crate::diag::nearest;
use crate::inventory::{Facts, GpuFlag, Installed, STACKS, Stack};

/// How much goes to standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Notes, assumptions, the summary.
    #[default]
    Normal,
    /// What was passed over.
    Verbose,
    /// Every step.
    Debug,
}

/// What holds for the whole run.
#[derive(Debug, Clone)]
pub struct GlobalOptions {
    /// How many threads to use, at least 1.
    pub threads: usize,
    /// Whether to colour.
    pub color: Color,
    /// How much to say.
    pub verbosity: Verbosity,
    /// The configuration.
    pub config: LoadedConfig,
}

impl GlobalOptions {
    /// Changes into `-C DIR`, finds and reads the configuration, and settles the rest.
    ///
    /// # Errors
    /// The directory or the configuration cannot be used.
    pub fn resolve(args: &GlobalArgs) -> Result<Self, CliError> {
        if let Some(directory) = &args.directory {
            env::set_current_dir(directory).map_err(|error| {
                CliError::usage(format!("cannot change to {}: {error}", directory.display()))
            })?;
        }
        let config = match (&args.config, args.no_config) {
            (_, true) => LoadedConfig::default(),
            (Some(path), false) => config::load(path)?,
            (None, false) => env::current_dir()
                .ok()
                .and_then(|directory| config::find(&directory))
                .map(|path| config::load(&relative(path)))
                .transpose()?
                .unwrap_or_default(),
        };
        let choice = args.color.or_else(|| {
            // The conventional variables stand over the file: both are the user's, and they are nearer.
            config.config.color.filter(|_| {
                ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"]
                    .iter()
                    .all(|name| env::var_os(name).is_none())
            })
        });
        let terminal = Color {
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        };
        Ok(Self {
            threads: args.threads.or(config.config.threads).map_or_else(
                || thread::available_parallelism().map_or(1, usize::from),
                usize::from,
            ),
            color: color::resolve(
                choice.unwrap_or_default(),
                |name| env::var_os(name),
                terminal,
            ),
            verbosity: match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, 0) => Verbosity::Normal,
                (false, 1) => Verbosity::Verbose,
                (false, _) => Verbosity::Debug,
            },
            config,
        })
    }
}

/// A path below the current directory is shown relative to it.
fn relative(path: PathBuf) -> PathBuf {
    let below = env::current_dir()
        .ok()
        .and_then(|directory| path.strip_prefix(directory).map(Path::to_owned).ok());
    below.unwrap_or(path)
}

/// Where the documents come from; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// Files, directories, globs, `-`, in the order typed.
    pub paths: Vec<PathBuf>,
    /// What standard input is called.
    pub stdin_name: String,
}

impl Inputs {
    /// No path means standard input, unless that is a terminal.
    ///
    /// # Errors
    /// No path is given and standard input is a terminal.
    pub fn resolve(args: &PathArgs) -> Result<Self, CliError> {
        let mut paths: Vec<PathBuf> = args.paths.iter().chain(&args.filenames).cloned().collect();
        if paths.is_empty() {
            if io::stdin().is_terminal() {
                return Err(CliError::usage(
                    "no input: name files or directories, or - for standard input",
                )
                .with_help("`aimctl <command> .` reads everything below the current directory"));
            }
            paths.push(PathBuf::from("-"));
        }
        Ok(Self {
            paths,
            stdin_name: args
                .stdin_filename
                .clone()
                .unwrap_or_else(|| "<stdin>".to_owned()),
        })
    }
}

/// What is known about the cluster.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// Namespace of documents that name none.
    pub namespace: String,
    /// Paths of documents that are facts only.
    pub facts_paths: Vec<PathBuf>,
    /// What flags say about the cluster.
    pub facts: Facts,
    /// The set of versions.
    pub stack: &'static Stack,
    /// Input without any AIMService is fine.
    pub allow_empty: bool,
}

impl ClusterOptions {
    /// Flag over environment over configuration.
    ///
    /// # Errors
    /// A value that means nothing: an unknown stack, a GPU without model, an impossible namespace.
    pub fn resolve(args: &ClusterArgs, loaded: &LoadedConfig) -> Result<Self, CliError> {
        let config = &loaded.config;
        let namespace = args
            .namespace
            .clone()
            .or_else(|| config.namespace.clone())
            .unwrap_or_else(|| "default".to_owned());
        if !is_dns_label(&namespace) {
            return Err(CliError::usage(format!("`{namespace}` is no name of a namespace")).with_help(
                "lower-case letters, digits and `-`, at most 63, beginning and ending with a letter or digit",
            ));
        }
        let facts_paths = if !args.facts.is_empty() {
            args.facts.clone()
        } else if let Some(list) = env::var_os("AIMCTL_FACTS").filter(|list| !list.is_empty()) {
            env::split_paths(&list).collect()
        } else {
            config
                .facts
                .iter()
                .map(|path| loaded.resolve(path))
                .collect()
        };
        let gpus = if args.gpu.is_empty() {
            &config.gpu
        } else {
            &args.gpu
        };
        let cluster = args.cluster.or(config.cluster);
        let stack = stack(args.stack.as_deref().or(config.stack.as_deref()))?;
        Ok(Self {
            namespace,
            facts_paths,
            facts: Facts {
                installed: cluster.map(Installed::from).unwrap_or_default(),
                gpus: gpu_flags(gpus)?,
                catalog: !args.no_catalog.or(config.no_catalog).unwrap_or(false),
                add_on_policy: args.add_on_policy.or(config.add_on_policy).unwrap_or(false),
                kserve: stack.kserve,
            },
            stack,
            allow_empty: args.allow_empty.or(config.allow_empty).unwrap_or(false),
        })
    }
}

/// Nothing said, no GPUs (`none`), or a list of them.
fn gpu_flags(texts: &[String]) -> Result<Option<Vec<GpuFlag>>, CliError> {
    match texts {
        [] => Ok(None),
        [none] if none == "none" => Ok(Some(Vec::new())),
        texts => texts
            .iter()
            .map(|text| gpu(text))
            .collect::<Result<_, _>>()
            .map(Some),
    }
}

/// `MODEL[:VRAM]`.
fn gpu(text: &str) -> Result<GpuFlag, CliError> {
    let (model, vram) = match text.split_once(':') {
        Some((model, vram)) => (model.trim(), Some(vram.trim())),
        None => (text.trim(), None),
    };
    if model.is_empty() || vram.is_some_and(str::is_empty) {
        return Err(CliError::usage(format!("`{text}` is no GPU"))
            .with_help("write MODEL or MODEL:VRAM, for example MI300X or MI300X:192G"));
    }
    Ok(GpuFlag {
        model: model.to_owned(),
        vram: vram.map(str::to_owned),
    })
}

fn stack(version: Option<&str>) -> Result<&'static Stack, CliError> {
    let found = match version {
        None => STACKS.first(),
        Some(version) => Stack::find(version),
    };
    found.ok_or_else(|| {
        let version = version.unwrap_or_default();
        let known = || STACKS.iter().map(|stack| stack.version);
        let error = CliError::usage(format!("`{version}` is no stack"));
        match nearest(version, known()) {
            Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
            None => error.with_help(format!("known: {}", known().collect::<Vec<_>>().join(", "))),
        }
    })
}

fn is_dns_label(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=63).contains(&text.len())
        && text.bytes().all(|c| plain(c) || c == b'-')
        && text.bytes().next().is_some_and(plain)
        && text.bytes().next_back().is_some_and(plain)
}
