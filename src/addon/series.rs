//! One series: its points of the last two minutes.

use std::cell::Cell;
use std::collections::VecDeque;

use super::{Operation, go_max, go_min, running_mean};

/// How long the add-on keeps a point, and how long a silent series counts (its flag's default, in seconds).
pub const RETENTION_SECONDS: i64 = 120;

/// The points of one series, in order of arrival (add-on 0.0.6, spec 4.3).
///
/// The add-on computes its six numbers at each push. Points go only at a push as well, so computing a number when it
/// is asked for gives the same.
#[derive(Debug, Clone)]
pub struct Series {
    points: VecDeque<(f64, u32)>,
    last: u32,
    pushed_once: bool,
    /// No point is older than the one before it, so the stale ones are in front.
    ordered: bool,
    retention: i64,
    /// What was asked last, and its answer: KEDA and the HPA ask the same at the same moment.
    asked: Cell<Option<(Operation, f64)>>,
}

impl Series {
    /// A series with its first point: a value and its own time in whole seconds.
    #[must_use]
    pub fn new(value: f64, time: u32, retention: i64) -> Self {
        Self {
            points: VecDeque::from([(value, time)]),
            last: time,
            pushed_once: true,
            ordered: true,
            retention,
            asked: Cell::new(None),
        }
    }

    /// Adds a point at `now`, the add-on's clock in whole seconds. A point is kept even when it comes in stale.
    pub fn push(&mut self, value: f64, time: u32, now: i64) {
        let retention = self.retention;
        let stale = |time: u32| now - retention > i64::from(time);
        if self.ordered {
            while self.points.front().is_some_and(|&(_, time)| stale(time)) {
                self.points.pop_front();
            }
        } else {
            self.points.retain(|&(_, time)| !stale(time));
        }
        self.ordered &= self.points.back().is_none_or(|&(_, last)| last <= time);
        self.points.push_back((value, time));
        self.last = time;
        self.pushed_once = false;
        self.asked.set(None);
    }

    /// Whether it is silent for too long to count: strictly more than the retention.
    #[must_use]
    pub fn is_stale(&self, now: i64) -> bool {
        now - self.retention > i64::from(self.last)
    }

    /// The number of an operation; `None` for `min` before the second push.
    #[must_use]
    pub fn number(&self, operation: Operation) -> Option<f64> {
        if let Some((asked, number)) = self.asked.get()
            && asked == operation
        {
            return Some(number);
        }
        let number = self.worked_out(operation)?;
        self.asked.set(Some((operation, number)));
        Some(number)
    }

    fn worked_out(&self, operation: Operation) -> Option<f64> {
        let &(last, last_time) = self.points.back()?;
        let values = || self.points.iter().map(|&(value, _)| value);
        Some(match operation {
            Operation::LastOne => last,
            Operation::Count => self.points.len() as f64,
            Operation::Max => values().reduce(go_max)?,
            Operation::Min if self.pushed_once => return None,
            Operation::Min => values().reduce(go_min)?,
            Operation::Avg => values().zip(1..).fold(0.0, |mean, (value, count)| {
                if count == 1 {
                    value
                } else {
                    running_mean(mean, value, count)
                }
            }),
            Operation::Rate if self.pushed_once => 0.0,
            Operation::Rate => {
                let &(first, first_time) = self.points.front()?;
                (last - first) / f64::from(last_time.wrapping_sub(first_time))
            }
        })
    }
}
