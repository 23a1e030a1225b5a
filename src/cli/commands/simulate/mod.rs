//! `simulate`.

mod load;
mod output;
mod sides;

use std::fs;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::ClusterArgs;
use crate::cli::pipeline::PathAndService;
use crate::cli::{CliError, Context, ExitStatus};
use crate::diag::Level;
use crate::simulate::constants::{Constants, Unit, duration, format_duration};
use crate::simulate::planned::{self, Given};
use crate::simulate::replay::{Recording, Report as Replayed, replay};
use crate::simulate::report::{API_VERSION, Report, Request, report};
use crate::simulate::signals::signals;
use output::Output;

/// Play a service's autoscaling under a load: how many replicas, when, and what is wrong with it
///
/// Bounds, triggers and windows come from the planned objects; the arithmetic is that of the sidecar, the OTel add-on,
/// KEDA and the HPA controller, checked against recordings. Exit code 1 when a service cannot scale.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: PathAndService,
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(flatten)]
    load: load::LoadArgs,

    /// Play a second input under the same load: a path, or the same paths at a git revision
    #[arg(long, value_name = "PATH|REV")]
    compare: Option<String>,

    /// Requests that a replica serves at once [default: max-num-seqs of the engine]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    capacity: Option<u32>,

    /// From a replica's creation until it serves [default: image, weights and engine start, estimated]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    start_delay: Option<i64>,

    /// The replicas at the beginning have to start, too
    #[arg(long)]
    cold: bool,

    /// The queue that the advice is to hold for 95 % of the time
    #[arg(long, value_name = "N", default_value_t = 4.0)]
    queue: f64,

    /// Distance of the samples in csv, json and pictures
    #[arg(long, value_name = "DURATION", value_parser = parse_period, default_value = "1s")]
    every: i64,

    /// Another value for a constant of the chain; --constants lists them
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_setting)]
    set: Vec<(String, String)>,

    /// List the constants of the chain with their sources
    #[arg(long)]
    constants: bool,

    /// Play recorded steps of the real HPA controller, and say where the simulation differs
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    replay: Option<PathBuf>,

    /// Output format, to standard output or a file; may repeat
    #[arg(short = 'o', long, visible_alias = "output", value_name = "FORMAT[=FILE]", value_parser = output::parse)]
    format: Vec<Output>,
}

/// The forms of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A plot for the terminal, and what it shows in words
    Text,
    /// One row a sample
    Csv,
    /// Everything, for programs
    Json,
    /// A picture
    Svg,
    /// A page with picture, findings and numbers
    Html,
}

fn parse_duration(text: &str) -> Result<i64, String> {
    duration(text).ok_or_else(|| "a duration is 90, 15s, 250ms, 1m30s or 1h".to_owned())
}

fn parse_period(text: &str) -> Result<i64, String> {
    parse_duration(text).and_then(|ms| {
        if ms > 0 {
            Ok(ms)
        } else {
            Err("it must be more than 0".to_owned())
        }
    })
}

fn parse_setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Constants::default()
        .set(name, value)
        .map_err(|error| error.to_string())?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Plays.
///
/// # Errors
/// Unusable flags or input, or the output cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    if args.constants {
        context.print(constants(&settings(args)?).as_bytes())?;
        return Ok(ExitStatus::Clean);
    }
    if let Some(file) = &args.replay {
        return play_recording(args, file, context);
    }
    let report = simulate(args, context)?;
    output::write(&report, &args.format, context)?;
    let broken = report
        .services
        .iter()
        .flat_map(|service| &service.findings)
        .any(|f| f.level == Level::Error);
    Ok(if broken {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    })
}

/// The constants as `--set` has them.
fn settings(args: &Args) -> Result<Constants, CliError> {
    let mut constants = Constants::default();
    for (name, value) in &args.set {
        constants
            .set(name, value)
            .map_err(|error| CliError::usage(error.to_string()))?;
    }
    Ok(constants)
}

fn constants(constants: &Constants) -> String {
    let rows: Vec<(&str, String, &str)> = constants
        .table()
        .into_iter()
        .map(|constant| {
            let value = match constant.unit {
                Unit::Duration | Unit::Period => format_duration(constant.value as i64),
                Unit::Ratio => constant.value.to_string(),
            };
            (constant.name, value, constant.source)
        })
        .collect();
    let width = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value, source)| format!("{name:width$}  {value:>8}  {source}\n"))
        .collect()
}

fn play_recording(args: &Args, file: &PathBuf, context: &Context) -> Result<ExitStatus, CliError> {
    let text = fs::read_to_string(file)
        .map_err(|error| CliError::input(format!("{} cannot be read: {error}", file.display())))?;
    let recording: Recording = serde_json::from_str(&text)
        .map_err(|error| CliError::input(format!("{} is no recording: {error}", file.display())))?;
    let report = replay(&recording, &settings(args)?);
    let outputs = if args.format.is_empty() {
        vec![Output::stdout(Format::Text)]
    } else {
        args.format.clone()
    };
    for output in outputs {
        let product = match output.format {
            Format::Json => {
                let mut json = serde_json::to_string_pretty(&report)
                    .map_err(|e| CliError::Internal(e.to_string()))?;
                json.push('\n');
                json
            }
            Format::Text => replayed(&report),
            _ => return Err(CliError::usage("a replay is printed as text or json")),
        };
        output::put(&output, product.as_bytes(), context)?;
    }
    Ok(if report.differences.is_empty() {
        ExitStatus::Clean
    } else {
        ExitStatus::Findings
    })
}

fn replayed(report: &Replayed) -> String {
    let mut out: String = report
        .differences
        .iter()
        .map(|difference| format!("{difference}\n"))
        .collect();
    out.push_str(&format!(
        "{} of {} scenarios equal",
        report.equal, report.scenarios
    ));
    if report.grid > 0 {
        out.push_str(&format!(
            ", {} of {} single proposals",
            report.grid_equal, report.grid
        ));
    }
    out.push('\n');
    out
}

fn simulate(args: &Args, context: &Context) -> Result<Report, CliError> {
    let sides = sides::plans(&args.input, args.compare.as_deref(), &args.cluster, context)?;
    let given = Given {
        capacity: args.capacity,
        start_delay: args.start_delay,
        cold: args.cold,
        constants: args.set.clone(),
    };
    let scenarios = sides::services(&sides, args.input.service())?
        .into_iter()
        .map(|chosen| {
            let side = chosen.side;
            planned::scenario(&side.plan, &side.deployments, &chosen.service, &given)
                .map(|scenario| (chosen, scenario))
                .map_err(|error| CliError::usage(error.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let load = load::resolve(
        &args.load,
        scenarios.first().map(|(_, (scenario, _))| scenario),
    )?;
    let mut services = Vec::new();
    for (chosen, (mut scenario, mut assumptions)) in scenarios {
        let signals =
            signals(&mut scenario, &load.load, args.load.per_replica).map_err(|unmodelled| {
                CliError::usage(unmodelled.to_string()).with_help(format!(
                    "add a column named {} to the file of --load",
                    unmodelled.metric
                ))
            })?;
        assumptions.extend(load.assumption.clone());
        services.push(report(&Request {
            side: &chosen.side.name,
            group: chosen.group,
            scenario: &scenario,
            signals: &signals,
            load: &load.load,
            length: load.length,
            every: args.every,
            queue: args.queue,
            assumptions: &assumptions,
        }));
    }
    Ok(Report {
        api_version: API_VERSION,
        kind: "Simulation",
        load: load.description,
        length: load.length as f64 / 1000.0,
        services,
    })
}
