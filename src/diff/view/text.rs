//! For people at a terminal: side markers, context, colours.

use std::fmt::Write as _;

use super::one_line;
use crate::diff::report::{FieldReport, Group, ObjectReport, Report, Summary};

/// Colours, or none.
struct Paint(bool);

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    fn mark(&self, mark: char) -> String {
        self.with(code(mark), &mark.to_string())
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }
}

fn code(mark: char) -> &'static str {
    match mark {
        '+' => "32",
        '-' => "31",
        '!' => "1;33",
        _ => "36",
    }
}

/// The whole report; nothing when nothing differs.
#[must_use]
pub fn text(report: &Report, color: bool) -> String {
    let paint = Paint(color);
    let mut out = String::new();
    let mut file = None;
    for group in &report.groups {
        if file != Some(&group.file) {
            let _ = writeln!(out, "{}", paint.with("1", &group.file));
            file = Some(&group.file);
        }
        write_group(&mut out, group, &paint);
    }
    if !report.groups.is_empty() {
        let _ = writeln!(out, "{}", summary(&report.summary));
    }
    out
}

fn write_group(out: &mut String, group: &Group, paint: &Paint) {
    let name = if group.namespace.is_empty() {
        group.name.clone()
    } else {
        format!("{}/{}", group.namespace, group.name)
    };
    let title = format!("{} {name}", group.kind);
    let _ = writeln!(
        out,
        "  {} {}",
        paint.mark(group.mark),
        aligned(&title, 56, &group.headline)
    );
    for object in &group.objects {
        write_object(out, object, group, paint);
    }
    for remark in &group.remarks {
        let text = format!("{} ({}, {})", remark.message, remark.code, remark.place);
        let _ = writeln!(
            out,
            "    {} {text}",
            paint.with(
                if remark.level == "error" {
                    "1;31"
                } else {
                    "1;33"
                },
                "!"
            )
        );
    }
}

fn write_object(out: &mut String, object: &ObjectReport, group: &Group, paint: &Paint) {
    if object.kind == group.kind && object.name == group.name && object.fields.is_empty() {
        return;
    }
    let mut what = match (object.mark, object.fields.len()) {
        ('~', 1) => "1 field".to_owned(),
        ('~', count) => format!("{count} fields"),
        _ => String::new(),
    };
    if object.expected {
        what = if what.is_empty() {
            "expected".to_owned()
        } else {
            format!("{what}, expected")
        };
    }
    let effect = if object.mark == '~' {
        object.effect.as_str()
    } else {
        ""
    };
    let title = aligned(
        &format!("{} {}", object.kind, object.name),
        54,
        &aligned(&what, 20, effect),
    );
    let _ = writeln!(out, "    {} {}", paint.mark(object.mark), title.trim_end());
    for field in &object.fields {
        write_field(out, field, paint);
    }
}

fn write_field(out: &mut String, field: &FieldReport, paint: &Paint) {
    let cause = field
        .cause
        .as_ref()
        .map(|cause| paint.dim(&format!("   {cause}")))
        .unwrap_or_default();
    let _ = writeln!(out, "        {}{cause}", field.path);
    if field.edit == "reordered" {
        let _ = writeln!(
            out,
            "          order: {} → {}",
            shown(field.old.as_ref()),
            shown(field.new.as_ref())
        );
        return;
    }
    for (mark, value) in [('-', &field.old), ('+', &field.new)] {
        if let Some(value) = value {
            let line = paint.with(code(mark), &format!("{mark} {}", one_line(value)));
            let _ = writeln!(out, "          {line}");
        }
    }
}

fn shown(value: Option<&serde_json::Value>) -> String {
    value.map(one_line).unwrap_or_default()
}

fn aligned(left: &str, width: usize, right: &str) -> String {
    if right.is_empty() {
        return left.to_owned();
    }
    let fill = width.saturating_sub(left.chars().count()).max(2);
    format!("{left}{}{right}", " ".repeat(fill))
}

/// `2 services: 1 rolls, 1 deleted, 0 refused`.
pub(super) fn summary(summary: &Summary) -> String {
    let services = if summary.services == 1 {
        "1 service".to_owned()
    } else {
        format!("{} services", summary.services)
    };
    format!(
        "{services}: {} created, {} rolled, {} deleted, {} refused",
        summary.created, summary.rolls, summary.deleted, summary.refused
    )
}
