//! JUnit XML, as both the Ant schema and Jenkins' accept it: a suite a file, a failed case an error. Warnings and
//! notes fail nothing; they stand in the suite's output.

use std::io::{self, Write};

use super::{concise, safe};
use crate::diag::{Level, Located, Report};
use crate::source::FileId;

pub(super) fn render(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let mut rest = report.findings.as_slice();
    let mut id = 0;
    for (index, file) in report.sources.files.iter().enumerate() {
        let here = |located: &Located| {
            located
                .site
                .is_some_and(|site| site.range.file == FileId(index))
        };
        let (own, after) = rest.split_at(rest.partition_point(here));
        rest = after;
        suite(report, id, &file.name, own, out)?;
        id += 1;
    }
    if !rest.is_empty() {
        suite(report, id, "(without a place)", rest, out)?;
    }
    out.write_all(b"</testsuites>\n")
}

fn suite(
    report: &Report<'_>,
    id: usize,
    name: &str,
    findings: &[Located],
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_error = |located: &&Located| located.finding.level == Level::Error;
    let failures = findings.iter().filter(is_error).count();
    let name = escape(&safe::line(name));
    // The schema wants a time and a host. Real ones would make every report differ.
    writeln!(
        out,
        "  <testsuite id=\"{id}\" name=\"{name}\" package=\"aimctl\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" time=\"0\" timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\">",
        failures.max(1),
    )?;
    out.write_all(b"    <properties/>\n")?;
    if failures == 0 {
        writeln!(
            out,
            "    <testcase name=\"no errors\" classname=\"{name}\" time=\"0\"/>"
        )?;
    }
    for located in findings.iter().filter(is_error) {
        let finding = &located.finding;
        let place = located
            .site
            .map_or_else(String::new, |site| format!(" line {}", site.start.line));
        writeln!(
            out,
            "    <testcase name=\"{} {}{place}\" classname=\"{name}\" time=\"0\">",
            finding.rule.code, finding.rule.name
        )?;
        let mut body = concise::line(report, located);
        if let Some(refusal) = &finding.refusal {
            body.push_str(&format!(
                "\n{} says: {}",
                finding.refuser.as_str(),
                safe::text(refusal)
            ));
        }
        if let Some(consequence) = &finding.consequence {
            body.push_str(&format!("\nthen: {}", safe::text(consequence)));
        }
        if let Some(help) = &finding.help {
            body.push_str(&format!("\nfix: {}", safe::text(help)));
        }
        writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\">{}</failure>",
            finding.rule.code,
            escape(&safe::line(&finding.message)),
            escape(&body)
        )?;
        out.write_all(b"    </testcase>\n")?;
    }
    out.write_all(b"    <system-out>")?;
    for located in findings.iter().filter(|located| !is_error(located)) {
        writeln!(out, "{}", escape(&concise::line(report, located)))?;
    }
    out.write_all(b"</system-out>\n    <system-err/>\n  </testsuite>\n")
}

/// Text for content and attributes alike. Characters that XML cannot hold were replaced before.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
