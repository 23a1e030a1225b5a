//! The pages of the rules, and the table of them.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::diag::{Level, Moment, Refuser};
use crate::rules::{self, Rule};

/// A section of a rule's page (`What`, `Why`, `Example`, `Fix`), without its heading.
#[must_use]
pub fn section(rule: &Rule, heading: &str) -> &'static str {
    let mark = format!("\n## {heading}\n");
    let body = rule.page.split_once(&mark).map_or("", |(_, rest)| rest);
    body.split_once("\n## ")
        .map_or(body, |(section, _)| section)
        .trim()
}

/// A rule's page: the Markdown as it is, or with colours for its headings and code.
#[must_use]
pub fn page(rule: &Rule, color: bool) -> String {
    if !color {
        return rule.page.to_owned();
    }
    let heading = Style::new().bold();
    let title = AnsiColor::Cyan.on_default().bold();
    let code = AnsiColor::Green.on_default();
    let mut out = String::new();
    let mut fenced = false;
    for line in rule.page.lines() {
        let style = if line.starts_with("```") {
            fenced = !fenced;
            // The fence itself says nothing to a reader but what the block is.
            if let Some((_, what)) = line.split_once(' ') {
                let dim = Style::new().dimmed();
                let _ = writeln!(out, "{dim}{what}{dim:#}");
            }
            continue;
        } else if fenced {
            code
        } else if line.starts_with("# ") {
            title
        } else if line.starts_with("## ") {
            heading
        } else {
            Style::new()
        };
        let line = if fenced {
            line
        } else {
            line.trim_start_matches(['#', ' '])
        };
        let indent = if fenced { "  " } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{indent}{style}{line}{style:#}");
    }
    out
}

/// A rule as `explain --list --format json` prints it.
#[derive(Debug, Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    level: Level,
    refuser: Refuser,
    moment: Moment,
    title: &'static str,
}

/// All rules as a table.
#[must_use]
pub fn table() -> String {
    let mut rows = vec![["CODE", "LEVEL", "REFUSER", "MOMENT", "NAME", "WHAT"].map(str::to_owned)];
    rows.extend(rules::ALL.iter().map(|rule| {
        [
            rule.code,
            rule.level.as_str(),
            rule.refuser.as_str(),
            rule.moment.as_str(),
            rule.name,
            rule.title,
        ]
        .map(str::to_owned)
    }));
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a String cannot fail.
            let _ = write!(line, "{cell:width$}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// All rules as JSON.
///
/// # Errors
/// None in practice: texts only.
pub fn json() -> Result<String, serde_json::Error> {
    let rows: Vec<Row> = rules::ALL
        .iter()
        .map(|rule| Row {
            code: rule.code,
            name: rule.name,
            level: rule.level,
            refuser: rule.refuser,
            moment: rule.moment,
            title: rule.title,
        })
        .collect();
    serde_json::to_string_pretty(&rows).map(|text| text + "\n")
}
