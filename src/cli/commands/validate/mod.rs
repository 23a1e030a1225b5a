//! `validate`.

mod mend;
pub(in crate::cli) mod policy;
mod target;

use std::path::{Path, PathBuf};

use crate::cli::args::{ClusterArgs, PathArgs};
use crate::cli::git::{Repository, State};
use crate::cli::options::{ClusterOptions, Inputs};
use crate::cli::pipeline::{self, Before, Input, Run};
use crate::cli::{CliError, Context, ExitStatus, write};
use crate::diag::Report;
use crate::diag::render::render;
use policy::Policy;
use target::Target;

/// Check documents: what would be refused, and what would be accepted and then fail
///
/// Each finding says where it is, why, who refuses it at what moment, what happens in the cluster then, and what to
/// write instead. Exit code 0: no errors; 1: errors; 2: input that cannot be read, or bad usage.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    paths: PathArgs,
    #[command(flatten)]
    cluster: ClusterArgs,

    /// Form of the report: text, concise, json, ndjson, github, gitlab, junit or sarif; FORMAT=FILE writes it into a
    /// file; may repeat [default: text, in GitHub Actions github]
    #[arg(
        long,
        value_name = "FORMAT[=FILE]",
        env = "AIMCTL_FORMAT",
        hide_env = true,
        value_delimiter = ',',
        value_parser = target::parse,
    )]
    format: Vec<Target>,

    /// Report a rule as error: its code, the beginning of codes, or its name; `warnings` means every warning
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::rule_names))]
    deny: Vec<String>,

    /// Report a rule as warning
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::rule_names))]
    warn: Vec<String>,

    /// Do not report a rule
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::rule_names))]
    allow: Vec<String>,

    /// Exit with 0 even when there are errors
    #[arg(long)]
    exit_zero: bool,

    /// Mend what has one certain fix, in the files
    #[arg(long)]
    fix: bool,

    /// Show what --fix would change, and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,

    /// Show the values of secrets, too, in what --fix --dry-run shows
    #[arg(long, requires = "dry_run")]
    show_secrets: bool,

    /// Check the change from an older version, too: a git revision, or a path
    #[arg(long, value_name = "REV|PATH")]
    against: Option<String>,
}

/// Checks.
///
/// # Errors
/// Unusable flags or input, or the report cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let targets = target::resolve(&args.format)?;
    let policy = Policy::new(&args.deny, &args.warn, &args.allow, &context.options.config)?;
    let inputs = context.inputs(&args.paths)?;
    let cluster = context.cluster(&args.cluster)?;
    let before = args
        .against
        .as_deref()
        .map(|against| before(against, &inputs, context, &cluster))
        .transpose()?;
    let sources = pipeline::read_text(context, &inputs, &cluster);
    let progress = context.progress("checking", 0);
    let mut run = Run::check(
        Input::new(sources, &cluster, before.as_ref()),
        &cluster,
        before.as_ref(),
    )?;
    drop(progress);
    run.require_services()?;
    if args.fix {
        let mended = mend::mend(run, &policy, &cluster, before.as_ref())?;
        if args.dry_run {
            return mended.show(context, args.show_secrets);
        }
        run = mended.write(context)?;
    }
    let report = policy.report(&run);
    for Target { format, file } in &targets {
        let style = target::style(context, file.is_some());
        match file {
            Some(file) => write::file(file, |out| render(&report, *format, style, out))?,
            None => context.stream(|out| render(&report, *format, style, out))?,
        }
    }
    context.note(&report.summary.to_string());
    Ok(status(&run, &report, args.exit_zero))
}

/// How the run ends. What kubectl cannot read is trouble even where errors are forgiven: nobody knows what is in it.
fn status(run: &Run<()>, report: &Report<'_>, exit_zero: bool) -> ExitStatus {
    if run.input.unreadable() {
        ExitStatus::Trouble
    } else if report.summary.errors > 0 && !exit_zero {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    }
}

/// The older version: what is at a path, or what git keeps of the input's paths.
fn before(
    against: &str,
    inputs: &Inputs,
    context: &Context,
    cluster: &ClusterOptions,
) -> Result<Before, CliError> {
    let input = if against == "-" || Path::new(against).exists() {
        let inputs = Inputs {
            paths: vec![PathBuf::from(against)],
            stdin_name: inputs.stdin_name.clone(),
        };
        pipeline::read(context, &inputs, cluster)
    } else {
        let repository = Repository::find(Path::new("."))?;
        let state = State::Revision(against.to_owned());
        let files = repository.files(&state, &inputs.paths)?;
        let files = files.into_iter().map(|file| (file.path, file.bytes));
        pipeline::read_files(context, files.collect(), cluster)
    };
    input.require_readable(context)?;
    Before::new(input, cluster)
}
