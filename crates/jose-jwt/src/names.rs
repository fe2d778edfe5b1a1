use alloc::string::String;
use alloc::vec::Vec;

/// One name or several: `aud` of a JWT (RFC 7519 section 4.1.3), or the issuers or audiences that a verifier takes.
///
/// It is made from `"one"`, from `["one", "two"]`, or by collecting them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Vec<String>);

impl Names {
    /// Whether this one is among them. Names are compared as they stand.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// All of them, in the order of the claim.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self(Vec::from([String::from(name)]))
    }
}

impl From<String> for Names {
    fn from(name: String) -> Self {
        Self(Vec::from([name]))
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for Names {
    fn from(names: [S; N]) -> Self {
        names.into_iter().collect()
    }
}

impl<S: Into<String>> FromIterator<S> for Names {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}
