//! jwt-simple beside this workspace: RSA on BoringSSL, the other algorithms in Rust. Rows of `cargo xtask bench --peers`.
//!
//! ```text
//! peers-boringssl [FILTER]
//! ```

use std::{collections::HashSet, env, error::Error, io, time::Duration};

use jose_bench::{
    Subject,
    measure::{Group, Kind, Row},
    subjects,
    targets::JWT_SIMPLE,
    token::{AUDIENCE, Custom, ISSUER, KID, Work},
};
use jose_jwk::{JwsAlg, PrivateFormat, PublicFormat};
use jwt_simple::prelude::{
    Audiences, ECDSAP256KeyPairLike as _, ECDSAP256PublicKeyLike as _, ECDSAP256kKeyPairLike as _,
    ECDSAP256kPublicKeyLike as _, ECDSAP384KeyPairLike as _, ECDSAP384PublicKeyLike as _, ES256KeyPair,
    ES256kKeyPair, ES384KeyPair, Ed25519KeyPair, EdDSAKeyPairLike as _, EdDSAPublicKeyLike as _, HS256Key,
    JWTClaims, MACLike as _, PS256KeyPair, PS256PublicKey, RS256KeyPair, RS256PublicKey, RSAKeyPairLike as _,
    RSAPublicKeyLike as _, UnixTimeStamp, VerificationOptions,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// For each group.
const TIME: Duration = Duration::from_millis(900);

fn main() -> Result<()> {
    let filter = env::args().nth(1).unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    for subject in subjects().into_iter().filter(|subject| subject.is_wanted(&filter)) {
        let group = match subject {
            Subject::Sign(alg, bits) if serves(alg) => {
                let work = Work::new(alg, bits)?;
                sign(&work, work.sign(subject.to_string())?)?
            }
            Subject::Verify(alg, bits) if serves(alg) => {
                let work = Work::new(alg, bits)?;
                verify(&work, work.verify(subject.to_string())?)?
            }
            _ => continue,
        };
        eprintln!("{subject}, beside {JWT_SIMPLE}");
        rows.extend(group.measure(TIME));
    }
    Ok(serde_json::to_writer(io::stdout().lock(), &rows)?)
}

fn serves(alg: JwsAlg) -> bool {
    use JwsAlg::{EdDsa, Es256, Es256K, Es384, Hs256, Ps256, Rs256};
    [Hs256, Rs256, Ps256, Es256, Es384, Es256K, EdDsa].contains(&alg)
}

fn claims(work: &Work) -> JWTClaims<Custom> {
    let claims = work.claims.clone();
    JWTClaims {
        issued_at: Some(UnixTimeStamp::from_secs(claims.iat)),
        expires_at: Some(UnixTimeStamp::from_secs(claims.exp)),
        invalid_before: Some(UnixTimeStamp::from_secs(claims.nbf)),
        issuer: Some(claims.iss),
        subject: Some(claims.sub),
        audiences: Some(Audiences::AsString(claims.aud)),
        jwt_id: Some(claims.jti),
        nonce: None,
        custom: Custom { email: claims.email, scope: claims.scope },
    }
}

/// A private key, as the library reads it.
fn secret(work: &Work) -> Result<Vec<u8>> {
    let secret = |name| work.jwk.expose_secret_member(name).ok_or("no secret");
    Ok(match work.alg {
        JwsAlg::Hs256 => secret("k")?.to_vec(),
        JwsAlg::Rs256 | JwsAlg::Ps256 => work.jwk.expose_private_der(PrivateFormat::Pkcs1)?.to_vec(),
        JwsAlg::EdDsa => [secret("d")?, work.jwk.public_member("x").ok_or("no public key")?].concat(),
        _ => secret("d")?.to_vec(),
    })
}

fn sign(work: &Work, group: Group) -> Result<Group> {
    let (claims, secret) = (claims(work), secret(work)?);
    macro_rules! sign {
        ($key:expr, $method:ident) => {{
            let key = $key.with_key_id(KID);
            // It takes the claims by value.
            Ok(group.case(Kind::Peer, JWT_SIMPLE, move || key.$method(claims.clone()).expect("it signs")))
        }};
    }
    match work.alg {
        JwsAlg::Hs256 => sign!(HS256Key::from_bytes(&secret), authenticate),
        JwsAlg::Rs256 => sign!(RS256KeyPair::from_der(&secret)?, sign),
        JwsAlg::Ps256 => sign!(PS256KeyPair::from_der(&secret)?, sign),
        JwsAlg::Es256 => sign!(ES256KeyPair::from_bytes(&secret)?, sign),
        JwsAlg::Es384 => sign!(ES384KeyPair::from_bytes(&secret)?, sign),
        JwsAlg::Es256K => sign!(ES256kKeyPair::from_bytes(&secret)?, sign),
        _ => sign!(Ed25519KeyPair::from_bytes(&secret)?, sign),
    }
}

fn verify(work: &Work, group: Group) -> Result<Group> {
    let (secret, token, expected) = (secret(work)?, work.token.to_string(), claims(work));
    let options = VerificationOptions {
        allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
        allowed_audiences: Some(HashSet::from([AUDIENCE.to_owned()])),
        time_tolerance: None,
        ..Default::default()
    };
    macro_rules! verify {
        ($key:expr) => {{
            let key = $key;
            // It takes the options by value.
            let verify =
                move || key.verify_token::<Custom>(&token, Some(options.clone())).expect("it verifies");
            let read = verify();
            if (&read.custom, &read.subject, &read.jwt_id)
                != (&expected.custom, &expected.subject, &expected.jwt_id)
            {
                return Err("other claims".into());
            }
            Ok(group.case(Kind::Peer, JWT_SIMPLE, verify))
        }};
    }
    let public = || work.jwk.to_public()?.to_der(PublicFormat::Spki);
    match work.alg {
        JwsAlg::Hs256 => verify!(HS256Key::from_bytes(&secret)),
        JwsAlg::Rs256 => verify!(RS256PublicKey::from_der(&public()?)?),
        JwsAlg::Ps256 => verify!(PS256PublicKey::from_der(&public()?)?),
        JwsAlg::Es256 => verify!(ES256KeyPair::from_bytes(&secret)?.public_key()),
        JwsAlg::Es384 => verify!(ES384KeyPair::from_bytes(&secret)?.public_key()),
        JwsAlg::Es256K => verify!(ES256kKeyPair::from_bytes(&secret)?.public_key()),
        _ => verify!(Ed25519KeyPair::from_bytes(&secret)?.public_key()),
    }
}
