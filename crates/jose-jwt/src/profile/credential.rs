//! Credentials: the proofs and attestations of OpenID4VCI, and the statements of OpenID Federation.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::Value;
use jose_jwk::{Allowed, Hash, JwkSet, JwsAlg, PublicJwk};
use jose_jws::{ChooseKey, HeaderError, JoseHeader, KeyResolver, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::{Checked, FIVE_MINUTES, Profile, SIGNATURES, jwks};
use crate::error::{Error, Reason};

/// The proof that a wallet holds the key which a credential is bound to (OpenID4VCI 1.0 appendix F.1), for one issuer and at
/// most five minutes old. Its header names the key in one of `jwk`, `kid` and `x5c`: [`header_keys`] takes the first.
/// [`Verification::nonce`](crate::Verification::nonce) compares the `c_nonce` of the issuer.
pub const CREDENTIAL_PROOF: Profile = Profile::new("OpenID4VCI proof")
    .typ(&["openid4vci-proof+jwt"])
    .typ_required()
    .sole_audience()
    .algs(SIGNATURES)
    .max_age(FIVE_MINUTES)
    .required(&["aud", "iat"])
    .check(|checked| {
        let named = ["jwk", "kid", "x5c"].iter().filter(|name| checked.header.get(name).is_some());
        if named.count() == 1 {
            checked.text("nonce").map(|_| ())
        } else {
            Err(jose_jws::Error::Header(HeaderError::Invalid("jwk, kid or x5c")).into())
        }
    });

/// The claims of an OpenID4VCI proof besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CredentialProof {
    /// The `c_nonce` that the issuer gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

impl CredentialProof {
    /// A proof with the `c_nonce` of the issuer, if it has one.
    #[must_use]
    pub fn new(nonce: Option<String>) -> Self {
        Self { nonce }
    }
}

/// The keys of JWTs that carry the key that verifies them (`jwk`), for [`JwtVerifier::new`](crate::JwtVerifier::new).
///
/// Such a signature shows that its sender holds the key, and nothing about who that is. Take it for proofs only, such as
/// [`CREDENTIAL_PROOF`], and compare the key, which [`header_key`] returns.
///
/// ```
/// use jose_jwt::profile::{CREDENTIAL_PROOF, CredentialProof, header_key, header_keys};
/// use jose_jwt::{Error, JwsAlg, JwtVerifier, PublicJwk};
///
/// fn key_of_wallet(proof: &str, c_nonce: &str) -> Result<PublicJwk, Error> {
///     let verifier = JwtVerifier::new(header_keys(JwsAlg::Es256)?)
///         .any_issuer()
///         .audience("https://credential-issuer.example")
///         .profile(CREDENTIAL_PROOF);
///     let proof = verifier.now()?.nonce(c_nonce).verify::<CredentialProof>(proof)?;
///     header_key(&proof.header())
/// }
/// ```
///
/// # Errors
///
/// [`Error::Jws`] if no algorithm is allowed, or symmetric ones are.
pub fn header_keys(
    allowed: impl Into<Allowed<JwsAlg>>,
) -> Result<KeyResolver<impl ChooseKey<Key = VerifyingKey> + Copy>, Error> {
    let allowed = allowed.into();
    if !allowed.algs().is_subset(SIGNATURES) {
        return Err(jose_jws::Error::KeysMixed.into());
    }
    let choose = move |candidate: &jose_jws::Candidate<'_>| {
        VerifyingKey::from_jwk(header_key(&candidate.header).ok()?, allowed).ok()
    };
    Ok(KeyResolver::new(allowed.algs(), choose)?)
}

/// The public key in a header (`jwk`, RFC 7515 section 4.1.3).
///
/// # Errors
///
/// [`Error::Jws`] if there is none, or it is not a public key.
pub fn header_key(header: &JoseHeader<'_>) -> Result<PublicJwk, Error> {
    let jwk = header.get("jwk").ok_or(HeaderError::Missing("jwk")).map_err(jose_jws::Error::Header)?;
    let jwk = jwk.as_object().ok_or(HeaderError::Invalid("jwk")).map_err(jose_jws::Error::Header)?;
    Ok(PublicJwk::from_object(jwk).map_err(jose_jws::Error::Key)?)
}

/// What the maker of a wallet or its key storage says of keys (OpenID4VCI 1.0 appendix D.1). `exp`, without which it does not go
/// with a proof, is required unless [`expiry_optional`](crate::JwtVerifier::expiry_optional).
pub const KEY_ATTESTATION: Profile = Profile::new("key attestation")
    .typ(&["key-attestation+jwt"])
    .typ_required()
    .algs(SIGNATURES)
    .required(&["iat", "attested_keys"])
    .check(|checked| {
        let is_key = |item: Value<'_>| item.as_object().is_some();
        checked.list("attested_keys", is_key)?;
        for name in ["key_storage", "user_authentication"] {
            checked.list(name, |item| item.as_str().is_some())?;
        }
        checked.text("nonce").map(|_| ())
    });

/// The claims of a key attestation besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyAttestation {
    /// The keys.
    #[serde(with = "jwks::list")]
    pub attested_keys: Vec<PublicJwk>,
    /// How well their storage resists attacks, such as `iso_18045_high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_storage: Option<Vec<String>>,
    /// How well the authentication of the user in front of them does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_authentication: Option<Vec<String>>,
    /// The `c_nonce` that the issuer gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

impl KeyAttestation {
    /// An attestation of these keys.
    #[must_use]
    pub fn new(attested_keys: impl IntoIterator<Item = PublicJwk>) -> Self {
        Self { attested_keys: attested_keys.into_iter().collect(), ..Self::default() }
    }

    /// Whether this key is among them, compared by thumbprint. The key of a proof must be.
    #[must_use]
    pub fn attests(&self, key: &PublicJwk) -> bool {
        let thumbprint = |key: &PublicJwk| key.as_jwk().thumbprint(Hash::Sha256).ok();
        let wanted = thumbprint(key);
        wanted.is_some() && self.attested_keys.iter().any(|own| thumbprint(own) == wanted)
    }
}

/// What one entity says of another or, where `iss` is `sub`, of itself (OpenID Federation 1.0 section 3). It is one statement:
/// whether the chain of statements leads to a trust anchor is not decided here. A statement with `crit`, which names claims that
/// must be understood, is refused; `ENTITY_STATEMENT.waive(&["crit"])` takes it for a caller who looks at them.
pub const ENTITY_STATEMENT: Profile = Profile::new("entity statement")
    .typ(&["entity-statement+jwt"])
    .typ_required()
    .algs(SIGNATURES)
    .required(&["iss", "sub", "iat", "exp", "jwks"])
    .prohibited(&["crit", "events", "nonce"])
    .check(check_statement);

/// Claims that only a statement about another entity has, and those that only one about itself has (sections 3.1.2 and 3.1.3).
const OF_SUBORDINATES: [&str; 4] =
    ["metadata_policy", "metadata_policy_crit", "constraints", "source_endpoint"];
const OF_ITSELF: [&str; 4] = ["authority_hints", "trust_marks", "trust_mark_issuers", "trust_mark_owners"];

fn check_statement(checked: &Checked<'_>) -> Result<(), Error> {
    if checked.header.kid().is_none() {
        return Err(jose_jws::Error::Header(HeaderError::Missing("kid")).into());
    }
    for name in ["iss", "sub"] {
        if checked.text(name)?.is_some_and(|id| !id.to_cow().starts_with("https://")) {
            return Err(Error::claim(name, Reason::Invalid));
        }
    }
    let is_own = checked.claims.iss == checked.claims.sub;
    let foreign = if is_own { OF_SUBORDINATES } else { OF_ITSELF };
    if let Some(name) = foreign.into_iter().find(|name| checked.claim(name).is_some()) {
        return Err(Error::claim(name, Reason::Prohibited));
    }
    checked.list("authority_hints", |item| item.as_str().is_some())?;
    let keys = checked.claim("jwks").and_then(|jwks| jwks.as_object()?.get("keys")?.as_array());
    keys.map(|_| ()).ok_or_else(|| Error::claim("jwks", Reason::Invalid))
}

/// The claims of an entity statement besides the registered ones, as far as they concern keys. Metadata and policies are read
/// with a type of the caller's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EntityStatement {
    /// The keys of `sub` in the federation.
    #[serde(with = "jwks")]
    pub jwks: JwkSet,
    /// The superiors of an entity that speaks of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_hints: Option<Vec<String>>,
}

impl EntityStatement {
    /// A statement that gives these keys.
    #[must_use]
    pub fn new(jwks: JwkSet) -> Self {
        Self { jwks, ..Self::default() }
    }
}
