//! What `cargo xtask bench` measures, for the programs that measure it beside something else.

pub mod content;
pub mod measure;
mod raw;
pub mod sets;
pub mod targets;
pub mod token;

use std::{error::Error, fmt};

use jose_jwe::JweEnc;
use jose_jwk::JwsAlg;

use content::Content;
use measure::Group;
use token::Work;

/// The bytes of a small content, and of a large one.
pub const SMALL: usize = 300;
pub const LARGE: usize = 1 << 20;

/// The keys of the set that one is chosen from, and of the one that is prepared.
const MANY: usize = 1_000;
pub const PUBLISHED: usize = 100;

/// The algorithms of public keys that are measured, with the bits of their moduli.
pub const ASYMMETRIC: [(JwsAlg, usize); 15] = [
    (JwsAlg::Rs256, 2048),
    (JwsAlg::Rs384, 2048),
    (JwsAlg::Rs512, 2048),
    (JwsAlg::Ps256, 2048),
    (JwsAlg::Ps384, 2048),
    (JwsAlg::Ps512, 2048),
    (JwsAlg::Es256, 0),
    (JwsAlg::Es384, 0),
    (JwsAlg::Es512, 0),
    (JwsAlg::Es256K, 0),
    (JwsAlg::EdDsa, 0),
    (JwsAlg::Ed448, 0),
    (JwsAlg::MlDsa44, 0),
    (JwsAlg::MlDsa65, 0),
    (JwsAlg::MlDsa87, 0),
];

pub const ENCS: [JweEnc; 6] = [
    JweEnc::A128Gcm,
    JweEnc::A192Gcm,
    JweEnc::A256Gcm,
    JweEnc::A128CbcHs256,
    JweEnc::A192CbcHs384,
    JweEnc::A256CbcHs512,
];

/// What a group measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A JWT, with the bits of an RSA key.
    Sign(JwsAlg, usize),
    Verify(JwsAlg, usize),
    /// A JWE with `dir`, of so many bytes.
    Encrypt(JweEnc, usize),
    Decrypt(JweEnc, usize),
    /// A JWS of 1 MiB.
    LargeJws,
    /// A key chosen from a set by its `kid`.
    Choice(JwsAlg),
    /// A set, from its text to keys.
    Prepare,
    /// A verifier that two threads share.
    Threads,
}

/// All of them, in the order of the report.
#[must_use]
pub fn subjects() -> Vec<Subject> {
    let mut subjects = vec![Subject::Sign(JwsAlg::Hs256, 0), Subject::Verify(JwsAlg::Hs256, 0)];
    for (alg, bits) in ASYMMETRIC {
        subjects.extend([Subject::Sign(alg, bits), Subject::Verify(alg, bits)]);
    }
    subjects.extend([Subject::Verify(JwsAlg::Rs256, 3072), Subject::Verify(JwsAlg::Ps256, 3072)]);
    subjects.extend([Subject::Encrypt(JweEnc::A256Gcm, SMALL), Subject::Decrypt(JweEnc::A256Gcm, SMALL)]);
    for enc in ENCS {
        subjects.extend([Subject::Encrypt(enc, LARGE), Subject::Decrypt(enc, LARGE)]);
    }
    let choices = [Subject::Choice(JwsAlg::Hs256), Subject::Choice(JwsAlg::Es256)];
    subjects.push(Subject::LargeJws);
    subjects.extend(choices);
    subjects.extend([Subject::Prepare, Subject::Threads]);
    subjects
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |len: &usize| if *len == LARGE { "1 MiB".to_owned() } else { format!("{len} B") };
        let bits = |bits: &usize| if *bits == 0 { String::new() } else { format!(" {bits}") };
        match self {
            Self::Sign(alg, modulus) => write!(f, "{alg}{} sign", bits(modulus)),
            Self::Verify(alg, modulus) => write!(f, "{alg}{} verify", bits(modulus)),
            Self::Encrypt(enc, len) => write!(f, "dir+{enc} {} encrypt", size(len)),
            Self::Decrypt(enc, len) => write!(f, "dir+{enc} {} decrypt", size(len)),
            Self::LargeJws => f.write_str("JWS HS256 1 MiB verify"),
            Self::Choice(alg) => write!(f, "JWK Set of {MANY}, {alg} by kid"),
            Self::Prepare => write!(f, "JWK Set of {PUBLISHED}, parse and prepare"),
            Self::Threads => f.write_str("HS256 verify, two threads"),
        }
    }
}

impl Subject {
    /// The cases of this workspace beside the primitive.
    ///
    /// # Errors
    ///
    /// If a key or a message cannot be made.
    pub fn group(self) -> Result<Group, Box<dyn Error>> {
        let name = self.to_string();
        match self {
            Self::Sign(alg, bits) => Work::new(alg, bits)?.sign(name),
            Self::Verify(alg, bits) => Work::new(alg, bits)?.verify(name),
            Self::Encrypt(enc, len) => Content::new(enc, len)?.encrypt(name),
            Self::Decrypt(enc, len) => Content::new(enc, len)?.decrypt(name),
            Self::LargeJws => content::large_jws(name, LARGE),
            Self::Choice(alg) => sets::choice(name, alg, MANY),
            Self::Prepare => sets::prepare(name, &sets::published(PUBLISHED)?),
            Self::Threads => sets::threads(name),
        }
    }

    /// Whether the name has the filter's text, in whatever case.
    #[must_use]
    pub fn is_wanted(self, filter: &str) -> bool {
        self.to_string().to_lowercase().contains(&filter.to_lowercase())
    }
}
