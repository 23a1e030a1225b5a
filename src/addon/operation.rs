//! `operationOverTime`: which of a series' six numbers is asked for.

/// What the add-on makes of a series' points of the last two minutes (add-on 0.0.6, spec 4.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// The value pushed last.
    #[default]
    LastOne,
    /// The mean of the points.
    Avg,
    /// The greatest point.
    Max,
    /// The least point; not there before the second push.
    Min,
    /// Difference of the last and the first point by the seconds between them, without counter resets.
    Rate,
    /// The number of points.
    Count,
}

impl Operation {
    /// All six, in the order of the add-on's documentation.
    pub const ALL: [Self; 6] = [
        Self::LastOne,
        Self::Avg,
        Self::Max,
        Self::Min,
        Self::Rate,
        Self::Count,
    ];

    /// The operation of exactly that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.name() == text)
    }

    /// What the add-on takes: an absent, empty, unknown, misspelt or upper-case one is `last_one`, without an error.
    #[must_use]
    pub fn lenient(text: Option<&str>) -> Self {
        text.and_then(Self::parse).unwrap_or_default()
    }

    /// Its name in a trigger's metadata.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LastOne => "last_one",
            Self::Avg => "avg",
            Self::Max => "max",
            Self::Min => "min",
            Self::Rate => "rate",
            Self::Count => "count",
        }
    }
}
