//! For people at a terminal: side markers, context, colours.

use std::fmt::Write as _;

use serde_json::Value;

use super::{name, one_line};
use crate::diff::remarks::Remark;
use crate::diff::report::{FieldReport, Group, ObjectReport, Report, Summary};
use crate::render::yaml;

/// Lines of a map or list that are shown.
const MOST_LINES: usize = 12;

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
        '!' => "1;31",
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
    let whole = if group.namespace.is_empty() {
        group.name.clone()
    } else {
        format!("{}/{}", group.namespace, group.name)
    };
    let title = format!("{} {whole}", group.kind);
    let _ = writeln!(
        out,
        "  {} {}",
        paint.mark(group.mark),
        aligned(&title, 56, &group.headline)
    );
    for remark in group.remarks.iter().filter(|remark| remark.refused) {
        write_remark(out, remark, paint);
    }
    for object in &group.objects {
        write_object(out, object, group, paint);
    }
    for remark in group.remarks.iter().filter(|remark| !remark.refused) {
        write_remark(out, remark, paint);
    }
}

fn write_remark(out: &mut String, remark: &Remark, paint: &Paint) {
    let mark = if remark.level == "error" {
        "1;31"
    } else {
        "1;33"
    };
    let place = paint.dim(&format!("   {}   {}", remark.code, remark.place));
    let _ = writeln!(
        out,
        "    {} {}{place}",
        paint.with(mark, "!"),
        remark.message
    );
    if let Some(old) = &remark.old {
        let _ = writeln!(
            out,
            "          {}",
            paint.with("31", &format!("- {}", one_line(old)))
        );
    }
    if let Some(new) = &remark.new {
        for line in new.lines().take(MOST_LINES) {
            let _ = writeln!(out, "          {}", paint.with("32", &format!("+ {line}")));
        }
    }
    if remark.level != "error" {
        return;
    }
    if let Some(refusal) = &remark.refusal {
        let _ = writeln!(out, "      {} says", remark.refuser);
        for line in refusal.lines() {
            let _ = writeln!(out, "        | {line}");
        }
    }
    for (title, text) in [("then", &remark.consequence), ("fix ", &remark.help)] {
        let Some(text) = text else { continue };
        let mut lines = text.lines();
        let _ = writeln!(out, "      {title}  {}", lines.next().unwrap_or_default());
        for line in lines {
            let _ = writeln!(out, "            {line}");
        }
    }
}

fn write_object(out: &mut String, object: &ObjectReport, group: &Group, paint: &Paint) {
    if object.kind == group.kind && object.name == group.name && object.fields.is_empty() {
        return;
    }
    let fields: Vec<&FieldReport> = object
        .fields
        .iter()
        .filter(|field| !is_of_template(object, field, group))
        .collect();
    let mut what = match (object.mark, object.fields.len()) {
        ('~', 1) => "1 field".to_owned(),
        ('~', count) => format!("{count} fields"),
        _ => String::new(),
    };
    if object.expected {
        let comma = if what.is_empty() { "" } else { ", " };
        let _ = write!(what, "{comma}expected");
    }
    let effect = match (object.mark, &object.because) {
        ('~', _) if fields.len() < object.fields.len() => "as its workload says".to_owned(),
        ('~', None) => object.effect.clone(),
        ('~', Some(because)) => match object.pods {
            None => format!("{} ({because})", object.effect),
            Some(1) => format!("rolls 1 pod ({because})"),
            Some(count) => format!("rolls {count} pods ({because})"),
        },
        _ => String::new(),
    };
    let elsewhere = if object.namespace == group.namespace || object.namespace.is_empty() {
        String::new()
    } else {
        format!("{}/", object.namespace)
    };
    let title = aligned(
        &format!("{} {elsewhere}{}", object.kind, name(&object.name)),
        54,
        &aligned(&what, 20, &effect),
    );
    let _ = writeln!(out, "    {} {}", paint.mark(object.mark), title.trim_end());
    let mut shown: Vec<&FieldReport> = Vec::new();
    for field in &fields {
        if shown.iter().any(|other| is_same(other, field)) {
            continue;
        }
        shown.push(field);
        let same: Vec<&str> = fields
            .iter()
            .filter(|other| is_same(field, other))
            .map(|other| other.path.as_str())
            .collect();
        write_field(out, field, &same, paint);
    }
}

/// Whether a field of a pod changes because the template of its workload, which is shown as well, does.
fn is_of_template(object: &ObjectReport, field: &FieldReport, group: &Group) -> bool {
    object.kind == "Pod"
        && object.mark == '~'
        && group.objects.iter().any(|workload| {
            let path = field.path.as_str();
            let mut fields = workload.fields.iter();
            workload.kind != "Pod"
                && fields.any(|other| {
                    other.path.strip_prefix("spec.template.") == Some(path)
                        && (&other.old, &other.new) == (&field.old, &field.new)
                })
        })
}

/// The same change of a field of the same name.
fn is_same(a: &FieldReport, b: &FieldReport) -> bool {
    let last = |field: &FieldReport| {
        let path = field.path.as_str();
        let start = if path.ends_with(']') {
            path.rfind('[')
        } else {
            path.rfind('.')
        };
        path.get(start.unwrap_or_default()..).map(str::to_owned)
    };
    (&a.edit, &a.old, &a.new) == (&b.edit, &b.old, &b.new) && last(a) == last(b)
}

fn write_field(out: &mut String, field: &FieldReport, paths: &[&str], paint: &Paint) {
    let cause = field
        .cause
        .as_ref()
        .map(|cause| {
            // A line that is gone can only be found in the older file.
            let side = if field.new.is_none() { ", before" } else { "" };
            paint.dim(&format!("   {cause}{side}"))
        })
        .unwrap_or_default();
    for (position, path) in paths.iter().enumerate() {
        let cause = if position == 0 { cause.as_str() } else { "" };
        let _ = writeln!(out, "        {path}{cause}");
    }
    if field.edit == "reordered" {
        let _ = writeln!(
            out,
            "          order: {} → {}",
            order(field.old.as_ref()),
            order(field.new.as_ref())
        );
        return;
    }
    for (mark, value) in [('-', &field.old), ('+', &field.new)] {
        let Some(value) = value else { continue };
        for line in lines(value) {
            let line = paint.with(code(mark), &format!("{mark} {line}"));
            let _ = writeln!(out, "          {line}");
        }
    }
}

/// A value as it would stand in a manifest: a scalar on one line, anything else as YAML.
fn lines(value: &Value) -> Vec<String> {
    let empty = value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty);
    if empty || !(value.is_array() || value.is_object()) {
        return vec![one_line(value)];
    }
    let text = yaml::document(value);
    let mut lines: Vec<String> = text.lines().map(super::short).collect();
    let count = lines.len();
    if count > MOST_LINES + 1 {
        lines.truncate(MOST_LINES);
        lines.push(format!(
            "… {} more lines: --format unified shows them",
            count - MOST_LINES
        ));
    }
    lines
}

fn order(value: Option<&Value>) -> String {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    let items: Vec<&str> = items.filter_map(Value::as_str).collect();
    items.join(", ")
}

fn aligned(left: &str, width: usize, right: &str) -> String {
    if right.is_empty() {
        return left.to_owned();
    }
    let fill = width.saturating_sub(left.chars().count()).max(2);
    format!("{left}{}{right}", " ".repeat(fill))
}

/// `2 services: 1 rolls pods, 1 deleted, 0 refused`.
pub(super) fn summary(summary: &Summary) -> String {
    let services = if summary.services == 1 {
        "1 service".to_owned()
    } else {
        format!("{} services", summary.services)
    };
    let mut parts: Vec<String> = [
        (summary.created, "created", "created"),
        (summary.moved, "moved", "moved"),
        (summary.deleted, "deleted", "deleted"),
        (summary.rolls, "rolls pods", "roll pods"),
        (summary.scales, "scales", "scale"),
        (summary.failing, "fails", "fail"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
    .collect();
    parts.push(format!("{} refused", summary.refused));
    format!("{services}: {}", parts.join(", "))
}
