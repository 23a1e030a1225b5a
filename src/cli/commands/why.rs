//! `why`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap_complete::engine::ArgValueCompleter;

use crate::cli::args::{ClusterArgs, PathArgs};
use crate::cli::complete;
use crate::cli::pipeline::{self, Run};
use crate::cli::{CliError, Context, ExitStatus};
use crate::diag::Place;
use crate::source::{Places, line_column};
use crate::why::{self, Trail};

/// Tell why something is as it is: the decisions behind a service, or where one field came from
///
/// FIELD is a field of the service (`spec.replicas`), or KIND[/NAME].PATH of an object that it leads to, with kubectl's
/// short names: `hpa.spec.maxReplicas`, `isvc.spec.predictor.containers[0].env[2].value`.
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
            Err(error) => (run.service(None).map_err(|_| error)?, Some(*word)),
        },
        words => (run.service(words.first().copied())?, words.get(1).copied()),
    };
    let places = Places::new(&run.input.sources);
    let text = match field {
        Some(field) => {
            let target = why::target(&run.plan, &service, field)
                .map_err(|error| CliError::usage(error.to_string()))?;
            let trail = why::trail(&run.plan, &target);
            if trail.steps.first().is_none_or(|step| step.value.is_none()) {
                return Err(CliError::usage(format!(
                    "{} has no field `{}`",
                    target.key, target.path
                )));
            }
            show_trail(&trail, &run, &places)
        }
        None => show_decisions(&run, &service, &places),
    };
    context.print(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

fn show_trail(trail: &Trail, run: &Run, places: &Places<'_>) -> String {
    let mut out = String::new();
    for (position, step) in trail.steps.iter().enumerate() {
        let value = step.value.as_ref().map(ToString::to_string);
        let place = step
            .place
            .as_ref()
            .and_then(|place| line(place, run, places));
        let whose = place.map_or_else(
            || step.key.to_string(),
            |place| format!("{} at {place}", step.key),
        );
        let path = if step.path.0.is_empty() {
            String::new()
        } else {
            format!(" {}", step.path)
        };
        if position == 0 {
            let _ = writeln!(out, "{}   {whose}{path}", value.unwrap_or_default());
            continue;
        }
        let same = trail
            .steps
            .get(position - 1)
            .is_some_and(|before| before.value == step.value);
        let value = value
            .filter(|_| !same)
            .map(|value| format!(" = {value}"))
            .unwrap_or_default();
        let _ = writeln!(out, "  ← {whose}{path}{value}");
        if !step.note.is_empty() {
            let _ = writeln!(out, "      {}", step.note);
        }
    }
    if let Some(product) = trail.own {
        let _ = writeln!(out, "  ← {product}'s own: no field of the input decides it");
    }
    out
}

fn show_decisions(run: &Run, service: &crate::inventory::ObjectKey, places: &Places<'_>) -> String {
    let mut out = format!("{service}\n");
    for (key, decision) in why::decisions(&run.plan, service) {
        let about = if key == service {
            String::new()
        } else {
            format!(" of {key}")
        };
        let _ = writeln!(out, "\n{}{about}: {}", decision.topic, decision.outcome);
        let width = decision
            .considered
            .iter()
            .map(|c| c.what.chars().count())
            .max()
            .unwrap_or_default();
        for considered in &decision.considered {
            let place = considered.object.clone().and_then(|object| {
                let place = run
                    .plan
                    .trace(Place::field(object, considered.path.clone()));
                line(&place, run, places)
            });
            let fill = " ".repeat(width - considered.what.chars().count());
            let place = place.map(|place| format!("   {place}")).unwrap_or_default();
            let _ = writeln!(
                out,
                "    {}{fill}   {}{place}",
                considered.what, considered.verdict
            );
        }
        let _ = writeln!(out, "    ({})", decision.rule);
    }
    out
}

fn line(place: &Place, run: &Run, places: &Places<'_>) -> Option<String> {
    let range = places.range(place)?;
    let file = run.input.sources.file(range.file)?;
    let (line, column) = line_column(&file.text, range.start);
    Some(format!("{}:{line}:{column}", file.name))
}
