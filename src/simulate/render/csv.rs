//! One row a sample.

use std::fmt::Write;

use crate::simulate::report::{Report, ServiceReport};

/// All samples. Columns: service, side, t (seconds), load, running, waiting, desired, ready, and `metric0` … with what
/// the HPA last read of each trigger (empty before the first step and where it could not be read).
#[must_use]
pub fn csv(report: &Report) -> String {
    let metrics = report.services.iter().map(metric_count).max().unwrap_or(0);
    let mut out = String::from("service,side,t,load,running,waiting,desired,ready");
    for index in 0..metrics {
        let _ = write!(out, ",metric{index}");
    }
    out.push('\n');
    for service in &report.services {
        let mut steps = service.steps.iter().peekable();
        let mut last: &[Option<f64>] = &[];
        for sample in &service.samples {
            while let Some(step) = steps.next_if(|step| step.t <= sample.t) {
                last = &step.values;
            }
            let _ = write!(
                out,
                "{},{},{},{},{},{},{},{}",
                field(&service.service),
                field(&service.side),
                sample.t,
                sample.load,
                sample.running,
                sample.waiting,
                sample.desired,
                sample.ready
            );
            for index in 0..metrics {
                out.push(',');
                if let Some(value) = last.get(index).copied().flatten() {
                    let _ = write!(out, "{value}");
                }
            }
            out.push('\n');
        }
    }
    out
}

fn metric_count(service: &ServiceReport) -> usize {
    service
        .steps
        .iter()
        .map(|step| step.values.len())
        .max()
        .unwrap_or(0)
}

/// RFC 4180: quoted only where needed.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
