//! `graph`.

use clap::ValueEnum;

use crate::cli::args::ClusterArgs;
use crate::cli::pipeline::{self, PathAndService};
use crate::cli::{CliError, Context, ExitStatus};
use crate::graph;

/// Draw the chain: what a service leads to, who makes it, with findings marked
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: PathAndService,
    #[command(flatten)]
    cluster: ClusterArgs,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    output: FormatArg,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum FormatArg {
    /// Forges draw it in a pull request as it is
    #[default]
    Mermaid,
    /// Graphviz
    Dot,
    /// A drawing
    Svg,
}

/// Draws.
///
/// # Errors
/// Unusable flags or input, or the output cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let run = pipeline::run(context, &args.input.paths(), &args.cluster)?;
    let roots = match args.input.service() {
        Some(name) => vec![run.service(Some(name))?],
        None => Vec::new(),
    };
    let picture = graph::graph(&run.plan, &roots);
    let text = match args.output {
        FormatArg::Mermaid => graph::mermaid(&picture),
        FormatArg::Dot => graph::dot(&picture),
        FormatArg::Svg => graph::svg(&picture),
    };
    context.print(text.as_bytes())?;
    Ok(ExitStatus::Clean)
}
