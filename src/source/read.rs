//! Files to documents and findings.

use std::io;
use std::ops::Range;

use serde_json::Value;

use super::document::{Document, DocumentId, FileId, SourceFile, Sources, TextRange};
use super::error::ReadError;
use super::layout::Layout;
use super::line::boundary;
use super::stream::Concerns;
use super::{decode, stream};
use crate::diag::{FieldPath, Finding, Place, Target};
use crate::rules;

/// What a file's name and bytes gave, before it has its place among the others.
#[derive(Debug)]
pub struct FileContent {
    file: SourceFile,
    documents: Vec<Read>,
    passed_over: bool,
    /// Findings and the index of the document (of this file) they belong to.
    findings: Vec<(Finding, Option<usize>)>,
}

/// The longest body of a request that an API server reads (Kubernetes 1.34).
const MOST_BYTES: usize = 3 << 20;

/// How long a value is as JSON.
fn json_bytes(value: &Value) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting cannot fail.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

#[derive(Debug)]
struct Read {
    range: Range<usize>,
    index: usize,
    prefix: FieldPath,
    value: Value,
}

impl FileContent {
    /// Reads a file's bytes as kubectl does.
    ///
    /// `concerns` tells from the text of a YAML document whether it needs to be read at all; what is passed over is
    /// not even checked for being YAML. `facts`: the documents are facts only.
    #[must_use]
    pub fn read(name: String, bytes: Vec<u8>, facts: bool, concerns: &Concerns<'_>) -> Self {
        let decode::Decoded { text, replaced } = decode::decode(bytes);
        let file = SourceFile { name, text, facts };
        let mut content = Self {
            file,
            documents: Vec::new(),
            passed_over: false,
            findings: Vec::new(),
        };
        if !concerns(&content.file.text) {
            content.passed_over = true;
            return content;
        }
        content.invalid_bytes(&replaced);
        let text = std::mem::take(&mut content.file.text);
        let (pieces, failed) = stream::read(&text, concerns);
        for (index, piece) in pieces.into_iter().enumerate() {
            content.piece(&text, index, piece);
        }
        if let Some((_, error)) = failed {
            let end = text
                .get(error.at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            content.fail(error.at..error.at + end, &error);
        }
        content.file.text = text;
        content
    }

    /// A file that cannot be read, and why.
    #[must_use]
    pub fn unreadable(name: String, facts: bool, why: &str, help: Option<&str>) -> Self {
        let mut finding = Finding::new(&rules::Y006, Place::text(range(0..0)), why);
        finding.help = help.map(str::to_owned);
        Self {
            file: SourceFile {
                name,
                text: String::new(),
                facts,
            },
            documents: Vec::new(),
            passed_over: false,
            findings: vec![(finding, None)],
        }
    }

    /// A piece of the stream as documents: nothing for null, one for an object, one an item for a List.
    fn piece(&mut self, text: &str, index: usize, piece: stream::Piece) {
        let stream::Piece {
            range,
            value,
            ignored,
            repeats,
            surprises,
        } = piece;
        let first = self.documents.len();
        match unroll(value) {
            Ok(objects) => {
                for (prefix, value) in objects {
                    if range.len() > MOST_BYTES && json_bytes(&value) > MOST_BYTES {
                        self.too_large(text, range.start);
                        continue;
                    }
                    self.documents.push(Read {
                        range: range.clone(),
                        index,
                        prefix,
                        value,
                    });
                }
            }
            Err(()) => {
                let at = range.start;
                self.fail(at..at, &ReadError::items(at));
            }
        }
        if repeats || surprises {
            let part = text.get(range.clone()).unwrap_or_default();
            let layout = Layout::new(part);
            if repeats {
                self.repeats(&layout, range.start, first);
            }
            if surprises {
                self.surprises(&layout, part, range.start, first);
            }
        }
        if let Some(at) = ignored {
            self.ignored(text, at..range.end, first);
        }
    }

    fn too_large(&mut self, text: &str, start: usize) {
        let line = text.get(start..).and_then(|rest| rest.lines().next());
        let place = Place::text(range(start..start + line.map_or(0, str::len)));
        let finding = Finding::new(
            &rules::Y006,
            place,
            "this document has more than 3 MiB as JSON, more than an API server reads",
        )
        .consequence("kubectl fails with `Request entity too large: limit is 3145728`")
        .help("put what is large into the image or a volume");
        self.findings.push((finding, None));
    }

    fn fail(&mut self, at: Range<usize>, error: &ReadError) {
        let mut finding = Finding::new(&rules::Y001, Place::text(range(at)), &*error.message);
        finding.refusal.clone_from(&error.refusal);
        finding.help = error.help.map(str::to_owned);
        finding.consequence = Some("kubectl stops here: nothing after this is read".to_owned());
        self.findings.push((finding, None));
    }

    fn invalid_bytes(&mut self, replaced: &[usize]) {
        let Some(&first) = replaced.first() else {
            return;
        };
        let message = match replaced.len() {
            1 => "a byte that is no UTF-8 is read as U+FFFD".to_owned(),
            count => format!("{count} bytes that are no UTF-8 are read as U+FFFD"),
        };
        let place = Place::text(range(first..first + char::REPLACEMENT_CHARACTER.len_utf8()));
        let finding = Finding::new(&rules::Y005, place, message).help("save the file as UTF-8");
        self.findings.push((finding, None));
    }

    fn ignored(&mut self, text: &str, at: Range<usize>, first: usize) {
        let end = text.get(at.clone()).unwrap_or_default().trim_end().len();
        let line = text
            .get(at.start..at.start + end)
            .and_then(|rest| rest.lines().next())
            .unwrap_or_default();
        let place = Place::text(range(at.start..at.start + line.len()));
        let finding = Finding::new(
            &rules::Y004,
            place,
            "kubectl ignores everything from here to the next `---`",
        )
        .consequence("what stands here never reaches the cluster")
        .help("begin another document with a line `---`, or mend the indentation");
        self.findings.push((finding, Some(first)));
    }

    fn repeats(&mut self, layout: &Layout, start: usize, first: usize) {
        for repeat in layout.repeats() {
            let (document, path) = self.owner(&repeat.map.key(&repeat.key), first);
            let mut place = Place::document(DocumentId(0), path).target(Target::Key);
            place.range = Some(range(shifted(&repeat.kept, start)));
            let lost = Place::text(range(shifted(&repeat.lost, start)));
            let finding = Finding::new(
                &rules::Y003,
                place,
                format!("the key `{}` stands twice in this map", repeat.key),
            )
            .label("this one is kept")
            .related(lost, "this one is lost")
            .consequence("kubectl keeps the last one without a word")
            .help("remove one of them");
            self.findings.push((finding, Some(document)));
        }
    }

    fn surprises(&mut self, layout: &Layout, part: &str, start: usize, first: usize) {
        for surprise in layout.surprises() {
            let (document, path) = self.owner(&surprise.path, first);
            let written = part.get(surprise.range.clone()).unwrap_or_default();
            let read =
                super::scalar::value(written, false, super::scalar::Tag::None).unwrap_or_default();
            let target = if surprise.key {
                Target::Key
            } else {
                Target::Value
            };
            let mut place = Place::document(DocumentId(0), path).target(target);
            place.range = Some(range(shifted(&surprise.range, start)));
            let message = match &read {
                Value::Bool(_) => format!("`{written}` is the boolean {read} here, not a text"),
                _ => format!("`{written}` is the number {read} here"),
            };
            let finding = Finding::new(&rules::Y002, place, message).help(format!(
                "write \"{written}\" if the text is meant, {read} if that value is"
            ));
            self.findings.push((finding, Some(document)));
        }
    }

    /// The document of this file that a field of a piece belongs to, and the field's path there.
    fn owner(&self, path: &FieldPath, first: usize) -> (usize, FieldPath) {
        self.documents
            .iter()
            .enumerate()
            .skip(first)
            .find_map(|(index, document)| Some((index, path.strip_prefix(&document.prefix)?)))
            .unwrap_or_else(|| (first, path.clone()))
    }
}

/// Bytes of the file being read; the file's id comes when it is put among the others.
fn range(bytes: Range<usize>) -> TextRange {
    TextRange {
        file: FileId(0),
        start: bytes.start,
        end: bytes.end,
    }
}

fn shifted(bytes: &Range<usize>, by: usize) -> Range<usize> {
    bytes.start + by..bytes.end + by
}

/// The value of a text that holds one document, a list in one piece; `None` when it cannot be read or holds more.
#[must_use]
pub fn whole(text: &str) -> Option<Value> {
    match stream::read(text, &|_| true) {
        (pieces, None) => match <[stream::Piece; 1]>::try_from(pieces) {
            Ok([piece]) => Some(piece.value),
            Err(_) => None,
        },
        (_, Some(_)) => None,
    }
}

/// The objects of a document: none for null, the items of anything with a list `items`, else the value itself.
///
/// apimachinery 0.34.4, `unstructuredJSONScheme`: a key `items` makes a list of it, whatever its kind; items that name
/// neither kind nor apiVersion get those of the list, without `List` at the end.
fn unroll(value: Value) -> Result<Vec<(FieldPath, Value)>, ()> {
    let mut list = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Object(map) if map.contains_key("items") => map,
        value => return Ok(vec![(FieldPath::root(), value)]),
    };
    let items = match list.remove("items") {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => Vec::new(),
        Some(_) => return Err(()),
    };
    let text = |key| list.get(key).and_then(Value::as_str);
    let (kind, version) = (text("kind"), text("apiVersion"));
    let kind = kind.map(|kind| kind.strip_suffix("List").unwrap_or(kind));
    let path = FieldPath::root().key("items");
    Ok(items
        .into_iter()
        .enumerate()
        .map(|(index, mut item)| {
            if let Value::Object(map) = &mut item
                && ["kind", "apiVersion"].iter().all(|key| {
                    map.get(*key)
                        .and_then(Value::as_str)
                        .is_none_or(str::is_empty)
                })
            {
                let named = [("kind", kind), ("apiVersion", version)];
                map.extend(
                    named
                        .into_iter()
                        .filter_map(|(key, value)| Some((key.to_owned(), value?.into()))),
                );
            }
            (path.index(index), item)
        })
        .collect())
}

impl Sources {
    /// The value of a document, read from its text once more: what took the documents to the API server's door took
    /// their values along.
    #[must_use]
    pub fn reread(&self, id: DocumentId) -> Option<Value> {
        let document = self.document(id)?;
        let text = self.file(document.file)?.text.get(document.range.clone())?;
        let bytes = text.as_bytes().to_vec();
        let content = FileContent::read(String::new(), bytes, false, &|_: &str| true);
        content
            .documents
            .into_iter()
            .find(|read| read.prefix == document.prefix)
            .map(|read| read.value)
    }

    /// Everything read, in the order of the files.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = FileContent>) -> Self {
        let mut sources = Self::default();
        for content in files {
            sources.add(content);
        }
        sources
    }

    fn add(&mut self, content: FileContent) {
        let file = FileId(self.files.len());
        let first = self.documents.len();
        let count = content.documents.len();
        for (finding, document) in content.findings {
            let document = document
                .filter(|document| *document < count)
                .map(|document| DocumentId(first + document));
            self.findings
                .push(placed(finding, &content.file.text, file, document));
        }
        for read in content.documents {
            self.documents.push(Document {
                id: DocumentId(self.documents.len()),
                file,
                range: read.range,
                index: read.index,
                prefix: read.prefix,
                value: read.value,
            });
        }
        self.passed_over += usize::from(content.passed_over);
        self.files.push(content.file);
    }
}

/// The finding with its file and document filled in.
fn placed(mut finding: Finding, text: &str, file: FileId, document: Option<DocumentId>) -> Finding {
    let place = |place: &mut Place| {
        if let Some(range) = &mut place.range {
            *range = TextRange {
                file,
                start: boundary(text, range.start),
                end: boundary(text, range.end),
            };
        }
        place.document = document;
    };
    place(&mut finding.place);
    for related in &mut finding.related {
        place(&mut related.place);
    }
    finding
}
