//! For a pull-request comment: folded, and never longer than forges take.

use std::fmt::Write as _;

use super::text::summary;
use super::{name, one_line};
use crate::diff::report::{Group, Report};

/// Forges refuse comments over 65,536 characters; room is left for what a bot puts around it.
const LONGEST: usize = 60_000;

/// The report as Markdown; groups that no longer fit are counted instead.
#[must_use]
pub fn markdown(report: &Report) -> String {
    if report.groups.is_empty() {
        return "**aimctl diff**: nothing changes in the cluster.\n".to_owned();
    }
    let mut out = format!("**aimctl diff**: {}\n\n", summary(&report.summary));
    out.push_str("| | object | effect |\n| --- | --- | --- |\n");
    let mut left_out = 0;
    let mut details = String::new();
    for group in &report.groups {
        let (rows, body) = (rows(group), folded(group));
        if out.len() + details.len() + rows.len() + body.len() > LONGEST {
            left_out += 1;
            continue;
        }
        out.push_str(&rows);
        details.push_str(&body);
    }
    out.push('\n');
    out.push_str(&details);
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\n… and {left_out} more; `aimctl diff` shows them all."
        );
    }
    out
}

fn rows(group: &Group) -> String {
    let mut out = String::new();
    let headline = if group.headline.is_empty() {
        String::new()
    } else {
        cell(&group.headline)
    };
    let _ = writeln!(
        out,
        "| {} | **{} {}** | {headline} |",
        group.mark,
        group.kind,
        cell(&whole(group))
    );
    for object in &group.objects {
        let because = object
            .because
            .as_ref()
            .map(|because| format!(" ({})", cell(because)))
            .unwrap_or_default();
        let expected = if object.expected { ", expected" } else { "" };
        let _ = writeln!(
            out,
            "| {} | {} {} | {}{because}{expected} |",
            object.mark,
            object.kind,
            cell(&name(&object.name)),
            object.effect
        );
    }
    for remark in &group.remarks {
        let _ = writeln!(
            out,
            "| ! | {} {} | {} |",
            remark.code,
            cell(&remark.place),
            cell(&remark.message)
        );
    }
    out
}

fn folded(group: &Group) -> String {
    let mut lines = String::new();
    for object in &group.objects {
        for field in &object.fields {
            let _ = writeln!(
                lines,
                "# {} {}: {}",
                object.kind,
                name(&object.name),
                field.path
            );
            for (mark, value) in [('-', &field.old), ('+', &field.new)] {
                if let Some(value) = value {
                    let _ = writeln!(lines, "{mark} {}", one_line(value));
                }
            }
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    // A longer fence than any in the text keeps the block closed.
    let fence = "`".repeat(longest_run(&lines, '`').max(2) + 1);
    format!(
        "<details><summary>{} {}</summary>\n\n{fence}diff\n{lines}{fence}\n\n</details>\n",
        group.kind,
        cell(&whole(group))
    )
}

fn whole(group: &Group) -> String {
    if group.namespace.is_empty() {
        group.name.clone()
    } else {
        format!("{}/{}", group.namespace, group.name)
    }
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Text for a table cell: no line breaks, no bars, no markup.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace(['\n', '\r'], " ")
}
