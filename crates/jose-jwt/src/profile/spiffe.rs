//! SPIFFE: identities of workloads.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};

use jose_b64::json;
use jose_jwk::{AlgSet, JwkSet, JwsAlg};
use jose_jws::{HeaderError, VerifyingKeys, compact};

use super::{Checked, Profile};
use crate::audience::Audience;
use crate::error::{Error, Reason};
use crate::registered::Registered;
use crate::verify::JwtVerifier;

/// The algorithms of JWT-SVIDs (SPIFFE JWT-SVID section 2.1).
const ALGS: AlgSet<JwsAlg> = JwsAlg::set(&[
    JwsAlg::Rs256,
    JwsAlg::Rs384,
    JwsAlg::Rs512,
    JwsAlg::Es256,
    JwsAlg::Es384,
    JwsAlg::Es512,
    JwsAlg::Ps256,
    JwsAlg::Ps384,
    JwsAlg::Ps512,
]);

/// The identity document of a workload (SPIFFE JWT-SVID): `sub` is a SPIFFE ID. The verifier must have an audience, and the
/// header has no parameters but `alg`, `kid` and `typ`. [`TrustBundles`] has the keys of each trust domain.
pub const JWT_SVID: Profile = Profile::new("JWT-SVID")
    .typ(&["JWT", "JOSE"])
    .audience_required()
    .algs(ALGS)
    .required(&["sub", "aud", "exp"])
    .prohibited(&["events", "nonce"])
    .check(check_svid);

fn check_svid(checked: &Checked<'_>) -> Result<(), Error> {
    if checked.header.iter().any(|(name, _)| !["alg", "kid", "typ"].iter().any(|known| name == *known)) {
        return Err(jose_jws::Error::Header(HeaderError::Invalid("other than alg, kid and typ")).into());
    }
    let sub = checked.claims.sub.map(|sub| sub.to_cow()).unwrap_or_default();
    let domain = trust_domain(&sub).ok_or_else(|| Error::claim("sub", Reason::Invalid))?;
    match &checked.rules.trust_domain {
        Some(expected) if expected != domain => Err(Error::claim("sub", Reason::Mismatch)),
        _ => Ok(()),
    }
}

/// The trust domain of a SPIFFE ID such as `spiffe://example.org/billing`, or `None` if the text is no SPIFFE ID (SPIFFE ID
/// section 2): at most 2048 bytes, a trust domain of at most 255, of lowercase letters, digits, `.`, `-` and `_`, and a path
/// of segments that are neither empty nor dots, without percent encoding, query or fragment.
#[must_use]
pub fn trust_domain(id: &str) -> Option<&str> {
    let rest = id.strip_prefix("spiffe://").filter(|_| id.len() <= 2048)?;
    let (domain, path) = match rest.split_once('/') {
        Some((domain, path)) => (domain, Some(path)),
        None => (rest, None),
    };
    let is_segment = |segment: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain)
    };
    let is_id = is_domain(domain) && path.is_none_or(|path| path.split('/').all(is_segment));
    is_id.then_some(domain)
}

fn is_domain(name: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
    (1..=255).contains(&name.len()) && name.bytes().all(is_plain)
}

/// Verifiers of JWT-SVIDs by trust domain: the keys of one domain say nothing about the workloads of another.
///
/// ```
/// use jose_jwt::profile::TrustBundles;
/// use jose_jwt::{Error, JwkSet, NoClaims};
///
/// fn workload(bundle: &JwkSet, token: &str) -> Result<Option<String>, Error> {
///     // Once, and again when a bundle changes.
///     let bundles =
///         TrustBundles::new("spiffe://example.org/billing").with("example.org", bundle)?;
///
///     // For each request.
///     let svid = bundles.verifier(token)?.verify::<NoClaims>(token)?;
///     Ok(svid.claims().sub().map(str::to_owned))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TrustBundles {
    audience: Audience,
    domains: BTreeMap<String, JwtVerifier<VerifyingKeys>>,
}

impl TrustBundles {
    /// Takes the audiences of this workload.
    #[must_use]
    pub fn new(audience: impl Into<Audience>) -> Self {
        Self { audience: audience.into(), domains: BTreeMap::new() }
    }

    /// Adds the bundle of a trust domain, in the place of one that was added before. Of its keys, those for JWT-SVIDs are used.
    ///
    /// # Errors
    ///
    /// [`Error::Claim`] of `sub` if this is not the name of a trust domain; [`Error::Jws`] if the bundle has no key that can
    /// verify JWT-SVIDs.
    pub fn with(mut self, trust_domain: &str, bundle: &JwkSet) -> Result<Self, Error> {
        if !is_domain(trust_domain) {
            return Err(Error::claim("sub", Reason::Invalid));
        }
        let keys = VerifyingKeys::from_jwks(&bundle.jwt_svid_keys(), ALGS)?;
        let verifier = JwtVerifier::new(keys).any_issuer().audience(self.audience.clone()).profile(JWT_SVID);
        self.domains.insert(trust_domain.into(), verifier.trust_domain(trust_domain.into()));
        Ok(self)
    }

    /// The verifier of the trust domain that the token names in `sub`. It accepts SVIDs of its own trust domain only, so that
    /// nothing is decided by the choice.
    ///
    /// # Errors
    ///
    /// [`Error::Jws`] or [`Error::NotClaims`] if the text is not a JWT; [`Error::Claim`] of `sub` if that is not a SPIFFE ID
    /// (missing, invalid), or of a trust domain without a bundle (mismatch).
    pub fn verifier(&self, token: &str) -> Result<&JwtVerifier<VerifyingKeys>, Error> {
        let payload = compact::Unverified::parse(token)?.dangerous_payload()?;
        let claims = Registered::read(&payload, json::DEPTH)?;
        let sub = claims.sub.ok_or_else(|| Error::claim("sub", Reason::Missing))?.to_string();
        let domain = trust_domain(&sub).ok_or_else(|| Error::claim("sub", Reason::Invalid))?;
        self.domains.get(domain).ok_or_else(|| Error::claim("sub", Reason::Mismatch))
    }
}
