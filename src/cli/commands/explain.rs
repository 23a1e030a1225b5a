//! `explain`.

use crate::cli::{CliError, Context, ExitStatus};
use crate::{explain, rules};

/// Explain a rule (D301, autoscaling-without-metric) or a field (aimservice.spec.autoScaling)
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A rule's code or name, or KIND.FIELD
    #[arg(value_name = "CODE|KIND.FIELD", required_unless_present = "list", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::topics))]
    pub topic: Option<String>,

    /// Show all fields below, as a tree
    #[arg(long)]
    pub recursive: bool,

    /// List all rules
    #[arg(long, conflicts_with_all = ["topic", "recursive"])]
    pub list: bool,

    /// How to list
    #[arg(long, value_enum, requires = "list", default_value_t = ListFormat::Table)]
    pub format: ListFormat,
}

/// How `--list` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// For reading
    Table,
    /// For programs
    Json,
}

/// Prints the page, the documentation or the list.
///
/// # Errors
/// Neither a rule nor a field is called that.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let text = match (&args.topic, args.format) {
        (Some(topic), _) => topic_text(topic, args.recursive, context.options.color.stdout)?,
        (None, ListFormat::Table) => explain::table(),
        (None, ListFormat::Json) => {
            explain::json().map_err(|error| CliError::Internal(error.to_string()))?
        }
    };
    context.print(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}

fn topic_text(topic: &str, recursive: bool, color: bool) -> Result<String, CliError> {
    if let Some(rule) = rules::find(topic) {
        return Ok(explain::page(rule, color));
    }
    explain::field(topic, recursive).map_err(|error| {
        let names = rules::ALL.iter().flat_map(|rule| [rule.code, rule.name]);
        let usage = CliError::usage(error.to_string());
        match error.meant().or_else(|| crate::diag::nearest(topic, names)) {
            Some(meant) => usage.with_help(format!("did you mean `{meant}`?")),
            None => usage.with_help(
                "`aimctl explain --list` shows all rules, `aimctl explain aimservice` a kind",
            ),
        }
    })
}
