//! `schemas/` in an editor: the npm package `yaml-language-server` completes, explains and complains by them. Left out
//! where it is not installed (`npm install -g yaml-language-server`).

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::tools;

struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    noticed: Vec<Value>,
}

impl Server {
    fn start() -> Option<Self> {
        tools::find("node")?;
        let mut process = Command::new(tools::find("yaml-language-server")?)
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
            noticed: Vec::new(),
        };
        server.ask(
            1,
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": {}}),
        );
        server.send(json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
        Some(server)
    }

    fn send(&mut self, message: Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "it is gone");
            match line.trim().split_once(": ") {
                Some(("Content-Length", count)) => length = count.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// What comes next; what the server asks of its editor is answered: it has no settings.
    fn next(&mut self) -> Value {
        let message = self.receive();
        if let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) {
            let result = match method {
                "workspace/configuration" => {
                    let items = message["params"]["items"].as_array().unwrap();
                    json!(items.iter().map(|_| json!({})).collect::<Vec<_>>())
                }
                _ => Value::Null,
            };
            let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
            self.send(answer);
        }
        message
    }

    fn ask(&mut self, id: u64, method: &str, params: Value) -> Value {
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.next();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{message:#}");
                return message["result"].clone();
            }
            self.noticed.push(message);
        }
    }

    fn open(&mut self, uri: &str, text: &str) {
        self.send(json!({
            "jsonrpc": "2.0",
            "method": "textDocument/didOpen",
            "params": {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        }));
    }

    /// The complaints about a document.
    fn complaints(&mut self, uri: &str) -> Vec<String> {
        loop {
            let message = if self.noticed.is_empty() {
                self.next()
            } else {
                self.noticed.remove(0)
            };
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
            {
                let found = message["params"]["diagnostics"].as_array().unwrap();
                return found
                    .iter()
                    .map(|one| {
                        let line = one["range"]["start"]["line"].as_u64().unwrap();
                        format!("{line} {}", one["message"].as_str().unwrap())
                    })
                    .collect();
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn an_editor_completes_explains_and_complains_by_the_schemas() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let schema = format!(
        "{}/schemas/aimservice.v1alpha1.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = |spec: &str| {
        format!(
            "# yaml-language-server: $schema={schema}\napiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata:\n  name: chat\nspec:\n{spec}"
        )
    };
    let uri = "file:///chat.yaml";
    server.open(
        uri,
        &text("  model:\n    image: a/b:1\n  minReplica: 2\n  maxReplicas: two\n  \n"),
    );
    let complaints = server.complaints(uri);
    assert!(
        complaints
            .iter()
            .any(|text| text.starts_with("8 ") && text.contains("minReplica")),
        "{complaints:?}"
    );
    assert!(
        complaints
            .iter()
            .any(|text| text.starts_with("9 ") && text.contains("integer")),
        "{complaints:?}"
    );
    assert_eq!(complaints.len(), 2, "{complaints:?}");

    let at = |line: u64, character: u64| {
        json!({
            "textDocument": {"uri": uri},
            "position": {"line": line, "character": character},
        })
    };
    let completion = server.ask(2, "textDocument/completion", at(10, 2));
    let labels: Vec<&str> = completion["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["label"].as_str())
        .collect();
    for field in ["autoScaling", "minReplicas", "routing", "runtimeConfigName"] {
        assert!(labels.contains(&field), "{labels:?}");
    }
    assert!(!labels.contains(&"maxReplicas"), "it is there already");

    let hover = server.ask(3, "textDocument/hover", at(9, 4));
    let said = hover["contents"].to_string();
    assert!(said.contains("The most replicas"), "{said}");
}
