//! Three panels over one time axis: requests, what the HPA reads, replicas.

use std::fmt::Write;

use super::{escape, groups, round_step, short, side_names, time_step};
use crate::simulate::constants::format_duration;
use crate::simulate::report::{Report, SampleReport, ServiceReport};

/// Colours, by the reader's preference. One sheet for the picture alone and inside the page. Each stands there plainly,
/// too, for programs that know no variables.
pub(super) const STYLE: &str = "\
.sim{--ink:#1f2328;--dim:#59636e;--grid:#d1d9e0;--paper:#fff;--run:#54aeff;--wait:#cf222e;--one:#0969da;--two:#8250df;\
--ready:#1a7f37;--target:#9a6700;font:12px system-ui,sans-serif}\
@media(prefers-color-scheme:dark){.sim{--ink:#f0f6fc;--dim:#9198a1;--grid:#3d444d;--paper:#0d1117;--run:#1f6feb;\
--wait:#ff7b72;--one:#58a6ff;--two:#d2a8ff;--ready:#3fb950;--target:#d29922}}\
.sim .paper{fill:#fff;fill:var(--paper)}.sim text{fill:#1f2328;fill:var(--ink)}\
.sim .dim{fill:#59636e;fill:var(--dim)}.sim .grid{stroke:#d1d9e0;stroke:var(--grid)}\
.sim .run{fill:#54aeff;fill:var(--run);fill-opacity:.35}.sim .wait{fill:#cf222e;fill:var(--wait);fill-opacity:.55}\
.sim .line{fill:none;stroke-width:2;stroke-linejoin:round}.sim .one{stroke:#0969da;stroke:var(--one)}\
.sim .two{stroke:#8250df;stroke:var(--two);stroke-dasharray:9 5}.sim .load{stroke:#59636e;stroke:var(--dim)}\
.sim .queue{stroke:#cf222e;stroke:var(--wait)}.sim .queue2{stroke:#cf222e;stroke:var(--wait);stroke-dasharray:2 3}\
.sim .ready{fill:#1a7f37;fill:var(--ready);fill-opacity:.25}\
.sim .ready2{stroke:#1a7f37;stroke:var(--ready);stroke-width:1.5;stroke-dasharray:2 3}\
.sim .bound{stroke:#59636e;stroke:var(--dim);stroke-dasharray:4 4}\
.sim .target{stroke:#9a6700;stroke:var(--target);stroke-dasharray:6 4}\
.sim .band{fill:#9a6700;fill:var(--target);fill-opacity:.14}.sim .thin{stroke-width:1.5;stroke-dasharray:3 3}\
.sim .k-run{fill:#54aeff;fill:var(--run)}.sim .k-wait,.sim .k-queue,.sim .k-queue2{fill:#cf222e;fill:var(--wait)}\
.sim .k-one{fill:#0969da;fill:var(--one)}.sim .k-two{fill:#8250df;fill:var(--two)}\
.sim .k-ready,.sim .k-ready2{fill:#1a7f37;fill:var(--ready)}\
.sim .k-load,.sim .k-bound{fill:#59636e;fill:var(--dim)}";

const WIDTH: f64 = 960.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 16.0;
const INNER: f64 = WIDTH - LEFT - RIGHT;

/// The picture of all services, one below the other.
#[must_use]
pub fn svg(report: &Report) -> String {
    let mut body = String::new();
    let mut y = 0.0;
    for group in groups(report) {
        let (picture, height) = picture(report, &group, true);
        let _ = write!(body, "<g transform=\"translate(0 {y})\">{picture}</g>");
        y += height;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sim\" viewBox=\"0 0 {WIDTH} {y}\" role=\"img\">\
         <style>{STYLE}</style><rect class=\"paper\" width=\"{WIDTH}\" height=\"{y}\"/>{body}</svg>\n"
    )
}

/// The picture of one service for a page that has the style already.
pub(super) fn inline(report: &Report, group: &[&ServiceReport]) -> String {
    let (picture, height) = picture(report, group, false);
    format!("<svg class=\"sim\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">{picture}</svg>\n")
}

/// The marks of one service, with its name over them where nothing else says it, and how high they are.
fn picture(report: &Report, group: &[&ServiceReport], named: bool) -> (String, f64) {
    let Some(first) = group.first() else {
        return (String::new(), 0.0);
    };
    let mut canvas = Canvas {
        out: String::new(),
        length: report.length.max(1.0),
        y: 0.0,
    };
    let title = format!("{}: replicas under {}", first.service, report.load);
    let _ = write!(canvas.out, "<title>{}</title>", escape(&title));
    if named {
        canvas.heading(&first.service, &report.load);
    }
    requests(&mut canvas, group);
    if group.iter().any(|service| !service.steps.is_empty()) {
        metrics(&mut canvas, group);
    }
    replicas(&mut canvas, group);
    canvas.time_axis();
    (canvas.out, canvas.y)
}

fn requests(canvas: &mut Canvas, group: &[&ServiceReport]) {
    let Some(first) = group.first() else { return };
    let waits = group
        .iter()
        .any(|service| service.summary.longest_queue > 0.0);
    let names = side_names(group).map(|side| format!("waiting, {side}"));
    let mut legend = Vec::new();
    if group.len() == 2 {
        legend.push(("load", "in flight"));
        legend.extend(
            ["queue", "queue2"]
                .into_iter()
                .zip(names.iter().map(String::as_str))
                .filter(|_| waits),
        );
    } else {
        legend.push(("run", "in service"));
        legend.extend(waits.then_some(("wait", "waiting")));
    }
    let top = first.summary.peak_load.max(1.0);
    let panel = canvas.panel("Requests in flight", 150.0, top, &legend);
    if group.len() == 2 {
        canvas.line(&panel, "load", &points(first, &|sample| sample.load));
        for (service, class) in group.iter().zip(["queue", "queue2"]).filter(|_| waits) {
            canvas.line(&panel, class, &points(service, &|sample| sample.waiting));
        }
    } else {
        canvas.area(&panel, "wait", &points(first, &|sample| sample.load));
        // What is in service covers what waits: the sum stays visible above it.
        canvas.area(&panel, "paper", &points(first, &|sample| sample.running));
        canvas.area(&panel, "run", &points(first, &|sample| sample.running));
    }
}

/// A line of a panel: its class, its name in the legend, its points.
struct Line {
    class: String,
    name: String,
    points: Vec<(f64, f64)>,
}

/// What each metric says per replica, as a part of its target: 1 is the target.
fn metrics(canvas: &mut Canvas, group: &[&ServiceReport]) {
    let sides = group.iter().zip(["one", "two"]).zip(side_names(group));
    let lines: Vec<Line> = sides
        .flat_map(|((service, class), side)| ratios(service, class, &side))
        .collect();
    let points = lines.iter().flat_map(|line| &line.points);
    let top = points.map(|(_, y)| *y).fold(1.5, f64::max);
    let legend: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line.class.as_str(), line.name.as_str()))
        .collect();
    let panel = canvas.panel(
        "Average per replica, as a part of the target",
        130.0,
        top,
        &legend,
    );
    let tolerance = group
        .first()
        .and_then(|service| {
            service
                .constants
                .iter()
                .find(|constant| constant.name == "hpa-tolerance")
        })
        .map_or(0.1, |constant| constant.value);
    canvas.band(&panel, 1.0 - tolerance, 1.0 + tolerance);
    canvas.rule(&panel, "target", 1.0);
    for line in &lines {
        canvas.line(&panel, &line.class, &line.points);
    }
}

/// A line for each trigger that the HPA has a metric of.
fn ratios(service: &ServiceReport, class: &str, side: &str) -> Vec<Line> {
    let targets = service
        .scaling
        .triggers
        .iter()
        .filter_map(|trigger| Some((trigger, trigger.target?)));
    targets
        .enumerate()
        .map(|(index, (trigger, target))| {
            let points = service.steps.iter().filter_map(|step| {
                let value = step.values.get(index).copied().flatten()?;
                // The HPA takes what is negative for endless.
                let value = if value < 0.0 { f64::INFINITY } else { value };
                let ratio = value / (target * f64::from(step.replicas.max(1)));
                Some((step.t, ratio.min(4.0)))
            });
            let side = if side.is_empty() {
                String::new()
            } else {
                format!("{side}: ")
            };
            let operation = match trigger.operation {
                "last_one" => String::new(),
                operation => format!("{operation} of "),
            };
            Line {
                class: if index == 0 {
                    class.to_owned()
                } else {
                    format!("{class} thin")
                },
                name: format!("{side}{operation}{} / {}", trigger.metric, short(target)),
                points: points.collect(),
            }
        })
        .collect()
}

fn replicas(canvas: &mut Canvas, group: &[&ServiceReport]) {
    let [old, new] = side_names(group);
    let legend: Vec<(&str, &str)> = match group {
        [_, _] => vec![
            ("one", old.as_str()),
            ("two", new.as_str()),
            ("ready2", "ready"),
        ],
        _ => vec![
            ("one", "wanted"),
            ("ready", "ready"),
            ("bound", "minimum and maximum"),
        ],
    };
    let happened = group
        .iter()
        .map(|service| service.summary.most_replicas)
        .max()
        .unwrap_or(1)
        .max(1);
    let top = match group {
        // A maximum far above what happens would flatten everything.
        [service] => service.scaling.max.clamp(happened, happened * 3),
        _ => happened,
    };
    let top = f64::from(top);
    let panel = canvas.panel("Replicas", 170.0, top, &legend);
    if let [service] = group {
        canvas.area(
            &panel,
            "ready",
            &steps(service, &|sample| f64::from(sample.ready)),
        );
        for bound in [service.scaling.min, service.scaling.max] {
            if f64::from(bound) <= top {
                canvas.rule(&panel, "bound", f64::from(bound));
            }
        }
    }
    for (service, class) in group.iter().zip(["one", "two"]) {
        if group.len() > 1 {
            canvas.line(
                &panel,
                "ready2",
                &steps(service, &|sample| f64::from(sample.ready)),
            );
        }
        canvas.line(
            &panel,
            class,
            &steps(service, &|sample| f64::from(sample.desired)),
        );
    }
}

/// A name that fits into a legend: of a long one its end.
fn shown(name: &str) -> String {
    const MOST: usize = 60;
    let length = name.chars().count();
    if length <= MOST {
        return name.to_owned();
    }
    let end: String = name.chars().skip(length - MOST + 1).collect();
    format!("…{end}")
}

/// At most some 700 points, the greatest of each stretch.
fn points(service: &ServiceReport, value: &dyn Fn(&SampleReport) -> f64) -> Vec<(f64, f64)> {
    let stretch = service.samples.len().div_ceil(700).max(1);
    service
        .samples
        .chunks(stretch)
        .filter_map(|chunk| {
            let greatest = chunk.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
            Some((chunk.first()?.t, greatest))
        })
        .collect()
}

/// The corners of a stair.
fn steps(service: &ServiceReport, value: &dyn Fn(&SampleReport) -> f64) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for sample in &service.samples {
        let y = value(sample);
        match corners.last() {
            Some(&(_, before)) if before != y => {
                corners.extend([(sample.t, before), (sample.t, y)])
            }
            Some(_) => {}
            None => corners.push((sample.t, y)),
        }
    }
    if let (Some(end), Some(&(_, y))) = (service.samples.last(), corners.last()) {
        corners.push((end.t, y));
    }
    corners
}

/// Where a panel lies and what its axis shows.
struct Panel {
    top: f64,
    height: f64,
    most: f64,
}

impl Panel {
    fn y(&self, value: f64) -> f64 {
        self.top + self.height * (1.0 - (value / self.most).clamp(0.0, 1.0))
    }
}

struct Canvas {
    out: String,
    length: f64,
    y: f64,
}

impl Canvas {
    fn x(&self, t: f64) -> f64 {
        LEFT + INNER * (t / self.length).clamp(0.0, 1.0)
    }

    fn heading(&mut self, service: &str, load: &str) {
        let _ = write!(
            self.out,
            "<text x=\"{LEFT}\" y=\"26\" font-size=\"16\" font-weight=\"600\">{}</text>\
             <text class=\"dim\" x=\"{}\" y=\"26\" text-anchor=\"end\">{}</text>",
            escape(service),
            WIDTH - RIGHT,
            escape(load)
        );
        self.y = 40.0;
    }

    /// A frame with a title, a legend and an axis from 0 to `most`.
    fn panel(&mut self, title: &str, height: f64, most: f64, legend: &[(&str, &str)]) -> Panel {
        let head = self.y + 18.0;
        let _ = write!(
            self.out,
            "<text x=\"{LEFT}\" y=\"{head}\" font-weight=\"600\">{}</text>",
            escape(title)
        );
        let names: Vec<(&str, String)> = legend
            .iter()
            .map(|(class, name)| (*class, shown(name)))
            .collect();
        let length: usize = names.iter().map(|(_, name)| name.chars().count() + 6).sum();
        // A long legend has a line of its own.
        let below = if length + title.chars().count() > 110 {
            17.0
        } else {
            0.0
        };
        let _ = write!(
            self.out,
            "<text class=\"dim\" x=\"{}\" y=\"{}\" text-anchor=\"end\" xml:space=\"preserve\">",
            WIDTH - RIGHT,
            head + below
        );
        for (class, name) in names {
            // The mark is a character: it stands where the text stands, whatever the font.
            let (color, dotted) = class
                .split_once(' ')
                .map_or((class, false), |(color, _)| (color, true));
            let mark = match color {
                "run" | "wait" | "ready" => "■",
                "two" | "queue2" | "ready2" | "bound" => "┅",
                _ if dotted => "┅",
                _ => "━",
            };
            let _ = write!(
                self.out,
                "   <tspan class=\"k-{color}\">{mark}</tspan> {}",
                escape(&name)
            );
        }
        self.out.push_str("</text>");
        let panel = Panel {
            top: self.y + below + 30.0,
            height,
            most: most * 1.05,
        };
        let step = round_step(most, 4.0).max(if title == "Replicas" { 1.0 } else { 0.0 });
        let mut value = 0.0;
        while value <= panel.most {
            let y = panel.y(value);
            let _ = write!(
                self.out,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{}\"/><text class=\"dim\" x=\"{}\" y=\"{:.1}\" \
                 text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                y + 4.0,
                short(value)
            );
            value += step;
        }
        self.y = panel.top + height + 8.0;
        panel
    }

    fn path(&self, panel: &Panel, points: &[(f64, f64)]) -> String {
        let mut d = String::new();
        for (index, &(t, value)) in points.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            let _ = write!(d, "{command}{:.1} {:.1}", self.x(t), panel.y(value));
        }
        d
    }

    fn line(&mut self, panel: &Panel, class: &str, points: &[(f64, f64)]) {
        let d = self.path(panel, points);
        let _ = write!(self.out, "<path class=\"line {class}\" d=\"{d}\"/>");
    }

    fn area(&mut self, panel: &Panel, class: &str, points: &[(f64, f64)]) {
        let (Some(&(first, _)), Some(&(last, _))) = (points.first(), points.last()) else {
            return;
        };
        let d = self.path(panel, points);
        let floor = panel.y(0.0);
        let _ = write!(
            self.out,
            "<path class=\"{class}\" d=\"{d}L{:.1} {floor:.1}L{:.1} {floor:.1}Z\"/>",
            self.x(last),
            self.x(first)
        );
    }

    fn rule(&mut self, panel: &Panel, class: &str, value: f64) {
        let _ = write!(
            self.out,
            "<path class=\"{class}\" d=\"M{LEFT} {:.1}H{}\"/>",
            panel.y(value),
            WIDTH - RIGHT
        );
    }

    fn band(&mut self, panel: &Panel, from: f64, to: f64) {
        let (top, bottom) = (panel.y(to), panel.y(from));
        let _ = write!(
            self.out,
            "<rect class=\"band\" x=\"{LEFT}\" y=\"{top:.1}\" width=\"{INNER}\" height=\"{:.1}\"/>",
            bottom - top
        );
    }

    fn time_axis(&mut self) {
        let step = time_step(self.length, 10.0);
        let y = self.y + 10.0;
        let mut t = 0.0;
        while t <= self.length {
            let name = if t == 0.0 {
                "0".to_owned()
            } else {
                format_duration((t * 1000.0) as i64)
            };
            let anchor = if t + step > self.length {
                "end"
            } else {
                "middle"
            };
            let _ = write!(
                self.out,
                "<text class=\"dim\" x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{name}</text>",
                self.x(t)
            );
            t += step;
        }
        self.y = y + 14.0;
    }
}
