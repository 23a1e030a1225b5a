//! The answers for people.

use std::fmt::Write as _;

use super::{FieldValue, Shared, Trail};
use crate::diag::Place;
use crate::engine::Plan;
use crate::inventory::ObjectKey;
use crate::source::{Places, Sources, line_column};

/// Characters of a value that are shown.
const LONGEST_VALUE: usize = 200;

/// Writes answers; knows where things stand in the input.
pub struct Text<'a> {
    plan: &'a Plan,
    sources: &'a Sources,
    places: &'a Places<'a>,
}

impl<'a> Text<'a> {
    /// For a plan and the input it was made from.
    #[must_use]
    pub fn new(plan: &'a Plan, sources: &'a Sources, places: &'a Places<'a>) -> Self {
        Self {
            plan,
            sources,
            places,
        }
    }

    /// Where a field came from: a link a line, and what was done on the way.
    #[must_use]
    pub fn trail(&self, trail: &Trail) -> String {
        let mut out = String::new();
        let mut before = None;
        for (position, step) in trail.steps.iter().enumerate() {
            let value = step.field.value.as_ref().map(ToString::to_string);
            let whose = self.whose(&step.field);
            if position == 0 {
                let value = short(value.as_deref().unwrap_or_default());
                let _ = writeln!(out, "{value}   {whose}");
                before = Some(&step.field.value);
                continue;
            }
            let value = value
                .filter(|_| before != Some(&step.field.value))
                .map(|value| format!(" = {}", short(&value)))
                .unwrap_or_default();
            let _ = writeln!(out, "  ← {whose}{value}");
            if !step.note.is_empty() {
                let _ = writeln!(out, "      {}", step.note);
            }
            for lower in &step.over {
                let value = lower.value.as_ref().map(ToString::to_string);
                let value = value
                    .map(|value| format!(" = {}", short(&value)))
                    .unwrap_or_default();
                let _ = writeln!(out, "      over {}{value}", self.whose(lower));
            }
            before = Some(&step.field.value);
        }
        if let Some(product) = trail.own {
            let _ = writeln!(
                out,
                "  ← {product}'s own, or a default: no field of the input decides it"
            );
        }
        out
    }

    /// Of a value whose parts come from different places: each part with the place that it came from.
    #[must_use]
    pub fn parts(&self, whole: &Trail, parts: &[Trail]) -> String {
        let mut out = String::new();
        let Some(first) = whole.steps.first() else {
            return out;
        };
        let value = first.field.value.as_ref().map(ToString::to_string);
        let value = value.unwrap_or_default();
        let _ = writeln!(out, "{}   {}", short(&value), self.whose(&first.field));
        let rows: Vec<(String, String)> = parts
            .iter()
            .filter_map(|part| {
                let field = &part.steps.first()?.field;
                let rest = field.path.strip_prefix(&first.field.path)?;
                let name = field.value.as_ref().and_then(|value| value.get("name"));
                let label = match name.and_then(|name| name.as_str()) {
                    Some(name) => format!("{rest} {name}"),
                    None => rest.to_string(),
                };
                Some((label, self.source_of(part)))
            })
            .collect();
        let width = width(rows.iter().map(|(label, _)| label));
        for (label, from) in rows {
            let _ = writeln!(out, "    {label:width$}   {from}");
        }
        out
    }

    /// Where a trail ends, in one line.
    fn source_of(&self, trail: &Trail) -> String {
        let Some(last) = trail.steps.last() else {
            return String::new();
        };
        let mut text = match trail.own {
            Some(product) => format!("← {product}'s own, or a default"),
            None => format!("← {}", self.whose(&last.field)),
        };
        let over = trail.steps.iter().flat_map(|step| &step.over);
        for lower in over {
            let _ = write!(text, ", over {}", self.whose(lower));
        }
        text
    }

    /// The decisions behind a service.
    #[must_use]
    pub fn decisions(&self, service: &ObjectKey, decisions: &[Shared<'_>]) -> String {
        let mut out = format!("{service}\n");
        for Shared { keys, decision } in decisions {
            let about = keys
                .first()
                .filter(|key| **key != service)
                .map(|key| format!(" of {key}"))
                .unwrap_or_default();
            let _ = writeln!(out, "\n{}{about}: {}", decision.topic, decision.outcome);
            let considered = &decision.considered;
            let whats = width(considered.iter().map(|c| &c.what));
            let verdicts = width(considered.iter().map(|c| &c.verdict));
            for considered in considered {
                let place = considered.object.clone().and_then(|object| {
                    let place = Place::field(object, considered.path.clone());
                    self.line(&self.plan.trace(place))
                });
                let row = format!(
                    "    {:whats$}   {:verdicts$}   {}",
                    considered.what,
                    considered.verdict,
                    place.unwrap_or_default()
                );
                let _ = writeln!(out, "{}", row.trim_end());
            }
            let also = counted(keys.get(1..).unwrap_or_default());
            if !also.is_empty() {
                let _ = writeln!(out, "    the same for {also}");
            }
            let _ = writeln!(out, "    ({})", decision.rule);
        }
        out
    }

    fn whose(&self, field: &FieldValue) -> String {
        let place = field.place.as_ref().and_then(|place| self.line(place));
        let path = if field.path.0.is_empty() {
            String::new()
        } else {
            format!(" {}", field.path)
        };
        match place {
            Some(place) => format!("{} at {place}{path}{}", field.key, self.remark(field)),
            None => format!("{}{path}", field.key),
        }
    }

    /// What there is to say of a field that the input does not write.
    fn remark(&self, field: &FieldValue) -> &'static str {
        let is_written = field
            .place
            .as_ref()
            .is_some_and(|place| self.places.is_written(place));
        match field.value {
            _ if is_written => "",
            Some(_) => ", by default",
            None => ", which is not set",
        }
    }

    fn line(&self, place: &Place) -> Option<String> {
        let range = self.places.range(place)?;
        let file = self.sources.file(range.file)?;
        let (line, column) = line_column(&file.text, range.start);
        Some(format!("{}:{line}:{column}", file.name))
    }
}

/// `AIMModel default/x, 4 AIMServiceTemplates`.
fn counted(keys: &[&ObjectKey]) -> String {
    let mut kinds: Vec<_> = keys.iter().map(|key| key.kind).collect();
    kinds.dedup();
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| {
            let mut of_kind = keys.iter().filter(|key| key.kind == kind);
            match (of_kind.next(), of_kind.count()) {
                (Some(key), 0) => key.to_string(),
                (_, more) => format!("{} {kind}s", more + 1),
            }
        })
        .collect();
    parts.join(", ")
}

fn width<'t>(texts: impl Iterator<Item = &'t String>) -> usize {
    texts
        .map(|text| text.chars().count())
        .max()
        .unwrap_or_default()
}

fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(LONGEST_VALUE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
