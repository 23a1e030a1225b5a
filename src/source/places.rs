//! Where a finding's place stands in the text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::document::{DocumentId, FileId, Sources, TextRange};
use super::layout::Layout;
use super::line::boundary;
use crate::diag::{FieldPath, Place, Target};

/// Turns places into bytes. Each document is walked once, when it is first asked for.
#[derive(Debug)]
pub struct Places<'s> {
    sources: &'s Sources,
    layouts: RefCell<BTreeMap<(FileId, usize), Rc<Layout>>>,
}

impl<'s> Places<'s> {
    /// Nothing is walked yet.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            layouts: RefCell::default(),
        }
    }

    /// The bytes of a place; `None` when it belongs to no document.
    ///
    /// A field that does not exist is shown at the nearest that would hold it.
    #[must_use]
    pub fn range(&self, place: &Place) -> Option<TextRange> {
        match place.range {
            Some(range) => Some(range),
            None => self.field(place.document?, &place.path, place.target),
        }
    }

    /// The bytes of a field of a document.
    #[must_use]
    pub fn field(
        &self,
        document: DocumentId,
        path: &FieldPath,
        target: Target,
    ) -> Option<TextRange> {
        let document = self.sources.document(document)?;
        let layout = self.layout(document.file, &document.range);
        let found = layout.find(&document.prefix.join(path), target)?;
        let text = &self.sources.file(document.file)?.text;
        Some(TextRange {
            file: document.file,
            start: boundary(text, document.range.start + found.start),
            end: boundary(text, document.range.start + found.end),
        })
    }

    /// Whether the place's field stands in the text; what the API server fills in does not.
    #[must_use]
    pub fn is_written(&self, place: &Place) -> bool {
        let document = place.document.and_then(|id| self.sources.document(id));
        document.is_some_and(|document| {
            let layout = self.layout(document.file, &document.range);
            layout.has(&document.prefix.join(&place.path))
        })
    }

    fn layout(&self, file: FileId, range: &Range<usize>) -> Rc<Layout> {
        let key = (file, range.start);
        if let Some(layout) = self.layouts.borrow().get(&key) {
            return Rc::clone(layout);
        }
        let text = self
            .sources
            .file(file)
            .and_then(|file| file.text.get(range.clone()));
        let layout = Rc::new(Layout::new(text.unwrap_or_default()));
        self.layouts.borrow_mut().insert(key, Rc::clone(&layout));
        layout
    }
}

impl Sources {
    /// The bytes of a field of a document; for many questions use [`Places`].
    #[must_use]
    pub fn span(
        &self,
        document: DocumentId,
        path: &FieldPath,
        target: Target,
    ) -> Option<TextRange> {
        Places::new(self).field(document, path, target)
    }
}
