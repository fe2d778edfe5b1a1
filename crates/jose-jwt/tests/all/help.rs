//! What several tests stand on.

use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::{Header, Key, compact};
use jose_jwt::{Error, JwtVerifier, NoClaims, NumericDate, Reason, Verified};

pub(crate) type TestKey = Key<'static, Hs256, HmacKey<Hs256>>;

/// The time of the tests.
pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) fn now() -> NumericDate {
    NumericDate::from_seconds(NOW)
}

pub(crate) fn date(text: &str) -> NumericDate {
    NumericDate::parse(text).unwrap()
}

pub(crate) fn key() -> TestKey {
    Key::new(HmacKey::new(&[7; 32]).unwrap())
}

/// A payload of any bytes, signed.
pub(crate) fn token(payload: impl AsRef<[u8]>) -> String {
    compact::sign(&key(), payload.as_ref(), &Header::new().typ("JWT")).unwrap()
}

/// A claims set that does not expire soon, with these members besides.
pub(crate) fn claims(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(r#"{{"exp":{}{comma}{members}}}"#, NOW + 600)
}

/// No rules but those that nobody asked for.
pub(crate) fn verifier() -> JwtVerifier<TestKey> {
    JwtVerifier::new(key()).any_issuer().any_audience()
}

/// Without the words for what is accepted.
pub(crate) fn bare(error: Error) -> Error {
    match error {
        Error::Claim { claim, reason, .. } => Error::Claim { claim, reason, expected: None },
        error => error,
    }
}

pub(crate) fn verify(
    verifier: &JwtVerifier<TestKey>,
    payload: impl AsRef<[u8]>,
) -> Result<Verified<NoClaims>, Error> {
    verifier.at(now()).verify(&token(payload)).map_err(bare)
}

pub(crate) fn refusal(verifier: &JwtVerifier<TestKey>, payload: impl AsRef<[u8]>) -> Option<Error> {
    verify(verifier, payload).err()
}

#[expect(clippy::unnecessary_wraps, reason = "what `refusal` gives is compared with it")]
pub(crate) fn claim(claim: &'static str, reason: Reason) -> Option<Error> {
    Some(Error::Claim { claim: claim.into(), reason, expected: None })
}
