//! What stops a command before it has a result. All of these end with exit code 2.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A command cannot do its work.
#[derive(Debug, Error)]
pub enum CliError {
    /// Flags or variables that do not fit together, or values that mean nothing.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        help: Option<String>,
    },
    /// The configuration file cannot be used.
    #[error("{}: {message}", place(.path, *.line, *.column))]
    Config {
        /// The file.
        path: PathBuf,
        /// Line from 1; 0 when the whole file is meant.
        line: usize,
        /// Column from 1.
        column: usize,
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: Option<String>,
    },
    /// Input that cannot be read, or in which nothing is found.
    #[error("{message}")]
    Input {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// A file or stream cannot be written.
    #[error("cannot write {target}: {source}")]
    Output {
        /// What was to be written.
        target: String,
        /// Why not.
        source: io::Error,
    },
    /// A mistake of the tool itself.
    #[error("internal error: {0}; this is a bug in aimctl, please report it")]
    Internal(String),
}

impl CliError {
    /// A usage error.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: None,
        }
    }

    /// An input error.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input {
            message: message.into(),
            help: None,
        }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn with_help(mut self, text: impl Into<String>) -> Self {
        match &mut self {
            Self::Usage { help, .. } | Self::Config { help, .. } | Self::Input { help, .. } => {
                *help = Some(text.into());
            }
            Self::Output { .. } | Self::Internal(_) => {}
        }
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Usage { help, .. } | Self::Config { help, .. } | Self::Input { help, .. } => {
                help.as_deref()
            }
            Self::Output { .. } | Self::Internal(_) => None,
        }
    }
}

fn place(path: &std::path::Path, line: usize, column: usize) -> String {
    if line == 0 {
        path.display().to_string()
    } else {
        format!("{}:{line}:{column}", path.display())
    }
}
