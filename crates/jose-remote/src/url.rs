//! The addresses that are fetched.

use core::net::{Ipv4Addr, Ipv6Addr};

use iri_string::format::ToDedicatedString as _;
use iri_string::types::{UriAbsoluteString, UriReferenceStr};

use crate::error::Error;

/// An address that may be fetched: absolute, `https`, without user name and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    text: UriAbsoluteString,
    /// Whether `http` of this machine will do.
    http_loopback: bool,
}

impl Url {
    pub(crate) fn parse(text: &str, http_loopback: bool) -> Result<Self, Error> {
        let url = Self { text: text.parse().map_err(|_| Error::Url)?, http_loopback };
        url.check()?;
        Ok(url)
    }

    fn check(&self) -> Result<(), Error> {
        let authority = self.text.authority_components().ok_or(Error::Url)?;
        if authority.userinfo().is_some() || authority.host().is_empty() {
            return Err(Error::Url);
        }
        match self.scheme().as_str() {
            "https" => Ok(()),
            "http" if self.http_loopback && is_loopback(authority.host()) => Ok(()),
            _ => Err(Error::UrlInsecure),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    fn scheme(&self) -> String {
        self.text.scheme_str().to_ascii_lowercase()
    }

    /// Scheme, host and port, in one spelling (RFC 6454 section 4).
    fn origin(&self) -> Option<(String, String, String)> {
        let authority = self.text.authority_components()?;
        let default = if self.scheme() == "https" { "443" } else { "80" };
        let port = authority.port().filter(|port| !port.is_empty()).unwrap_or(default);
        Some((self.scheme(), authority.host().to_ascii_lowercase(), port.to_owned()))
    }

    /// The target of a redirect, which must have the same origin.
    pub(crate) fn redirect(&self, location: &str) -> Result<Self, Error> {
        let target = UriReferenceStr::new(location).map_err(|_| Error::Redirect)?;
        let target = target.resolve_against(&self.text).to_dedicated_string();
        // What stands behind `#` is not sent.
        let (text, _) = target.into_absolute_and_fragment();
        let target = Self { text, ..*self };
        target.check().map_err(|_| Error::Redirect)?;
        if target.origin() == self.origin() { Ok(target) } else { Err(Error::Redirect) }
    }

    /// The address below this one, whose path gets this text at the end.
    pub(crate) fn append(&self, path: &str) -> Result<Self, Error> {
        Self::parse(&format!("{}{path}", self.as_str().trim_end_matches('/')), self.http_loopback)
    }

    /// The address with this text between host and path (RFC 8615, RFC 8414 section 3.1).
    pub(crate) fn insert(&self, path: &str) -> Result<Self, Error> {
        Self::parse(&format!("{}{}", self.origin_text(), self.well_known(path)), self.http_loopback)
    }

    /// This path, followed by the address's own without a slash at its end (RFC 8414 section 3.1).
    fn well_known(&self, path: &str) -> String {
        format!("{path}{}", self.text.path_str().trim_end_matches('/'))
    }

    pub(crate) fn path(&self) -> &str {
        self.text.path_str()
    }

    /// Scheme, host and port as they are written.
    pub(crate) fn origin_text(&self) -> String {
        format!("{}://{}", self.text.scheme_str(), self.text.authority_str().unwrap_or_default())
    }

    /// Whether there is a query, which an issuer may not have (RFC 8414 section 2).
    pub(crate) fn has_query(&self) -> bool {
        self.text.query_str().is_some()
    }
}

/// Whether a host is this machine, whatever a name server says.
fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || v6.and_then(|host| host.parse().ok()).is_some_and(|address: Ipv6Addr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_the_policy_allows() {
        for (text, strictly, locally) in [
            ("https://a.example/jwks", Ok(()), Ok(())),
            ("HTTPS://a.example", Ok(()), Ok(())),
            ("http://a.example/jwks", Err(Error::UrlInsecure), Err(Error::UrlInsecure)),
            ("http://localhost:8080/jwks", Err(Error::UrlInsecure), Ok(())),
            ("http://127.0.0.1/jwks", Err(Error::UrlInsecure), Ok(())),
            ("http://[::1]:1/jwks", Err(Error::UrlInsecure), Ok(())),
            ("http://127.0.0.1.example/", Err(Error::UrlInsecure), Err(Error::UrlInsecure)),
            ("http://localhost.example/", Err(Error::UrlInsecure), Err(Error::UrlInsecure)),
            ("file:///etc/passwd", Err(Error::Url), Err(Error::Url)),
            ("https://user:secret@a.example/", Err(Error::Url), Err(Error::Url)),
            ("https://a.example/#fragment", Err(Error::Url), Err(Error::Url)),
            ("https://", Err(Error::Url), Err(Error::Url)),
            ("/jwks", Err(Error::Url), Err(Error::Url)),
            ("a.example", Err(Error::Url), Err(Error::Url)),
            ("", Err(Error::Url), Err(Error::Url)),
        ] {
            assert_eq!(Url::parse(text, false).map(drop), strictly, "{text}");
            assert_eq!(Url::parse(text, true).map(drop), locally, "{text}");
        }
    }

    #[test]
    fn redirects_stay_at_the_origin() {
        let url = Url::parse("https://a.example/one/two", true).unwrap();
        for (location, target) in [
            ("/keys", Some("https://a.example/keys")),
            ("three?x", Some("https://a.example/one/three?x")),
            ("https://A.example:443/keys#x", Some("https://A.example:443/keys")),
            ("https://a.example:8443/keys", None),
            ("https://b.example/keys", None),
            ("//b.example/keys", None),
            ("http://a.example/keys", None),
            ("http://localhost/keys", None),
            ("https://a.example@b.example/", None),
            ("\\\\b.example", None),
            ("", Some("https://a.example/one/two")),
        ] {
            let found = url.redirect(location);
            assert_eq!(found.as_ref().ok().map(Url::as_str), target, "{location}");
        }
    }
}
