//! Where the product goes.

use std::env;
use std::path::PathBuf;

use clap::ValueEnum;

use super::Format;
use crate::cli::{CliError, Context};
use crate::simulate::render::{self, Style};
use crate::simulate::report::Report;

/// One form of the product, and its file; standard output without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    file: Option<PathBuf>,
}

impl Output {
    pub(super) fn stdout(format: Format) -> Self {
        Self { format, file: None }
    }
}

/// `FORMAT` or `FORMAT=FILE`.
pub(super) fn parse(text: &str) -> Result<Output, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = Format::from_str(name, false).map_err(|_| {
        let names = Format::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
        format!("formats are {}", names.join(", "))
    })?;
    Ok(Output { format, file })
}

/// Writes every form that was asked for, text when none was.
pub(super) fn write(
    report: &Report,
    outputs: &[Output],
    context: &Context,
) -> Result<(), CliError> {
    let text = [Output::stdout(Format::Text)];
    let outputs = if outputs.is_empty() { &text } else { outputs };
    for output in outputs {
        let product = match output.format {
            Format::Text => render::text(report, style(output, context)),
            Format::Csv => render::csv(report),
            Format::Svg => render::svg(report),
            Format::Html => render::html(report),
            Format::Json => {
                let mut json = serde_json::to_string(report)
                    .map_err(|error| CliError::Internal(error.to_string()))?;
                json.push('\n');
                json
            }
        };
        put(output, product.as_bytes(), context)?;
    }
    Ok(())
}

/// Writes one product to its place.
pub(super) fn put(output: &Output, product: &[u8], context: &Context) -> Result<(), CliError> {
    match &output.file {
        Some(file) => context.write_file(file, product),
        None => context.print(product),
    }
}

fn style(output: &Output, context: &Context) -> Style {
    let columns = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    Style {
        width: columns.filter(|width| *width >= 40).unwrap_or(100),
        color: output.file.is_none() && context.options.color.stdout,
    }
}
