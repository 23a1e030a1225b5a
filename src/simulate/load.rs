//! What comes in: a trace from a file, or a pattern.

use std::f64::consts::TAU;
use std::fmt;

use super::constants::duration;

/// A load over time.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// A shape, in total requests in flight.
    Pattern(Pattern),
    /// Points from a file.
    Trace(Trace),
}

/// A shape between two levels.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Which.
    pub shape: Shape,
    /// Requests in flight at the low level.
    pub low: f64,
    /// Requests in flight at the high level.
    pub high: f64,
    /// How long the whole is, in milliseconds.
    pub length: i64,
}

/// Which shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Low for the first tenth, then high.
    Step,
    /// From low to high, evenly.
    Ramp,
    /// Three waves between low and high, beginning low.
    Sine,
    /// Low, but high for a twentieth (a minute at least) after the first quarter.
    Spike,
}

impl Shape {
    /// All, in the order of their documentation.
    pub const ALL: [Self; 4] = [Self::Step, Self::Ramp, Self::Sine, Self::Spike];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Ramp => "ramp",
            Self::Sine => "sine",
            Self::Spike => "spike",
        }
    }
}

impl Pattern {
    /// Requests in flight at a time.
    #[must_use]
    pub fn at(&self, ms: i64) -> f64 {
        let length = self.length.max(1);
        let part = ms.clamp(0, length) as f64 / length as f64;
        let high = match self.shape {
            Shape::Step => f64::from(u8::from(ms >= length / 10)),
            Shape::Ramp => part,
            Shape::Sine => (1.0 - (TAU * 3.0 * part).cos()) / 2.0,
            Shape::Spike => {
                let (from, width) = (length / 4, (length / 20).max(60_000));
                f64::from(u8::from((from..from + width).contains(&ms)))
            }
        };
        self.low + (self.high - self.low) * high
    }
}

/// Rows of a file; each holds from its time on until the next one's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// What the columns after the time hold: `requests`, or the name of a metric.
    pub columns: Vec<String>,
    /// Times in milliseconds, rising, and as many values as there are columns.
    pub rows: Vec<(i64, Vec<f64>)>,
    /// Values between two rows lie on the line between them.
    pub linear: bool,
}

/// The column that holds total requests in flight.
pub const REQUESTS: &str = "requests";

/// Why a trace cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceError {
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            f.write_str(&self.message)
        } else {
            write!(f, "line {}: {}", self.line, self.message)
        }
    }
}

impl std::error::Error for TraceError {}

impl Trace {
    /// Reads CSV: a time, then values; separated by comma, semicolon or tab. A first line that begins with no time
    /// names the columns; without one there is a single column, total requests in flight. Lines that begin with `#` are
    /// comments. Times are seconds, durations (`1m30s`), clock times (`09:30`, `09:30:15`) or RFC 3339 times, counted
    /// from the first row.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut trace = Self::default();
        let mut first_time = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let error = |message: String| TraceError {
                line: index + 1,
                message,
            };
            let separator = [';', '\t']
                .into_iter()
                .find(|c| line.contains(*c))
                .unwrap_or(',');
            let mut cells = line
                .split(separator)
                .map(|cell| cell.trim().trim_matches('"'));
            let time = cells.next().unwrap_or_default();
            let Some(ms) = time_of(time) else {
                if trace.rows.is_empty() && trace.columns.is_empty() {
                    trace.columns = cells.map(column_name).collect();
                    continue;
                }
                return Err(error(format!("{time:?} is no time")));
            };
            let values: Vec<f64> = cells
                .map(|cell| match cell.parse::<f64>() {
                    Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
                    _ => Err(error(format!("{cell:?} is no load: a number from 0 on is"))),
                })
                .collect::<Result<_, _>>()?;
            if trace.columns.is_empty() {
                trace.columns = vec![REQUESTS.to_owned()];
            }
            if values.len() != trace.columns.len() {
                let (have, want) = (values.len(), trace.columns.len());
                return Err(error(format!(
                    "{have} values for {want} columns ({})",
                    trace.columns.join(", ")
                )));
            }
            let ms = ms - *first_time.get_or_insert(ms);
            if trace.rows.last().is_some_and(|&(last, _)| ms <= last) {
                return Err(error(format!("{time} does not come after the line before")));
            }
            trace.rows.push((ms, values));
        }
        if trace.rows.is_empty() {
            return Err(TraceError {
                line: 0,
                message: "the trace has no rows".to_owned(),
            });
        }
        Ok(trace)
    }

    /// The value of a column at a time.
    #[must_use]
    pub fn at(&self, column: usize, ms: i64) -> f64 {
        let next = self.rows.partition_point(|&(time, _)| time <= ms);
        let row = |index: usize| {
            let (time, values) = self.rows.get(index)?;
            Some((*time, *values.get(column)?))
        };
        match (next.checked_sub(1).and_then(row), row(next)) {
            (Some((from, a)), Some((to, b))) if self.linear => {
                a + (b - a) * (ms - from) as f64 / (to - from) as f64
            }
            (Some((_, value)), _) | (None, Some((_, value))) => value,
            (None, None) => 0.0,
        }
    }

    /// The time of its last row.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.rows.last().map_or(0, |&(time, _)| time)
    }
}

impl Load {
    /// Total requests in flight at a time; 0 where the trace does not say.
    #[must_use]
    pub fn requests(&self, ms: i64) -> f64 {
        match self {
            Self::Pattern(pattern) => pattern.at(ms),
            Self::Trace(trace) => trace
                .columns
                .iter()
                .position(|name| name == REQUESTS)
                .map_or(0.0, |column| trace.at(column, ms)),
        }
    }

    /// The column that gives this metric itself.
    #[must_use]
    pub fn column(&self, metric: &str) -> Option<usize> {
        match self {
            Self::Pattern(_) => None,
            Self::Trace(trace) => trace.columns.iter().position(|name| name == metric),
        }
    }

    /// The value of such a column at a time.
    #[must_use]
    pub fn value(&self, column: usize, ms: i64) -> f64 {
        match self {
            Self::Pattern(_) => 0.0,
            Self::Trace(trace) => trace.at(column, ms),
        }
    }
}

/// Common names of the column with the requests in flight.
fn column_name(cell: &str) -> String {
    match cell.to_ascii_lowercase().as_str() {
        "requests" | "load" | "in_flight" | "inflight" | "in-flight" | "concurrency" => {
            REQUESTS.to_owned()
        }
        _ => cell.to_owned(),
    }
}

fn time_of(text: &str) -> Option<i64> {
    if let Some(ms) = duration(text) {
        return Some(ms);
    }
    let (days, clock) = match text.split_once(['T', 't', ' ']) {
        Some((date, clock)) => (days_of(date)?, clock),
        None => (0, text),
    };
    let (clock, offset) = split_offset(clock)?;
    let mut parts = clock.split(':');
    let (hours, minutes) = (
        parts.next()?.parse::<i64>().ok()?,
        parts.next()?.parse::<i64>().ok()?,
    );
    let seconds = parts
        .next()
        .map_or(Some(0.0), |part| part.parse::<f64>().ok())?;
    let fits =
        parts.next().is_none() && (0..60).contains(&minutes) && (0.0..61.0).contains(&seconds);
    let minutes = (days * 24 + hours) * 60 + minutes - offset;
    fits.then(|| minutes * 60_000 + (seconds * 1000.0).round() as i64)
}

/// Takes the zone off a clock time; the zone in minutes.
fn split_offset(clock: &str) -> Option<(&str, i64)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = clock.rfind(['+', '-']) else {
        return Some((clock, 0));
    };
    let (clock, zone) = clock.split_at(at);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    Some((
        clock,
        sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?),
    ))
}

/// Days since an arbitrary day, of `2026-11-24` in the Gregorian calendar.
fn days_of(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // March is the first month, so that the leap day is the last day of the year.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (month * 153 + 2) / 5
            + day,
    )
}
