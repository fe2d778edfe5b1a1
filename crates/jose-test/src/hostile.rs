//! Tokens that must not be accepted.

mod forge;
mod menu;

use core::fmt;

use crate::token::TokenBuilder;
use forge::Forge;
use menu::{Case, MENU};

/// A token with one thing wrong, from [`TokenBuilder::hostile`].
///
/// ```
/// use jose_test::TestIssuer;
///
/// let issuer = TestIssuer::start();
/// let good = issuer.token("https://api.example").claim("scope", "read");
/// // Here: send `good.sign()`, and see it accepted. Without that, the loop shows nothing.
/// for case in good.hostile() {
///     // Here: send `case.token()`, and see it refused. `{case}` tells what is wrong with it.
///     assert_ne!(case.token(), good.sign());
/// }
/// assert!(issuer.stray_requests().is_empty());
/// ```
#[derive(Clone)]
pub struct HostileToken {
    name: &'static str,
    about: &'static str,
    is_strict: bool,
    token: String,
}

impl HostileToken {
    /// The name, which does not change between versions.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether an RFC lets a verifier accept it, though one that is strict does not: two members of one name, of which a JSON
    /// parser may return the last; a token without `exp`; a `typ` that is not asked for.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.is_strict
    }
}

/// The name and what is wrong.
impl fmt::Display for HostileToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.about)
    }
}

impl fmt::Debug for HostileToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostileToken")
            .field("name", &self.name)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

impl TokenBuilder {
    /// Tokens like this one, with one thing wrong in each: what must not be accepted where this one is.
    #[must_use]
    pub fn hostile(&self) -> Vec<HostileToken> {
        let forge = Forge::new(self);
        let made = MENU.iter().filter_map(|case| {
            let &Case { name, about, is_strict, make } = case;
            Some(HostileToken { name, about, is_strict, token: make(&forge)? })
        });
        made.collect()
    }
}
