//! KEDA's own loop: activity, and the moves that the HPA cannot make (KEDA 2.18.1, spec 9.6).

/// What the loop remembers.
#[derive(Debug, Clone)]
pub struct Loop {
    min: i32,
    cooldown: i64,
    /// In whole seconds, as KEDA writes it into the status.
    last_active: Option<i64>,
}

/// One poll's view of the triggers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Activity {
    /// Some trigger's answer is above 0.
    pub active: bool,
    /// Some trigger gave none.
    pub error: bool,
}

impl Activity {
    /// From the answers, before rounding.
    #[must_use]
    pub fn of(answers: impl IntoIterator<Item = Option<f64>>) -> Self {
        answers
            .into_iter()
            .fold(Self::default(), |seen, answer| Self {
                active: seen.active || answer.is_some_and(|value| value > 0.0),
                error: seen.error || answer.is_none(),
            })
    }
}

impl Loop {
    /// A loop that has not polled yet; `min` is minReplicaCount (absent 0), the cooldown in milliseconds.
    #[must_use]
    pub fn new(min: i32, cooldown: i64) -> Self {
        Self {
            min,
            cooldown,
            last_active: None,
        }
    }

    /// The count after a poll at `now` (milliseconds); the same where KEDA leaves it alone.
    pub fn poll(&mut self, now: i64, replicas: i32, activity: Activity) -> i32 {
        let Activity { active, error } = activity;
        if active && !error {
            self.last_active = Some(now.div_euclid(1000));
        }
        match (replicas, active, error) {
            (0, true, _) => self.min.max(1),
            (_, false, false) if replicas < self.min => self.min,
            (1.., false, false) if self.min <= 0 && self.cooled_down(now) => 0,
            _ => replicas,
        }
    }

    /// Never active, or longer ago than the cooldown.
    fn cooled_down(&self, now: i64) -> bool {
        self.last_active
            .is_none_or(|last| now > last * 1000 + self.cooldown)
    }
}

/// What KEDA makes of the add-on's whole number for the HPA: thousandths, by way of a double. What does not fit into
/// 64 bits arrives as 0 (chain `huge`).
#[must_use]
pub fn thousandths(answer: i64) -> i64 {
    let milli = answer as f64 * 1000.0;
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&milli) {
        milli as i64
    } else {
        0
    }
}
