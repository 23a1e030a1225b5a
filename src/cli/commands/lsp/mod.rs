//! `lsp`.

mod server;
mod workspace;

use lsp_server::Connection;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    HoverProviderCapability, InitializeParams, OneOf, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind,
};

use crate::cli::args::ClusterArgs;
use crate::cli::options::ClusterOptions;
use crate::cli::{CliError, Context, ExitStatus};
use server::Server;
use workspace::Workspace;

/// Serve an editor: a language server (LSP 3.17) on standard input and output
///
/// It shows the findings of validate while you type; hover and completion know the fields, images and metrics; code actions
/// write the fixes; go to definition finds the object that a name refers to. A file is checked by itself; the other files of
/// its folder, and the facts of flags and aimctl.toml, say what the cluster has.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    cluster: ClusterArgs,

    /// Accepted and ignored: there is no other way to talk
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Serves until the editor ends it.
///
/// # Errors
/// Unusable flags, or the editor does not keep to the protocol.
pub fn run(args: &Args, context: &Context) -> Result<ExitStatus, CliError> {
    let cluster = context.cluster(&args.cluster)?;
    let (connection, threads) = Connection::stdio();
    let ended = serve(&connection, cluster, context);
    drop(connection);
    // Nothing is left to say when the streams are gone.
    let _ = threads.join();
    ended.map(|()| ExitStatus::Clean)
}

/// Serves an editor at the other end of a connection until it says so or goes away.
///
/// # Errors
/// The editor does not keep to the protocol.
pub fn serve(
    connection: &Connection,
    cluster: ClusterOptions,
    context: &Context,
) -> Result<(), CliError> {
    let (id, params) = connection.initialize_start().map_err(broken)?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| CliError::input(error.to_string()))?;
    let answer = serde_json::json!({
        "capabilities": capabilities(),
        "serverInfo": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
    });
    connection.initialize_finish(id, answer).map_err(broken)?;
    let workspace = Workspace::new(&params, cluster);
    Server::new(connection, workspace, context).serve()
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([":", " ", "-", "/"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        definition_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

fn broken(error: impl std::fmt::Display) -> CliError {
    CliError::input(format!("the editor does not keep to the protocol: {error}"))
}
