//! One page that holds everything it shows: no script, no request.

use std::fmt::Write;

use super::svg::{STYLE, inline};
use super::{escape, groups, short};
use crate::diag::Level;
use crate::simulate::constants::format_duration;
use crate::simulate::report::{Report, ServiceReport};

const PAGE: &str = "\
:root{color-scheme:light dark;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;--paper:#fff;--card:#f6f8fa;--error:#d1242f;\
--warning:#9a6700;--note:#0969da;--advice:#1a7f37}\
@media(prefers-color-scheme:dark){:root{--ink:#f0f6fc;--dim:#9198a1;--line:#3d444d;--paper:#0d1117;--card:#151b23;\
--error:#f85149;--warning:#d29922;--note:#58a6ff;--advice:#3fb950}}\
body{margin:0 auto;max-width:1000px;padding:24px 20px 60px;background:var(--paper);color:var(--ink);\
font:15px/1.5 system-ui,sans-serif}h1{font-size:22px;margin:0}h2{font-size:18px;margin:36px 0 8px}\
h3{font-size:15px;margin:20px 0 6px}p.dim,.dim{color:var(--dim)}svg{width:100%;min-width:640px;height:auto;display:block}\
ul{padding:0;list-style:none;margin:12px 0}li{padding:8px 12px;margin:6px 0;background:var(--card);\
border-left:4px solid var(--line);border-radius:4px}li b{margin-right:6px}li.error{border-color:var(--error)}\
li.warning{border-color:var(--warning)}li.note{border-color:var(--note)}li.advice{border-color:var(--advice)}\
.error b{color:var(--error)}.warning b{color:var(--warning)}.note b{color:var(--note)}.advice b{color:var(--advice)}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}\
th{font-weight:600}td.n{text-align:right;white-space:nowrap}th.n{text-align:right}\
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}summary{cursor:pointer;margin:14px 0 6px;font-weight:600}";

/// The page.
#[must_use]
pub fn html(report: &Report) -> String {
    let mut body = String::new();
    for group in groups(report) {
        section(&mut body, report, &group);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>aimctl simulate</title><style>{PAGE}{STYLE}</style></head>\n<body>\n\
         <h1>How many replicas</h1><p class=\"dim\">{}, {} long</p>\n{body}</body></html>\n",
        escape(&report.load),
        format_duration((report.length * 1000.0) as i64)
    )
}

fn section(out: &mut String, report: &Report, group: &[&ServiceReport]) {
    let Some(first) = group.first() else { return };
    let _ = writeln!(out, "<section><h2>{}</h2>", escape(&first.service));
    let picture = inline(report, group);
    let _ = writeln!(out, "<div class=\"scroll\">{picture}</div>");
    for service in group {
        says(out, service);
    }
    numbers(out, group);
    for service in group {
        triggers(out, service);
    }
    background(out, group);
    out.push_str("</section>\n");
}

/// Findings and advice.
fn says(out: &mut String, service: &ServiceReport) {
    if !service.side.is_empty() {
        let _ = writeln!(out, "<h3>{}</h3>", escape(&service.side));
    }
    out.push_str("<ul>");
    let mut item = |class: &str, text: &str| {
        let _ = write!(
            out,
            "<li class=\"{class}\"><b>{class}</b>{}</li>",
            escape(text)
        );
    };
    for finding in &service.findings {
        let class = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        };
        item(class, &finding.message);
    }
    for advice in &service.advice {
        item("advice", &advice.message);
    }
    if service.findings.is_empty() && service.advice.is_empty() {
        item("advice", "nothing to say against it");
    }
    out.push_str("</ul>\n");
}

fn numbers(out: &mut String, group: &[&ServiceReport]) {
    out.push_str("<div class=\"scroll\"><table><tr><th></th>");
    for service in group {
        let name = if service.side.is_empty() {
            "this load"
        } else {
            service.side.as_str()
        };
        let _ = write!(out, "<th class=\"n\">{}</th>", escape(name));
    }
    out.push_str("</tr>");
    let mut row = |name: &str, value: &dyn Fn(&ServiceReport) -> String| {
        let _ = write!(out, "<tr><td>{name}</td>");
        for service in group {
            let _ = write!(out, "<td class=\"n\">{}</td>", escape(&value(service)));
        }
        out.push_str("</tr>");
    };
    let time = |seconds: f64| format_duration((seconds * 1000.0).round() as i64);
    row("Replicas", &|s| {
        format!(
            "{} to {}, {} on average",
            s.summary.fewest_replicas,
            s.summary.most_replicas,
            short(s.summary.mean_replicas)
        )
    });
    row("Replica hours", &|s| short(s.summary.replica_hours));
    row("Capacity in use", &|s| {
        format!("{} %", short(s.summary.utilisation * 100.0))
    });
    row("Requests' time that is waiting", &|s| {
        format!("{} %", short(s.summary.waiting_share * 100.0))
    });
    row("95 % of the requests wait at most", &|s| {
        time(s.summary.wait_p95)
    });
    row("Queue, at most", &|s| short(s.summary.longest_queue));
    row("Queue, for 95 % of the time at most", &|s| {
        short(s.summary.queue_p95)
    });
    row("At the maximum while more is asked for", &|s| {
        time(s.summary.saturated)
    });
    row("Kept only by the down-scale window", &|s| {
        time(s.summary.held)
    });
    row("Changes of direction", &|s| s.summary.turns.to_string());
    out.push_str("</table></div>\n");
}

fn triggers(out: &mut String, service: &ServiceReport) {
    let scaling = &service.scaling;
    let side = if service.side.is_empty() {
        String::new()
    } else {
        format!(", {}", escape(&service.side))
    };
    let _ = write!(
        out,
        "<h3>Scaling{side}</h3><p>{} to {} replicas, {} at the beginning; a replica serves {} requests at once and needs {} to \
         start.</p>",
        scaling.min,
        scaling.max,
        scaling.start,
        service.capacity,
        format_duration((service.start_delay * 1000.0) as i64)
    );
    if scaling.triggers.is_empty() {
        return;
    }
    out.push_str("<div class=\"scroll\"><table><tr><th>Metric</th><th>Over pods</th><th>Over time</th><th class=\"n\">Target</th><th></th></tr>");
    for trigger in &scaling.triggers {
        let _ = write!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            escape(&trigger.metric),
            trigger.aggregation,
            trigger.operation,
            trigger.target.map_or_else(|| "none".to_owned(), short),
            escape(&trigger.problem)
        );
    }
    out.push_str("</table></div>\n");
}

/// What was assumed, and where every constant comes from.
fn background(out: &mut String, group: &[&ServiceReport]) {
    let Some(last) = group.last() else { return };
    if !last.assumptions.is_empty() {
        out.push_str("<details open><summary>Assumed</summary><ul>");
        for assumption in &last.assumptions {
            let _ = write!(out, "<li>{}</li>", escape(assumption));
        }
        out.push_str("</ul></details>\n");
    }
    out.push_str(
        "<details><summary>Constants and their sources</summary><div class=\"scroll\"><table><tr><th>Name</th>\
         <th class=\"n\">Value</th><th>Source</th></tr>",
    );
    for constant in &last.constants {
        let value = if constant.unit == "seconds" {
            format_duration((constant.value * 1000.0).round() as i64)
        } else {
            constant.value.to_string()
        };
        let _ = write!(
            out,
            "<tr><td><code>{}</code></td><td class=\"n\">{value}</td><td>{}</td></tr>",
            constant.name,
            escape(constant.source)
        );
    }
    out.push_str("</table></div></details>\n");
}
