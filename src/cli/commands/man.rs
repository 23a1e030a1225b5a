//! `man`.

use std::io;

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::{CliError, Context, ExitStatus};
use crate::diag::nearest;

/// Print a manual page (roff)
///
/// Without COMMAND the page of aimctl itself, which names the others. To read one: aimctl man | man -l -
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command whose page to print
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::commands))]
    pub command: Option<String>,
}

/// Prints the page.
///
/// # Errors
/// There is no such command, or standard output cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let name = args.command.as_deref();
    let pages = pages().map_err(|error| CliError::Internal(error.to_string()))?;
    let wanted = name.map_or_else(|| "aimctl".to_owned(), |name| format!("aimctl-{name}"));
    match pages.into_iter().find(|(page, _)| *page == wanted) {
        Some((_, page)) => context.print(&page)?,
        None => return Err(unknown(name.unwrap_or_default())),
    }
    Ok(ExitStatus::Clean)
}

fn unknown(name: &str) -> CliError {
    let command = Cli::command();
    let error = CliError::usage(format!("there is no command `{name}`"));
    match nearest(name, command.get_subcommands().map(clap::Command::get_name)) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error,
    }
}

/// Every manual page with its name: `aimctl`, then `aimctl-<command>` for each command.
///
/// # Errors
/// None in practice: the pages are written to memory.
pub fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = Cli::command();
    command.build();
    let commands = command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set());
    std::iter::once(&command)
        .chain(commands)
        .map(|command| {
            let name = command.get_display_name().unwrap_or("aimctl").to_owned();
            let mut page = Vec::new();
            clap_mangen::Man::new(command.clone()).render(&mut page)?;
            Ok((name, page))
        })
        .collect()
}
