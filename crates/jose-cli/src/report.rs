//! What a command found out, as one tree: printed for people, or as JSON under the same names.

use jose_b64::json::{self, Value};
use jose_jwt::NumericDate;

use crate::dates;
use crate::terminal::{Paint, safe};

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    /// JSON as it was written.
    Raw(String),
    List(Vec<Node>),
    Map(Vec<(&'static str, Node)>),
    /// The claims of a JWT as they were written, shown with their dates in words.
    Claims(String, NumericDate),
    /// In JSON only: people see it elsewhere.
    Hidden(Box<Node>),
    /// For people only.
    Warning(String),
}

/// An object.
pub(crate) fn map<const N: usize>(members: [(&'static str, Node); N]) -> Node {
    Node::Map(members.into())
}

macro_rules! from {
    ($($from:ty: $value:ident => $node:expr),* $(,)?) => {
        $(impl From<$from> for Node {
            fn from($value: $from) -> Self {
                $node
            }
        })*
    };
}

from! {
    bool: value => Self::Bool(value),
    i64: value => Self::Int(value),
    usize: value => Self::Int(i64::try_from(value).unwrap_or(i64::MAX)),
    &str: value => Self::Text(value.to_owned()),
    String: value => Self::Text(value),
    Vec<Self>: value => Self::List(value),
}

impl<T: Into<Self>> From<Option<T>> for Node {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> FromIterator<T> for Node {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl Node {
    /// One line of JSON.
    pub(crate) fn json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out.push('\n');
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Null | Self::Warning(_) => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => out.push_str(&value.to_string()),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::Raw(text) | Self::Claims(text, _) => out.push_str(&safe(&compact(text))),
            Self::Hidden(node) => node.write_json(out),
            Self::List(nodes) => list(out, ('[', ']'), nodes, |out, node| node.write_json(out)),
            Self::Map(members) => {
                let shown = members.iter().filter(|(_, node)| !matches!(node, Self::Null | Self::Warning(_)));
                list(out, ('{', '}'), shown, |out, (name, node)| {
                    out.push_str(&quoted(name));
                    out.push(':');
                    node.write_json(out);
                });
            }
        }
    }

    /// Lines for people.
    pub(crate) fn text(&self, paint: Paint) -> String {
        let mut out = String::new();
        self.write_text(&mut out, 0, paint);
        out
    }

    /// On one line.
    pub(crate) fn inline(&self) -> String {
        match self {
            Self::Text(text) => safe(text),
            Self::List(nodes) => nodes.iter().map(Self::inline).collect::<Vec<_>>().join(", "),
            other => other.json().trim_end().to_owned(),
        }
    }

    fn write_text(&self, out: &mut String, indent: usize, paint: Paint) {
        match self {
            Self::Map(members) => {
                let shown = members.iter().filter(|(_, node)| !matches!(node, Self::Null | Self::Hidden(_)));
                let width = shown.clone().map(|(name, _)| name.len()).max().unwrap_or_default();
                for (name, node) in shown {
                    node.write_member(out, &name.replace('_', " "), width, indent, paint);
                }
            }
            Self::List(nodes) => {
                for (number, node) in nodes.iter().enumerate() {
                    if number > 0 && matches!(node, Self::Map(_)) {
                        out.push('\n');
                    }
                    node.write_text(out, indent, paint);
                }
            }
            Self::Raw(text) => write_raw(out, text, indent, paint, None),
            Self::Claims(text, now) => write_raw(out, text, indent, paint, Some(*now)),
            other => line(out, indent, &other.inline()),
        }
    }

    fn write_member(&self, out: &mut String, name: &str, width: usize, indent: usize, paint: Paint) {
        let label = |out: &mut String, value: &str| {
            let padded = format!("{name:width$}");
            line(out, indent, &format!("{}  {value}", paint.name(&padded)));
        };
        match self {
            Self::Warning(text) => line(out, indent, &paint.warning(&safe(text))),
            Self::List(nodes) if nodes.is_empty() => label(out, "none"),
            Self::List(nodes) if nodes.iter().all(|node| !matches!(node, Self::Map(_) | Self::Raw(_))) => {
                if nodes.iter().any(|node| node.inline().contains(' ')) {
                    line(out, indent, &paint.name(name));
                    nodes.iter().for_each(|node| line(out, indent + 2, &format!("- {}", node.inline())));
                } else {
                    label(out, &self.inline());
                }
            }
            Self::Map(_) | Self::List(_) | Self::Raw(_) | Self::Claims(..) => {
                line(out, indent, &paint.name(name));
                self.write_text(out, indent + 2, paint);
            }
            other => label(out, &other.inline()),
        }
    }
}

/// A JSON text without the white space between its parts.
fn compact(text: &str) -> String {
    let (mut out, mut inside, mut escaped) = (String::new(), false, false);
    for character in text.chars() {
        if inside || !character.is_ascii_whitespace() {
            out.push(character);
        }
        inside ^= character == '"' && !escaped;
        escaped = inside && character == '\\' && !escaped;
    }
    out
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    let _ = json::write_str(&mut out, text);
    safe(&out)
}

fn list<T>(
    out: &mut String,
    (open, close): (char, char),
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push(open);
    for (number, item) in items.into_iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

fn line(out: &mut String, indent: usize, text: &str) {
    out.push_str(&format!("{:indent$}{text}\n", ""));
}

/// The members of an object as they were written, one a line, objects inside one another.
fn write_raw(out: &mut String, text: &str, indent: usize, paint: Paint, dates: Option<NumericDate>) {
    let Ok(object) = json::parse_object(text.as_bytes()) else {
        return line(out, indent, &safe(text));
    };
    let name = |text: &str| safe(&json_name(text));
    let width = object.iter().map(|(own, _)| name(&own.to_cow()).chars().count()).max().unwrap_or_default();
    for (own, value) in object.iter() {
        let own = own.to_cow();
        let shown = name(&own);
        let padded = format!("{shown:width$}");
        if let Some(inner) = value.as_object().filter(|inner| !inner.is_empty()) {
            line(out, indent, &paint.name(&shown));
            write_raw(out, inner.raw(), indent + 2, paint, None);
            continue;
        }
        let mut shown = safe(&one_line(value));
        if let Some(words) = dates.and_then(|now| dates::claim(&own, value, now)) {
            shown = format!("{shown}  {}", paint.aside(&words));
        }
        line(out, indent, &format!("{}  {shown}", paint.name(&padded)));
    }
}

/// A member's name as it is shown.
fn json_name(name: &str) -> String {
    let quoted = quoted(name);
    let plain = name.chars().all(|character| !character.is_whitespace() && character != '"');
    if plain && quoted.len() == name.len() + 2 { name.to_owned() } else { quoted }
}

/// A value without the line ends that may stand between its parts.
fn one_line(value: Value<'_>) -> String {
    if value.as_str().is_some() {
        return value.raw().to_owned();
    }
    value.raw().split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ")
}
