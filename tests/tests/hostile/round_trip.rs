//! What is signed verifies and what is encrypted decrypts, over random keys and payloads, every algorithm and every
//! serialization; and nothing else does.

use std::sync::LazyLock;

use jose_jwa::JweFamily;
use jose_jwe::{DecryptionKey, Encrypted, EncryptionKey, JweAlg, JweEnc, Message};
use jose_jwk::{Curve, Jwk, JwsAlg, KeySpec, PrivateFormat, PublicFormat, PublicJwk, SysRng};
use jose_jws::json::{Builder, Require};
use jose_jws::{Header, SigningKey, VerifyingKey, compact, json};

use crate::help::Draw;

/// RSA keys take seconds to generate.
static RSA: LazyLock<Jwk> =
    LazyLock::new(|| Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap());

/// Payloads of 0 to 70 000 bytes: the boundaries of blocks and groups, and some between.
fn payloads(draw: &mut Draw, count: usize) -> Vec<Vec<u8>> {
    let mut lens = vec![0, 1, 70_000];
    while lens.len() < count {
        let below = [4, 70, 700, 70_000][draw.below(4)];
        lens.push(draw.below(below + 1));
    }
    lens.into_iter().map(|len| draw.bytes(len)).collect()
}

fn signing_key(alg: JwsAlg) -> Jwk {
    use JwsAlg::{EdDsa, Es256, Es256K, Es384, Es512, Hs256, Hs384, Hs512};
    let spec = match alg {
        Hs256 | Hs384 | Hs512 => KeySpec::Oct { len: 64 },
        Es256 => Curve::P256.into(),
        Es384 => Curve::P384.into(),
        Es512 => Curve::P521.into(),
        Es256K => Curve::Secp256k1.into(),
        EdDsa => Curve::Ed25519.into(),
        _ if alg.as_str().starts_with("RS") || alg.as_str().starts_with("PS") => return RSA.clone(),
        _ => alg.into(),
    };
    Jwk::generate(spec, &mut SysRng).unwrap()
}

/// Changes one byte of the text that is not one of its structure.
fn damaged(text: &str, draw: &mut Draw) -> String {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let place = draw.below(bytes.len());
        if bytes[place].is_ascii_alphanumeric() {
            bytes[place] = if bytes[place] == b'Q' { b'g' } else { b'Q' };
            return String::from_utf8(bytes).unwrap();
        }
    }
}

/// Covers T01.
#[test]
fn what_is_signed_verifies() {
    let mut draw = Draw(11);
    for alg in JwsAlg::ALL.iter().copied() {
        let jwk = signing_key(alg);
        let (signer, verifier) =
            (SigningKey::from_jwk(&jwk, alg).unwrap(), VerifyingKey::from_jwk(&jwk, alg).unwrap());
        for payload in payloads(&mut draw, 8) {
            let len = payload.len();
            let token = compact::sign(&signer, &payload, &Header::new()).unwrap();
            assert_eq!(compact::verify(&verifier, &token).unwrap().payload(), payload, "{alg} {len}");
            assert!(compact::verify(&verifier, &damaged(&token, &mut draw)).is_err(), "{alg} {len}");

            let token = compact::sign_detached(&signer, &payload, &Header::new()).unwrap();
            compact::verify_detached(&verifier, &token, &payload).unwrap();
            let longer = [&payload[..], &[0]].concat();
            assert!(compact::verify_detached(&verifier, &token, &longer).is_err(), "{alg} {len}");

            let mut builder = Builder::new(&payload);
            builder.sign(&signer, Header::new()).unwrap();
            let flattened = builder.flattened().unwrap();
            builder.sign(&signer, Header::new()).unwrap();
            for text in [flattened, builder.general().unwrap()] {
                let verified = json::verify(&verifier, &text, Require::All).unwrap();
                assert_eq!(verified.payload(), payload, "{alg} {len}");
                // Names of members change too: what still verifies is what was signed.
                if let Ok(verified) = json::verify(&verifier, &damaged(&text, &mut draw), Require::All) {
                    assert_eq!(verified.payload(), payload, "{alg} {len}");
                }
            }
        }
    }
}

fn wrapping_key(alg: JweAlg, enc: JweEnc) -> Jwk {
    use JweAlg::{A128GcmKw, A128Kw, A192GcmKw, A192Kw, A256GcmKw, A256Kw, Dir};
    let name = alg.as_str();
    let len = match alg {
        Dir => enc.cek_len(),
        A128Kw | A128GcmKw => 16,
        A192Kw | A192GcmKw => 24,
        A256Kw | A256GcmKw => 32,
        _ if name.starts_with("RSA") => return RSA.clone(),
        _ if name.starts_with("PBES2") => 24,
        _ if alg.is_hpke() && alg.curves().is_empty() => {
            return jose_jwe::generate_akp(alg, &mut SysRng).unwrap();
        }
        _ => {
            let curve = if alg.is_hpke() { alg.curves()[0] } else { Curve::X25519 };
            return Jwk::generate(curve, &mut SysRng).unwrap();
        }
    };
    Jwk::generate(KeySpec::Oct { len }, &mut SysRng).unwrap()
}

/// Covers T01.
#[test]
fn what_is_encrypted_decrypts() {
    let mut draw = Draw(12);
    let mut tried = 0;
    for alg in JweAlg::ALL.iter().copied() {
        for enc in JweEnc::ALL.iter().copied() {
            let jwk = wrapping_key(alg, enc);
            let integrated = alg.family() == JweFamily::HpkeIntegrated;
            if integrated && enc != JweEnc::A128Gcm {
                continue;
            }
            let enc = Some(enc).filter(|_| !integrated);
            let encrypts = EncryptionKey::from_jwk(&jwk, alg).unwrap();
            let decrypts = DecryptionKey::from_jwk(&jwk, alg).unwrap();
            // Deriving from a password takes long, on purpose: one payload in one form.
            let derives = alg.as_str().starts_with("PBES2");
            let payloads = if derives { vec![draw.bytes(100)] } else { payloads(&mut draw, 5) };
            for payload in &payloads {
                let aad = draw.bytes(payload.len() % 50);
                let message = Message::new(enc);
                let mut texts = vec![message.compact(&encrypts, payload, &mut SysRng).unwrap()];
                if !derives {
                    texts.push(message.flattened(&encrypts, payload, &mut SysRng).unwrap());
                    let message = message.aad(&aad);
                    texts.push(message.general(&[(&encrypts).into()], payload, &mut SysRng).unwrap());
                }
                for text in texts {
                    let decrypted = Encrypted::parse(&text).unwrap().decrypt(&decrypts, &mut SysRng).unwrap();
                    assert!(decrypted.plaintext() == payload, "{alg} {enc:?} {}", payload.len());
                    tried += 1;
                }
            }
            if derives {
                continue;
            }
            let small = Message::new(enc).compact(&encrypts, b"plaintext", &mut SysRng).unwrap();
            let damaged = damaged(&small, &mut draw);
            assert!(jose_jwe::decrypt(&decrypts, &damaged, &mut SysRng).is_err(), "{alg} {enc:?} {damaged}");
        }
    }
    assert!(tried > 1000, "{tried}");
}

/// Covers T01.
#[test]
fn what_is_written_of_a_key_is_read() {
    let specs = [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1, Curve::Ed25519, Curve::X25519];
    let curves = specs.into_iter().chain([Curve::Ed448, Curve::X448]).map(KeySpec::from);
    let lattice = [JwsAlg::MlDsa44, JwsAlg::MlDsa65, JwsAlg::MlDsa87].map(KeySpec::from);
    let rsa = [PrivateFormat::Pkcs1, PrivateFormat::Pkcs8, PrivateFormat::Sec1];
    for spec in curves.chain(lattice) {
        for _ in 0..4 {
            let key = Jwk::generate(spec, &mut SysRng).unwrap();
            private_forms(&key, &rsa);
        }
    }
    private_forms(&RSA, &rsa);
    let mut draw = Draw(13);
    for len in [1, 16, 31, 64, 200] {
        let key = Jwk::from_octets(draw.bytes(len)).unwrap();
        assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
    }
}

fn private_forms(key: &Jwk, formats: &[PrivateFormat]) {
    assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), *key);
    let mut written = 0;
    for format in formats.iter().copied() {
        let Ok(der) = key.expose_private_der(format) else { continue };
        assert_eq!(
            Jwk::from_private_der(&*der, format).unwrap().expose_private_json(),
            key.expose_private_json()
        );
        let pem = key.expose_private_pem(format).unwrap();
        assert_eq!(Jwk::from_pem(&pem).unwrap().expose_private_json(), key.expose_private_json());
        written += 1;
    }
    assert!(written > 0);
    let public = key.to_public().unwrap();
    assert_eq!(PublicJwk::from_json(public.to_json()).unwrap(), public);
    let mut written = 0;
    for format in [PublicFormat::Spki, PublicFormat::Pkcs1] {
        let Ok(der) = public.to_der(format) else { continue };
        assert_eq!(PublicJwk::from_der(&der, format).unwrap().to_json(), public.to_json());
        let pem = public.to_pem(format).unwrap();
        assert_eq!(PublicJwk::from_pem(&pem).unwrap().to_json(), public.to_json());
        written += 1;
    }
    assert!(written > 0);
}
