//! Wallets and workloads: what they prove about their keys, and who they are.

use super::{Checked, Profile};
use crate::error::{Error, Reason};

/// A wallet's proof that it has a key (OpenID for Verifiable Credential Issuance 1.0 appendix F.1). The verifier's audience is
/// the credential issuer, and there is no other. The key is in the header: [`jose_jws::embedded`] and
/// [`KeyResolver`](jose_jws::KeyResolver) verify with it. It has no `exp`: see
/// [`expiry_optional`](crate::JwtVerifier::expiry_optional), and [`max_age`](crate::JwtVerifier::max_age) in its place.
pub const OPENID4VCI_PROOF: Profile = Profile::new("OpenID4VCI proof")
    .typ(&["openid4vci-proof+jwt"])
    .typ_required()
    .sole_audience()
    .required(&["aud", "iat"]);

/// What the maker of a wallet says of its keys (OpenID for Verifiable Credential Issuance 1.0 appendix D.1). It has no audience.
pub const KEY_ATTESTATION: Profile = Profile::new("key attestation")
    .typ(&["key-attestation+jwt"])
    .typ_required()
    .required(&["iat", "attested_keys"])
    .check(|checked| {
        let keys = checked.claim("attested_keys").and_then(|keys| keys.as_array());
        let is_one = |keys: &jose_b64::json::Array<'_>| {
            keys.iter().next().is_some() && keys.iter().all(|key| key.as_object().is_some())
        };
        keys.filter(is_one).map(|_| ()).ok_or_else(|| Error::claim("attested_keys", Reason::Invalid))
    });

/// What the maker of a client says of it (draft-ietf-oauth-attestation-based-client-auth-11 section 5): `sub` is the client, and
/// `cnf` its key, with which the [proof](CLIENT_ATTESTATION_POP) is signed. It has no audience.
pub const CLIENT_ATTESTATION: Profile = Profile::new("client attestation")
    .typ(&["oauth-client-attestation+jwt"])
    .typ_required()
    .tells_key()
    .required(&["sub", "exp", "cnf"])
    .check(|checked| {
        let cnf = checked.claim("cnf").and_then(|cnf| cnf.as_object()?.get("jwk")?.as_object());
        cnf.map(|_| ()).ok_or_else(|| Error::claim("cnf", Reason::Invalid))
    });

/// A client's proof that it has the key of its [attestation](CLIENT_ATTESTATION)
/// (draft-ietf-oauth-attestation-based-client-auth-11 section 5.1). The verifier's audience is the authorization server, and there
/// is no other. It has no `exp`, as [`OPENID4VCI_PROOF`] has none.
pub const CLIENT_ATTESTATION_POP: Profile = Profile::new("client attestation proof")
    .typ(&["oauth-client-attestation-pop+jwt"])
    .typ_required()
    .sole_audience()
    .required(&["aud", "jti", "iat"]);

/// What an entity of a federation says of itself or of another (OpenID Federation 1.0 section 3): one statement, not a chain.
/// It has an audience only where a client registers with it.
pub const ENTITY_STATEMENT: Profile = Profile::new("entity statement")
    .typ(&["entity-statement+jwt"])
    .typ_required()
    .required(&["iss", "sub", "iat", "exp", "jwks"])
    .check(|checked| {
        match checked.claim("jwks").and_then(|jwks| jwks.as_object()?.get("keys")?.as_array()) {
            Some(_) => Ok(()),
            None => Err(Error::claim("jwks", Reason::Invalid)),
        }
    });

/// The identity of a workload (SPIFFE, JWT-SVID section 3): `sub` is its SPIFFE ID. The verifier's keys are those of the bundle of
/// one trust domain, and so its [`subject`](crate::Verification) must be of that domain: the application compares it.
pub const JWT_SVID: Profile = Profile::new("JWT-SVID")
    .typ(&["JWT", "JOSE"])
    .required(&["sub", "aud", "exp"])
    .prohibited(&["events", "nonce"])
    .check(check_spiffe_id);

/// `spiffe://`, a trust domain, and a path (SPIFFE-ID sections 2 and 2.1).
fn check_spiffe_id(checked: &Checked<'_>) -> Result<(), Error> {
    let sub = checked.text("sub")?.map(|sub| sub.to_cow());
    let id = sub.as_deref().and_then(|sub| sub.strip_prefix("spiffe://"));
    let is_domain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_');
    let is_one = |id: &str| {
        let (domain, path) = id.split_once('/').unwrap_or((id, "-"));
        !domain.is_empty() && domain.chars().all(is_domain) && path.split('/').all(|part| !part.is_empty())
    };
    if id.is_some_and(is_one) { Ok(()) } else { Err(Error::claim("sub", Reason::Mismatch)) }
}
