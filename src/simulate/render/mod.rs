//! A simulation's report as text, CSV, SVG and HTML; JSON is the report itself.

mod chart;
mod csv;
mod html;
mod svg;
mod text;

pub use csv::csv;
pub use html::html;
pub use svg::svg;
pub use text::{Style, text};

use super::report::{Report, ServiceReport};

/// A service with all sides of it, in order: one, or two that are compared.
fn groups(report: &Report) -> Vec<Vec<&ServiceReport>> {
    let mut groups: Vec<Vec<&ServiceReport>> = Vec::new();
    for service in &report.services {
        match groups.last_mut() {
            Some(group) if group.iter().all(|other| other.group == service.group) => {
                group.push(service);
            }
            _ => groups.push(vec![service]),
        }
    }
    groups
}

/// What the sides of a group are called where there is little room: without the folders that they share, and of a long
/// name the end. Empty without a comparison.
fn side_names(group: &[&ServiceReport]) -> [String; 2] {
    const MOST: usize = 28;
    let [old, new] = group else {
        return [String::new(), String::new()];
    };
    let shared: usize = old
        .side
        .split_inclusive('/')
        .zip(new.side.split_inclusive('/'))
        .take_while(|(old, new)| old == new && old.ends_with('/'))
        .map(|(folder, _)| folder.len())
        .sum();
    [old, new].map(|service| {
        let name = service.side.get(shared..).unwrap_or(&service.side);
        let fits = |text: &str| text.chars().count() < MOST;
        if fits(name) {
            return name.to_owned();
        }
        let ends = name.match_indices('/').map(|(at, _)| at);
        let end = ends
            .filter_map(|at| name.get(at..))
            .find(|end| fits(end))
            .map(str::to_owned);
        end.map_or_else(
            || {
                let end = name.chars().skip(name.chars().count() - MOST + 1);
                format!("…{}", end.collect::<String>())
            },
            |end| format!("…{end}"),
        )
    })
}

/// Text inside XML and HTML, attributes included.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A number without needless digits: at most one after the point.
fn short(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 {
        "0".to_owned()
    } else {
        rounded.to_string()
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides `range` into at most `parts`.
fn round_step(range: f64, parts: f64) -> f64 {
    let rough = (range / parts).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * power >= rough);
    factor.unwrap_or(10.0) * power
}

/// Seconds between two labels of a time axis.
fn time_step(length: f64, parts: f64) -> f64 {
    const STEPS: [f64; 16] = [
        1.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
        14_400.0, 21_600.0, 86_400.0,
    ];
    let rough = length / parts;
    STEPS
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or_else(|| round_step(length, parts))
}
