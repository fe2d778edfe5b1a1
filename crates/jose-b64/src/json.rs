//! Strict JSON: RFC 8259, RFC 7515 §4, RFC 7519 §4.
//!
//! [`check`] goes over a text once and knows that it is exactly one JSON value in UTF-8, without a
//! byte order mark, with member names that are unique in every object — in whatever spelling:
//! `"\u0061lg"` is `"alg"` — and nested no deeper than allowed. [`parse`] and [`parse_object`]
//! check and give a view of the text, which copies nothing. [`ObjectWriter`] writes objects.
//!
//! None of it needs a heap. Without one, the objects that are open at one place of a text may
//! have [`MEMBERS`] members before it, all together; with the feature `alloc` any number.

mod names;
mod scan;
mod str;
mod token;
mod view;
mod write;

use crate::Error;

pub use names::MEMBERS;
pub use str::Str;
pub use view::{Array, Kind, Object, Value};
pub use write::{ObjectWriter, SliceWriter, Write, write_str};

/// How deep arrays and objects are nested at most, unless told otherwise. The outermost counts 1.
pub const DEPTH: usize = 16;

/// The greatest depth that can be asked for.
pub const MAX_DEPTH: usize = 127;

/// Checks that a text is one strict JSON value, nested at most [`DEPTH`] deep, with nothing but
/// white space around it. Gives back the text.
///
/// ```
/// use jose_b64::{Error, json};
///
/// assert!(json::check(br#"{"alg":"ES256"}"#).is_ok());
/// assert_eq!(
///     json::check(br#"{"alg":"ES256","\u0061lg":"none"}"#),
///     Err(Error::DuplicateMember)
/// );
/// ```
///
/// # Errors
///
/// - [`Error::Utf8`], [`Error::ByteOrderMark`], [`Error::Syntax`], [`Error::Surrogate`], [`Error::TrailingCharacters`] if it
///   is not one JSON value
/// - [`Error::DuplicateMember`] if an object names a member twice
/// - [`Error::Depth`] if it is nested too deep
/// - [`Error::TooManyMembers`] if its objects are too wide to be checked without a heap
/// - [`Error::TooLong`] if it is longer than 2³² − 1 bytes
///
/// A text with several faults is refused for one of them.
pub fn check(text: &[u8]) -> Result<&str, Error> {
    check_with_depth(text, DEPTH)
}

/// Checks as [`check`] does, with another depth. One beyond [`MAX_DEPTH`] is taken as that.
///
/// # Errors
///
/// Those of [`check`].
pub fn check_with_depth(text: &[u8], depth: usize) -> Result<&str, Error> {
    visit(text, depth, &mut |_, _| {})
}

/// Checks a text, and tells the members of the object that it is while it goes over them.
fn visit<'t>(text: &'t [u8], depth: usize, visit: scan::Visit<'_, 't>) -> Result<&'t str, Error> {
    if u32::try_from(text.len()).is_err() {
        return Err(Error::TooLong);
    }
    let text = core::str::from_utf8(text).map_err(|_| Error::Utf8)?;
    if text.starts_with('\u{feff}') {
        return Err(Error::ByteOrderMark);
    }
    scan::scan(text, depth.min(MAX_DEPTH), &mut names::Names::new(), visit)?;
    Ok(text)
}

/// Checks a text as [`check`] does, and gives a view of its value.
///
/// # Errors
///
/// Those of [`check`].
pub fn parse(text: &[u8]) -> Result<Value<'_>, Error> {
    check(text).map(Value::of_checked)
}

/// Parses as [`parse`] does, with another depth. One beyond [`MAX_DEPTH`] is taken as that.
///
/// # Errors
///
/// Those of [`check`].
pub fn parse_with_depth(text: &[u8], depth: usize) -> Result<Value<'_>, Error> {
    check_with_depth(text, depth).map(Value::of_checked)
}

/// Checks a text as [`check`] does, and gives a view of the object that it is.
///
/// ```
/// let header = jose_b64::json::parse_object(br#"{"alg":"ES256","kid":"1"}"#).unwrap();
/// assert!(header.get("alg").and_then(|alg| alg.as_str()).is_some_and(|alg| alg == "ES256"));
/// ```
///
/// # Errors
///
/// Those of [`check`]; [`Error::NotAnObject`] if the value is of another kind.
pub fn parse_object(text: &[u8]) -> Result<Object<'_>, Error> {
    parse(text)?.as_object().ok_or(Error::NotAnObject)
}

/// Parses an object as [`parse_with_depth`] does, and calls `member` with each of its members, in the order of the text.
///
/// It takes one pass over the text, where a walk over [`Object::iter`] takes another. `member` is called before all of the
/// text is checked: what it learns counts for something only if there is no error.
///
/// ```
/// use jose_b64::json;
///
/// let mut names = Vec::new();
/// let object =
///     json::parse_members(br#"{"iss":"me","aud":["you"]}"#, json::DEPTH, |name, _| {
///         names.push(name.raw())
///     });
/// assert!(object.is_ok() && names == ["iss", "aud"]);
/// ```
///
/// # Errors
///
/// Those of [`check`]; [`Error::NotAnObject`] if the value is of another kind.
pub fn parse_members<'t>(
    text: &'t [u8],
    depth: usize,
    mut member: impl FnMut(Str<'t>, Value<'t>),
) -> Result<Object<'t>, Error> {
    let visited = visit(text, depth, &mut |name, value| {
        member(Str::of_checked(name), Value::assume_checked(value));
    });
    Value::of_checked(visited?).as_object().ok_or(Error::NotAnObject)
}
