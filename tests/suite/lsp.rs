//! `aimctl lsp`, driven over a pipe as an editor drives it, and once by a real editor where it is installed.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::tools;

const BROKEN: &str = "\
apiVersion: aim.eai.amd.com/v1alpha1
kind: AIMService
metadata:
  name: chat # café
spec:
  model:
    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5
  minReplicas: 1
  maxReplicas: 4
";

/// An editor with a folder.
struct Editor {
    folder: TempDir,
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Notifications that came while an answer was waited for.
    noticed: Vec<Value>,
    id: u64,
}

impl Editor {
    fn start(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_aimctl"))
            .args(["lsp", "--stdio"])
            .current_dir(folder.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut editor = Self {
            input: server.stdin.take().unwrap(),
            output: BufReader::new(server.stdout.take().unwrap()),
            folder,
            server,
            noticed: Vec::new(),
            id: 0,
        };
        let root = editor.uri("");
        let answer = editor.ask(
            "initialize",
            json!({"processId": null, "rootUri": root, "capabilities": {}}),
        );
        assert_eq!(answer["serverInfo"]["name"], "aimctl");
        assert_eq!(answer["capabilities"]["textDocumentSync"], 1);
        editor.tell("initialized", json!({}));
        editor
    }

    fn uri(&self, name: &str) -> String {
        let folder = self.folder.path().canonicalize().unwrap();
        format!("file://{}", folder.join(name).display())
            .trim_end_matches('/')
            .to_owned()
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(
                self.output.read_line(&mut line).unwrap() > 0,
                "the server is gone"
            );
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

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{message:#}");
                return message["result"].clone();
            }
            self.noticed.push(message);
        }
    }

    fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        let uri = self.uri(name);
        self.tell(
            "textDocument/didOpen",
            json!({"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}),
        );
        self.findings(name)
    }

    fn change(&mut self, name: &str, text: &str) -> Vec<Value> {
        let uri = self.uri(name);
        self.tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}),
        );
        self.findings(name)
    }

    /// The next findings that the server publishes of a file.
    fn findings(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        loop {
            let message = if self.noticed.is_empty() {
                self.receive()
            } else {
                self.noticed.remove(0)
            };
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
            {
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// A request about the position where `|` stands in the text that is open then.
    fn at(&mut self, method: &str, name: &str, text: &str) -> Value {
        let offset = text.find('|').unwrap();
        let before = &text[..offset];
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let uri = self.uri(name);
        self.change(name, &text.replacen('|', "", 1));
        self.ask(
            method,
            json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}),
        )
    }

    fn complete(&mut self, name: &str, text: &str) -> Vec<String> {
        let items = self.at("textDocument/completion", name, text);
        let items = items.as_array().unwrap();
        items
            .iter()
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    }

    fn hover(&mut self, name: &str, text: &str) -> String {
        let answer = self.at("textDocument/hover", name, text);
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.server.wait().unwrap().success());
    }
}

fn codes(findings: &[Value]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

#[test]
fn findings_come_and_go_as_one_types() {
    let mut editor = Editor::start(&[]);
    let findings = editor.open("chat.yaml", BROKEN);
    let error = findings
        .iter()
        .find(|finding| finding["code"] == "D301")
        .unwrap();
    assert_eq!(error["severity"], 1);
    assert_eq!(error["source"], "aimctl");
    assert_eq!(
        error["range"],
        json!({"start": {"line": 7, "character": 2}, "end": {"line": 7, "character": 16}})
    );
    assert!(
        error["message"].as_str().unwrap().contains("\nthen: "),
        "{error:#}"
    );
    let related = &error["relatedInformation"].as_array().unwrap();
    let lines = related.iter().map(|related| {
        related["location"]["range"]["start"]["line"]
            .as_u64()
            .unwrap()
    });
    assert!(lines.clone().any(|line| line == 8), "{related:#?}");
    let fixed = BROKEN.replace("  minReplicas: 1\n  maxReplicas: 4\n", "  replicas: 2\n");
    assert!(!codes(&editor.change("chat.yaml", &fixed)).contains(&"D301"));
    // Half a line is an error of the text, not the end of the server.
    let half = format!("{fixed}  env: [\n");
    assert_eq!(codes(&editor.change("chat.yaml", &half)), ["Y001"]);
    let uri = editor.uri("chat.yaml");
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": uri}}),
    );
    assert!(editor.findings("chat.yaml").is_empty());
    editor.end();
}

#[test]
fn files_beside_are_facts() {
    let named = BROKEN
        .replace(
            "image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5",
            "name: qwen",
        )
        .replace("  minReplicas: 1\n  maxReplicas: 4\n", "");
    let model = "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMModel\nmetadata: {name: qwen}\nspec:\n  image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5\n";
    let mut alone = Editor::start(&[]);
    let without = alone.open("chat.yaml", &named);
    let mut together = Editor::start(&[("model.yaml", model)]);
    let with = together.open("chat.yaml", &named);
    let errors = |findings: &[Value]| {
        findings
            .iter()
            .filter(|finding| finding["severity"] == 1)
            .count()
    };
    assert!(errors(&without) > 0, "{without:#?}");
    assert_eq!(errors(&with), 0, "{with:#?}");
    alone.end();
    together.end();
}

#[test]
fn a_patch_of_a_kustomization_lacks_nothing() {
    let patch = BROKEN.replace(
        "  model:\n    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5\n",
        "",
    );
    let mut editor = Editor::start(&[("kustomization.yaml", "patches:\n- path: scale.yaml\n")]);
    assert!(editor.open("scale.yaml", &patch).is_empty());
    // The same text is no patch under another name.
    assert!(codes(&editor.open("whole.yaml", &patch)).contains(&"S002"));
    // Beside a service a patch is no fact.
    let findings = editor.open("chat.yaml", BROKEN);
    assert!(codes(&findings).contains(&"D301"), "{findings:#?}");
    editor.end();
}

#[test]
fn a_fix_is_offered_where_its_finding_is_and_mends_it() {
    let mut editor = Editor::start(&[]);
    editor.open("chat.yaml", BROKEN);
    let uri = editor.uri("chat.yaml");
    let actions = |editor: &mut Editor, line: u64| {
        let point = json!({"line": line, "character": 4});
        let params = json!({
            "textDocument": {"uri": uri}, "range": {"start": point, "end": point}, "context": {"diagnostics": []},
        });
        editor
            .ask("textDocument/codeAction", params)
            .as_array()
            .unwrap()
            .clone()
    };
    assert!(actions(&mut editor, 1).is_empty());
    let offered = actions(&mut editor, 7);
    let fix = &offered[0];
    assert_eq!(fix["kind"], "quickfix");
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(codes(fix["diagnostics"].as_array().unwrap()), ["D301"]);
    let edits = fix["edit"]["changes"][&uri].as_array().unwrap();
    let [edit] = edits.as_slice() else {
        panic!("{edits:#?}")
    };
    // It is an insertion at the end of a line.
    assert_eq!(edit["range"]["start"], edit["range"]["end"]);
    let mut lines: Vec<&str> = BROKEN.split_inclusive('\n').collect();
    let line = usize::try_from(edit["range"]["start"]["line"].as_u64().unwrap()).unwrap();
    assert_eq!(edit["range"]["start"]["character"], 0);
    lines.insert(line, edit["newText"].as_str().unwrap());
    assert!(!codes(&editor.change("chat.yaml", &lines.concat())).contains(&"D301"));
    editor.end();
}

#[test]
fn hover_explains_fields_images_and_metrics() {
    let mut editor = Editor::start(&[]);
    editor.open("chat.yaml", BROKEN);
    let text = editor.hover("chat.yaml", &BROKEN.replace("maxReplicas", "max|Replicas"));
    assert!(
        text.starts_with("**AIMService.spec.maxReplicas** · integer\n\nThe most replicas"),
        "{text}"
    );
    let text = editor.hover("chat.yaml", &BROKEN.replace("qwen3", "qw|en3"));
    assert!(text.starts_with("**Qwen/Qwen3-32B**"), "{text}");
    let metric = "  autoScaling: {metrics: [{type: PodMetric, podmetric: {metric: {query: vllm:num_requests_|running}}}]}\n";
    let text = editor.hover("chat.yaml", &format!("{BROKEN}{metric}"));
    assert!(text.contains("a gauge of vLLM"), "{text}");
    assert_eq!(
        editor.hover("chat.yaml", &BROKEN.replace("café", "ca|fé")),
        ""
    );
    editor.end();
}

#[test]
fn completion_knows_fields_values_images_metrics_and_names() {
    let model = "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMModel\nmetadata: {name: qwen}\nspec: {image: x}\n";
    let mut editor = Editor::start(&[("models/qwen.yaml", model)]);
    editor.open("chat.yaml", BROKEN);
    let has = |items: &[String], label: &str| items.iter().any(|item| item == label);
    let items = editor.complete("chat.yaml", &format!("{BROKEN}  |\n"));
    assert!(
        has(&items, "autoScaling") && !has(&items, "minReplicas"),
        "{items:?}"
    );
    let items = editor.complete(
        "chat.yaml",
        &BROKEN.replace("    image: amd", "    image: |amd"),
    );
    assert!(
        has(&items, "amdenterpriseai/aim-qwen-qwen3-32b:0.8.5"),
        "{items:?}"
    );
    let items = editor.complete("chat.yaml", &format!("{BROKEN}  caching:\n    mode: |\n"));
    assert!(
        has(&items, "Dedicated") && has(&items, "Shared"),
        "{items:?}"
    );
    let metric = "  autoScaling:\n    metrics:\n      - type: PodMetric\n        podmetric:\n          metric:\n            metricNames:\n              - vllm|\n";
    let items = editor.complete("chat.yaml", &format!("{BROKEN}{metric}"));
    assert!(has(&items, "vllm:num_requests_waiting"), "{items:?}");
    let items = editor.complete("chat.yaml", &BROKEN.replace("image: amd", "name: |"));
    assert_eq!(items, ["qwen"]);
    let items = editor.complete("chat.yaml", "|");
    assert!(has(&items, "AIMService"), "{items:?}");
    let items = editor.complete("chat.yaml", &BROKEN.replace("café", "aimctl:ignore D3|"));
    assert!(has(&items, "D301"), "{items:?}");
    editor.end();
}

#[test]
fn a_name_leads_to_its_object() {
    let model = "# models\n---\napiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMModel\nmetadata:\n  name: qwen\nspec: {image: x}\n";
    let mut editor = Editor::start(&[("models/qwen.yaml", model)]);
    editor.open("chat.yaml", BROKEN);
    let text = BROKEN.replace(
        "image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5",
        "name: qw|en",
    );
    let found = editor.at("textDocument/definition", "chat.yaml", &text);
    assert_eq!(found["uri"], editor.uri("models/qwen.yaml"));
    assert_eq!(found["range"]["start"], json!({"line": 5, "character": 8}));
    let nowhere = editor.at(
        "textDocument/definition",
        "chat.yaml",
        &BROKEN.replace("chat", "ch|at"),
    );
    assert_eq!(nowhere, Value::Null);
    editor.end();
}

/// Neovim opens a file, gets the findings, applies the fix, and asks for hover and completion.
#[test]
fn neovim_is_served() {
    let Some(neovim) = tools::find("nvim") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("chat.yaml"), BROKEN).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editors/neovim.lua");
    let output = Command::new(neovim)
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "chat.yaml"])
        .args(["-S", script.to_str().unwrap()])
        .current_dir(folder.path())
        .env("AIMCTL", env!("CARGO_BIN_EXE_aimctl"))
        .env("XDG_STATE_HOME", folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let seen = fs::read_to_string(folder.path().join("seen.json"))
        .unwrap_or_else(|_| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)));
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert!(
        seen["codes"].as_array().unwrap().contains(&json!("D301")),
        "{seen:#}"
    );
    assert_eq!(seen["severity"], 1, "{seen:#}");
    assert!(
        seen["hover"]
            .as_str()
            .unwrap()
            .contains("The most replicas"),
        "{seen:#}"
    );
    assert!(
        seen["fields"]
            .as_array()
            .unwrap()
            .contains(&json!("autoScaling")),
        "{seen:#}"
    );
    assert_eq!(seen["after"], json!([]), "{seen:#}");
    let mended = fs::read_to_string(folder.path().join("chat.yaml")).unwrap();
    assert!(
        mended.starts_with(BROKEN) && mended.contains("  autoScaling:\n"),
        "{mended}"
    );
}
