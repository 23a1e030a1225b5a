//! A conversation with the language server, whatever the editor says.

use std::collections::BTreeMap;

use aimctl::cli::Context;
use aimctl::cli::color::Color;
use aimctl::cli::commands::lsp::serve;
use aimctl::cli::config::LoadedConfig;
use aimctl::cli::options::{ClusterOptions, GlobalOptions, Verbosity};
use aimctl::inventory::{Facts, STACKS};
use aimctl::lsp;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId};
use lsp_types::{CodeAction, PublishDiagnosticsParams, Range};
use serde_json::{Value, json};

/// The address of the file that is open. It has no path, so nothing on the disk is looked at.
const FILE: &str = "untitled:in.yaml";

/// The parts between NUL bytes are what an editor says: a letter, then a text (`o`pen, `c`hange), a line and a column
/// (`h`over, com`p`lete, `a`ctions, `d`efinition), nothing (`x`: close, `s`ave), or a method and on the next line its
/// parameters (`r`equest, `n`otification).
///
/// Every request gets one answer, findings and edits lie within the text, and the end is orderly.
pub(crate) fn language_server(bytes: &[u8]) {
    let mut editor = Editor::default();
    editor.request(
        "initialize",
        json!({"processId": null, "rootUri": null, "capabilities": {}}),
    );
    editor.notify("initialized", json!({}));
    for part in bytes.split(|byte| *byte == 0) {
        if let Some((letter, rest)) = part.split_first() {
            editor.say(*letter, &String::from_utf8_lossy(rest));
        }
    }
    let (server, client) = Connection::memory();
    let (sender, receiver) = (client.sender, client.receiver);
    for message in std::mem::take(&mut editor.messages) {
        sender.send(message).unwrap();
    }
    // The editor goes away.
    drop(sender);
    serve(&server, cluster(), &context()).unwrap();
    drop(server);
    let mut answered = 0;
    for message in receiver {
        match message {
            Message::Response(response) => {
                answered += 1;
                match response.response_result {
                    Ok(result) => editor.check(&response.id, result),
                    Err(error) => assert_eq!(error.code, ErrorCode::MethodNotFound as i32),
                }
            }
            Message::Notification(notice) => {
                let said: PublishDiagnosticsParams = serde_json::from_value(notice.params).unwrap();
                for diagnostic in said.diagnostics {
                    within(diagnostic.range, &editor.text);
                }
            }
            Message::Request(request) => panic!("{request:?}"),
        }
    }
    assert_eq!(answered, editor.asked);
}

/// The range lies in the text, as the protocol counts.
fn within(range: Range, text: &str) {
    assert!(range.start <= range.end, "{range:?}");
    for position in [range.start, range.end] {
        let offset = lsp::offset(text, position);
        assert_eq!(lsp::position(text, offset), position, "{text:?}");
    }
}

#[derive(Default)]
struct Editor {
    messages: Vec<Message>,
    asked: i32,
    /// The text as it is now.
    text: String,
    /// The text when code actions were asked for, by the number of the request.
    then: BTreeMap<i32, String>,
}

impl Editor {
    fn request(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let request = Request::new(RequestId::from(self.asked), method.to_owned(), params);
        self.messages.push(Message::Request(request));
    }

    fn notify(&mut self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        self.messages.push(Message::Notification(notification));
    }

    fn say(&mut self, letter: u8, rest: &str) {
        let file = json!({"uri": FILE});
        let mut numbers = rest
            .split(':')
            .map(|number| number.parse().unwrap_or(0_u32));
        let (line, character) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        let at = json!({"line": line, "character": character});
        let asked = json!({"textDocument": file, "position": at});
        match letter {
            b'o' => {
                self.text = rest.to_owned();
                let document =
                    json!({"uri": FILE, "languageId": "yaml", "version": 1, "text": rest});
                self.notify("textDocument/didOpen", json!({"textDocument": document}));
            }
            b'c' => {
                self.text = rest.to_owned();
                let document = json!({"uri": FILE, "version": 2});
                let changes = json!([{"text": rest}]);
                self.notify(
                    "textDocument/didChange",
                    json!({"textDocument": document, "contentChanges": changes}),
                );
            }
            b'x' => {
                self.text.clear();
                self.notify("textDocument/didClose", json!({"textDocument": file}));
            }
            b's' => self.notify("textDocument/didSave", json!({"textDocument": file})),
            b'h' => self.request("textDocument/hover", asked),
            b'p' => self.request("textDocument/completion", asked),
            b'd' => self.request("textDocument/definition", asked),
            b'a' => {
                let range = json!({"start": at, "end": {"line": u32::MAX, "character": 0}});
                self.request(
                    "textDocument/codeAction",
                    json!({"textDocument": file, "range": range, "context": {"diagnostics": []}}),
                );
                self.then.insert(self.asked, self.text.clone());
            }
            b'r' | b'n' => {
                let (method, params) = rest.split_once('\n').unwrap_or((rest, ""));
                // Nothing that leads to the disk, to another text, or to the end.
                let ends = ["shutdown", "exit", "textDocument/did"];
                if params.contains("file") || ends.iter().any(|end| method.starts_with(end)) {
                    return;
                }
                let params = serde_json::from_str(params).unwrap_or(Value::Null);
                if letter == b'r' {
                    self.request(method, params);
                } else {
                    self.notify(method, params);
                }
            }
            _ => {}
        }
    }

    /// What code actions would do can be done.
    fn check(&self, id: &RequestId, result: Value) {
        let asked = self
            .then
            .iter()
            .find(|(number, _)| RequestId::from(**number) == *id);
        let Some((_, text)) = asked else {
            return;
        };
        let actions: Option<Vec<CodeAction>> = serde_json::from_value(result).unwrap();
        let edits = actions
            .into_iter()
            .flatten()
            .filter_map(|action| action.edit);
        for edit in edits.flat_map(|edit| edit.changes.unwrap()) {
            assert_eq!(edit.0.as_str(), FILE);
            for edit in edit.1 {
                within(edit.range, text);
            }
        }
    }
}

fn cluster() -> ClusterOptions {
    ClusterOptions {
        namespace: "default".to_owned(),
        facts_paths: Vec::new(),
        facts: Facts::default(),
        stack: &STACKS[0],
        allow_empty: true,
    }
}

fn context() -> Context {
    Context::new(GlobalOptions {
        threads: 1,
        color: Color {
            stdout: false,
            stderr: false,
        },
        verbosity: Verbosity::Quiet,
        config: LoadedConfig::default(),
    })
}
