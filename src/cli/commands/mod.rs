//! The commands, one file each with `Args` and `run`.
//!
//! To add one: its file, `pub mod x;` and one line in the list below.

pub mod catalog;
pub mod completions;
pub mod diff;
pub mod explain;
pub mod graph;
pub mod krm;
pub mod lsp;
pub mod man;
pub mod render;
pub mod schema;
pub mod simulate;
pub mod validate;
pub mod why;

use super::{CliError, Context, ExitStatus};

macro_rules! commands {
    ($($variant:ident => $module:ident),* $(,)?) => {
        /// What to do.
        #[derive(Debug, clap::Subcommand)]
        #[expect(missing_docs, reason = "each variant is the command of that name, documented at its Args")]
        pub enum Command {
            $($variant($module::Args),)*
        }

        impl Command {
            /// Runs the command.
            ///
            /// # Errors
            /// What keeps it from a result; findings are none.
            pub fn run(self, context: &Context) -> Result<ExitStatus, CliError> {
                match self {
                    $(Self::$variant(args) => $module::run(&args, context),)*
                }
            }
        }
    };
}

// In the order of the help.
commands! {
    Render => render,
    Validate => validate,
    Diff => diff,
    Why => why,
    Simulate => simulate,
    Explain => explain,
    Graph => graph,
    Catalog => catalog,
    Schema => schema,
    Krm => krm,
    Lsp => lsp,
    Completions => completions,
    Man => man,
}
