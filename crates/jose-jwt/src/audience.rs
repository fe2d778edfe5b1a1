use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Serialize, Serializer};

/// One name or several: `aud` of a JWT (RFC 7519 section 4.1.3), or the issuers or audiences that a verifier accepts.
///
/// Created from `"one"`, from `["one", "two"]`, or by collecting names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Most have one name, which then takes no list.
    first: Option<String>,
    others: Vec<String>,
}

impl Audience {
    /// Whether this one is among them. Audiences are compared as they stand.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|own| own == name)
    }

    /// The names, in the order of the claim.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(&self.others).map(String::as_str)
    }
}

impl From<&str> for Audience {
    fn from(name: &str) -> Self {
        String::from(name).into()
    }
}

impl From<String> for Audience {
    fn from(name: String) -> Self {
        Self { first: Some(name), others: Vec::new() }
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for Audience {
    fn from(names: [S; N]) -> Self {
        names.into_iter().collect()
    }
}

impl<S: Into<String>> FromIterator<S> for Audience {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut names = names.into_iter().map(Into::into);
        Self { first: names.next(), others: names.collect() }
    }
}

impl From<Vec<String>> for Audience {
    fn from(names: Vec<String>) -> Self {
        names.into_iter().collect()
    }
}

/// A string for one name, a list for several.
impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.first, self.others.is_empty()) {
            (Some(one), true) => serializer.serialize_str(one),
            _ => serializer.collect_seq(self.iter()),
        }
    }
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
