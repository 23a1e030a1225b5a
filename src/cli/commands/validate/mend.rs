//! `--fix`: edits in the text, checked again after each round.

use std::fs;
use std::path::Path;

use super::policy::Policy;
use crate::cli::options::ClusterOptions;
use crate::cli::pipeline::{Before, Input, Run};
use crate::cli::{CliError, Context, ExitStatus, write};
use crate::diag::fix::{Edit, apply};
use crate::diff::unified_lines;
use crate::source::{FileContent, FileId, Sources};

/// Rounds after which it is enough: a fix may uncover another finding, but never so many in a row.
const MOST_ROUNDS: usize = 10;

/// What mending led to.
pub(super) struct Mended {
    /// The run over the mended text.
    run: Run<()>,
    /// The files' text before.
    originals: Vec<String>,
    /// How many findings were mended.
    count: usize,
    /// The input had errors before.
    had_errors: bool,
}

/// Mends round by round until nothing is left that can be.
pub(super) fn mend(
    mut run: Run<()>,
    policy: &Policy,
    cluster: &ClusterOptions,
    before: Option<&Before>,
) -> Result<Mended, CliError> {
    let originals: Vec<String> = texts(&run.input.sources).map(str::to_owned).collect();
    let mut count = 0;
    let mut had_errors = None;
    for _ in 0..MOST_ROUNDS {
        let report = policy.report(&run);
        had_errors = had_errors.or(Some(report.summary.errors > 0));
        // A fact is somebody else's file.
        let is_ours = |edit: &&Edit| {
            let file = report.sources.file(edit.site.range.file);
            file.is_some_and(|file| !file.facts)
        };
        let edits: Vec<&Edit> = report
            .findings
            .iter()
            .flat_map(|located| located.fix.iter().flat_map(|fix| &fix.edits))
            .filter(is_ours)
            .collect();
        if edits.is_empty() {
            break;
        }
        let fixable = report.summary.fixable;
        let texts: Vec<String> = texts(report.sources)
            .enumerate()
            .map(|(index, text)| apply(text, FileId(index), &edits))
            .collect();
        let sources = reread(&run.input.sources, texts);
        let input = Input::new(sources, cluster, before);
        run = Run::check(input, cluster, before)?;
        count += fixable;
    }
    Ok(Mended {
        run,
        originals,
        count,
        had_errors: had_errors.unwrap_or(false),
    })
}

fn texts(sources: &Sources) -> impl Iterator<Item = &str> {
    sources.files.iter().map(|file| file.text.as_str())
}

/// The same files with another text. What could not be read still cannot.
fn reread(sources: &Sources, texts: Vec<String>) -> Sources {
    let files = sources.files.iter().zip(texts).map(|(file, text)| {
        FileContent::read(
            file.name.clone(),
            text.into_bytes(),
            file.facts,
            &|_: &str| true,
        )
    });
    let mut again = Sources::new(files);
    let lost = sources
        .findings
        .iter()
        .filter(|finding| finding.rule.code == crate::rules::Y006.code);
    again.findings.extend(lost.cloned());
    again
}

impl Mended {
    /// The files that changed: their names, the text before and after.
    fn changed(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.run
            .input
            .sources
            .files
            .iter()
            .zip(&self.originals)
            .filter(|(file, old)| file.text != **old)
            .map(|(file, old)| (file.name.as_str(), old.as_str(), file.text.as_str()))
    }

    /// Prints the changes as a unified diff.
    pub(super) fn show(
        &self,
        context: &Context,
        show_secrets: bool,
    ) -> Result<ExitStatus, CliError> {
        let color = context.options.color.stdout;
        context.stream(|out| {
            for (name, old, new) in self.changed() {
                let text = unified_lines(old, new, name, name, !show_secrets);
                for line in text.split_inclusive('\n') {
                    let style = if color { style_of(line) } else { "" };
                    let reset = if style.is_empty() { "" } else { "\x1b[0m" };
                    let (body, end) = line
                        .strip_suffix('\n')
                        .map_or((line, ""), |body| (body, "\n"));
                    write!(out, "{style}{body}{reset}{end}")?;
                }
            }
            Ok(())
        })?;
        context.note(&self.said("would be mended"));
        Ok(if self.had_errors {
            ExitStatus::Findings
        } else {
            ExitStatus::Clean
        })
    }

    /// Writes the files that changed.
    pub(super) fn write(self, context: &Context) -> Result<Run<()>, CliError> {
        for (name, old, new) in self.changed() {
            let path = Path::new(name);
            let bytes = fs::read(path).map_err(|error| {
                CliError::input(format!("{name} cannot be mended: {error}"))
                    .with_help("--fix edits files; use --fix --dry-run for standard input")
            })?;
            // Only text that was read as it stands can be written back.
            let mark: &[u8] = if bytes.starts_with(b"\xef\xbb\xbf") {
                b"\xef\xbb\xbf"
            } else {
                b""
            };
            if bytes.get(mark.len()..) != Some(old.as_bytes()) {
                return Err(CliError::input(format!(
                    "{name} cannot be mended: it is no UTF-8, or it changed meanwhile"
                )));
            }
            write::file(path, |out| {
                out.write_all(mark)?;
                out.write_all(new.as_bytes())
            })?;
        }
        context.note(&self.said("mended"));
        Ok(self.run)
    }

    fn said(&self, what: &str) -> String {
        let findings = if self.count == 1 {
            "finding"
        } else {
            "findings"
        };
        let files = match self.changed().count() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        format!("{} {findings} {what} in {files}", self.count)
    }
}

fn style_of(line: &str) -> &'static str {
    match line.chars().next() {
        Some('+') => "\x1b[32m",
        Some('-') => "\x1b[31m",
        Some('@') => "\x1b[36m",
        _ => "",
    }
}
