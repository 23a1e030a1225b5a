//! GPU models, device IDs and memory as AIM Engine reads them (AIM Engine 0.2.1, spec 2.4 and 2.15).

/// PCI device IDs by model, sorted by model and ID.
const DEVICES: &[(&str, &[&str])] = &[
    ("MI100", &["738c", "738e"]),
    ("MI210", &["740f", "7410"]),
    ("MI250X", &["7408", "740c"]),
    ("MI300A", &["74a0"]),
    ("MI300X", &["74a1", "74a9", "74b5", "74bd"]),
    ("MI308X", &["74a2", "74a8", "74b6"]),
    ("MI325X", &["74a5", "74b9"]),
    ("MI350X", &["75a0", "75b0"]),
    ("MI355X", &["75a3", "75b3"]),
    ("RX6800", &["73bf"]),
    ("RX6900", &["73af"]),
    ("RX7900", &["744c"]),
    ("RX9070", &["7550"]),
    ("V620", &["73a1", "73ae"]),
    ("V710", &["7460", "7461"]),
    ("W6800", &["73a3"]),
    ("W6800X", &["73ab"]),
    ("W6900X", &["73a2"]),
    ("W7800", &["7449", "745e"]),
    ("W7900", &["7448", "744a"]),
];

/// Memory of one GPU in GiB, by model.
const VRAM: &[(&str, u32)] = &[
    ("MI100", 32),
    ("MI210", 64),
    ("MI250X", 128),
    ("MI300A", 128),
    ("MI300X", 192),
    ("MI308X", 128),
    ("MI325X", 256),
    ("MI350X", 288),
    ("MI355X", 288),
    ("RX6800", 16),
    ("RX6900", 16),
    ("RX7900", 24),
    ("RX9070", 16),
    ("V620", 32),
    ("V710", 32),
    ("W6800", 32),
    ("W6800X", 32),
    ("W6900X", 32),
    ("W7800", 32),
    ("W7900", 48),
];

/// A model's name in one form: `AMD Instinct MI300X (OAM)` and `mi300x` are `MI300X`.
///
/// The first token that looks like a model, else the first token, else the text; in capitals.
#[must_use]
pub fn normalize(model: &str) -> String {
    let model: String = model
        .trim()
        .chars()
        .map(|c| if c == '_' { '-' } else { upper(c) })
        .collect();
    let tokens = || {
        model
            .split(['-', ' ', '/', ':'])
            .filter(|token| !token.is_empty())
    };
    let named = tokens()
        .map(str::trim)
        .filter(|token| !matches!(*token, "" | "AMD" | "INSTINCT"))
        .find(|token| is_model(token))
        .map(|token| token.strip_prefix("INSTINCT").unwrap_or(token));
    named
        .or_else(|| tokens().next())
        .map_or_else(|| model.clone(), str::to_owned)
}

/// Letters, then at least one digit, then letters and digits. AIM Engine's pattern also lists prefixes (MI, RX …), but
/// each of them is made of the letters that it allows anyway.
fn is_model(token: &str) -> bool {
    let rest = token.trim_start_matches(|c: char| c.is_ascii_uppercase());
    rest.starts_with(|c: char| c.is_ascii_digit())
        && rest
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// Go's upper case maps one character to one.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The model of a PCI device ID (`74a1`, `0x74A1`); `AMD-<ID>` when it is not in the table.
#[must_use]
pub fn of_device_id(id: &str) -> String {
    let lower = id.to_lowercase();
    let id = lower.strip_prefix("0x").unwrap_or(&lower);
    DEVICES
        .iter()
        .find(|(_, ids)| ids.contains(&id))
        .map_or_else(
            || format!("AMD-{}", id.to_uppercase()),
            |(model, _)| (*model).to_owned(),
        )
}

/// All device IDs of a model (normalised first), sorted; none for an unknown one.
#[must_use]
pub fn device_ids(model: &str) -> &'static [&'static str] {
    let model = normalize(model);
    DEVICES
        .iter()
        .find(|(name, _)| *name == model)
        .map_or(&[], |(_, ids)| ids)
}

/// The memory of one GPU of a model (normalised first) in bytes, from the table; `None` for an unknown one.
#[must_use]
pub fn vram_bytes(model: &str) -> Option<i64> {
    let model = normalize(model);
    VRAM.iter()
        .find(|(name, _)| *name == model)
        .map(|(_, gib)| i64::from(*gib) << 30)
}

/// A node label's memory in bytes: digits with `G` (1024³), `T` (1024⁴) or nothing behind; anything else is 0.
#[must_use]
pub fn parse_vram(text: &str) -> i64 {
    let text = text.trim().to_ascii_uppercase();
    let (digits, shift) = if let Some(digits) = text.strip_suffix('G') {
        (digits, 30)
    } else if let Some(digits) = text.strip_suffix('T') {
        (digits, 40)
    } else {
        (text.as_str(), 0)
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    // Go's int64 wraps around.
    digits
        .bytes()
        .fold(0_i64, |value, digit| {
            value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'))
        })
        .wrapping_mul(1 << shift)
}

/// The models that the tables know, sorted.
pub fn known() -> impl Iterator<Item = &'static str> {
    DEVICES.iter().map(|(model, _)| *model)
}
