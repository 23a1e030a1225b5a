//! The load that the flags describe.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::ValueEnum;

use super::{parse_period, sides};
use crate::cli::CliError;
use crate::simulate::constants::format_duration;
use crate::simulate::hpa::Target;
use crate::simulate::load::{Load, Pattern, Shape, Trace};
use crate::simulate::scenario::Scenario;

/// What comes in.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Load")]
pub(super) struct LoadArgs {
    /// A trace: CSV of a time and total requests in flight, or metrics of your own
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pattern", "from", "to"])]
    load: Option<PathBuf>,

    /// A shape between --from and --to [default: ramp]
    #[arg(long, value_name = "SHAPE", value_enum)]
    pattern: Option<ShapeArg>,

    /// Requests in flight at the low level
    #[arg(long, value_name = "N", default_value_t = 0.0, value_parser = parse_level)]
    from: f64,

    /// Requests in flight at the high level [default: a quarter more than the maximum holds]
    #[arg(long, value_name = "N", value_parser = parse_level)]
    to: Option<f64>,

    /// How long [default: to the trace's last row, else 1h]
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_period)]
    length: Option<i64>,

    /// Values of a trace lie on the line between two rows; without it a row holds until the next
    #[arg(long, requires = "load")]
    linear: bool,

    /// A metric's column of the trace holds each replica's own value, not the sum of all
    #[arg(long, requires = "load")]
    pub(super) per_replica: bool,
}

/// `--pattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShapeArg {
    /// Low for the first tenth, then high
    Step,
    /// From low to high, evenly
    Ramp,
    /// Three waves
    Sine,
    /// High for a twentieth after the first quarter
    Spike,
}

impl From<ShapeArg> for Shape {
    fn from(shape: ShapeArg) -> Self {
        match shape {
            ShapeArg::Step => Self::Step,
            ShapeArg::Ramp => Self::Ramp,
            ShapeArg::Sine => Self::Sine,
            ShapeArg::Spike => Self::Spike,
        }
    }
}

fn parse_level(text: &str) -> Result<f64, String> {
    let level = text
        .parse::<f64>()
        .ok()
        .filter(|level| (0.0..=1e9).contains(level));
    level.ok_or_else(|| "a number of requests from 0 on".to_owned())
}

/// A load and how long it is.
pub(super) struct Resolved {
    pub(super) load: Load,
    /// In milliseconds.
    pub(super) length: i64,
    pub(super) description: String,
    /// What was chosen because nothing was said.
    pub(super) assumption: Option<String>,
}

const HOUR: i64 = 3_600_000;

/// A month: more samples than anybody looks at, and no surprise for the memory.
const LONGEST: i64 = 31 * 24 * HOUR;

/// The load of the flags; `scenario` tells how much is much.
pub(super) fn resolve(args: &LoadArgs, scenario: Option<&Scenario>) -> Result<Resolved, CliError> {
    let resolved = match &args.load {
        Some(file) => trace(args, file)?,
        None => pattern(args, scenario),
    };
    if resolved.length > LONGEST {
        return Err(CliError::usage(format!(
            "{} is too long: at most {}",
            format_duration(resolved.length),
            format_duration(LONGEST)
        )));
    }
    Ok(resolved)
}

fn trace(args: &LoadArgs, file: &PathBuf) -> Result<Resolved, CliError> {
    let name = file.display();
    let text = if file.as_os_str() == sides::STDIN {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text.map_err(|error| CliError::input(format!("{name} cannot be read: {error}")))?;
    let mut trace =
        Trace::parse(&text).map_err(|error| CliError::input(format!("{name}: {error}")))?;
    trace.linear = args.linear;
    let length = args.length.unwrap_or_else(|| match trace.end() {
        0 => HOUR,
        end => end,
    });
    Ok(Resolved {
        description: format!("{name}: {}", trace.columns.join(", ")),
        load: Load::Trace(trace),
        length,
        assumption: None,
    })
}

fn pattern(args: &LoadArgs, scenario: Option<&Scenario>) -> Resolved {
    let shape: Shape = args.pattern.unwrap_or(ShapeArg::Ramp).into();
    let length = args.length.unwrap_or(HOUR);
    let (high, assumption) = match (args.to, scenario) {
        (Some(high), _) => (high, None),
        (None, Some(scenario)) => {
            let (replicas, each) = holds(scenario);
            let high = (f64::from(replicas) * each * 1.25).ceil();
            let held = if replicas == 1 {
                format!("1 replica holds at {each}")
            } else {
                format!("{replicas} replicas hold at {each} each")
            };
            let text = format!(
                "the load rises to {high} requests in flight: a quarter more than {held} (say --to)"
            );
            (high, Some(text))
        }
        (None, None) => (100.0, None),
    };
    Resolved {
        load: Load::Pattern(Pattern {
            shape,
            low: args.from,
            high,
            length,
        }),
        length,
        description: format!(
            "{} → {high} requests in flight, {}",
            args.from,
            shape.name()
        ),
        assumption,
    }
}

/// How many replicas there can be, and what each holds at its target.
fn holds(scenario: &Scenario) -> (i32, f64) {
    let capacity = f64::from(scenario.replica.capacity);
    let target = scenario
        .keda()
        .and_then(|keda| keda.hpa.targets.first())
        .map(|target| match target {
            Target::Average(milli) | Target::Value(milli) => *milli as f64 / 1000.0,
        });
    (
        scenario.bounds().1.max(1),
        target.unwrap_or(capacity).min(capacity),
    )
}
