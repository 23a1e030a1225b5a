//! What a command works with: options, and the only ways to the two output streams.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

use super::args::{ClusterArgs, PathArgs};
use super::error::CliError;
use super::options::{ClusterOptions, GlobalOptions, Inputs, Verbosity};
use super::progress::Progress;

/// What a command works with.
#[derive(Debug)]
pub struct Context {
    /// What holds for the whole run.
    pub options: GlobalOptions,
    pool: OnceLock<()>,
}

impl Context {
    /// A context with these options.
    #[must_use]
    pub fn new(options: GlobalOptions) -> Self {
        Self {
            options,
            pool: OnceLock::new(),
        }
    }

    /// Where the documents come from.
    ///
    /// # Errors
    /// See [`Inputs::resolve`].
    pub fn inputs(&self, args: &PathArgs) -> Result<Inputs, CliError> {
        Inputs::resolve(args)
    }

    /// What is known about the cluster.
    ///
    /// # Errors
    /// See [`ClusterOptions::resolve`].
    pub fn cluster(&self, args: &ClusterArgs) -> Result<ClusterOptions, CliError> {
        ClusterOptions::resolve(args, &self.options.config)
    }

    /// Starts rayon's threads, once. Call it only when there is work for them: their start shows in a short run.
    pub fn start_threads(&self) {
        self.pool.get_or_init(|| {
            // It fails only when a pool exists already, which then serves as well.
            let _ = rayon::ThreadPoolBuilder::new()
                .num_threads(self.options.threads)
                // As much as the main thread has.
                .stack_size(8 << 20)
                .build_global();
        });
    }

    /// Shows how far work of so many steps is (0: they cannot be counted) until it is dropped, unless nobody looks or `-q`.
    #[must_use]
    pub fn progress(&self, what: &'static str, steps: usize) -> Progress {
        if self.options.verbosity == Verbosity::Quiet || !io::stderr().is_terminal() {
            return Progress::hidden();
        }
        Progress::on_terminal(what, u64::try_from(steps).unwrap_or(u64::MAX))
    }

    /// Writes the whole product to standard output at once. A reader that has gone away is no error.
    ///
    /// # Errors
    /// The stream cannot be written (a full disk).
    pub fn print(&self, product: &[u8]) -> Result<(), CliError> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(product).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Output {
                target: "standard output".to_owned(),
                source: error,
            }),
            _ => Ok(()),
        }
    }

    /// Writes a whole file: beside it first, so that there is never half of it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_file(&self, path: &Path, content: &[u8]) -> Result<(), CliError> {
        super::write::file(path, |out| out.write_all(content))
    }

    /// Writes the product to standard output piece by piece. A reader that has gone away is no error.
    ///
    /// # Errors
    /// The stream cannot be written (a full disk).
    pub fn stream(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        match write(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Output {
                target: "standard output".to_owned(),
                source: error,
            }),
            Err(_) => {
                // What is still in the buffer would be tried again when it is dropped.
                let _ = stdout.into_parts();
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Writes lines to standard error when at least so much is to be said. Nothing that goes wrong here matters.
    pub fn say(&self, from: Verbosity, lines: &str) {
        if self.options.verbosity >= from {
            let mut stderr = io::stderr().lock();
            let _ = stderr.write_all(lines.as_bytes());
            if !lines.ends_with('\n') {
                let _ = stderr.write_all(b"\n");
            }
        }
    }

    /// Says something that is worth knowing, unless `-q`.
    pub fn note(&self, lines: &str) {
        self.say(Verbosity::Normal, lines);
    }

    /// Says something with `-v` only.
    pub fn detail(&self, lines: &str) {
        self.say(Verbosity::Verbose, lines);
    }
}

/// Shows an error on standard error: what is wrong, and what to do.
pub(super) fn show_error(error: &CliError, color: bool) {
    let (red, cyan, reset) = if color {
        ("\x1b[1;31m", "\x1b[36m", "\x1b[0m")
    } else {
        ("", "", "")
    };
    let mut text = format!("{red}error{reset}: {}\n", printable(&error.to_string()));
    if let Some(help) = error.help() {
        text.push_str(&format!("{cyan}help{reset}: {}\n", printable(help)));
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The text with control characters (terminal escapes in file names) written as escapes.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}
