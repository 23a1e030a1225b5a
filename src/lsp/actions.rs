//! Code actions: the certain fixes, and to live with a finding.

use std::collections::HashMap;

use lsp_types::{CodeAction, CodeActionKind, Range, TextEdit, Uri, WorkspaceEdit};

use super::{diagnostics, range};
use crate::diag::levels::is_certain;
use crate::diag::{Located, Report};
use crate::source::FileId;

/// What can be done about the findings that touch a range of a file.
#[must_use]
pub fn actions(report: &Report<'_>, file: FileId, uri: &Uri, asked: Range) -> Vec<CodeAction> {
    let Some(text) = report.sources.file(file).map(|file| file.text.as_str()) else {
        return Vec::new();
    };
    let mut actions = Vec::new();
    for located in &report.findings {
        let Some(site) = located.site.filter(|site| site.range.file == file) else {
            continue;
        };
        let at = range(text, site.range.start..site.range.end);
        if at.end < asked.start || asked.end < at.start {
            continue;
        }
        actions.extend(fix(report, located, file, uri, text));
        actions.extend(ignore(located, uri, text, site.range.start));
    }
    actions.sort_by_key(|action| action.is_preferred != Some(true));
    actions
}

fn fix(
    report: &Report<'_>,
    located: &Located,
    file: FileId,
    uri: &Uri,
    text: &str,
) -> Option<CodeAction> {
    let fix = located.fix.as_ref()?;
    let here = |edit: &crate::diag::fix::Edit| edit.site.range.file == file;
    if !fix.edits.iter().all(here) {
        return None;
    }
    let edits = fix.edits.iter().map(|edit| TextEdit {
        range: range(text, edit.site.range.start..edit.site.range.end),
        new_text: edit.text.clone(),
    });
    let diagnostic = diagnostics(report, file, &|_| Some(uri.clone()))
        .into_iter()
        .filter(|diagnostic| {
            let code = lsp_types::NumberOrString::String(located.finding.rule.code.to_owned());
            diagnostic.code == Some(code)
                && located.site.is_some_and(|site| {
                    diagnostic.range == range(text, site.range.start..site.range.end)
                })
        });
    Some(CodeAction {
        title: format!("{}: {}", located.finding.rule.code, fix.title),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(diagnostic.collect()),
        is_preferred: Some(true),
        edit: Some(edit(uri, edits.collect())),
        ..CodeAction::default()
    })
}

/// A comment at the end of the line that keeps the finding back.
fn ignore(located: &Located, uri: &Uri, text: &str, start: usize) -> Option<CodeAction> {
    if is_certain(&located.finding) {
        return None;
    }
    let code = located.finding.rule.code;
    let line = text.get(start..)?.split('\n').next()?;
    let end = start + line.trim_end().len();
    let whole = text.get(..start)?.rsplit('\n').next()?;
    // Inside a comment, or behind a text over several lines, a comment would be something else.
    if whole.contains('#') || line.contains('#') || line.trim_end().ends_with(['|', '>']) {
        return None;
    }
    let new = TextEdit {
        range: range(text, end..end),
        new_text: format!("  # aimctl:ignore {code} -- "),
    };
    Some(CodeAction {
        title: format!("{code}: ignore here"),
        kind: Some(CodeActionKind::QUICKFIX),
        edit: Some(edit(uri, vec![new])),
        ..CodeAction::default()
    })
}

fn edit(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit {
        changes: Some(HashMap::from([(uri.clone(), edits)])),
        ..WorkspaceEdit::default()
    }
}
