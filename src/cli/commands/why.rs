//! `why`.

use std::path::PathBuf;

use clap_complete::engine::ArgValueCompleter;

use crate::cli::args::{ClusterArgs, PathArgs};
use crate::cli::complete;
use crate::cli::pipeline;
use crate::cli::{CliError, Context, ExitStatus};
use crate::source::Places;
use crate::why::{self, Text, Trail};

/// Tell why something is as it is: the decisions behind a service, or where one field came from
///
/// FIELD is a field of the service (`spec.replicas`), or KIND[/NAME].PATH of an object that it leads to, with kubectl's
/// short names; items of lists by position or name: `hpa.spec.maxReplicas`,
/// `isvc.spec.predictor.containers[0].env[HF_TOKEN].value`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File, directory, glob, or - for standard input; with -f this is SERVICE already
    #[arg(add = ArgValueCompleter::new(complete::paths_and_services))]
    path: Option<String>,

    /// The service; not needed when there is one only
    #[arg(add = ArgValueCompleter::new(complete::services))]
    service: Option<String>,

    /// A field, KIND[/NAME].PATH
    field: Option<String>,

    /// The same as PATH, as kubectl has it
    #[arg(short = 'f', long = "filename", value_name = "PATH")]
    filenames: Vec<PathBuf>,

    /// What to call standard input in messages
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    cluster: ClusterArgs,

    /// Show the values of secrets, too
    #[arg(long)]
    show_secrets: bool,
}

impl Args {
    /// Where to read, and the words that are no path.
    fn words(&self) -> (PathArgs, Vec<&str>) {
        let mut words = [&self.path, &self.service, &self.field]
            .into_iter()
            .filter_map(Option::as_deref);
        let first = if self.filenames.is_empty() {
            words.next().map(PathBuf::from)
        } else {
            None
        };
        let paths = PathArgs {
            paths: first.into_iter().collect(),
            filenames: self.filenames.clone(),
            stdin_filename: self.stdin_filename.clone(),
        };
        (paths, words.collect())
    }
}

/// Tells.
///
/// # Errors
/// Unusable flags or input, no such service or field.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let (paths, words) = args.words();
    let run = pipeline::run(context, &paths, &args.cluster)?;
    let (service, field) = match words.as_slice() {
        // A single word is a field when no service is called that.
        [word] => match run.service(Some(word)) {
            Ok(service) => (service, None),
            Err(_) if why::is_field(word) => (run.service(None)?, Some(*word)),
            Err(error) => return Err(error),
        },
        words => (run.service(words.first().copied())?, words.get(1).copied()),
    };
    let places = Places::new(&run.input.sources);
    let answer = Text::new(&run.plan, &run.input.sources, &places);
    let text = match field {
        Some(field) => {
            let target = why::target(&run.plan, &service, field).map_err(|error| {
                let usage = CliError::usage(error.to_string());
                match error.help() {
                    Some(help) => usage.with_help(help),
                    None => usage,
                }
            })?;
            let shown = |trail: Trail| {
                if args.show_secrets {
                    trail
                } else {
                    trail.covered()
                }
            };
            let trail = shown(why::trail(&run.plan, &target));
            let parts = why::parts(&run.plan, &target);
            if trail.own.is_some() && !parts.is_empty() {
                let parts: Vec<Trail> = parts.into_iter().map(shown).collect();
                answer.parts(&trail, &parts)
            } else {
                answer.trail(&trail)
            }
        }
        None => answer.decisions(&service, &why::decisions(&run.plan, &service)),
    };
    context.print(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}
