//! The conversation: notifications change texts, requests are answered from them.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument,
    Notification as _, PublishDiagnostics,
};
use lsp_types::request::{
    CodeActionRequest, Completion, GotoDefinition, HoverRequest, Request as _,
};
use lsp_types::{
    CodeActionOrCommand, CodeActionParams, CompletionParams, CompletionResponse, Diagnostic,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    GotoDefinitionParams, GotoDefinitionResponse, HoverParams, Location, PublishDiagnosticsParams,
    Uri,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::validate::policy::Policy;
use super::broken;
use super::workspace::{Workspace, name};
use crate::cli::{CliError, Context};
use crate::diag::Report;
use crate::lsp;

/// The server, from the end of the initialization on.
pub(super) struct Server<'a> {
    connection: &'a Connection,
    workspace: Workspace,
    context: &'a Context,
    /// Open files whose findings may be out of date.
    stale: BTreeSet<Uri>,
}

impl<'a> Server<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        workspace: Workspace,
        context: &'a Context,
    ) -> Self {
        Self {
            connection,
            workspace,
            context,
            stale: BTreeSet::new(),
        }
    }

    /// Answers until the editor says exit or goes away.
    pub(super) fn serve(mut self) -> Result<(), CliError> {
        loop {
            // Findings are worked out when nothing else is waiting, so that quick typing costs one run.
            let message = match self.connection.receiver.try_recv() {
                Ok(message) => message,
                Err(_) => {
                    self.publish()?;
                    match self.connection.receiver.recv() {
                        Ok(message) => message,
                        Err(_) => return Ok(()),
                    }
                }
            };
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request).map_err(broken)? {
                        return Ok(());
                    }
                    let response = self.answer(request);
                    self.send(Message::Response(response))?;
                }
                Message::Notification(notification) => self.notice(notification),
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: Message) -> Result<(), CliError> {
        self.connection.sender.send(message).map_err(broken)
    }

    fn notice(&mut self, notification: Notification) {
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Some(params) = read::<DidOpenTextDocumentParams>(notification.params) {
                    let document = params.text_document;
                    self.change(document.uri, Some(document.text));
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(notification.params)
                    && let Some(change) = params.content_changes.into_iter().next_back()
                {
                    self.change(params.text_document.uri, Some(change.text));
                }
            }
            DidCloseTextDocument::METHOD => {
                if let Some(params) = read::<DidCloseTextDocumentParams>(notification.params) {
                    self.change(params.text_document.uri, None);
                }
            }
            // Another file may be a fact of every open one.
            DidSaveTextDocument::METHOD => self.stale.extend(self.workspace.open()),
            _ => {}
        }
    }

    fn change(&mut self, uri: Uri, text: Option<String>) {
        self.workspace.set(&uri, text);
        self.stale.insert(uri);
    }

    /// Sends the findings of files that changed; those of a closed file go.
    fn publish(&mut self) -> Result<(), CliError> {
        for uri in std::mem::take(&mut self.stale) {
            let diagnostics = match self.workspace.text(&uri) {
                Some(_) => self.diagnostics(&uri)?,
                None => Vec::new(),
            };
            let params = PublishDiagnosticsParams {
                uri,
                diagnostics,
                version: None,
            };
            let notification = Notification::new(PublishDiagnostics::METHOD.to_owned(), params);
            self.send(Message::Notification(notification))?;
        }
        Ok(())
    }

    /// The findings of a file, as `validate` would report them.
    fn report<T>(&self, uri: &Uri, view: impl FnOnce(&Report<'_>) -> T) -> Result<T, CliError> {
        let policy = Policy::new(&[], &[], &[], &self.context.options.config)?;
        let run = self.workspace.run(uri)?;
        let report = policy.report(&run);
        Ok(view(&report))
    }

    fn diagnostics(&self, uri: &Uri) -> Result<Vec<Diagnostic>, CliError> {
        self.report(uri, |report| {
            lsp::file_of(report, &name(uri)).map_or_else(Vec::new, |file| {
                lsp::diagnostics(report, file, &|name| Uri::from_str(name).ok())
            })
        })
    }

    fn answer(&self, request: Request) -> Response {
        let id = request.id;
        let answer = match request.method.as_str() {
            HoverRequest::METHOD => self.hover(request.params),
            Completion::METHOD => self.complete(request.params),
            CodeActionRequest::METHOD => self.actions(request.params),
            GotoDefinition::METHOD => self.define(request.params),
            method => {
                let message = format!("aimctl does not answer {method}");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        Response::new_ok(id, answer.unwrap_or(Value::Null))
    }

    fn hover(&self, params: Value) -> Option<Value> {
        let at = read::<HoverParams>(params)?.text_document_position_params;
        let text = self.workspace.text(&at.text_document.uri)?;
        written(lsp::hover(text, at.position)?)
    }

    fn complete(&self, params: Value) -> Option<Value> {
        let at = read::<CompletionParams>(params)?.text_document_position;
        let text = self.workspace.text(&at.text_document.uri)?;
        let objects = || {
            let sources = self.workspace.everything();
            let names = lsp::names(&sources, self.workspace.namespace());
            names.into_keys().collect()
        };
        let items = lsp::completions(text, at.position, &objects);
        written(CompletionResponse::Array(items))
    }

    fn actions(&self, params: Value) -> Option<Value> {
        let params = read::<CodeActionParams>(params)?;
        let uri = params.text_document.uri;
        let actions = self.report(&uri, |report| {
            let file = lsp::file_of(report, &name(&uri))?;
            Some(lsp::actions(report, file, &uri, params.range))
        });
        let actions = actions.ok()??.into_iter();
        written(
            actions
                .map(CodeActionOrCommand::CodeAction)
                .collect::<Vec<_>>(),
        )
    }

    fn define(&self, params: Value) -> Option<Value> {
        let at = read::<GotoDefinitionParams>(params)?.text_document_position_params;
        let text = self.workspace.text(&at.text_document.uri)?;
        let sources = self.workspace.everything();
        let names = lsp::names(&sources, self.workspace.namespace());
        let found = lsp::definition(text, at.position, &names)?;
        let file = sources.file(found.file)?;
        written(GotoDefinitionResponse::Scalar(Location {
            uri: Uri::from_str(&file.name).ok()?,
            range: lsp::range(&file.text, found.start..found.end),
        }))
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn written(answer: impl serde::Serialize) -> Option<Value> {
    serde_json::to_value(answer).ok()
}
