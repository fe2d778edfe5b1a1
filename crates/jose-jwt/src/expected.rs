use core::fmt;

/// What one JWT in particular must say, beside the rules that a verifier has for all of them: the `nonce` of one login,
/// the access token that came with an ID Token. What is expected is required.
///
/// ```
/// use jose_jwt::Expected;
/// let expected = Expected::new().nonce("n-0S6_WzA2Mj").subject("alice");
/// # let _ = expected;
/// ```
#[derive(Clone, Copy, Default)]
pub struct Expected<'e> {
    pub(crate) subject: Option<&'e str>,
    pub(crate) id: Option<&'e str>,
    pub(crate) nonce: Option<&'e str>,
    pub(crate) state: Option<&'e str>,
    pub(crate) access_token: Option<&'e str>,
    pub(crate) code: Option<&'e str>,
}

impl<'e> Expected<'e> {
    /// Nothing beside the rules.
    #[must_use]
    pub const fn new() -> Self {
        Self { subject: None, id: None, nonce: None, state: None, access_token: None, code: None }
    }

    /// Requires `sub` with this value.
    #[must_use]
    pub const fn subject(self, subject: &'e str) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// Requires `jti` with this value.
    #[must_use]
    pub const fn id(self, id: &'e str) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Requires `nonce` with this value (OpenID Connect Core 1.0 section 2).
    #[must_use]
    pub const fn nonce(self, nonce: &'e str) -> Self {
        Self { nonce: Some(nonce), ..self }
    }

    /// Requires `state` with this value in a JARM response, and `s_hash` of it in an ID Token.
    #[must_use]
    pub const fn state(self, state: &'e str) -> Self {
        Self { state: Some(state), ..self }
    }

    /// Requires `at_hash` of this access token in an ID Token.
    #[must_use]
    pub const fn access_token(self, token: &'e str) -> Self {
        Self { access_token: Some(token), ..self }
    }

    /// Requires `c_hash` of this authorization code in an ID Token.
    #[must_use]
    pub const fn code(self, code: &'e str) -> Self {
        Self { code: Some(code), ..self }
    }
}

/// Shows what is expected, but neither the access token nor the code.
impl fmt::Debug for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("subject", &self.subject)
            .field("id", &self.id)
            .field("nonce", &self.nonce)
            .field("state", &self.state)
            .field("access_token", &self.access_token.map(|_| "…"))
            .field("code", &self.code.map(|_| "…"))
            .finish()
    }
}
