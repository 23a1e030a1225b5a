//! `completions SHELL`.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::cli::args::Cli;
use crate::cli::{CliError, Context, ExitStatus, complete};

/// Print the completion script of a shell
///
/// bash: `source <(aimctl completions bash --dynamic)` in ~/.bashrc; zsh the same in ~/.zshrc, after compinit; fish:
/// `aimctl completions fish --dynamic | source`. Without --dynamic the script stands alone: it knows commands and flags.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    pub shell: Shell,

    /// A script that asks aimctl itself at each Tab, and so knows rules, kinds, fields, images and services
    #[arg(long)]
    pub dynamic: bool,
}

/// Prints the script.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let script = if args.dynamic {
        dynamic(args.shell).map_err(|error| CliError::Internal(error.to_string()))?
    } else {
        script(args.shell)
    };
    context.print(&script)?;
    Ok(ExitStatus::Clean)
}

/// The script of a shell that asks the program.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn dynamic(shell: Shell) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let name = shell.to_string();
    if let Some(shell) = Shells::builtins().completer(&name) {
        shell.write_registration(complete::VARIABLE, "aimctl", "aimctl", "aimctl", &mut out)?;
    }
    Ok(out)
}

/// The completion script of a shell.
#[must_use]
pub fn script(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "aimctl", &mut out);
    out
}
