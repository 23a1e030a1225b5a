//! In which form the report is written, and where to.

use std::env;
use std::path::PathBuf;

use crate::cli::{CliError, Context};
use crate::diag::nearest;
use crate::diag::render::{Format, TextStyle};

/// A form and where it goes; no file: standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
pub(super) fn parse(text: &str) -> Result<Target, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("the name of the file is missing".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let known = || Format::ALL.iter().map(|(_, name)| *name);
    let format = Format::named(name).ok_or_else(|| match nearest(name, known()) {
        Some(meant) => format!("`{name}` is no format; did you mean `{meant}`?"),
        None => format!(
            "`{name}` is no format; known: {}",
            known().collect::<Vec<_>>().join(", ")
        ),
    })?;
    Ok(Target { format, file })
}

/// What was asked for; nothing: text, and annotations in GitHub Actions.
pub(super) fn resolve(asked: &[Target]) -> Result<Vec<Target>, CliError> {
    if asked.is_empty() {
        let github = env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let format = if github { Format::Github } else { Format::Text };
        return Ok(vec![Target { format, file: None }]);
    }
    let on_stdout = asked.iter().filter(|target| target.file.is_none()).count();
    if on_stdout > 1 {
        return Err(CliError::usage("two formats for standard output")
            .with_help("write one of them into a file: --format FORMAT=FILE"));
    }
    Ok(asked.to_vec())
}

/// How text looks there: plain in files and pipes, else as wide as the terminal.
pub(super) fn style(context: &Context, in_file: bool) -> TextStyle {
    let color = context.options.color.stdout && !in_file;
    if !color {
        return TextStyle::PLAIN;
    }
    let columns = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let width = columns.or_else(|| {
        terminal_size::terminal_size().map(|(terminal_size::Width(width), _)| usize::from(width))
    });
    TextStyle {
        color,
        unicode: true,
        width: width.unwrap_or(TextStyle::PLAIN.width).clamp(40, 120),
    }
}
