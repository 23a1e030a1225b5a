//! `man`.

use std::io;

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::{CliError, Context, ExitStatus};

/// Print the manual page (roff)
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the page.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(_: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let page = page().map_err(|error| CliError::Internal(error.to_string()))?;
    context.print(&page)?;
    Ok(ExitStatus::Clean)
}

/// The manual page: the program, then each command with its flags.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn page() -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let mut out = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut out)?;
    Ok(out)
}
