//! Finds out what a file is.

use jose_b64::json::{self, Object};
use jose_jwt::jwk::{self, FormError, PrivateFormat, PublicFormat};
use jose_jwt::{Jwk, JwkParser, JwkSet, PublicJwk};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// What was found.
#[derive(Debug)]
pub(crate) enum Thing {
    /// A compact JWS or JWE: three or five parts.
    Compact {
        text: String,
        encrypted: bool,
    },
    /// An SD-JWT: a compact JWS, disclosures and maybe a Key Binding JWT.
    SdJwt {
        text: String,
    },
    /// A JWS or JWE in a JSON serialization.
    Json {
        text: String,
        encrypted: bool,
    },
    Key {
        jwk: Box<Jwk>,
        form: &'static str,
    },
    Set {
        set: JwkSet,
        form: &'static str,
    },
    Certificate {
        jwk: Result<Box<Jwk>, jwk::Error>,
        der: Vec<u8>,
        form: &'static str,
    },
    /// A private key that no passphrase was given for.
    Locked {
        form: &'static str,
    },
}

/// What reads a private key that is encrypted.
pub(crate) type Passphrase<'p> = &'p dyn Fn() -> Result<Option<Zeroizing<Vec<u8>>>, Failure>;

/// The identifier of PBES2 in DER, which stands in every encrypted private key that is read.
const PBES2: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];

const PKCS8_LOCKED: &str = "encrypted private key (PKCS #8)";
const X509_MAP: &str = "map of X.509 certificates";

const KINDS: &str = "it reads JWS, JWE, JWT and SD-JWT, JWK and JWK Sets, PEM, DER, certificates, OpenSSH keys and maps of \
                     certificates";

fn parser() -> JwkParser {
    JwkParser::new().allow_p256k()
}

/// Says what the bytes are.
pub(crate) fn read(bytes: &[u8], passphrase: Passphrase<'_>) -> Result<Thing, Failure> {
    if bytes.first() == Some(&0x30) && core::str::from_utf8(bytes).is_err() {
        return read_der(bytes, passphrase);
    }
    let Ok(text) = core::str::from_utf8(bytes) else {
        return Err(nothing());
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Failure::refused_as("empty", "there is nothing to read"));
    }
    if text.contains("-----BEGIN ") && !text.starts_with('{') {
        return read_pem(text, passphrase);
    }
    if text.starts_with('{') {
        return read_json(text);
    }
    if ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|start| text.starts_with(start)) {
        let key = PublicJwk::from_openssh(text).map_err(|error| Failure::refused(&error))?;
        return Ok(key_of(key, "OpenSSH public key"));
    }
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        let message = "the text starts with `Bearer `: the token is what follows it";
        return Err(Failure::refused_as("bearer", message));
    }
    if let Some((jws, _)) = text.split_once('~')
        && jws.split('.').count() == 3
        && !text.contains(char::is_whitespace)
    {
        return Ok(Thing::SdJwt { text: text.to_owned() });
    }
    match text.split('.').count() {
        parts @ (3 | 5) if !text.contains(char::is_whitespace) => {
            Ok(Thing::Compact { text: text.to_owned(), encrypted: parts == 5 })
        }
        _ if bytes.first() == Some(&0x30) => read_der(bytes, passphrase),
        3 | 5 => {
            let message = "white space stands inside of a compact serialization";
            Err(Failure::refused_as("white-space", message).remedy("join its lines"))
        }
        parts => Err(nothing().detail("parts between dots", parts)),
    }
}

/// Reads keys, where nothing else will do.
pub(crate) fn read_keys(bytes: &[u8], passphrase: Passphrase<'_>) -> Result<Keys, Failure> {
    match read(bytes, passphrase)? {
        Thing::Key { jwk, .. } => Ok(Keys::One(jwk)),
        Thing::Set { set, .. } => Ok(Keys::Set(set)),
        Thing::Certificate { jwk, .. } => jwk.map(Keys::One).map_err(|error| Failure::refused(&error)),
        Thing::Locked { .. } => Err(Failure::refused(&jwk::Error::Form(FormError::PassphraseMissing))),
        Thing::Compact { .. } | Thing::SdJwt { .. } | Thing::Json { .. } => {
            Err(Failure::refused_as("not-a-key", "this is a token or message, not a key"))
        }
    }
}

/// What a key file holds.
#[derive(Debug)]
pub(crate) enum Keys {
    One(Box<Jwk>),
    Set(JwkSet),
}

fn nothing() -> Failure {
    Failure::refused_as("unknown", "this is nothing that josec knows").remedy(KINDS)
}

fn key_of(key: impl Into<Jwk>, form: &'static str) -> Thing {
    Thing::Key { jwk: Box::new(key.into()), form }
}

fn read_json(text: &str) -> Result<Thing, Failure> {
    let object = json::parse_object(text.as_bytes()).map_err(|error| Failure::refused(&error))?;
    let has = |name| object.get(name).is_some();
    if has("ciphertext") || has("payload") || has("signatures") || (has("signature") && has("protected")) {
        return Ok(Thing::Json { text: text.to_owned(), encrypted: has("ciphertext") });
    }
    if has("keys") {
        let set = parser().jwk_set(text).map_err(|error| Failure::refused(&error))?;
        return Ok(Thing::Set { set, form: "JWK Set" });
    }
    if has("kty") {
        let jwk = parser().jwk(text).map_err(|error| Failure::refused(&error))?;
        return Ok(Thing::Key { jwk: Box::new(jwk), form: "JWK" });
    }
    if has("jwks_uri") {
        let message = "this is a discovery document: its keys are at its jwks_uri";
        return Err(Failure::refused_as("discovery-document", message)
            .detail("jwks_uri", object.get("jwks_uri").map(|uri| uri.raw().to_owned())));
    }
    x509_map(object)
}

/// One object whose members are named by `kid` and hold certificates in PEM.
fn x509_map(object: Object<'_>) -> Result<Thing, Failure> {
    let is_map = !object.is_empty()
        && object.iter().all(|(_, value)| {
            value.as_str().is_some_and(|text| text.to_cow().contains("-----BEGIN CERTIFICATE-----"))
        });
    if !is_map {
        return Err(nothing().detail(
            "members",
            object
                .iter()
                .take(8)
                .map(|(name, _)| name.to_cow().into_owned())
                .collect::<crate::report::Node>(),
        ));
    }
    let mut set = JwkSet::new();
    for (kid, value) in object.iter() {
        let pem = value.as_str().map(|text| text.to_cow().into_owned()).unwrap_or_default();
        let key = PublicJwk::from_unverified_certificate_pem(&pem);
        let key = key.map_err(|error| Failure::refused(&error).at(&kid.to_cow()))?;
        set.push(Jwk::from(key).with_kid(kid.to_cow()));
    }
    Ok(Thing::Set { set, form: X509_MAP })
}

fn read_pem(text: &str, passphrase: Passphrase<'_>) -> Result<Thing, Failure> {
    let has = |label: &str| text.contains(&format!("-----BEGIN {label}-----"));
    let refused = |error| Failure::refused(&error);
    if has("OPENSSH PRIVATE KEY") {
        let jwk = Jwk::from_openssh_private(text).map_err(refused)?;
        return Ok(Thing::Key { jwk: Box::new(jwk), form: "OpenSSH private key" });
    }
    if has("ENCRYPTED PRIVATE KEY") {
        let Some(passphrase) = passphrase()? else { return Ok(Thing::Locked { form: PKCS8_LOCKED }) };
        let jwk = Jwk::from_encrypted_pem(text, &*passphrase).map_err(refused)?;
        return Ok(Thing::Key { jwk: Box::new(jwk), form: PKCS8_LOCKED });
    }
    if has("CERTIFICATE") && !text.contains("PRIVATE KEY-----") && !text.contains("PUBLIC KEY-----") {
        // The first of a chain is that of the key.
        let key = PublicJwk::from_unverified_certificate_pem(text).map_err(refused)?;
        let der = key.as_jwk().certificates().map_err(refused)?.into_iter().next().unwrap_or_default();
        return Ok(Thing::Certificate {
            jwk: Ok(Box::new(key.into())),
            der,
            form: "X.509 certificate (PEM)",
        });
    }
    let jwk = Jwk::from_pem(text).map_err(refused)?;
    let form = match (has("PRIVATE KEY"), has("RSA PRIVATE KEY"), has("EC PRIVATE KEY")) {
        (true, ..) => "private key (PEM, PKCS #8)",
        (_, true, _) => "private key (PEM, PKCS #1)",
        (.., true) => "private key (PEM, SEC 1)",
        _ if has("RSA PUBLIC KEY") => "public key (PEM, PKCS #1)",
        _ => "public key (PEM, SPKI)",
    };
    Ok(Thing::Key { jwk: Box::new(jwk), form })
}

fn read_der(der: &[u8], passphrase: Passphrase<'_>) -> Result<Thing, Failure> {
    if der.get(..64.min(der.len())).is_some_and(|start| start.windows(PBES2.len()).any(|part| part == PBES2))
    {
        let Some(passphrase) = passphrase()? else { return Ok(Thing::Locked { form: PKCS8_LOCKED }) };
        let jwk = Jwk::from_encrypted_der(der, &*passphrase).map_err(|error| Failure::refused(&error))?;
        return Ok(Thing::Key { jwk: Box::new(jwk), form: PKCS8_LOCKED });
    }
    let private = |form, name| (Jwk::from_private_der(der, form), name);
    let public = |form, name| (PublicJwk::from_der(der, form).map(Jwk::from), name);
    let tried = [
        private(PrivateFormat::Pkcs8, "private key (DER, PKCS #8)"),
        private(PrivateFormat::Pkcs1, "private key (DER, PKCS #1)"),
        private(PrivateFormat::Sec1, "private key (DER, SEC 1)"),
        public(PublicFormat::Spki, "public key (DER, SPKI)"),
        public(PublicFormat::Pkcs1, "public key (DER, PKCS #1)"),
    ];
    let mut refusal = None;
    for (outcome, form) in tried {
        match outcome {
            Ok(jwk) => return Ok(Thing::Key { jwk: Box::new(jwk), form }),
            Err(jwk::Error::Form(_)) => {}
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    match (PublicJwk::from_unverified_certificate(der), refusal) {
        (Ok(key), _) => {
            let jwk = Ok(Box::new(key.into()));
            Ok(Thing::Certificate { jwk, der: der.to_vec(), form: "X.509 certificate (DER)" })
        }
        (Err(_), Some(error)) => Err(Failure::refused(&error)),
        (Err(error), None) => {
            use x509_cert::der::Decode as _;
            if x509_cert::Certificate::from_der(der).is_ok() {
                let form = "X.509 certificate (DER)";
                return Ok(Thing::Certificate { jwk: Err(error), der: der.to_vec(), form });
            }
            Err(nothing().detail("first byte", "30, as of DER"))
        }
    }
}
