//! SARIF 2.1.0, as GitHub's code scanning and other viewers read it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::json::{Tool, harmless};
use crate::diag::{Level, Located, Report, Site, secret};
use crate::explain;
use crate::rules::{self, Rule};

/// The schema's address, which viewers know it by.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    // Only rules that were broken, in the order of the table; results point to them by index.
    let broken: Vec<&Rule> = rules::ALL
        .iter()
        .copied()
        .filter(|rule| {
            let is_it = |located: &Located| located.finding.rule.code == rule.code;
            report.findings.iter().any(is_it)
        })
        .collect();
    let index: BTreeMap<&str, usize> = broken
        .iter()
        .enumerate()
        .map(|(index, rule)| (rule.code, index))
        .collect();
    let tool = Tool::this();
    let driver = json!({
        "name": tool.name,
        "version": tool.version,
        "semanticVersion": tool.version,
        "rules": broken.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
    });
    write!(
        out,
        "{{\n  \"$schema\": \"{SCHEMA}\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {{\n      \"tool\": {{\"driver\": {driver}}},\n      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": ["
    )?;
    for (number, located) in report.findings.iter().enumerate() {
        out.write_all(if number == 0 {
            b"\n        "
        } else {
            b",\n        "
        })?;
        let result = result(report, located, &index).to_string();
        out.write_all(harmless(&result).as_bytes())?;
    }
    out.write_all(if report.findings.is_empty() {
        b"]\n    }\n  ]\n}\n"
    } else {
        b"\n      ]\n    }\n  ]\n}\n"
    })
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": explain::section(rule, "What")},
        "help": {
            "text": format!("{}\n\naimctl explain {}", explain::section(rule, "Why"), rule.code),
            "markdown": format!("{}\n\n`aimctl explain {}`", explain::section(rule, "Why"), rule.code),
        },
        "defaultConfiguration": {"level": level(rule.level)},
        "properties": {"refuser": rule.refuser, "moment": rule.moment},
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn result(report: &Report<'_>, located: &Located, index: &BTreeMap<&str, usize>) -> Value {
    let finding = &located.finding;
    let mut text = finding.message.clone();
    if let Some(refusal) = &finding.refusal {
        text.push_str(&format!("\n{} says: {refusal}", finding.refuser.as_str()));
    }
    for more in [&finding.consequence, &finding.help].into_iter().flatten() {
        text.push('\n');
        text.push_str(more);
    }
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": index.get(finding.rule.code),
        "level": level(finding.level),
        "message": {"text": secret::mask(&text)},
        "locations": location(report, located.site, None).into_iter().collect::<Vec<_>>(),
    });
    let related: Vec<Value> = finding
        .related
        .iter()
        .zip(&located.related)
        .filter_map(|(related, site)| location(report, *site, Some(&related.label)))
        .collect();
    let fixes: Vec<Value> = located
        .fix
        .iter()
        .map(|fix| {
            let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
            for edit in &fix.edits {
                files
                    .entry(report.plain_file_name(edit.site.range.file))
                    .or_default()
                    .push(json!({
                        "deletedRegion": region(edit.site),
                        "insertedContent": {"text": edit.text},
                    }));
            }
            let changes: Vec<Value> = files
                .into_iter()
                .map(|(file, replacements)| {
                    json!({"artifactLocation": {"uri": uri(file)}, "replacements": replacements})
                })
                .collect();
            json!({"description": {"text": fix.title}, "artifactChanges": changes})
        })
        .collect();
    if let Some(object) = result.as_object_mut() {
        if !related.is_empty() {
            object.insert("relatedLocations".to_owned(), related.into());
        }
        if !fixes.is_empty() {
            object.insert("fixes".to_owned(), fixes.into());
        }
    }
    result
}

fn location(report: &Report<'_>, site: Option<Site>, message: Option<&str>) -> Option<Value> {
    let site = site?;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(report.plain_file_name(site.range.file))},
            "region": region(site),
        },
    });
    if let (Some(message), Some(object)) = (message, location.as_object_mut()) {
        object.insert("message".to_owned(), json!({"text": secret::mask(message)}));
    }
    Some(location)
}

fn region(site: Site) -> Value {
    json!({
        "startLine": site.start.line,
        "startColumn": site.start.column,
        "endLine": site.end.line,
        "endColumn": site.end.column,
    })
}

/// A path as a relative URI reference: everything but unreserved characters and slashes per-cent encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
