//! The key of a certificate is in the certificate, its thumbprints are those of independent code, and a key is no other
//! certificate's.

#![no_main]

use std::cell::Cell;

use base64ct::{Base64, Encoding as _};
use jose_fuzz::{encode, jwk};
use jose_jwa::{Hash, KeyType};
use jose_jwk::{ChainValidator, Error, Jwk, PublicJwk};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

/// Counts what it is asked about, and refuses it.
struct Refusing(Cell<usize>);

impl ChainValidator for Refusing {
    fn validate(&self, chain: &[Vec<u8>]) -> Result<(), Error> {
        self.0.set(self.0.get() + chain.len());
        Err(Error::ChainRefused)
    }
}

/// RFC 7515 appendix A.3, the key of no certificate.
const STRANGER: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

fuzz_target!(|input: &[u8]| {
    let validator = Refusing(Cell::new(0));
    let chain = PublicJwk::from_certificate_chain(&[input, input], &validator);
    let of_stranger = format!(r#"{{{STRANGER},"x5c":["{}"]}}"#, Base64::encode_string(input));
    let of_stranger =
        Jwk::from_json(of_stranger).expect("a certificate is not looked at before it is asked for");
    assert!(of_stranger.check_certificates().is_err());
    let key = match PublicJwk::from_unverified_certificate(input) {
        Ok(key) => key,
        Err(error) => {
            assert_eq!(chain, Err(error));
            return assert_eq!(validator.0.get(), 0);
        }
    };
    assert_eq!(chain, Err(Error::ChainRefused));
    assert_eq!(validator.0.get(), 2);
    let own = key.as_jwk();
    assert_eq!(own.x5t_s256(), Some(Sha256::digest(input).as_slice()));
    assert_eq!(own.certificates(), Ok(vec![input.to_vec()]));
    assert_eq!(own.check_certificates(), Ok(()));
    let name = match own.key_type() {
        KeyType::Rsa => "n",
        KeyType::Akp => "pub",
        _ => "x",
    };
    let member = own.public_member(name).expect("required");
    assert!(input.windows(member.len()).any(|window| window == member));
    jwk::check(own);

    // The certificate beside the bare key, and a thumbprint that is not its own.
    let thumbprint = encode(&Sha256::digest([input, b"."].concat()));
    let bare = PublicJwk::from_der(
        key.to_der(jose_jwk::PublicFormat::Spki).expect("any key"),
        jose_jwk::PublicFormat::Spki,
    );
    let bare = bare.expect("what was written is read");
    assert_eq!(bare.as_jwk().thumbprint(Hash::Sha256), own.thumbprint(Hash::Sha256));
    let text = bare.to_json();
    let text = text.strip_suffix('}').expect("an object");
    let x5c = Base64::encode_string(input);
    let good = Jwk::from_json(format!(r#"{text},"x5c":["{x5c}"]}}"#)).expect("a key");
    assert_eq!(good.check_certificates(), Ok(()));
    let bad = format!(r#"{text},"x5c":["{x5c}"],"x5t#S256":"{thumbprint}"}}"#);
    assert_eq!(
        Jwk::from_json(bad).expect("a key").check_certificates(),
        Err(Error::Certificate { index: 0 })
    );
});
