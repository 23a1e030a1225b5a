//! How Go reads null.

use serde::{Deserialize, Deserializer};

/// Reads null as the default, as Go's decoder leaves a struct, list or map untouched by it.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
