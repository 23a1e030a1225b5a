//! What the HPA controller remembers between two steps.

use std::collections::VecDeque;

/// Proposals of the past. The controller keeps them by namespace and name: they outlive the HPA.
#[derive(Debug, Clone, Default)]
pub(super) struct Recommendations(VecDeque<(i64, i32)>);

impl Recommendations {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Records one, and forgets those older than `keep` milliseconds.
    pub(super) fn record(&mut self, now: i64, count: i32, keep: i64) {
        while self.0.front().is_some_and(|&(time, _)| time < now - keep) {
            self.0.pop_front();
        }
        self.0.push_back((now, count));
    }

    /// Those strictly younger than the window.
    pub(super) fn within(&self, now: i64, window: i64) -> impl Iterator<Item = i32> {
        self.0
            .iter()
            .rev()
            .take_while(move |&&(time, _)| time > now - window)
            .map(|&(_, count)| count)
    }

    /// Those not older than the window, its edge included.
    pub(super) fn within_inclusive(&self, now: i64, window: i64) -> impl Iterator<Item = i32> {
        self.within(now, window.saturating_add(1))
    }
}

/// Rescales of the past, by direction.
#[derive(Debug, Clone, Default)]
pub(super) struct Events {
    up: Vec<(i64, i32)>,
    down: Vec<(i64, i32)>,
}

impl Events {
    /// Records a rescale. Like the controller it takes the slot of an event that is older than the longest period of
    /// its own direction, when there is one: policies of the other direction then no longer see that event.
    pub(super) fn record(&mut self, now: i64, change: i32, longest_period: i64) {
        let list = if change > 0 {
            &mut self.up
        } else {
            &mut self.down
        };
        let event = (now, change.saturating_abs());
        match list
            .iter_mut()
            .rev()
            .find(|(time, _)| *time < now - longest_period)
        {
            Some(slot) => *slot = event,
            None => list.push(event),
        }
    }

    /// The count from which a policy's limit is taken: now, less what was added and plus what was removed in its
    /// period.
    pub(super) fn count_at_period_start(&self, current: i32, period: i64, now: i64) -> i32 {
        let sum = |events: &[(i64, i32)]| {
            events
                .iter()
                .filter(|&&(time, _)| time > now - period)
                .map(|&(_, change)| change)
                .fold(0, i32::saturating_add)
        };
        current
            .saturating_sub(sum(&self.up))
            .saturating_add(sum(&self.down))
    }
}
