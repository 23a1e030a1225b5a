//! GitLab's code quality report: a JSON list in Code Climate's form.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::json::harmless;
use crate::diag::{Level, Located, Report, secret};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    out.write_all(b"[")?;
    for (index, located) in report.findings.iter().enumerate() {
        let finding = &located.finding;
        let path = located
            .site
            .map_or(".", |site| report.plain_file_name(site.range.file));
        let lines = located
            .site
            .map_or(Lines { begin: 1, end: 1 }, |site| Lines {
                begin: site.start.line,
                end: site.end.line,
            });
        let mut description = format!("{}: {}", finding.rule.code, finding.message);
        if let Some(help) = &finding.help {
            description.push_str(&format!("\n{help}"));
        }
        let issue = Issue {
            description: secret::mask(&description).into_owned(),
            check_name: finding.rule.name,
            fingerprint: fingerprint(path, located, &mut seen),
            severity: match finding.level {
                Level::Error => "critical",
                Level::Warning => "minor",
                Level::Note => "info",
            },
            location: Location { path, lines },
        };
        out.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        out.write_all(harmless(&serde_json::to_string(&issue)?).as_bytes())?;
    }
    out.write_all(if report.findings.is_empty() {
        b"]\n"
    } else {
        b"\n]\n"
    })
}

/// What GitLab knows a finding by from one commit to the next: no line number is in it, so text above it may change.
/// The second of equals counts up.
fn fingerprint(path: &str, located: &Located, seen: &mut BTreeMap<u64, usize>) -> String {
    let finding = &located.finding;
    let mut digest = Sha256::new();
    let object = finding.place.object.as_ref().map(ToString::to_string);
    for part in [
        finding.rule.code,
        path,
        object.as_deref().unwrap_or_default(),
        &finding.place.path.pointer(),
        &finding.message,
    ] {
        digest.update(part);
        digest.update([0]);
    }
    let bytes: [u8; 32] = digest.finalize().into();
    let short = bytes
        .iter()
        .take(8)
        .fold(0, |n, byte| n << 8 | u64::from(*byte));
    let count = seen.entry(short).or_insert(0);
    *count += 1;
    if *count == 1 {
        format!("{short:016x}")
    } else {
        format!("{short:016x}-{count}")
    }
}
