//! What AIM's CRDs say of a field beyond its type, as additions to the schemas.

use schemars::Schema;
use serde_json::json;

/// The key by which [`doubled`] tells `schema::generate` what to do.
pub(crate) const DOUBLED: &str = "x-doubled";

/// The enumeration stands twice in the CRD (`allOf`), which shows in what the API server says about a wrong value.
pub(super) fn doubled(schema: &mut Schema) {
    schema.insert(DOUBLED.to_owned(), json!(true));
}

/// The key by which [`required`] tells `schema::generate` what to do.
pub(crate) const REQUIRED: &str = "x-required";

/// The CRD requires the field, although the type can do without.
pub(super) fn required(schema: &mut Schema) {
    schema.insert(REQUIRED.to_owned(), json!(true));
}

/// A list whose items are told apart by `name`.
pub(super) fn by_name(schema: &mut Schema) {
    by(schema, "name");
}

/// A list whose items are told apart by `type`.
pub(super) fn by_type(schema: &mut Schema) {
    by(schema, "type");
}

fn by(schema: &mut Schema, key: &str) {
    schema.insert("x-kubernetes-list-type".to_owned(), json!("map"));
    schema.insert("x-kubernetes-list-map-keys".to_owned(), json!([key]));
}

/// An integer of whatever size.
pub(super) fn plain(schema: &mut Schema) {
    schema.remove("format");
}

/// Any JSON, kept as it is.
pub(super) fn anything(_: &mut schemars::SchemaGenerator) -> Schema {
    schemars::json_schema!({"x-kubernetes-preserve-unknown-fields": true})
}
