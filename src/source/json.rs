//! One JSON value, with a look at repeated keys.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::scalar::float_value;

/// A value that JSON text begins with.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The value.
    pub(super) value: Value,
    /// The byte after it.
    pub(super) end: usize,
    /// A key may stand twice; the last one is kept, as Go does.
    pub(super) repeats: bool,
}

/// Reads one value from the beginning of a text; `None` when nothing but white space is left.
pub(super) fn parse(text: &str) -> Option<Result<Parsed, serde_json::Error>> {
    let blank = text.len() - text.trim_start_matches([' ', '\t', '\n', '\r']).len();
    let rest = text.get(blank..)?;
    if rest.is_empty() {
        return None;
    }
    let repeats = Cell::new(false);
    let mut stream = serde_json::Deserializer::from_str(rest);
    let value = Seed(&repeats).deserialize(&mut stream);
    Some(value.map(|value| {
        // The stream's own offset is only told by its iterator: asked for a second value, it tells where the first ended.
        let end = blank + stream.into_iter::<de::IgnoredAny>().byte_offset();
        Parsed {
            value,
            end,
            repeats: repeats.get(),
        }
    }))
}

#[derive(Clone, Copy)]
struct Seed<'r>(&'r Cell<bool>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // kubectl reads what is no int64 as a float, and writes that for the API server.
        Ok(float_value(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            if map.insert(key, value).is_some() {
                self.0.set(true);
            }
        }
        Ok(Value::Object(map))
    }
}
