//! JSON Schemas from the shapes; checking a document; defaults and pruning.
