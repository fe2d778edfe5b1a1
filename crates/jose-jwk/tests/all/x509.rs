//! Certificates.

use jose_jwk::{ChainValidator, Error, FormError, Jwk, PublicJwk};

use crate::rfc::{EC_PRIVATE, OCT, RSA_7638, X5C};
use crate::support::missing;

struct Pinned(Vec<Vec<u8>>);

impl ChainValidator for Pinned {
    fn validate(&self, chain: &[Vec<u8>]) -> Result<(), Error> {
        if chain.len() == 1 && self.0.contains(&chain[0]) { Ok(()) } else { Err(Error::ChainRefused) }
    }
}

fn certificate() -> Vec<u8> {
    Jwk::from_json(X5C).unwrap().certificates().unwrap().remove(0)
}

/// Covers K04.
#[test]
fn the_subjects_key_is_the_jwks() {
    let jwk = Jwk::from_json(X5C).unwrap();
    let key = PublicJwk::from_unverified_certificate(certificate()).unwrap();
    for member in ["n", "e"] {
        assert_eq!(key.as_jwk().public_member(member), jwk.public_member(member));
    }
    assert_eq!(key.as_jwk().x5c(), jwk.x5c());
    assert!(key.as_jwk().x5t().is_some() && key.as_jwk().x5t_s256().is_some());
    let text = &jwk.x5c().unwrap()[0];
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    assert_eq!(PublicJwk::from_unverified_certificate_pem(&pem).unwrap(), key);
    let chain = PublicJwk::from_unverified_certificate_pem(&format!("{pem}{pem}")).unwrap();
    assert_eq!(chain.as_jwk().x5c().unwrap().len(), 2);
    assert_eq!(Jwk::from_pem(&pem), Err(FormError::PemLabel("CERTIFICATE").into()));
    let not = FormError::Der { form: "X.509 (`Certificate`)" };
    assert_eq!(PublicJwk::from_unverified_certificate(&certificate()[1..]), Err(not.into()));
}

/// Covers K23.
#[test]
fn thumbprints_are_of_the_first_certificate() {
    // Computed with Python's hashlib from the certificate of RFC 7517 appendix B.
    let jwk = Jwk::from_json(X5C).unwrap().with_certificate_thumbprints().unwrap();
    assert_eq!(jose_b64::base64url::encode_to_string(jwk.x5t().unwrap()), "4pNenEBLv0JpLIdugWxQkOsZcK0");
    assert_eq!(
        jose_b64::base64url::encode_to_string(jwk.x5t_s256().unwrap()),
        "pJm2BBpkB8y7tCqrWM0X37WOmQTO8zQw-VpxVgBb21I"
    );
    let none = Jwk::from_json(RSA_7638).unwrap();
    assert_eq!(none.with_certificate_thumbprints(), Err(missing("x5c")));
}

/// Rows B4, beside the one in front.
///
/// Covers K16, B4.
#[test]
fn a_certificate_of_another_key_is_refused() {
    let text = X5C.split("\"x5c\":").nth(1).unwrap();
    let checked = |text: &str| Jwk::from_json(text).unwrap().check_certificates();
    let with = |key: &str, x5c: &str| format!("{},\"x5c\":{x5c}", &key[..key.rfind('}').unwrap()]);
    assert_eq!(checked(X5C), Ok(()));
    assert_eq!(checked(RSA_7638), Err(missing("x5c")));
    for other in [RSA_7638, EC_PRIVATE, OCT] {
        assert_eq!(checked(&with(other, text)), Err(Error::Certificate { index: 0 }));
    }
    let good = text.trim_end_matches('}').trim_end_matches(']');
    let own = &X5C[..X5C.find(",\"x5c\"").unwrap()];
    for tail in [",\"AAAA\"]}", ",\"!\"]}"] {
        let text = format!("{own},\"x5c\":{good}{tail}");
        assert_eq!(checked(&text), Err(Error::Certificate { index: 1 }));
    }
    for x5c in ["[\"AAAA\"]}", "[\"!\"]}"] {
        assert_eq!(checked(&format!("{own},\"x5c\":{x5c}")), Err(Error::Certificate { index: 0 }));
    }
    // A thumbprint of another certificate.
    for (name, digest) in
        [("x5t", "AAECAwQFBgcICQoLDA0ODxAREhM"), ("x5t#S256", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    {
        let text = format!("{own},\"{name}\":\"{digest}\",\"x5c\":{text}");
        assert_eq!(checked(&text), Err(Error::Certificate { index: 0 }));
        // The validator does not get to see it.
        let key = Jwk::from_json(&text).unwrap();
        let all = Pinned(key.certificates().unwrap());
        assert_eq!(key.validate_chain(&all), Err(Error::Certificate { index: 0 }));
    }
    let marked = Jwk::from_json(X5C).unwrap().with_certificate_thumbprints().unwrap();
    assert_eq!(marked.check_certificates(), Ok(()));
}

/// Covers K04, B4.
#[test]
fn a_chain_is_the_validators_to_judge() {
    let chain = [certificate()];
    let key = PublicJwk::from_certificate_chain(&chain, &Pinned(chain.to_vec())).unwrap();
    assert_eq!(key, PublicJwk::from_unverified_certificate(&chain[0]).unwrap());
    assert_eq!(PublicJwk::from_certificate_chain(&chain, &Pinned(Vec::new())), Err(Error::ChainRefused));
    let jwk = Jwk::from_json(X5C).unwrap();
    assert_eq!(jwk.validate_chain(&Pinned(chain.to_vec())), Ok(()));
    assert_eq!(jwk.validate_chain(&Pinned(Vec::new())), Err(Error::ChainRefused));
    let none = Jwk::from_json(RSA_7638).unwrap();
    assert_eq!(none.validate_chain(&Pinned(Vec::new())), Err(missing("x5c")));
}
