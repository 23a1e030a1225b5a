//! How a run ends (spec 8.7).

use std::process::ExitCode;

/// What the exit code says; the same for every command and format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// 0: clean, or no difference.
    Clean,
    /// 1: findings at error level, differences, or a service that cannot be rendered.
    Findings,
    /// 2: usage, unreadable input, bad configuration, nothing to do, internal error.
    Trouble,
}

impl ExitStatus {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Trouble => 2,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}
