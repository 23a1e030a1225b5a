//! A plot for the terminal, and what it shows in words.

use std::fmt::Write;

use super::chart::{Grid, THICK, THIN, bars};
use super::{groups, short, time_step};
use crate::diag::Level;
use crate::diag::render::{safe_line, wrap};
use crate::simulate::constants::format_duration;
use crate::simulate::report::{Report, SampleReport, ServiceReport};

/// How the terminal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// With colours.
    pub color: bool,
}

/// Most rows of a plot.
const HEIGHT: usize = 12;

/// Every service: its plot, its findings, its numbers.
#[must_use]
pub fn text(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for group in groups(report) {
        if !out.is_empty() {
            out.push('\n');
        }
        if group.iter().any(|service| serves(service)) {
            plot(&mut out, report, &group, style);
        } else if let Some(first) = group.first() {
            let _ = writeln!(out, " {}", paint(&safe_line(&first.service), 5, style));
        }
        for service in &group {
            words(&mut out, service, style);
        }
    }
    out
}

/// Whether there is ever a replica, so that a plot and numbers say something.
fn serves(service: &ServiceReport) -> bool {
    service.scaling.kind == "hpa" || service.summary.most_replicas > 0
}

const RESET: &str = "\x1b[0m";

/// The colour of a layer of the plot: the first side, the second, ready replicas, waiting requests.
fn paint(text: &str, layer: u8, style: Style) -> String {
    let code = match layer {
        1 => "\x1b[36m",
        2 => "\x1b[35m",
        3 => "\x1b[2m",
        4 => "\x1b[31m",
        5 => "\x1b[1m",
        _ => return text.to_owned(),
    };
    if style.color {
        format!("{code}{text}{RESET}")
    } else {
        text.to_owned()
    }
}

fn plot(out: &mut String, report: &Report, group: &[&ServiceReport], style: Style) {
    let most = group
        .iter()
        .map(|service| service.summary.most_replicas)
        .max()
        .unwrap_or(0)
        .max(1);
    let top = most as usize;
    let label = most.to_string().len().max(2);
    let width = style.width.saturating_sub(label + 4).clamp(20, 400);
    let height = top.min(HEIGHT) + 1;
    let scale = |count: i32| {
        let count = usize::try_from(count).unwrap_or(0).min(top);
        (count * (height - 1)).div_ceil(top)
    };
    let mut grid = Grid::new(width, height);
    for (index, service) in group.iter().enumerate() {
        let (pen, layer) = if index == 0 { (THIN, 1) } else { (THICK, 2) };
        let columns = columns(service, report.length, width);
        let heights = |count: &dyn Fn(&SampleReport) -> i32| -> Vec<usize> {
            columns.iter().map(|sample| scale(count(sample))).collect()
        };
        grid.line(&heights(&|sample| sample.desired), pen, layer);
        if group.len() == 1 {
            grid.dots(&heights(&|sample| sample.ready), '·', 3);
        }
    }
    head(out, report, group, style);
    let mut named = None;
    for (row, runs) in grid.rows() {
        let count = row * top / (height - 1).max(1);
        let name = if row == 0 || named != Some(count) {
            count.to_string()
        } else {
            String::new()
        };
        named = Some(count);
        let starts = runs
            .first()
            .is_some_and(|(text, _)| !text.starts_with([' ', '·']));
        let tick = if starts { '┼' } else { '┤' };
        let _ = write!(out, " {name:>label$} {tick}");
        for (text, layer) in &runs {
            out.push_str(&paint(
                text.trim_end_matches(|c| c == ' ' && *layer == 9),
                *layer,
                style,
            ));
        }
        trim(out);
    }
    axis(out, report.length, label, width);
    requests(out, report, group, label, width, style);
}

/// What is drawn how, and the load.
fn head(out: &mut String, report: &Report, group: &[&ServiceReport], style: Style) {
    let name = group.first().map_or("", |service| service.service.as_str());
    let _ = writeln!(
        out,
        " {}  {}",
        paint(&safe_line(name), 5, style),
        safe_line(&report.load)
    );
    let legend = match group {
        [old, new] => format!(
            "{} {}   {} {}",
            paint("──", 1, style),
            old.side,
            paint("━━", 2, style),
            new.side
        ),
        _ => format!(
            "{} wanted   {} ready",
            paint("──", 1, style),
            paint("··", 3, style)
        ),
    };
    let _ = writeln!(out, " replicas: {legend}");
}

/// The sample that stands for each column: the last one of its stretch.
fn columns(service: &ServiceReport, length: f64, width: usize) -> Vec<SampleReport> {
    (1..=width)
        .filter_map(|column| {
            let until = length * column as f64 / width as f64;
            let next = service.samples.partition_point(|sample| sample.t <= until);
            service.samples.get(next.saturating_sub(1)).copied()
        })
        .collect()
}

fn axis(out: &mut String, length: f64, label: usize, width: usize) {
    let step = time_step(length, (width as f64 / 12.0).clamp(1.0, 8.0));
    let mut line = String::new();
    let mut at = 0.0;
    while at <= length {
        let column = (at / length.max(1.0) * width as f64) as usize;
        let name = if at == 0.0 {
            "0".to_owned()
        } else {
            format_duration((at * 1000.0) as i64)
        };
        if column + name.chars().count() <= width {
            let have = line.chars().count();
            line.extend(std::iter::repeat_n(' ', column.saturating_sub(have)));
            line.push_str(&name);
        }
        at += step;
    }
    let _ = writeln!(out, " {:label$}  {line}", "");
}

/// Bars of the load and of what waits, on one scale.
fn requests(
    out: &mut String,
    report: &Report,
    group: &[&ServiceReport],
    label: usize,
    width: usize,
    style: Style,
) {
    let Some(first) = group.first() else { return };
    let top = first.summary.peak_load;
    let mut row = |name: String, values: Vec<f64>, layer: u8| {
        let bars = bars(&values, top);
        let _ = write!(
            out,
            " {:label$}  {}",
            "",
            paint(bars.trim_end(), layer, style)
        );
        trim(out);
        let _ = writeln!(out, " {:label$}  {name}", "");
    };
    let of = |service: &ServiceReport, value: &dyn Fn(&SampleReport) -> f64| -> Vec<f64> {
        columns(service, report.length, width)
            .iter()
            .map(value)
            .collect()
    };
    let load = of(first, &|sample| sample.load);
    row(
        format!("requests in flight, at most {}", short(top)),
        load,
        0,
    );
    for service in group {
        let longest = service.summary.longest_queue;
        if longest > 0.0 {
            let side = if service.side.is_empty() {
                String::new()
            } else {
                format!("{}: ", service.side)
            };
            let waiting = of(service, &|sample| sample.waiting);
            row(
                format!("{side}of them waiting, at most {}", short(longest)),
                waiting,
                4,
            );
        }
    }
}

/// Ends a line without blanks before its end.
fn trim(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

fn words(out: &mut String, service: &ServiceReport, style: Style) {
    let summary = &service.summary;
    if serves(service) {
        out.push('\n');
    }
    if !service.side.is_empty() {
        let _ = writeln!(out, " {}", paint(&safe_line(&service.side), 5, style));
    }
    let replicas = match (summary.fewest_replicas, summary.most_replicas) {
        (1, 1) => "1 replica".to_owned(),
        (fewest, most) if fewest == most => format!("{most} replicas"),
        (fewest, most) => format!("{fewest} to {most} replicas"),
    };
    let queue = if summary.longest_queue > 0.0 {
        format!(
            "{} % of the requests' time is waiting (p95 {}), the queue is at most {} for 95 % of the time",
            short(summary.waiting_share * 100.0),
            format_duration((summary.wait_p95 * 1000.0) as i64),
            short(summary.queue_p95),
        )
    } else {
        "no request waits".to_owned()
    };
    let numbers = format!(
        "{replicas}, {} replica hours; {queue}",
        short(summary.replica_hours)
    );
    if serves(service) {
        wrap(out, &numbers, " ", " ", style.width);
    }
    let mut say = |name: &str, code: &str, text: &str| {
        let first = if style.color {
            format!(" {code}{name}{RESET}: ")
        } else {
            format!(" {name}: ")
        };
        wrap(out, &safe_line(text), &first, "   ", style.width);
    };
    for finding in &service.findings {
        match finding.level {
            Level::Error => say("error", "\x1b[1;31m", &finding.message),
            Level::Warning => say("warning", "\x1b[1;33m", &finding.message),
            Level::Note => say("note", "\x1b[1;34m", &finding.message),
        }
    }
    for advice in &service.advice {
        say("advice", "\x1b[1;36m", &advice.message);
    }
    for assumption in &service.assumptions {
        say("assumed", "\x1b[2m", assumption);
    }
}
