//! Tokens of an issuer.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use jose_jwt::{NumericDate, SysRng, random_id};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::keys;
use crate::state::State;

/// A token of a [`TestIssuer`](crate::TestIssuer), signed with the key that the issuer signs with when
/// [`sign`](Self::sign) is called.
///
/// ```
/// use core::time::Duration;
/// use jose_test::TestIssuer;
///
/// let issuer = TestIssuer::start();
/// let token = issuer
///     .token("https://api.example")
///     .subject("alice")
///     .claim("scope", "read write")
///     .claim("roles", ["editor"])
///     .expires_in(Duration::from_secs(60))
///     .sign();
/// assert_eq!(token.split('.').count(), 3);
/// ```
#[derive(Clone)]
#[must_use = "it is not signed yet"]
pub struct TokenBuilder {
    pub(crate) state: Arc<State>,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
}

impl TokenBuilder {
    /// With `iss`, `aud`, `sub` of `alice`, `iat` of now, `exp` of an hour later, and a `jti`.
    pub(crate) fn new(state: Arc<State>, audience: &str) -> Self {
        let now = NumericDate::now().expect("a clock after 1970").seconds();
        let id = random_id(&mut SysRng).expect("random numbers");
        let builder = Self { header: Map::new(), claims: Map::new(), state };
        let issuer = builder.state.issuer.clone();
        let builder = builder.header("typ", "JWT").claim("iss", issuer).claim("aud", audience);
        builder.subject("alice").claim("iat", now).claim("exp", now.saturating_add(3600)).claim("jti", id)
    }

    /// Sets `sub`. It is `alice` otherwise.
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// Sets for how long the token is valid from now on. It is an hour otherwise.
    ///
    /// # Panics
    ///
    /// If the system's clock stands before 1970.
    pub fn expires_in(self, span: Duration) -> Self {
        let now = NumericDate::now().expect("a clock after 1970");
        self.claim("exp", now.saturating_add(span).seconds())
    }

    /// Sets a claim to any value, also to one that is wrong.
    ///
    /// # Panics
    ///
    /// If the value does not become JSON.
    pub fn claim(mut self, name: &str, value: impl Serialize) -> Self {
        self.claims.insert(name.to_owned(), serde_json::to_value(value).expect("a value of JSON"));
        self
    }

    /// Leaves a claim out.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Sets a parameter of the header to any value, also to one that is wrong. `alg` and `kid` are those of the issuer's key
    /// otherwise.
    ///
    /// # Panics
    ///
    /// If the value does not become JSON.
    pub fn header(mut self, name: &str, value: impl Serialize) -> Self {
        self.header.insert(name.to_owned(), serde_json::to_value(value).expect("a value of JSON"));
        self
    }

    /// Leaves `typ` out, which is `JWT` or what was set.
    pub fn without_typ(mut self) -> Self {
        self.header.remove("typ");
        self
    }

    /// The token, in the compact serialization.
    #[must_use]
    pub fn sign(&self) -> String {
        let key = self.state.current();
        let header = Value::Object(self.full_header(&key)).to_string();
        let claims = Value::Object(self.claims.clone()).to_string();
        keys::token(&key.signing, &header, claims.as_bytes())
    }

    /// The header with what the key says.
    pub(crate) fn full_header(&self, key: &keys::Key) -> Map<String, Value> {
        let mut header = Map::new();
        header.insert("alg".to_owned(), self.state.alg.as_str().into());
        header.insert("kid".to_owned(), key.kid.as_str().into());
        header.extend(self.header.clone());
        header
    }
}

impl fmt::Debug for TokenBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenBuilder")
            .field("header", &self.header)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}
