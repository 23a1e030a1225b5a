//! What was typed. `options` says what it means.

use std::path::PathBuf;

use super::color::ColorChoice;
use super::commands::Command;
use crate::inventory::Installed;

/// What an AIMService becomes in the cluster, and whether it will work: offline, from YAML.
///
/// aimctl reads YAML, never a cluster and never the network. Standard output carries the product alone (manifests, a
/// report, a diff); everything else goes to standard error. Exit code 0: clean; 1: errors found, or differences;
/// 2: bad usage or unreadable input.
#[derive(Debug, clap::Parser)]
#[command(
    name = "aimctl",
    version = super::version::short(),
    long_version = super::version::long(),
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
)]
pub struct Cli {
    /// Flags that every command knows.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command knows.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Work with N threads [default: one for each core]
    #[arg(
        long,
        global = true,
        value_name = "N",
        env = "AIMCTL_THREADS",
        hide_env = true
    )]
    pub threads: Option<std::num::NonZeroUsize>,

    /// Colour the output
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        env = "AIMCTL_COLOR",
        hide_env = true
    )]
    pub color: Option<ColorChoice>,

    /// Say more; twice: still more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Say nothing but errors on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Run as if started in DIR
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,

    /// Read this configuration instead of the nearest aimctl.toml
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "AIMCTL_CONFIG",
        hide_env = true
    )]
    pub config: Option<PathBuf>,

    /// Read no configuration
    #[arg(
        long,
        global = true,
        conflicts_with = "config",
        env = "AIMCTL_NO_CONFIG",
        hide_env = true,
        value_parser = clap::builder::FalseyValueParser::new(),
    )]
    pub no_config: bool,
}

/// Where the documents come from.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Input")]
pub struct PathArgs {
    /// Files, directories (searched for .yaml, .yml and .json), globs, or - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The same as PATH, as kubectl has it
    #[arg(short = 'f', long = "filename", value_name = "PATH")]
    pub filenames: Vec<PathBuf>,

    /// What to call standard input in messages
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

/// What is known about the cluster, beside the input.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Cluster")]
pub struct ClusterArgs {
    /// Namespace of documents that name none [default: default]
    #[arg(
        short,
        long,
        value_name = "NS",
        env = "AIMCTL_NAMESPACE",
        hide_env = true
    )]
    pub namespace: Option<String>,

    /// Documents that are facts only: nodes, models, a dump of live objects
    #[arg(long, value_name = "PATH")]
    pub facts: Vec<PathBuf>,

    /// The cluster has GPUs of this model (MI300X, MI300X:192G)
    #[arg(
        long,
        value_name = "MODEL[:VRAM]",
        env = "AIMCTL_GPU",
        hide_env = true,
        value_delimiter = ',',
        add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::gpus)
    )]
    pub gpu: Vec<String>,

    /// Which controllers run where the output is applied [default: kserve]
    #[arg(long, value_name = "WHAT", env = "AIMCTL_CLUSTER", hide_env = true)]
    pub cluster: Option<Cluster>,

    /// The set of versions to reproduce; --version prints the default one
    #[arg(long, value_name = "VERSION", env = "AIMCTL_STACK", hide_env = true)]
    pub stack: Option<String>,

    /// Do not use the built-in catalog of images
    #[arg(
        long,
        env = "AIMCTL_NO_CATALOG",
        hide_env = true,
        num_args = 0..=1,
        require_equals = true,
        value_name = "BOOL",
        hide_possible_values = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
    )]
    pub no_catalog: Option<bool>,

    /// The OTel add-on is installed with its chart's own admission policy
    #[arg(
        long,
        env = "AIMCTL_ADD_ON_POLICY",
        hide_env = true,
        num_args = 0..=1,
        require_equals = true,
        value_name = "BOOL",
        hide_possible_values = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
    )]
    pub add_on_policy: Option<bool>,

    /// Input without any AIMService is fine
    #[arg(
        long,
        env = "AIMCTL_ALLOW_EMPTY",
        hide_env = true,
        num_args = 0..=1,
        require_equals = true,
        value_name = "BOOL",
        hide_possible_values = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
    )]
    pub allow_empty: Option<bool>,
}

/// `--cluster` as typed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cluster {
    /// AIM Engine, KServe, KEDA, OpenTelemetry operator
    AimEngine,
    /// KServe, KEDA, OpenTelemetry operator
    Kserve,
    /// KEDA, OpenTelemetry operator
    Keda,
}

impl From<Cluster> for Installed {
    fn from(cluster: Cluster) -> Self {
        match cluster {
            Cluster::AimEngine => Self::AimEngine,
            Cluster::Kserve => Self::Kserve,
            Cluster::Keda => Self::Keda,
        }
    }
}
