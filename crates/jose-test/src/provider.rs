//! Where providers publish what they publish.

use core::fmt;

use jose_jwt::JwsAlg;

/// The shape in which an issuer publishes its metadata and keys: the paths, the algorithm and the members of the keys.
///
/// | | issuer | key set | algorithm | keys |
/// | --- | --- | --- | --- | --- |
/// | `Plain` | the origin | `/jwks` | ES256 | |
/// | `Auth0` | the origin and `/` | `/.well-known/jwks.json` | RS256 | |
/// | `Cognito` | `/eu-west-1_Example` | `/eu-west-1_Example/.well-known/jwks.json` | RS256 | |
/// | `Entra` | `/{tenant}/v2.0` | `/{tenant}/discovery/v2.0/keys` | RS256 | no `alg` |
/// | `Google` | the origin | `/oauth2/v3/certs` | RS256 | |
/// | `Keycloak` | `/realms/example` | `/realms/example/protocol/openid-connect/certs` | RS256 | one for encryption too |
/// | `Kubernetes` | the origin | `/openid/v1/jwks`, as `application/jwk-set+json` | RS256 | |
/// | `Okta` | `/oauth2/default` | `/oauth2/default/v1/keys` | RS256 | |
///
/// Each has OpenID Connect's metadata below its issuer; `Plain`, `Auth0`, `Keycloak` and `Okta` that of RFC 8414 too. What the real
/// ones write into their tokens, such as Cognito's access tokens without `aud`, is for [`TokenBuilder`](crate::TokenBuilder) to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// An issuer like none in particular.
    Plain,
    /// Auth0, whose issuer ends with a slash.
    Auth0,
    /// Amazon Cognito.
    Cognito,
    /// Microsoft Entra ID, with one tenant.
    Entra,
    /// Google.
    Google,
    /// Keycloak.
    Keycloak,
    /// The issuer of a Kubernetes cluster's service accounts.
    Kubernetes,
    /// Okta, with a custom authorization server.
    Okta,
}

/// A row of the table.
pub(crate) struct Shape {
    provider: Provider,
    name: &'static str,
    /// The path of the issuer.
    pub(crate) issuer: &'static str,
    pub(crate) jwks: &'static str,
    /// Where RFC 8414's metadata are, if they are.
    pub(crate) oauth: Option<&'static str>,
    pub(crate) alg: JwsAlg,
    pub(crate) content_type: &'static str,
    /// Whether keys have `alg`.
    pub(crate) names_alg: bool,
    /// Whether there is a key for encryption in the set.
    pub(crate) encrypts: bool,
}

const JSON: &str = "application/json";
const RFC8414: &str = "/.well-known/oauth-authorization-server";

const fn shape(provider: Provider, name: &'static str, issuer: &'static str, jwks: &'static str) -> Shape {
    let (alg, content_type) = (JwsAlg::Rs256, JSON);
    Shape { provider, name, issuer, jwks, oauth: None, alg, content_type, names_alg: true, encrypts: false }
}

const SHAPES: [Shape; 8] = [
    Shape { oauth: Some(RFC8414), alg: JwsAlg::Es256, ..shape(Provider::Plain, "plain", "", "/jwks") },
    Shape { oauth: Some(RFC8414), ..shape(Provider::Auth0, "Auth0", "/", "/.well-known/jwks.json") },
    shape(Provider::Cognito, "Cognito", "/eu-west-1_Example", "/eu-west-1_Example/.well-known/jwks.json"),
    Shape {
        names_alg: false,
        ..shape(
            Provider::Entra,
            "Entra",
            "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
            "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/discovery/v2.0/keys",
        )
    },
    shape(Provider::Google, "Google", "", "/oauth2/v3/certs"),
    Shape {
        oauth: Some("/.well-known/oauth-authorization-server/realms/example"),
        encrypts: true,
        ..shape(
            Provider::Keycloak,
            "Keycloak",
            "/realms/example",
            "/realms/example/protocol/openid-connect/certs",
        )
    },
    Shape {
        content_type: "application/jwk-set+json",
        ..shape(Provider::Kubernetes, "Kubernetes", "", "/openid/v1/jwks")
    },
    Shape {
        oauth: Some("/oauth2/default/.well-known/oauth-authorization-server"),
        ..shape(Provider::Okta, "Okta", "/oauth2/default", "/oauth2/default/v1/keys")
    },
];

impl Provider {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Auth0,
        Self::Cognito,
        Self::Entra,
        Self::Google,
        Self::Keycloak,
        Self::Kubernetes,
        Self::Okta,
    ];

    pub(crate) fn shape(self) -> &'static Shape {
        SHAPES.iter().find(|shape| shape.provider == self).expect("each provider has a row")
    }
}

/// The name, as the provider writes it.
impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shape().name)
    }
}
