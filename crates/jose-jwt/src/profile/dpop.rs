//! DPoP proofs (RFC 9449) and the keys that tokens are bound to (RFC 7800).

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use jose_b64::base64url;
use jose_jwk::{AlgSet, JwsAlg, PublicJwk, Thumbprint};
use jose_jws::embedded;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Profile;
use crate::registered::Registered;
use crate::replay::{AsyncReplayGuard, ReplayGuard, Seen};
use crate::rules::{Rules, failed};
use crate::{Error, Expected, NumericDate, Reason};

/// A DPoP proof but for what its request says (RFC 9449 section 4.2).
const DPOP: Profile = Profile {
    name: "DPoP proof",
    typ: &["dpop+jwt"],
    typ_required: true,
    required: &["jti", "htm", "htu", "iat"],
    prohibited: &[],
    check: |_| Ok(()),
};

/// Verifies DPoP proofs (RFC 9449 section 4.3): each brings its own public key, which is what its token is bound to.
///
/// ```
/// use core::time::Duration;
/// use jose_jwk::{AlgSet, JwsAlg};
/// use jose_jwt::NumericDate;
/// use jose_jwt::profile::{DpopRequest, DpopVerifier};
/// let verifier = DpopVerifier::new(AlgSet::of(&[JwsAlg::Es256]), Duration::from_secs(60));
/// let request = DpopRequest::new("GET", "https://api.example/items").access_token("…").nonce("…");
/// assert!(verifier.verify_at("", &request, NumericDate::from_seconds(0)).is_err());
/// ```
#[derive(Debug)]
pub struct DpopVerifier {
    algs: AlgSet<JwsAlg>,
    rules: Rules,
}

/// The request that a proof came with.
#[derive(Clone, Copy)]
pub struct DpopRequest<'r> {
    method: &'r str,
    uri: &'r str,
    access_token: Option<&'r str>,
    nonce: Option<&'r str>,
}

impl<'r> DpopRequest<'r> {
    /// The method and the URI, whose query and fragment do not count.
    #[must_use]
    pub const fn new(method: &'r str, uri: &'r str) -> Self {
        Self { method, uri, access_token: None, nonce: None }
    }

    /// The access token that came with the request: the proof must hold its hash (`ath`).
    #[must_use]
    pub const fn access_token(self, token: &'r str) -> Self {
        Self { access_token: Some(token), ..self }
    }

    /// The nonce that the server gave the client.
    #[must_use]
    pub const fn nonce(self, nonce: &'r str) -> Self {
        Self { nonce: Some(nonce), ..self }
    }
}

/// Not the access token.
impl fmt::Debug for DpopRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopRequest")
            .field("method", &self.method)
            .field("uri", &self.uri)
            .field("nonce", &self.nonce)
            .finish_non_exhaustive()
    }
}

/// A DPoP proof that was verified.
#[derive(Clone, Debug)]
pub struct DpopProof {
    id: String,
    issued_at: NumericDate,
    key: PublicJwk,
    thumbprint: Thumbprint,
}

impl DpopVerifier {
    /// Allows these algorithms, and proofs that are at most this old.
    #[must_use]
    pub fn new(algs: AlgSet<JwsAlg>, max_age: Duration) -> Self {
        let rules = Rules {
            profile: Some(&DPOP),
            expiry_required: false,
            max_age: Some(max_age),
            ..Rules::default()
        };
        Self { algs, rules }
    }

    /// Widens the checks of the time by this span, for clocks that differ.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// Verifies a proof at a given time. Whether it is used for the first time is not asked, as
    /// [`DpopVerifier::verify_once_at`] does, and whether its key is the one of the token is for [`Confirmation::check`]
    /// to say.
    ///
    /// # Errors
    ///
    /// [`Error::Jws`] where the signature does not verify with the key that the proof brings, or that is no public key;
    /// [`Error::Typ`], [`Error::NotClaims`] or [`Error::Claim`] where the proof is another JWT or of another request.
    pub fn verify_at(
        &self,
        proof: &str,
        request: &DpopRequest<'_>,
        now: NumericDate,
    ) -> Result<DpopProof, Error> {
        let jws = embedded::verify(proof, self.algs)?;
        let claims = Registered::read(jws.payload())?;
        let mut expected = Expected::new();
        if let Some(nonce) = request.nonce {
            expected = expected.nonce(nonce);
        }
        self.rules.check(&jws.header(), &claims, Some(jws.alg()), &expected, now)?;
        let text = |name: &'static str| {
            let value = claims.object.get(name).ok_or_else(|| failed(name, Reason::Missing))?;
            value.as_str().ok_or_else(|| failed(name, Reason::Invalid))
        };
        if text("htm")? != *request.method {
            return Err(failed("htm", Reason::Mismatch));
        }
        let (htu, uri) = (text("htu")?.to_cow(), target(request.uri));
        if uri.is_none() || target(&htu) != uri {
            return Err(failed("htu", Reason::Mismatch));
        }
        if let Some(token) = request.access_token {
            let hash = base64url::encode_to_string(&Sha256::digest(token));
            if text("ath")? != *hash {
                return Err(failed("ath", Reason::Mismatch));
            }
        }
        Ok(DpopProof {
            id: text("jti")?.to_cow().into_owned(),
            issued_at: claims.iat.ok_or_else(|| failed("iat", Reason::Missing))?,
            key: jws.key().clone(),
            thumbprint: *jws.thumbprint(),
        })
    }

    /// Verifies a proof, and takes it if it was not seen before: the guard is asked last, once, with the thumbprint of the
    /// key in the place of an issuer (RFC 9449 section 11.1).
    ///
    /// # Errors
    ///
    /// As [`DpopVerifier::verify_at`]; [`Error::Replayed`] and [`Error::ReplayStore`].
    pub fn verify_once_at(
        &self,
        proof: &str,
        request: &DpopRequest<'_>,
        now: NumericDate,
        guard: &(impl ReplayGuard + ?Sized),
    ) -> Result<DpopProof, Error> {
        let proof = self.verify_at(proof, request, now)?;
        let key = base64url::encode_to_string(proof.thumbprint.as_bytes());
        guard.first_use(&self.seen(&proof, &key, now)?)?;
        Ok(proof)
    }

    /// The same with a guard that is asked over a network.
    ///
    /// # Errors
    ///
    /// As [`DpopVerifier::verify_once_at`].
    pub async fn verify_once_at_async(
        &self,
        proof: &str,
        request: &DpopRequest<'_>,
        now: NumericDate,
        guard: &impl AsyncReplayGuard,
    ) -> Result<DpopProof, Error> {
        let proof = self.verify_at(proof, request, now)?;
        let key = base64url::encode_to_string(proof.thumbprint.as_bytes());
        guard.first_use(&self.seen(&proof, &key, now)?).await?;
        Ok(proof)
    }

    fn seen<'p>(&self, proof: &'p DpopProof, key: &'p str, now: NumericDate) -> Result<Seen<'p>, Error> {
        let until = self.rules.refused_from(None, Some(proof.issued_at));
        let until = until.ok_or_else(|| failed("iat", Reason::Invalid))?;
        Ok(Seen { issuer: Some(key), id: &proof.id, until, now })
    }
}

/// A URI as far as it is compared: scheme and authority in lower case, without the scheme's own port, and the path. Two
/// spellings beyond that are two URIs, which refuses what another might have taken and never the other way round.
fn target(uri: &str) -> Option<(String, String, &str)> {
    let uri = uri.split(['?', '#']).next().unwrap_or(uri);
    let (scheme, rest) = uri.split_once("://")?;
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at_checked(slash)?,
        None => (rest, "/"),
    };
    let (scheme, mut authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    if let Some(host) = authority.strip_suffix(port) {
        authority = String::from(host);
    }
    Some((scheme, authority, path))
}

impl DpopProof {
    /// `jti`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `iat`.
    #[must_use]
    pub fn issued_at(&self) -> NumericDate {
        self.issued_at
    }

    /// The key that signed it.
    #[must_use]
    pub fn key(&self) -> &PublicJwk {
        &self.key
    }

    /// The key's thumbprint with SHA-256: `jkt` of a token that is bound to it.
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}

/// `cnf` of a token: the key that its bearer must have (RFC 7800 section 3.1, RFC 9449 section 6.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Confirmation {
    /// The SHA-256 thumbprint of the key, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
}

impl Confirmation {
    /// Binds a token to the key of this thumbprint.
    #[must_use]
    pub fn of(thumbprint: &Thumbprint) -> Self {
        Self { jkt: Some(base64url::encode_to_string(thumbprint.as_bytes())) }
    }

    /// Whether the token is bound to this key.
    ///
    /// # Errors
    ///
    /// [`Error::Claim`] of `cnf`: missing where it names no thumbprint, mismatch where it names another one.
    pub fn check(&self, thumbprint: &Thumbprint) -> Result<(), Error> {
        match &self.jkt {
            None => Err(failed("cnf", Reason::Missing)),
            Some(_) if *self == Self::of(thumbprint) => Ok(()),
            Some(_) => Err(failed("cnf", Reason::Mismatch)),
        }
    }
}
