//! The tasks of `tests/firmware`, and what their programs say.

use jose_jws::JwsAlg;

use crate::EVERYTHING;

/// A line that a program prints.
#[derive(Clone, Copy)]
pub(crate) enum Line {
    /// A JWT of the device's with this algorithm.
    Token(JwsAlg),
    /// A signature of the device's with this algorithm.
    Signature(JwsAlg),
    /// This name and this value.
    Text(&'static str, &'static str),
}

pub(crate) struct Task {
    /// Its program; the one with RustCrypto alone is called so with `-primitives`.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    library: &'static [Line],
    primitives: &'static [Line],
}

impl Task {
    /// What its program says, with the library and without.
    pub(crate) fn lines(&self) -> (Vec<Line>, Vec<Line>) {
        if self.name == EVERYTHING {
            let parts = || TASKS.iter().filter(|task| PARTS.contains(&task.name));
            let library = parts().flat_map(|task| task.library).copied().collect();
            return (library, parts().flat_map(|task| task.primitives).copied().collect());
        }
        (self.library.to_owned(), self.primitives.to_owned())
    }
}

/// The payload of both manifests, and the text of the setting.
pub(crate) const MANIFEST: &str = r#"{"image":"thermostat","version":"2.4.1","size":180224,"sha256":"n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"}"#;
const SETTING: &str = r#"{"ssid":"workshop","psk":"correct horse battery staple"}"#;

const VERIFIES: &[Line] = &[Line::Text("payload", MANIFEST), Line::Text("refused", "signature")];
const VERIFIES_ALONE: &[Line] = &[Line::Text("payload", "verified"), Line::Text("refused", "signature")];
const DECRYPTS: &[Line] = &[Line::Text("refused", "decryption"), Line::Text("plaintext", SETTING)];
/// G6: no signature without random numbers, where the key wants some.
const REFUSES: &[Line] = &[Line::Text("refused", "rng")];

/// The tasks that are the parts of everything: the rest is in them.
const PARTS: [&str; 6] =
    ["sign-es256", "sign-ed25519", "sign-hs256", "verify-kid", "decrypt-a256gcm", "sign-without-rng"];

pub(crate) const TASKS: [Task; 9] = [
    Task {
        name: "sign-es256",
        about: "sign a JWT with ES256",
        library: &[Line::Token(JwsAlg::Es256)],
        primitives: &[Line::Signature(JwsAlg::Es256)],
    },
    Task {
        name: "sign-ed25519",
        about: "sign a JWT with Ed25519",
        library: &[Line::Token(JwsAlg::Ed25519)],
        primitives: &[Line::Signature(JwsAlg::Ed25519)],
    },
    Task {
        name: "sign-hs256",
        about: "sign a JWT with HS256",
        library: &[Line::Token(JwsAlg::Hs256)],
        primitives: &[Line::Signature(JwsAlg::Hs256)],
    },
    Task {
        name: "verify-es256",
        about: "verify a JWS with ES256",
        library: VERIFIES,
        primitives: VERIFIES_ALONE,
    },
    Task {
        name: "verify-ed25519",
        about: "verify a JWS with Ed25519",
        library: VERIFIES,
        primitives: VERIFIES_ALONE,
    },
    Task {
        name: "verify-kid",
        about: "verify with that of three keys that `kid` names",
        library: &[VERIFIES[0], VERIFIES[1], VERIFIES[0], VERIFIES[1], Line::Text("refused", "kid-unknown")],
        primitives: &[
            VERIFIES_ALONE[0],
            VERIFIES_ALONE[1],
            VERIFIES_ALONE[0],
            VERIFIES_ALONE[1],
            Line::Text("refused", "signature"),
        ],
    },
    Task {
        name: "decrypt-a256gcm",
        about: "decrypt a JWE with `dir` and A256GCM",
        library: DECRYPTS,
        primitives: DECRYPTS,
    },
    Task {
        name: "sign-without-rng",
        about: "refuse to sign where random numbers fail",
        library: REFUSES,
        primitives: REFUSES,
    },
    Task { name: EVERYTHING, about: "all of it in one program", library: &[], primitives: &[] },
];
