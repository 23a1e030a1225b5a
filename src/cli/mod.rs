//! Flags, exit codes, and the only room with input and output, clock and environment.
//!
//! Two steps: [`args`] is what was typed, [`options`] what it means. A command is one file in [`commands`].

pub mod args;
pub mod color;
pub mod commands;
pub mod complete;
pub mod config;
mod context;
mod error;
mod exit;
pub mod git;
mod input;
mod kustomize;
pub mod options;
pub mod pipeline;
pub mod progress;
mod service;
pub mod version;
pub mod write;

use std::env;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::panic;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use context::{Context, printable};
pub use error::CliError;
pub use exit::ExitStatus;

use args::Cli;
use color::{Color, ColorChoice};
use options::GlobalOptions;

/// Runs the program: arguments from the environment, product on standard output, the exit code back.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(internal_error));
    match complete::answer() {
        Ok(false) => {}
        Ok(true) => return ExitStatus::Clean.into(),
        Err(error) => return usage(&error),
    }
    let color = early_color();
    let matches = match command(color).try_get_matches_from(env::args_os()) {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let status = Cli::from_arg_matches(&matches)
        .map_err(|error| CliError::Internal(error.to_string()))
        .and_then(|cli| {
            let context = Context::new(GlobalOptions::resolve(&cli.global)?);
            cli.command.run(&context)
        });
    status
        .unwrap_or_else(|error| {
            context::show_error(&error, color.stderr);
            ExitStatus::Trouble
        })
        .into()
}

/// The command line's definition, called as the program was: a link named `kubectl-aim` is `kubectl aim`.
fn command(color: Color) -> clap::Command {
    let choice = if color.stdout {
        clap::ColorChoice::Always
    } else {
        clap::ColorChoice::Never
    };
    let command = Cli::command().color(choice);
    let program = env::args_os().next().unwrap_or_default();
    if is_kubectl_plugin(&program) {
        command
            .name("kubectl-aim")
            .display_name("kubectl aim")
            .bin_name("kubectl aim")
    } else {
        command
    }
}

/// kubectl calls a plugin by its path; a dash in the plugin's name may be written as underscore.
fn is_kubectl_plugin(program: &OsStr) -> bool {
    let stem = Path::new(program).file_stem().and_then(OsStr::to_str);
    matches!(stem, Some("kubectl-aim" | "kubectl_aim"))
}

/// Help, version, or a usage error; clap says which stream. A reader that has gone away is no error.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    let status = if error.use_stderr() {
        ExitStatus::Trouble
    } else {
        ExitStatus::Clean
    };
    status.into()
}

/// The colours of help and of errors that come before the flags are read: `--color` is looked for by hand.
fn early_color() -> Color {
    let mut words = env::args_os().skip(1);
    let mut typed = env::var("AIMCTL_COLOR").ok();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--") => break,
            Some("--color") => typed = words.next().and_then(|value| value.into_string().ok()),
            Some(word) => {
                if let Some(value) = word.strip_prefix("--color=") {
                    typed = Some(value.to_owned());
                }
            }
            None => {}
        }
    }
    let choice = match typed.as_deref() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    };
    let terminal = Color {
        stdout: io::stdout().is_terminal(),
        stderr: io::stderr().is_terminal(),
    };
    color::resolve(choice, |name| env::var_os(name), terminal)
}

/// A panic is a mistake of ours: one line instead of a backtrace, and exit code 2 instead of a signal.
#[expect(
    clippy::exit,
    reason = "with panic = abort there is no other way to choose the exit code"
)]
fn internal_error(info: &panic::PanicHookInfo<'_>) {
    let _ = writeln!(
        io::stderr(),
        "internal error: {}; this is a bug in aimctl, please report it",
        printable(&info.to_string())
    );
    std::process::exit(i32::from(ExitStatus::Trouble.code()));
}
